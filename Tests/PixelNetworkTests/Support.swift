import Platform
import Prediction
import Foundation
import ImagePlanes
import Testing

@testable import PixelNetwork

/// Numbers that are the same in every run.
struct TestGenerator: RandomNumberGenerator {
  private var generator: SplitMix64
  init(_ seed: UInt64) { generator = SplitMix64(state: seed) }
  mutating func next() -> UInt64 { generator.next() }
}

/// Architectures that differ in everything that changes the arithmetic's shape.
let variedArchitectures: [Architecture] = [
  Architecture(
    symbolCentre: .colourMED, inputKinds: [.residual, .prediction], kernelSize: 7, features: 48,
    bottleneck: 24, blocks: 2, connections: [.residual, .skip], headFeatures: 24,
    activationMaximum: 32767),
  Architecture(
    symbolCentre: .raw, inputKinds: [.value], kernelSize: 3, features: 24, bottleneck: 24,
    blocks: 1, connections: [], headFeatures: 72, activationMaximum: 2047),
  Architecture(
    symbolCentre: .colourMED, inputKinds: [.value, .residual, .prediction], kernelSize: 5,
    features: 72, bottleneck: 48, blocks: 2, connections: [.skip], headFeatures: 48,
    activationMaximum: 32767),
  Architecture(
    symbolCentre: .raw, inputKinds: [.value, .prediction], kernelSize: 7, features: 24,
    bottleneck: 24, blocks: 0, connections: [.residual, .skip], headFeatures: 24,
    activationMaximum: 4000),
  Architecture(
    symbolCentre: .colourMED, inputKinds: [.residual], kernelSize: 5, features: 24, bottleneck: 72,
    blocks: 3, connections: [.residual], headFeatures: 24, activationMaximum: 255),
  Architecture(
    symbolCentre: .colourMED, inputKinds: [.value], kernelSize: 3, features: 24, bottleneck: 24,
    blocks: 1, connections: [.residual, .skip], headFeatures: 24, activationMaximum: 32767),
  Architecture(
    symbolCentre: .raw, inputKinds: [.residual, .value], kernelSize: 5, features: 24,
    bottleneck: 24, blocks: 1, connections: [.skip], headFeatures: 24, activationMaximum: 32767),
  Architecture(
    symbolCentre: .adaptive, inputKinds: [.value, .residual, .prediction], kernelSize: 3,
    features: 24, bottleneck: 24, blocks: 1, connections: [.residual, .skip], headFeatures: 24,
    activationMaximum: 32767),
  Architecture(
    symbolCentre: .adaptiveWide, inputKinds: [.residual, .prediction], kernelSize: 7, features: 48,
    bottleneck: 24, blocks: 2, connections: [.residual, .skip], headFeatures: 24,
    activationMaximum: 16383),
  Architecture(
    symbolCentre: .adaptiveWide, inputKinds: [.value], kernelSize: 5, features: 24, bottleneck: 24,
    blocks: 0, connections: [], headFeatures: 24, activationMaximum: 2047),
  Architecture(
    colours: 1, symbolCentre: .adaptiveWide, inputKinds: [.value, .residual, .prediction],
    kernelSize: 7, features: 24, bottleneck: 24, blocks: 1, connections: [.residual, .skip],
    headFeatures: 24, activationMaximum: 16383),
  Architecture(
    colours: 1, symbolCentre: .colourMED, inputKinds: [.residual, .prediction], kernelSize: 5,
    features: 24, bottleneck: 24, blocks: 2, connections: [.residual], headFeatures: 24,
    activationMaximum: 32767),
  Architecture(
    body: .rowLSTM, symbolCentre: .adaptive, inputKinds: [.value, .residual, .prediction],
    kernelSize: 5, features: 24, bottleneck: 24, blocks: 2, connections: [.residual, .skip],
    headFeatures: 24, activationMaximum: 32767),
  Architecture(
    body: .rowLSTM, symbolCentre: .raw, inputKinds: [.value], kernelSize: 3, features: 48,
    bottleneck: 24, blocks: 1, connections: [], headFeatures: 24, activationMaximum: 16383),
  Architecture(
    colours: 1, body: .rowLSTM, symbolCentre: .colourMED, inputKinds: [.residual, .prediction],
    kernelSize: 7, features: 48, bottleneck: 24, blocks: 3, connections: [.skip],
    headFeatures: 24, activationMaximum: 32767),
  Architecture(
    colours: 1, body: .rowLSTM, symbolCentre: .adaptiveWide, inputKinds: [.residual],
    kernelSize: 5, features: 24, bottleneck: 48, blocks: 0, connections: [.residual],
    headFeatures: 24, activationMaximum: 32767),
  Architecture(
    symbolCentre: .colourMED, inputKinds: [.residual, .prediction], kernelSize: 5, features: 24,
    bottleneck: 24, blocks: 2, connections: [.residual, .skip], headFeatures: 24,
    activationMaximum: 32767, scale: 2, contextChannels: 8),
  Architecture(
    symbolCentre: .adaptive, inputKinds: [.value, .residual, .prediction], kernelSize: 3,
    features: 24, bottleneck: 24, blocks: 1, connections: [.residual], headFeatures: 24,
    activationMaximum: 16383, scale: 4, contextChannels: 24),
  Architecture(
    colours: 1, body: .rowLSTM, symbolCentre: .raw, inputKinds: [.value], kernelSize: 7,
    features: 24, bottleneck: 24, blocks: 2, connections: [.skip], headFeatures: 24,
    activationMaximum: 32767, scale: 4, contextChannels: 16),
  Architecture(
    colours: 1, symbolCentre: .colourMED, inputKinds: [.value, .residual], kernelSize: 5,
    features: 8, bottleneck: 16, blocks: 1, connections: [.residual, .skip], headFeatures: 8,
    activationMaximum: 32767),
  Architecture(
    colours: 1, head: .sigmoid, symbolCentre: .raw, inputKinds: [.value], kernelSize: 7,
    features: 32, bottleneck: 16, blocks: 2, connections: [.residual, .skip], headFeatures: 8,
    activationMaximum: 16383),
  Architecture(
    colours: 1, body: .rowLSTM, head: .sigmoid, symbolCentre: .raw, inputKinds: [.value],
    kernelSize: 3, features: 16, bottleneck: 8, blocks: 1, connections: [.skip], headFeatures: 40,
    activationMaximum: 32767),
  Architecture(
    body: .diagonalBiLSTM, symbolCentre: .colourMED, inputKinds: [.value, .residual, .prediction],
    kernelSize: 5, features: 48, bottleneck: 24, blocks: 2, connections: [.residual, .skip],
    headFeatures: 24, activationMaximum: 4000),
  Architecture(
    body: .diagonalBiLSTM, symbolCentre: .raw, inputKinds: [.value], kernelSize: 3, features: 24,
    bottleneck: 48, blocks: 1, connections: [], headFeatures: 24, activationMaximum: 16383),
  Architecture(
    colours: 1, body: .diagonalBiLSTM, symbolCentre: .raw, inputKinds: [.value], kernelSize: 7,
    features: 32, bottleneck: 16, blocks: 3, connections: [.skip], headFeatures: 40,
    activationMaximum: 1000),
  Architecture(
    colours: 1, body: .diagonalBiLSTM, symbolCentre: .colourMED,
    inputKinds: [.residual, .prediction], kernelSize: 5, features: 48, bottleneck: 24, blocks: 0,
    connections: [.residual], headFeatures: 24, activationMaximum: 32767),
  Architecture(
    body: .diagonalBiLSTM, symbolCentre: .colourMED, inputKinds: [.value, .residual, .prediction],
    kernelSize: 5, features: 48, bottleneck: 24, blocks: 2, connections: [.residual, .skip],
    headFeatures: 48, activationMaximum: 16383, scale: 2, contextChannels: 16),
  Architecture(
    colours: 1, body: .diagonalBiLSTM, head: .sigmoid, symbolCentre: .raw, inputKinds: [.value],
    kernelSize: 5, features: 16, bottleneck: 8, blocks: 2, connections: [.residual],
    headFeatures: 8, activationMaximum: 16383, scale: 4, contextChannels: 8),
  Architecture(
    colours: 1, body: .diagonalBiLSTM, head: .sigmoid, symbolCentre: .raw, inputKinds: [.value],
    kernelSize: 7, features: 32, bottleneck: 16, blocks: 2, connections: [.residual, .skip],
    headFeatures: 32, activationMaximum: 16383),
  Architecture(
    symbolCentre: .raw, inputKinds: [.value], kernelSize: 3, features: 24, bottleneck: 24,
    blocks: 4, dilationCycle: 3, connections: [.residual, .skip], headFeatures: 24,
    activationMaximum: 16383),
  Architecture(
    symbolCentre: .adaptive, inputKinds: [.residual, .prediction], kernelSize: 5, features: 24,
    bottleneck: 24, blocks: 2, dilationCycle: 2, connections: [.residual], headFeatures: 24,
    activationMaximum: 16383),
  Architecture(
    colours: 1, head: .sigmoid, symbolCentre: .raw, inputKinds: [.value], kernelSize: 5,
    features: 16, bottleneck: 8, blocks: 5, dilationCycle: 5, connections: [.skip],
    headFeatures: 8, activationMaximum: 16383),
  Architecture(
    body: .rowLSTM, symbolCentre: .raw, inputKinds: [.value], kernelSize: 3, features: 24,
    bottleneck: 24, blocks: 3, dilationCycle: 3, connections: [.residual, .skip],
    headFeatures: 24, activationMaximum: 16383),
  Architecture(
    body: .rowLSTM, symbolCentre: .adaptive, inputKinds: [.residual, .prediction], kernelSize: 5,
    features: 24, bottleneck: 24, blocks: 3, dilationCycle: 2, connections: [.residual],
    headFeatures: 24, activationMaximum: 16383),
  Architecture(
    colours: 1, body: .rowLSTM, head: .sigmoid, symbolCentre: .raw, inputKinds: [.value],
    kernelSize: 7, features: 16, bottleneck: 8, blocks: 5, dilationCycle: 5, connections: [.skip],
    headFeatures: 8, activationMaximum: 16383),
]

/// The first with this body.
func variedArchitecture(_ body: Body) -> Architecture? {
  variedArchitectures.first { $0.body == body }
}

/// Slopes, noise and extremes.
func testImage(rows: Int, columns: Int, seed: UInt64 = 1, colours: Int = 3) -> Image {
  var generator = TestGenerator(seed)
  var samples: [UInt8] = []
  for row in 0..<rows {
    for column in 0..<columns {
      for colour in 0..<colours {
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: samples.append(0)
        case 1: samples.append(255)
        default:
          let noise = Int.random(in: 0..<30, using: &generator)
          samples.append(UInt8(truncatingIfNeeded: 40 * colour + 9 * row + 5 * column + noise))
        }
      }
    }
  }
  return Image(width: columns, height: rows, interleaved: samples, colours: colours)
}

extension Image {
  /// The image with values that a network of this kind codes: all of them, or 0 and 1.
  func legal(for architecture: Architecture) -> Image {
    guard architecture.head == .sigmoid else { return self }
    var image = self
    for k in image.planes.indices { image.planes[k].samples = planes[k].samples.map { $0 & 1 } }
    return image
  }
}

/// Waves of all directions with colours that move together, an edge, and a little noise.
func photoLikeImage(rows: Int, columns: Int, seed: UInt64 = 1, colours: Int = 3) -> Image {
  var generator = TestGenerator(seed)
  let tilt = Double.random(in: 0.05...0.4, using: &generator)
  var samples: [UInt8] = []
  for row in 0..<rows {
    for column in 0..<columns {
      let (y, x) = (Double(row), Double(column))
      var light = 110 + 50 * sin(tilt * x + 0.11 * y) + 30 * sin(0.31 * y - tilt * x)
      if 2 * row > column + 7 { light += 35 }
      for colour in 0..<colours {
        let noise = Double.random(in: -3...3, using: &generator)
        let value = light * (1 - 0.12 * Double(colour)) + 5 * sin(0.2 * x) + noise
        samples.append(UInt8(min(max(value, 0), 255)))
      }
    }
  }
  return Image(width: columns, height: rows, interleaved: samples, colours: colours)
}

/// The frequencies of every symbol, by the fast path.
struct FastFrequencies {
  /// [colour][row * columns + column][symbol]
  var frequencies: [[[Int]]]

  /// In the decoder's order: one diagonal and one colour at a time.
  init(_ model: PixelCNN, _ image: Image, instructions: InstructionSet = .tested) throws {
    let columns = image.width
    let evaluation = try #require(
      PixelCNNEvaluation(
        model: model, samples: TileSamples(image, colours: model.architecture.colours),
        bandLength: 1, keepsDistributions: true, instructions: instructions))
    let scratch = Scratch()
    frequencies = Array(
      repeating: Array(repeating: [], count: image.height * columns), count: evaluation.colours)
    for t in 0..<evaluation.diagonals.count {
      let rows = evaluation.diagonals.rowRange(t)
      evaluation.begin(t..<t + 1)
      evaluation.begin(diagonal: t)
      for colour in 0..<evaluation.colours {
        evaluation.predict(diagonal: t, colour: colour, rows: rows)
        for phase in 0..<evaluation.phaseCount {
          evaluation.evaluate(
            phase: phase, diagonal: t, group: colour, rows: rows, scratch: scratch)
        }
        evaluation.distributions(diagonal: t, colour: colour, rows: rows, scratch: scratch)
        for row in rows {
          let pixel = row * columns + evaluation.diagonals.column(diagonal: t, row: row)
          var cumulative = 0
          var found: [Int] = []
          let total = Int(evaluation.total(row: row))
          while cumulative < total {
            let (symbol, event) = evaluation.find(
              target: UInt32(truncatingIfNeeded: cumulative), row: row)
            guard Int(symbol) == found.count, Int(event.cumulative) == cumulative else { break }
            found.append(Int(event.frequency))
            cumulative += Int(event.frequency)
          }
          frequencies[colour][pixel] = found
        }
        evaluation.record(diagonal: t, colour: colour, rows: rows)
      }
      evaluation.adaptivePrediction?.end(diagonal: t)
    }
  }
}

/// The events of an image's symbols in the encoder's order: bands of diagonals, phase by phase.
/// [colour][row * columns + column]
func fastEvents(
  _ model: PixelCNN, _ image: Image, bandLength: Int
) throws -> [[SymbolEvent?]] {
  let columns = image.width
  let evaluation = try #require(
    PixelCNNEvaluation(
      model: model, samples: TileSamples(image, colours: model.architecture.colours),
      bandLength: bandLength, keepsDistributions: false, instructions: .tested))
  let scratch = Scratch()
  let colours = evaluation.colours
  var events = [[SymbolEvent?]](
    repeating: Array(repeating: nil, count: image.height * columns), count: colours)
  let diagonals = evaluation.diagonals
  let bandLength = evaluation.bandLength
  for start in stride(from: 0, to: diagonals.count, by: bandLength) {
    let band = start..<min(start + bandLength, diagonals.count)
    evaluation.begin(band)
    func forAll(_ body: (_ t: Int, _ colour: Int, _ rows: Range<Int>) -> Void) {
      for t in band { for colour in 0..<colours { body(t, colour, diagonals.rowRange(t)) } }
    }
    for t in band {
      evaluation.begin(diagonal: t)
      let rows = diagonals.rowRange(t)
      for colour in 0..<colours {
        evaluation.predict(diagonal: t, colour: colour, rows: rows)
        evaluation.record(diagonal: t, colour: colour, rows: rows)
      }
      evaluation.adaptivePrediction?.end(diagonal: t)
    }
    for phase in 0..<evaluation.phaseCount {
      forAll { t, colour, rows in
        evaluation.evaluate(phase: phase, diagonal: t, group: colour, rows: rows, scratch: scratch)
      }
    }
    forAll { t, colour, rows in
      evaluation.events(diagonal: t, colour: colour, rows: rows, scratch: scratch)
      for row in rows {
        events[colour][row * columns + diagonals.column(diagonal: t, row: row)] = evaluation.event(
          diagonal: t, colour: colour, row: row)
      }
    }
  }
  return events
}

extension InstructionSet {
  /// The one that tests use where they do not compare several.
  static var tested: InstructionSet { requested ?? supported.last ?? .portable }
}
