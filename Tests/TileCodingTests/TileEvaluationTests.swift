import Platform
import ImagePlanes
import Testing

@testable import PixelNetwork

@Suite struct PixelCNNEvaluationTests {
  /// Where blocks are dilated so far, large enough for the farthest taps to be inside.
  static func sizes(_ architecture: Architecture) -> [(Int, Int)] {
    [(9, 11), (1, 1), (1, 13), (13, 1), (2, 3), (6, 2), (17, 5)]
      + (architecture.largestDilation == 16 ? [(3, 40), (20, 37)] : [])
  }

  static func image(_ architecture: Architecture, _ rows: Int, _ columns: Int) -> Image {
    testImage(rows: rows, columns: columns, seed: UInt64(rows), colours: architecture.colours)
      .legal(for: architecture)
  }

  @Test(arguments: 0..<variedArchitectures.count)
  func decoderOrderIsTheReference(_ index: Int) throws {
    let file = try WeightFile.random(
      architecture: variedArchitectures[index], seed: UInt64(index + 1))
    let model = try PixelCNN(weightFile: file.serialized)
    for (rows, columns) in Self.sizes(variedArchitectures[index]) {
      let image = Self.image(variedArchitectures[index], rows, columns)
      let expected = ReferenceNetwork(file, image).logits().map {
        $0.map(ReferenceNetwork.frequencies)
      }
      for instructions in InstructionSet.supported {
        let fast = try FastFrequencies(model, image, instructions: instructions).frequencies
        #expect(fast == expected, "\(rows) x \(columns), \(instructions)")
      }
    }
  }

  @Test(arguments: 0..<variedArchitectures.count)
  func encoderOrderIsTheReference(_ index: Int) throws {
    let file = try WeightFile.random(
      architecture: variedArchitectures[index], seed: UInt64(index + 1))
    let model = try PixelCNN(weightFile: file.serialized)
    for (rows, columns) in Self.sizes(variedArchitectures[index]) {
      let image = Self.image(variedArchitectures[index], rows, columns)
      let reference = ReferenceNetwork(file, image)
      let logits = reference.logits()
      let expected = (0..<reference.colours).map { colour in
        (0..<rows * columns).map { pixel -> SymbolEvent? in
          let frequencies = ReferenceNetwork.frequencies(logits[colour][pixel])
          let value = reference.x(colour, pixel / columns, pixel % columns)
          let symbol = (value - reference.predictions[colour][pixel] + 256) % 256
          return SymbolEvent(
            cumulative: UInt32(frequencies[..<symbol].reduce(0, +)),
            frequency: UInt32(frequencies[symbol]), total: UInt32(frequencies.reduce(0, +)))
        }
      }
      for bandLength in [1, 5, 16] {
        #expect(try fastEvents(model, image, bandLength: bandLength) == expected)
      }
    }
  }

  @Test func randomLogitsAreVaried() throws {
    for architecture in variedArchitectures {
      let file = try WeightFile.random(architecture: architecture, seed: 3)
      let model = try PixelCNN(weightFile: file.serialized)
      let fast = try FastFrequencies(model, Self.image(architecture, 8, 8)).frequencies
      for colour in 0..<architecture.colours {
        #expect(Set(fast[colour]).count > 32)
        #expect(
          Set(fast[colour][40]).count > (architecture.head == .softmax ? 15 : 1), "\(architecture)")
      }
    }
  }

  /// Planes, the results of a band and the values, at least, and not much more.
  @Test(arguments: 0..<variedArchitectures.count)
  func memoryCountsThePlanes(_ index: Int) throws {
    let architecture = variedArchitectures[index]
    let file = try WeightFile.random(architecture: architecture, seed: 1)
    let samples = TileSamples(rows: 60, columns: 50, colours: architecture.colours)
    let evaluation = try #require(
      PixelCNNEvaluation(
        model: try PixelCNN(weightFile: file.serialized), samples: samples, bandLength: 4,
        keepsDistributions: false, instructions: .tested))
    let memory = PixelCNNEvaluation.memory(
      architecture: architecture, rows: 60, columns: 50, bandLength: 4, keepsDistributions: false)
    let others = PredictionSource.memory(architecture: architecture, rows: 60, columns: 50)
    #expect(evaluation.planeBytes + others <= memory)
    #expect(memory - others < evaluation.planeBytes * 3 / 2 + 200_000)
  }

  @Test func memoryIsWhatIsAllocated() {
    for architecture in variedArchitectures {
      let one = PixelCNNEvaluation.memory(
        architecture: architecture, rows: 100, columns: 100, bandLength: 1,
        keepsDistributions: true)
      let band = PixelCNNEvaluation.memory(
        architecture: architecture, rows: 100, columns: 100, bandLength: 16,
        keepsDistributions: true)
      let channels = 6 * architecture.features + 4 * architecture.bottleneck
      #expect(one > 100 * (300 + 2 * architecture.features + 1000))
      #expect(architecture.body.isRecurrent ? band == one : band > one)
      #expect(band < one + 100 * 16 * 4 * (channels + 1000))
    }
  }

  /// A Diagonal BiLSTM keeps rows, of all that is looked at there.
  @Test func memoryOfADiagonalBiLSTMGrowsWithTheColumns() throws {
    let architecture = try #require(variedArchitecture(.diagonalBiLSTM))
    func memory(_ rows: Int, _ columns: Int) -> Int {
      PixelCNNEvaluation.memory(
        architecture: architecture, rows: rows, columns: columns, bandLength: 1,
        keepsDistributions: false)
    }
    let column = 2 * (2 * 6 + 2 * (48 + 3 * 24)) + 3
    #expect(memory(1, 10_000) > 10_000 * column)
    #expect(memory(1, 10_000) < 10_000 * 2 * column)
    #expect(memory(10_000, 1) < memory(1, 10_000))
  }
}
