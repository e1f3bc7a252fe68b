import Prediction
import EntropyCoding
import ImagePlanes
import PixelNetwork
import TestSupport
import Testing

@testable import PRNZip

/// Notes which pixels are coded, and with which frequencies, and knows all values.
private struct EncoderWitness: SymbolCoder {
  static let knowsValues = true
  var pixels: [[Int]] = []
  var events: [SymbolEvent] = []

  mutating func code(
    diagonal: Int, colour: Int, rows: Range<Int>, in evaluation: PixelCNNEvaluation
  ) throws(EntropyCodingError) {
    for row in rows {
      pixels.append([row, evaluation.diagonals.column(diagonal: diagonal, row: row), colour])
      events.append(evaluation.event(diagonal: diagonal, colour: colour, row: row))
    }
  }
}

/// The same on the decoder's side, which is told the symbols one by one.
private struct DecoderWitness: SymbolCoder {
  static let knowsValues = false
  let image: Image
  var pixels: [[Int]] = []
  var events: [SymbolEvent] = []
  var rest: [UInt8]

  mutating func code(
    diagonal: Int, colour: Int, rows: Range<Int>, in evaluation: PixelCNNEvaluation
  ) throws(EntropyCodingError) {
    for row in rows {
      pixels.append([row, evaluation.diagonals.column(diagonal: diagonal, row: row), colour])
      let symbol = rest.removeLast()
      var target: UInt32 = 0
      while target < evaluation.total(row: row) {
        let found = evaluation.find(target: target, row: row)
        if found.symbol == symbol {
          events.append(found.event)
          break
        }
        target = found.event.cumulative + found.event.frequency
      }
      evaluation.decode(symbol: symbol, diagonal: diagonal, colour: colour, row: row)
      evaluation.record(diagonal: diagonal, colour: colour, rows: row..<row + 1)
    }
  }
}

@Suite struct PixelLoopTests {
  static let sizes = [(1, 1), (1, 19), (23, 1), (14, 17), (40, 9)]

  @Test(arguments: TileCodecTests.architectures.indices)
  func encoderAndDecoderSeeTheSameFrequencies(_ index: Int) throws {
    let model = try TileCodecTests.model(TileCodecTests.architectures[index])
    for (rows, columns) in Self.sizes {
      let colours = model.architecture.colours
      let image = TileCodecTests.image(rows: rows, columns: columns, for: model.architecture)
      let known = try #require(
        PixelCNNEvaluation(
          model: model, samples: TileSamples(image, colours: colours), bandLength: 16,
          keepsDistributions: false, instructions: .current))
      var encoder = EncoderWitness()
      try PixelLoop(known, threads: 3).run(&encoder)

      // The symbols in code order, as the decoder will find them.
      let symbols = try Self.symbols(image, model)
      let unknown = try #require(
        PixelCNNEvaluation(
          model: model, samples: TileSamples(rows: rows, columns: columns, colours: colours),
          bandLength: 1, keepsDistributions: true, instructions: .current))
      var decoder = DecoderWitness(image: image, rest: symbols.reversed())
      try PixelLoop(unknown, threads: 2).run(&decoder)

      #expect(encoder.events == decoder.events)
      #expect(encoder.pixels == decoder.pixels)
      #expect(try unknown.samples.image(image.format) == image)
    }
  }

  /// Section 2 of FORMAT.md, literally.
  @Test(arguments: TileCodecTests.architectures.indices)
  func codeOrderIsAsInTheFormat(_ index: Int) throws {
    let architecture = TileCodecTests.architectures[index]
    let model = try TileCodecTests.model(architecture)
    for (rows, columns) in Self.sizes {
      let shear: Int
      if architecture.body == .diagonalBiLSTM {
        // So large that a row is complete before the next one begins.
        shear = columns
      } else if architecture.symbolCentre.isAdaptive {
        shear = 4
      } else if architecture.body == .rowLSTM {
        let dilations = (0..<architecture.blocks).map {
          [1, 2, 4, 8, 16][$0 % architecture.dilationCycle]
        }
        shear = max((architecture.kernelSize + 1) / 2, (dilations.max() ?? 1) + 1)
      } else {
        shear = (architecture.kernelSize + 1) / 2
      }
      var expected: [[Int]] = []
      for t in 0...columns - 1 + shear * (rows - 1) {
        for colour in 0..<architecture.colours {
          for r in 0..<rows where 0 <= t - shear * r && t - shear * r < columns {
            expected.append([r, t - shear * r, colour])
          }
        }
      }
      let samples = TileSamples(rows: rows, columns: columns, colours: architecture.colours)
      let evaluation = try #require(
        PixelCNNEvaluation(
          model: model, samples: samples, bandLength: 16, keepsDistributions: false,
          instructions: .current))
      var coder = EncoderWitness()
      try PixelLoop(evaluation, threads: 1).run(&coder)
      #expect(coder.pixels == expected)
    }
  }

  private static func symbols(_ image: Image, _ model: PixelCNN) throws -> [UInt8] {
    let centres = PredictedImage(image, architecture: model.architecture, instructions: .current)
      .centres
    let diagonals = model.architecture.diagonals(rows: image.height, columns: image.width)
    var symbols: [UInt8] = []
    for t in 0..<diagonals.count {
      for colour in 0..<image.colours {
        for row in diagonals.rowRange(t) {
          let i = row * image.width + diagonals.column(diagonal: t, row: row)
          symbols.append(
            image.planes[colour].samples[i] &- centres[colour][i])
        }
      }
    }
    return symbols
  }
}
