import Foundation
import ImagePlanes
import Platform
import Prediction
import TestSupport
import Testing

@testable import PixelNetwork
@testable import TileCoding

@Suite struct TileEvaluationTests {
  /// Where blocks are dilated so far, large enough for the farthest taps to be inside.
  static func sizes(_ architecture: Architecture) -> [(Int, Int)] {
    [(9, 11), (1, 1), (1, 13), (13, 1), (2, 3), (6, 2), (17, 5)]
      + (architecture.largestDilation == 16 ? [(3, 40), (20, 37)] : [])
  }

  static func image(_ architecture: Architecture, _ rows: Int, _ columns: Int) -> Image {
    testImage(rows: rows, columns: columns, seed: UInt64(rows), for: architecture)
  }

  @Test(arguments: TestArchitectures.all)
  func decoderOrderIsTheReference(_ named: NamedArchitecture) throws {
    let file = try WeightFile.random(architecture: named.architecture, seed: 1)
    let network = try Network(weightFile: file.serialized)
    for (rows, columns) in Self.sizes(named.architecture) {
      let image = Self.image(named.architecture, rows, columns)
      let expected = ReferenceNetwork(file, image).logits().map {
        $0.map(ReferenceNetwork.frequencies)
      }
      for instructions in InstructionSet.supported {
        let found = try FrequencyWitness.frequencies(network, image, instructions: instructions)
        #expect(found == expected, "\(rows) x \(columns), \(instructions)")
      }
    }
  }

  /// However many diagonals are evaluated at once.
  @Test(arguments: TestArchitectures.all)
  func encoderOrderIsTheReference(_ named: NamedArchitecture) throws {
    let file = try WeightFile.random(architecture: named.architecture, seed: 1)
    let network = try Network(weightFile: file.serialized)
    for (rows, columns) in Self.sizes(named.architecture) {
      let image = Self.image(named.architecture, rows, columns)
      let expected = Self.events(ReferenceNetwork(file, image))
      for front in [1, 5, 16] {
        let tile = try #require(Tile(image))
        let witness = try walk(EventWitness(), network, tile, front: front)
        #expect(witness.events(like: image) == expected, "\(rows) x \(columns), front \(front)")
      }
      for instructions in InstructionSet.supported {
        let tile = try #require(Tile(image))
        let witness = try walk(EventWitness(), network, tile, instructions: instructions)
        #expect(witness.events(like: image) == expected, "\(rows) x \(columns), \(instructions)")
      }
    }
  }

  /// The events of an image's symbols: [colour][pixel].
  private static func events(_ reference: ReferenceNetwork) -> [[SymbolEvent?]] {
    let logits = reference.logits()
    return (0..<reference.colours).map { colour in
      (0..<reference.rows * reference.columns).map { pixel in
        let frequencies = ReferenceNetwork.frequencies(logits[colour][pixel])
        let value = reference.x(colour, pixel / reference.columns, pixel % reference.columns)
        let symbol = (value - reference.predictions[colour][pixel] + 256) % 256
        return SymbolEvent(
          cumulative: UInt32(frequencies[..<symbol].reduce(0, +)),
          frequency: UInt32(frequencies[symbol]), total: UInt32(frequencies.reduce(0, +)))
      }
    }
  }

  /// All 256 at once are those that the decoder finds one by one.
  @Test(arguments: [
    NamedArchitecture("median", TestArchitectures.median),
    NamedArchitecture("bits", TestArchitectures.bits),
  ])
  func frequenciesAtOnce(_ named: NamedArchitecture) throws {
    final class Comparison: ValueCoder, @unchecked Sendable {
      let output = TileEvaluation.Output.distributions
      var compared = 0
      func code(
        diagonal t: Int, colour: Int, rows: Range<Int>, lane: Int, in evaluation: TileEvaluation
      ) {
        guard let network = evaluation.network else { return }
        for row in rows {
          let frequencies = network.frequencies(row: row)
          #expect(frequencies.count == 256)
          #expect(frequencies.reduce(0, +) == network.total(row: row))
          var cumulative: UInt32 = 0
          for (symbol, frequency) in frequencies.enumerated() where frequency > 0 {
            let found = network.find(target: cumulative + frequency - 1, row: row)
            #expect(Int(found.symbol) == symbol)
            #expect(
              found.event
                == SymbolEvent(
                  cumulative: cumulative, frequency: frequency, total: network.total(row: row)))
            cumulative += frequency
          }
          compared += 1
        }
      }
    }
    let image = Self.image(named.architecture, 4, 5)
    let comparison = try walk(
      Comparison(), Network(named.architecture), #require(Tile(image)))
    #expect(comparison.compared == 20 * named.architecture.colours)
  }

  @Test(arguments: TestArchitectures.all)
  func randomLogitsAreVaried(_ named: NamedArchitecture) throws {
    let image = Self.image(named.architecture, 8, 8)
    let found = try FrequencyWitness.frequencies(Network(named.architecture, seed: 3), image)
    for colour in 0..<named.architecture.colours {
      #expect(Set(found[colour]).count > 32)
      #expect(Set(found[colour][40]).count > (named.architecture.head == .softmax ? 15 : 1))
    }
  }

  /// Fewer diagonals at once where they are long; one where the next depends on the last.
  @Test func fronts() throws {
    func front(
      _ architecture: Architecture, _ rows: Int, _ output: TileEvaluation.Output = .events
    ) throws -> Int {
      let tile = try #require(Tile(rows: rows, columns: 2, colours: architecture.colours))
      let evaluation = try #require(
        TileEvaluation(
          Network(architecture), tile: tile, output: output, instructions: .portable))
      return evaluation.front
    }
    #expect(try front(TestArchitectures.median, 1) == 16)
    #expect(try front(TestArchitectures.median, 1025) == 15)
    #expect(try front(TestArchitectures.median, 65535) == 1)
    #expect(try front(TestArchitectures.median, 1, .distributions) == 1)
    #expect(try front(TestArchitectures.rowLSTM, 1) == 1)
    #expect(try front(TestArchitectures.diagonalBiLSTM, 1) == 1)
  }

  /// The pixels of the small image.
  @Test(
    arguments: TestArchitectures.all.filter { $0.architecture.scale > 1 } + [
      NamedArchitecture("median", TestArchitectures.median)
    ])
  func knownPixels(_ named: NamedArchitecture) throws {
    let scale = named.architecture.scale
    let tile = try #require(Tile(rows: 11, columns: 9, colours: named.architecture.colours))
    let evaluation = try #require(
      TileEvaluation(
        Network(named.architecture), tile: tile, output: .distributions, instructions: .portable))
    for t in 0..<evaluation.order.count {
      for row in evaluation.order.rowRange(t) {
        let column = evaluation.order.column(diagonal: t, row: row)
        let isKnown = scale > 1 && row % scale == 0 && column % scale == 0
        #expect(evaluation.isKnown(diagonal: t, row: row) == isKnown)
      }
    }
  }

  // MARK: Memory

  /// What is stated is what the parts deal out.
  @Test(arguments: TestArchitectures.all, [(60, 50), (1, 1), (2000, 3)])
  func memoryIsThatOfTheParts(_ named: NamedArchitecture, _ size: (Int, Int)) throws {
    let (rows, columns) = size
    let network = try Network(named.architecture)
    let colours = named.architecture.colours
    for output in [TileEvaluation.Output.events, .distributions] {
      let tile = try #require(Tile(rows: rows, columns: columns, colours: colours))
      let evaluation = try #require(
        TileEvaluation(network, tile: tile, output: output, instructions: .portable))
      let part = try #require(evaluation.network)
      var bytes = rows * columns * colours + Scratch.memory
      bytes += evaluation.predictor.inputs.arena.used + part.arena.used
      if let breadth = named.architecture.symbolCentre.breadth {
        bytes += AdaptivePrediction.memory(
          breadth: breadth, rows: rows, columns: columns, colours: colours)
      }
      let stated = TileEvaluation.memory(
        network.compiled, rows: rows, columns: columns, output: output)
      if named.architecture.scale == 1 {
        #expect(stated == bytes)
      } else {
        // And the maps that the conditioning map is made of: `MemoryTests` of PixelNetwork.
        #expect(stated > bytes)
      }
    }
  }

  #if os(Linux)
    /// What the process grows by: the best of some trials, as other tests allocate at the same
    /// time.
    @Test(arguments: [
      NamedArchitecture("median", TestArchitectures.median),
      NamedArchitecture("adaptiveWide", TestArchitectures.adaptiveWide),
      NamedArchitecture("rowLSTM", TestArchitectures.rowLSTM),
      NamedArchitecture("scale4", TestArchitectures.scale4),
    ])
    func memoryIsWhatTheProcessGrowsBy(_ named: NamedArchitecture) throws {
      func used() throws -> Int {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
          .split(separator: " ")
        return try #require(Int(pages[5])) * Int(sysconf(Int32(_SC_PAGESIZE)))
      }
      let (rows, columns) = (65_535, 9)
      let network = try Network(named.architecture)
      for output in [TileEvaluation.Output.events, .distributions] {
        let stated = TileEvaluation.memory(
          network.compiled, rows: rows, columns: columns, output: output)
        var differences: [Int] = []
        for _ in 0..<20 {
          let before = try used()
          let tile = try #require(
            Tile(rows: rows, columns: columns, colours: named.architecture.colours))
          let evaluation = try #require(
            TileEvaluation(network, tile: tile, output: output, instructions: .portable))
          differences.append(abs(try used() - before - stated))
          withExtendedLifetime(evaluation) {}
          if differences.contains(where: { $0 < stated / 5 }) { break }
        }
        #expect(differences.contains { $0 < stated / 5 }, "\(differences) from \(stated)")
      }
    }
  #endif
}
