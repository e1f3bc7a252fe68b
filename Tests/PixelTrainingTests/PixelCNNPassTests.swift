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
      Small.architecture(scale: 2), Small.architecture(blocks: 1, scale: 4),
      Small.architecture(colours: 1, body: .rowLSTM, scale: 4),
    ])
  func gradientsAgreeWithFiniteDifferences(_ architecture: Architecture) {
    let graph = PixelCNNGraph(architecture: architecture)
    let store = Small.store(graph)
    var generator = SeededGenerator(seed: 11)
    // Without biases, flat corners put rectifiers just on their kink.
    for layer in graph.layers + graph.lstmLayers.map(\.initial) {
      for i in layer.biasRange { store.weights[i] += 0.1 * generator.normal() }
    }
    let image = Small.image(width: 6, height: 5, colours: architecture.colours)
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
    for layer in graph.layers {
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
    // Single initial states have gradients too small for that: one step of them all, uphill.
    for layer in graph.lstmLayers.map(\.initial) {
      let slope = layer.biasRange.reduce(0) { $0 + gradient[$1] * gradient[$1] }.squareRoot()
      func loss(at step: Float) -> Double {
        let weights = layer.biasRange.map { store.weights[$0] }
        for i in layer.biasRange { store.weights[i] += step * gradient[i] / slope }
        defer { for (i, weight) in zip(layer.biasRange, weights) { store.weights[i] = weight } }
        return evaluated()
      }
      let numeric = (loss(at: 0.004) - loss(at: -0.004)) / 0.008
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
