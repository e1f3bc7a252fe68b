import Bytes
import CNetwork
import CTraining
import Foundation
import ImagePlanes
import PixelNetwork
import Testing

@testable import Training

@Suite struct NetworkPassTests {
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
      Small.sigmoid(), Small.sigmoid(connections: [.residual], body: .rowLSTM),
      Small.architecture(body: .diagonalBiLSTM),
      Small.architecture(connections: [], blocks: 1, colours: 1, body: .diagonalBiLSTM),
      Small.architecture(connections: [.residual], blocks: 3, body: .diagonalBiLSTM),
      Small.architecture(blocks: 1, body: .diagonalBiLSTM, scale: 2),
      Small.architecture(dilationCycle: 2),
      Small.architecture(connections: [], blocks: 3, kernelSize: 3, dilationCycle: 3),
      Small.architecture(scale: 2, dilationCycle: 2), Small.architecture(head: .classes),
      Small.architecture(blocks: 3, body: .rowLSTM, dilationCycle: 3),
      Small.sigmoid(connections: [.skip], body: .rowLSTM, dilationCycle: 2),
    ])
  func gradientsAgreeWithFiniteDifferences(_ architecture: Architecture) throws {
    try check(architecture, dropout: nil)
  }

  /// The backward pass takes what the forward pass took.
  @Test(arguments: Body.allCases)
  func gradientsOfADropoutAgreeWithFiniteDifferences(_ body: Body) throws {
    try check(
      Small.architecture(body: body), dropout: Dropout(share: 0.3, seed: 1, step: 2, crop: 3))
  }

  private func check(_ architecture: Architecture, dropout: Dropout?) throws {
    let layout = ParameterLayout(architecture: architecture)
    let store = Small.store(layout)
    var generator = SplitMix64(seed: 11)
    // Without biases, flat corners put rectifiers just on their kink.
    for layer in layout.layers {
      for i in layer.biasOffset..<layer.end { store.weights[i] += 0.1 * generator.normal() }
    }
    let isBits = architecture.head == .sigmoid
    if isBits {
      for layer in layout.all(.headOutput) {
        for i in layer.weightOffset..<layer.biasOffset { store.weights[i] *= 10 }
      }
    }
    // Each crop has more rectifiers; an LSTM has few.
    let crops = architecture.body.isRecurrent && architecture.scale == 1 ? 2 : 1
    let samples = try (0..<crops).map { i in
      try Small.sample(
        Small.image(width: 6, height: 5, for: architecture, seed: UInt64(7 + i)), layout)
    }
    let space = Workspace(crops: samples.count, rows: 5, columns: 6, layout: layout)
    let pass = NetworkPass(
      layout: layout, space: space, parameters: store.weights, quantize: false, dropout: dropout)
    func evaluated() -> Double {
      pass.forward(samples)
      return pass.loss()
    }
    pass.forward(samples)
    let loss = pass.backward(scale: 1)
    #expect(abs(evaluated() - loss) < 1e-3)
    let gradient = (0..<layout.parameterCount).map { space.gradient[$0] }
    for layer in isBits ? [] : layout.layers {
      var errors: [Double] = []
      let step: Float = 0.003
      while errors.count < 15 {
        let count = layer.weightCount + layer.outputs
        let i = layer.weightOffset + generator.index(below: count)
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
    // Single initial states have gradients too small for that, and 1-bit images have so few
    // different neighbourhoods that rectifiers are on a kink in many places at once: one step of a
    // layer's parameters together, uphill.
    let ranges =
      layout.layers.filter { !$0.initialRange.isEmpty }.map { ($0.name, $0.initialRange) }
      + (isBits ? layout.layers : []).map { ($0.name, $0.weightOffset..<$0.biasRange.upperBound) }
    for (name, range) in ranges {
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
      #expect(abs(numeric / Double(slope) - 1) < 0.02, "\(name): \(numeric), \(slope)")
    }
  }

  /// Moves each value of each colour and looks at which distributions change: none that is coded
  /// before it, nor its own; and among the later ones within reach, some do. A Diagonal BiLSTM sees
  /// all that was coded before.
  @Test(
    arguments: Body.allCases.map { Small.architecture(body: $0) } + [
      Small.architecture(blocks: 3, dilationCycle: 3),
      Small.architecture(blocks: 3, body: .rowLSTM, dilationCycle: 3),
    ])
  func distributionsSeeOnlyWhatIsCodedBefore(_ architecture: Architecture) throws {
    let layout = ParameterLayout(architecture: architecture)
    let store = Small.store(layout)
    let width = 7
    let height = 6
    let space = Workspace(rows: height, columns: width, layout: layout)
    func hidden(_ image: Image) throws -> [[Float]] {
      try Small.hidden(image, store, layout, space)
    }
    let image = Small.image(width: width, height: height)
    let before = try hidden(image)
    for changed in 0..<width * height {
      for colour in 0..<3 {
        var other = image
        other.planes[colour].samples[changed] ^= 0x15
        let after = try hidden(other)
        var moved = 0
        for i in before.indices where before[i] != after[i] {
          #expect(i > changed * 3 + colour, "pixel \(changed), colour \(colour) moves \(i)")
          moved += 1
        }
        #expect(moved > 0 || (changed == width * height - 1 && colour == 2))
        if architecture.body == .diagonalBiLSTM {
          // The last colour at the end of a row is seen by no feature of that row, but by the first
          // convolution.
          let isLast = changed % width == width - 1 && colour == 2
          let first = changed + 1 + (isLast ? width - 1 - layout.reach : 0)
          for pixel in first..<max(first, width * height) {
            #expect(
              (0..<3).contains { before[3 * pixel + $0] != after[3 * pixel + $0] },
              "pixel \(changed), colour \(colour) does not move pixel \(pixel)")
          }
        }
      }
    }
  }

  /// Several crops in a workspace give what each gives alone: costs, and the sum of the gradients.
  @Test(
    arguments: Body.allCases.map { Small.architecture(body: $0) } + [
      Small.sigmoid(), Small.architecture(blocks: 3, dilationCycle: 3),
      Small.architecture(blocks: 3, body: .rowLSTM, dilationCycle: 3),
    ])
  func cropsDoNotSeeEachOther(_ architecture: Architecture) throws {
    let layout = ParameterLayout(architecture: architecture)
    let store = Small.store(layout)
    let samples = try (0..<3).map {
      try Small.sample(
        Small.image(width: 7, height: 5, for: architecture, seed: UInt64($0)), layout)
    }
    func evaluated(_ samples: [TrainingSample]) -> (costs: [Double], gradient: [Float]) {
      let space = Workspace(crops: samples.count, rows: 5, columns: 7, layout: layout)
      let pass = NetworkPass(
        layout: layout, space: space, parameters: store.weights, quantize: false)
      pass.forward(samples)
      let costs = pass.costs()
      _ = pass.backward(scale: 1)
      return (costs, (0..<layout.parameterCount).map { space.gradient[$0] * layout.mask[$0] })
    }
    let together = evaluated(samples)
    let alone = samples.map { evaluated([$0]) }
    let costs = alone.flatMap(\.costs)
    #expect(zip(together.costs, costs).allSatisfy { abs($0 - $1) < 1e-3 })
    let largest = together.gradient.reduce(0) { max($0, abs($1)) }
    for i in together.gradient.indices {
      let sum = alone.reduce(0) { $0 + $1.gradient[i] }
      #expect(abs(sum - together.gradient[i]) < 1e-4 * largest)
    }
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

  /// Classes cost what a softmax does whose symbols share logits; so does the gradient.
  @Test func classesAreASoftmaxOfSharedLogits() {
    var generator = SplitMix64(seed: 6)
    let classes = (0...255).map { Int(prn_class_of($0)) }
    for spread in [0.5, 3, 20] as [Float] {
      let row = (0..<64).map { _ in spread * generator.normal() }
      for symbol in [0, 15, 16, 31, 32, 127, 128, 200, 223, 240, 255] as [UInt8] {
        var gradient = row + row
        var shared = classes.map { row[$0] }
        let expected = prn_softmax_loss(shared, [symbol], [1], 1)
        #expect(abs(prn_class_loss(row, [symbol], [1], 1) - expected) < 1e-4)
        let loss = prn_class_cross_entropy(&gradient, [symbol, symbol], [1, 0], 2, 3)
        #expect(abs(loss - expected) < 1e-4)
        _ = prn_softmax_cross_entropy(&shared, [symbol], [1], 1, 3)
        for k in 0..<64 {
          let sum = (0..<256).reduce(Float(0)) { $0 + (classes[$1] == k ? shared[$1] : 0) }
          #expect(abs(gradient[k] - sum) < 1e-4 && gradient[64 + k] == 0)
        }
      }
    }
  }

  /// The probabilities of all values sum to 1, and the gradient is that of the loss, also at the
  /// ends and for the narrowest logistics.
  @Test func mixturesAreDistributions() {
    var generator = SplitMix64(seed: 5)
    for count in [1, 3, 10] {
      for spread in [0.5, 2, 5] as [Float] {
        var row = (0..<3 * count).map { _ in spread * generator.normal() }
        func loss(_ value: UInt8, _ row: [Float]) -> Double {
          prn_mixture_loss(row, [value], [1], 1, count)
        }
        let sum = (0...255).reduce(0) { $0 + exp(-loss($1, row)) }
        #expect(abs(sum - 1) < 1e-4, "\(count), \(spread): \(sum)")
        for value in [0, 1, 100, 128, 254, 255] as [UInt8] {
          var gradient = row + row
          let both = prn_mixture_cross_entropy(&gradient, [value, value], [1, 0], 2, count, 2)
          #expect(both == loss(value, row))
          #expect(gradient[(3 * count)...].allSatisfy { $0 == 0 })
          for k in row.indices where row[k] > -5.9 || k < 2 * count {
            let here = row[k]
            let step: Float = 0.002
            row[k] = here + step
            let above = loss(value, row)
            row[k] = here - step
            let slope = (above - loss(value, row)) / Double(step)
            row[k] = here
            #expect(
              abs(slope - Double(gradient[k])) < 0.02 * max(1, abs(slope)),
              "\(count), \(spread), \(value), \(k): \(slope), \(gradient[k])")
          }
        }
      }
    }
  }

  /// Down the gradient of a network with a mixture, the loss falls as it says.
  @Test func mixturesTrain() throws {
    let layout = ParameterLayout(architecture: Small.architecture(centre: .raw), mixture: 4)
    let store = Small.store(layout)
    let space = Workspace(rows: 9, columns: 8, layout: layout)
    let pass = NetworkPass(layout: layout, space: space, parameters: store.weights, quantize: false)
    let sample = try Small.sample(Small.image(width: 8, height: 9), layout)
    pass.forward([sample])
    let loss = pass.backward(scale: 1)
    let costs = pass.costs().reduce(0, +) * log(2)
    #expect(abs(costs - loss) < 1e-3 * loss)
    let kept = (0..<layout.parameterCount).map { layout.mask[$0] * space.gradient[$0] }
    let slope = kept.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let step: Float = 0.001
    for i in kept.indices { store.weights[i] -= step * kept[i] / slope }
    pass.forward([sample])
    let fall = (loss - pass.loss()) / Double(step * slope)
    #expect(abs(fall - 1) < 0.1, "\(fall)")
  }

  /// Streams are rounded and saturated as 16-bit integers.
  @Test func activationsAreRounded() {
    var x: [Float] = [0.3, -0.3, 1 / 512, 3 / 512, 127.9, 128, 1e6, -127.9, -128, -1e6]
    prn_round_activations(&x, x.count)
    #expect(
      x.map { $0 * 256 } == [77, -77, 0, 2, 32742, 32767, 32767, -32742, -32768, -32768])
  }

  @Test func roundingMovesTheLossLittle() throws {
    let layout = ParameterLayout(architecture: Small.architecture())
    let store = Small.store(layout)
    let images = [Small.image(width: 20, height: 16)]
    let evaluation = FloatCodeLength(layout: layout)
    let float = try evaluation.bitsPerDimension(
      images, parameters: store.parameters.weights, threads: 1, quantize: false)
    let integer = try evaluation.bitsPerDimension(
      images, parameters: store.parameters.weights, threads: 2, quantize: true)
    #expect(float > 1 && abs(float - integer) < 0.01 * float)
  }
}
