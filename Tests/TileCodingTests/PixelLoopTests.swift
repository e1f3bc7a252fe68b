import EntropyCoding
import ImagePlanes
import PixelNetwork
import Platform
import TestSupport
import Testing

@testable import TileCoding

@Suite struct PixelLoopTests {
  static let sizes = [(1, 1), (1, 19), (23, 1), (14, 17), (40, 9)]

  @Test(arguments: TestArchitectures.alone)
  func encoderAndDecoderSeeTheSameFrequencies(_ named: NamedArchitecture) throws {
    let network = try Network(named.architecture)
    for (rows, columns) in Self.sizes {
      let image = testImage(rows: rows, columns: columns, for: named.architecture)
      let encoder = try walk(EventWitness(), network, #require(Tile(image)), threads: 3)
      // The symbols in code order, as the decoder will find them.
      let symbols = try Self.symbols(image, network)
      for threads in [1, 2] {
        let tile = try Tile.undecoded(image, for: named.architecture)
        let decoder = try walk(SymbolWitness(symbols), network, tile, threads: threads)
        #expect(encoder.events == decoder.events)
        #expect(encoder.places == decoder.places)
        #expect(try tile.image(image.format) == image)
      }
    }
  }

  /// Section 2 of FORMAT.md, literally.
  @Test(arguments: TestArchitectures.all)
  func codeOrderIsAsInTheFormat(_ named: NamedArchitecture) throws {
    let architecture = named.architecture
    let network = try Network(architecture)
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
      var expected: [Place] = []
      for t in 0...columns - 1 + shear * (rows - 1) {
        for colour in 0..<architecture.colours {
          for r in 0..<rows where 0 <= t - shear * r && t - shear * r < columns {
            expected.append(Place(row: r, column: t - shear * r, colour: colour))
          }
        }
      }
      let tile = try #require(Tile(rows: rows, columns: columns, colours: architecture.colours))
      let coder = try walk(EventWitness(), network, tile)
      #expect(coder.places == expected)
    }
  }

  /// What the symbols of an image are, in code order.
  private static func symbols(_ image: Image, _ network: Network) throws -> [UInt8] {
    let centres = try PredictedImage(image, architecture: network.architecture).centres
    let order = network.architecture.order(rows: image.height, columns: image.width)
    var symbols: [UInt8] = []
    for t in 0..<order.count {
      for colour in 0..<image.colours {
        for row in order.rowRange(t) {
          let i = row * image.width + order.column(diagonal: t, row: row)
          symbols.append(image.planes[colour].samples[i] &- centres[colour][i])
        }
      }
    }
    return symbols
  }

  /// A coder whose check fails from some diagonal on.
  private final class Failing: ValueCoder, @unchecked Sendable {
    let output: TileEvaluation.Output
    private let last: Int
    private(set) var diagonal = -1

    init(_ output: TileEvaluation.Output, after last: Int) {
      self.output = output
      self.last = last
    }

    func code(
      diagonal t: Int, colour: Int, rows: Range<Int>, lane: Int, in evaluation: TileEvaluation
    ) {
      diagonal = t
    }

    func check() throws(EntropyCodingError) {
      if diagonal >= last { throw .wrongFinalState }
    }
  }

  /// What a coder finds wrong comes out, and soon: behind the diagonal, or the front.
  @Test(arguments: [TileEvaluation.Output.events, .distributions], [1, 2])
  func aCodersErrorStopsTheLoop(_ output: TileEvaluation.Output, _ threads: Int) throws {
    let image = testImage(rows: 20, columns: 30)
    let coder = Failing(output, after: 33)
    let network = try Network(TestArchitectures.adaptive)
    #expect(throws: EntropyCodingError.wrongFinalState) {
      try walk(coder, network, #require(Tile(image)), threads: threads)
    }
    #expect(coder.diagonal == (output == .events ? 47 : 33))
  }
}
