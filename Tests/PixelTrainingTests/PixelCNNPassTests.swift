import CTrainingKernels
import Foundation
import ImagePlanes
import PixelModels
import Testing

@testable import PixelTraining

@Suite struct PixelCNNPassTests {
  /// Central differences of the loss in single parameters of each layer.
  ///
  /// A rectifier within the step of its kink spoils a difference, so the median of many must agree.
  @Test(
    arguments: [
      Small.architecture(), Small.architecture(connections: []),
      Small.architecture(inputs: [.residual], connections: [.residual], blocks: 1, kernelSize: 3),
      Small.architecture(inputs: [.value, .prediction], connections: [.skip], kernelSize: 5),
      Small.architecture(blocks: 1, kernelSize: 5, centre: .adaptiveWide),
      Small.architecture(centre: .adaptive, colours: 1), Small.architecture(body: .rowLSTM),
      Small.architecture(connections: [], blocks: 1, colours: 1, body: .rowLSTM),
      Small.architecture(connections: [.skip], centre: .adaptive, body: .rowLSTM),
      Small.sigmoid(), Small.sigmoid(connections: [.residual], body: .rowLSTM),
    ])
  func gradientsAgreeWithFiniteDifferences(_ architecture: Architecture) {
    let graph = PixelCNNGraph(architecture: architecture)
    let store = Small.store(graph)
    var generator = SeededGenerator(seed: 11)
    // Without biases, flat corners put rectifiers just on their kink.
    for layer in graph.layers + graph.lstmLayers.map(\.initial) {
      for i in layer.biasRange { store.weights[i] += 0.1 * generator.normal() }
    }
    let isBits = architecture.head == .sigmoid
    if isBits {
      for layer in graph.headOutput {
        for i in layer.weightOffset..<layer.biasOffset { store.weights[i] *= 10 }
      }
    }
    let image = Small.image(width: 6, height: 5, for: architecture)
    let sample = Small.sample(image, graph)
    let space = Workspace(rows: 5, columns: 6, graph: graph)
    let pass = PixelCNNPass(
      graph: graph, space: space, parameters: store.weights, quantize: false)
    pass.forward(sample)
    let loss = pass.backward(sample, scale: 1)
    pass.forward(sample)
    #expect(abs(pass.loss(sample) - loss) < 1e-3)

    func evaluated() -> Double {
      pass.forward(sample)
      return pass.loss(sample)
    }
    let gradient = (0..<graph.parameterCount).map { space.gradient[$0] }
    for layer in isBits ? [] : graph.layers {
      var errors: [Double] = []
      let step: Float = 0.003
      while errors.count < 15 {
        let i = layer.weightOffset + generator.index(below: layer.end - layer.weightOffset)
        let analytic = Double(space.gradient[i])
        guard store.mask[i] > 0, abs(analytic) > 0.05 else { continue }
        func loss(at step: Float) -> Double {
          let weight = store.weights[i]
          store.weights[i] = weight + step
          defer { store.weights[i] = weight }
          return evaluated()
        }
        let numeric = (loss(at: step) - loss(at: -step)) / Double(2 * step)
        errors.append(abs(numeric - analytic) / abs(analytic))
      }
      errors.sort()
      #expect(errors[7] < 0.02, "\(layer.name): \(errors)")
    }
    // Single initial states have gradients too small for that, and 1-bit images have so few different neighbourhoods that
    // rectifiers are on a kink in many places at once: one step of a layer's parameters together, uphill.
    for layer in graph.lstmLayers.map(\.initial) + (isBits ? graph.layers : []) {
      let range = layer.weightOffset..<layer.end
      let kept = range.map { store.mask[$0] * gradient[$0] }
      let slope = kept.reduce(0) { $0 + $1 * $1 }.squareRoot()
      func loss(at step: Float) -> Double {
        let weights = range.map { store.weights[$0] }
        for (i, g) in zip(range, kept) { store.weights[i] += step * g / slope }
        defer { for (i, weight) in zip(range, weights) { store.weights[i] = weight } }
        return evaluated()
      }
      let step: Float = isBits ? 0.0001 : 0.004
      let numeric = (loss(at: step) - loss(at: -step)) / Double(2 * step)
      #expect(abs(numeric / Double(slope) - 1) < 0.02, "\(layer.name): \(numeric), \(slope)")
    }
  }

  /// Moves each value of each colour and looks at which distributions change: none that is coded before
  /// it, nor its own; and among the later ones within reach, some do.
  @Test(arguments: [Body.pixelCNN, .rowLSTM])
  func distributionsSeeOnlyWhatIsCodedBefore(_ body: Body) {
    let graph = PixelCNNGraph(architecture: Small.architecture(body: body))
    let store = Small.store(graph)
    let width = 7
    let height = 6
    let space = Workspace(rows: height, columns: width, graph: graph)
    let hh = graph.architecture.headFeatures
    func hidden(_ image: Image) -> [[Float]] {
      PixelCNNPass(graph: graph, space: space, parameters: store.weights, quantize: false)
        .forward(Small.sample(image, graph))
      return (0..<height * width).flatMap { i -> [[Float]] in
        let cell = i / width * space.stride + i % width
        return (0..<3).map { g in
          (0..<(g + 1) * hh / 3).map { space.hidden[cell * hh + $0] }
        }
      }
    }
    let image = Small.image(width: width, height: height)
    let before = hidden(image)
    for changed in 0..<width * height {
      for colour in 0..<3 {
        var other = image
        other.planes[colour].samples[changed] ^= 0x15
        let after = hidden(other)
        var moved = 0
        for i in before.indices where before[i] != after[i] {
          #expect(i > changed * 3 + colour, "pixel \(changed), colour \(colour) moves \(i)")
          moved += 1
        }
        #expect(moved > 0 || (changed == width * height - 1 && colour == 2))
      }
    }
  }

  /// Crops side by side have the loss, the costs and the gradient that they have one by one; a place without a crop has none.
  @Test(arguments: [
    Small.architecture(), Small.architecture(blocks: 1, kernelSize: 3, centre: .adaptive),
    Small.sigmoid(), Small.sigmoid(connections: [], blocks: 0),
  ])
  func cropsSideBySideAreAsSingleOnes(_ architecture: Architecture) {
    let graph = PixelCNNGraph(architecture: architecture)
    let store = Small.store(graph)
    let samples = (0..<3).map {
      Small.sample(Small.image(width: 6, height: 5, for: architecture, seed: $0), graph)
    }
    func pass(_ crops: Int) -> PixelCNNPass {
      PixelCNNPass(
        graph: graph, space: Workspace(rows: 5, columns: 6, crops: crops, graph: graph),
        parameters: store.weights, quantize: false)
    }
    let (single, together) = (pass(1), pass(4))
    var loss = 0.0
    var costs: [Double] = []
    for sample in samples {
      single.forward(sample)
      costs += single.costs(sample)
      loss += single.backward(sample, scale: 1)
    }
    let joined = TrainingSample(samples, crops: 4)
    // What an earlier sample has left must not matter.
    for _ in 0..<2 {
      together.space.gradient.update(repeating: 0, count: graph.parameterCount)
      together.forward(joined)
      #expect(abs(together.loss(joined) - loss) < 1e-3)
      let all = together.costs(joined)
      #expect(zip(all, costs).allSatisfy { abs($0 - $1) < 1e-3 })
      #expect(all.count * 3 == costs.count * 4 && all[costs.count...].allSatisfy { $0 == 0 })
      #expect(abs(together.backward(joined, scale: 1) - loss) < 1e-3)
    }
    var (difference, size) = (0.0, 0.0)
    for i in 0..<graph.parameterCount where graph.mask[i] > 0 {
      let (a, b) = (Double(single.space.gradient[i]), Double(together.space.gradient[i]))
      difference += (a - b) * (a - b)
      size += a * a
    }
    #expect(size > 1 && difference < 1e-8 * size, "\(difference) of \(size)")
  }

  /// log(1 + exp(-x)) and its slope, also where exp would overflow.
  @Test func sigmoidLossIsStable() {
    for x in [-1000, -90, -20, -3, -0.5, 0, 0.5, 3, 20, 90, 1000] as [Float] {
      for symbol in [0, 1] as [UInt8] {
        var logit = [x, x]
        let signed = Double(symbol == 1 ? x : -x)
        let expected = signed < -30 ? -signed : log(1 + exp(-signed))
        let loss = prn_sigmoid_loss(logit, [symbol, symbol], [1, 0], 2)
        #expect(abs(loss - expected) < 1e-5 * max(expected, 1e-3), "\(x), \(symbol)")
        #expect(prn_sigmoid_cross_entropy(&logit, [symbol, symbol], [1, 0], 2, 2) == loss)
        let slope = (symbol == 1 ? -2 : 2) / (1 + exp(signed))
        #expect(abs(Double(logit[0]) - slope) < 1e-5 && logit[1] == 0)
      }
    }
  }

  @Test func roundingMovesTheLossLittle() throws {
    let graph = PixelCNNGraph(architecture: Small.architecture())
    let store = Small.store(graph)
    let images = [Small.image(width: 20, height: 16)]
    let evaluation = Evaluation(graph: graph)
    let float = try evaluation.bitsPerDimension(
      images, parameters: store.weights, threads: 1, quantize: false)
    let integer = try evaluation.bitsPerDimension(
      images, parameters: store.weights, threads: 2, quantize: true)
    #expect(float > 1 && abs(float - integer) < 0.01 * float)
  }
}
