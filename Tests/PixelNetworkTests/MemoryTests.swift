import ImagePlanes
import Platform
import TestSupport
import Testing

@testable import PixelNetwork

/// What is stated of the memory is what the arenas deal out: all of it and no more.
@Suite struct MemoryTests {
  static let sizes = [(1, 1, 1), (60, 50, 1), (60, 50, 4), (7, 300, 16), (300, 7, 16)]

  @Test(arguments: TestArchitectures.all, sizes)
  func memoryIsWhatIsAllocated(_ named: NamedArchitecture, _ size: (Int, Int, Int)) throws {
    let (rows, columns, front) = size
    let architecture = named.architecture
    let network = try Network(
      weightFile: WeightFile.random(architecture: architecture, seed: 1).serialized)
    let order = architecture.order(rows: rows, columns: columns)
    let inputs = try #require(NetworkInputs(network.compiled, order: order, front: front))
    #expect(inputs.arena.used == inputs.arena.size)
    #expect(
      inputs.arena.used == NetworkInputs.memory(network.compiled, order: order, front: front))
    let scratch = try #require(Scratch())
    #expect(scratch.arena.used == scratch.arena.size && scratch.arena.used == Scratch.memory)
    let tile = try #require(Tile(rows: rows, columns: columns, colours: architecture.colours))
    for keepsDistributions in [false, true] {
      let evaluation = try #require(
        NetworkEvaluation(
          network, inputs: inputs, tile: tile, order: order,
          keepsDistributions: keepsDistributions, instructions: .portable, scratch: scratch))
      #expect(evaluation.arena.used == evaluation.arena.size)
      let stated = NetworkEvaluation.memory(
        network.compiled, order: order, front: front, keepsDistributions: keepsDistributions)
      #expect(stated == evaluation.arena.used + (try Self.maps(of: evaluation)))
    }
  }

  /// Bytes of the maps behind a conditioning map: the last, which is kept, and those before.
  private static func maps(of evaluation: NetworkEvaluation) throws -> Int {
    guard let last = evaluation.conditioningMap?.last.map else { return 0 }
    var bytes = last.arena.used
    // With two layers there was the map of the small image's values.
    if evaluation.network.architecture.upsamplingCount > 1 {
      let values = try #require(
        MarginedMap(
          rows: last.rows / 2, columns: last.columns / 2,
          channels: evaluation.network.architecture.colours))
      bytes += values.arena.used
    }
    return bytes
  }

  /// The results of a front are kept, and the planes are as many diagonals deeper; of a PixelRNN
  /// there are no fronts.
  @Test func frontsTakeMemory() {
    let network = CompiledNetwork(TestArchitectures.median)
    let order = network.architecture.order(rows: 100, columns: 100)
    func memory(_ front: Int, _ keepsDistributions: Bool) -> Int {
      NetworkEvaluation.memory(
        network, order: order, front: front, keepsDistributions: keepsDistributions)
    }
    // Stream, rectified three times, reduced and convolved twice, skips, hidden: 16 bits each; an
    // event of 12 bytes for each colour.
    let channels = 48 + 3 * 48 + 4 * 24 + 24 + 24
    let diagonal = 2 * 100 * channels + 12 * 3 * 100
    let more = memory(16, false) - memory(1, false)
    #expect(more >= 15 * diagonal && more < 15 * diagonal * 11 / 10)
    // 256 frequencies and what belongs to them, for each row.
    #expect(memory(1, true) - memory(1, false) > 100 * 1024 - 12 * 3 * 100 - 64)
  }

  /// A Diagonal BiLSTM keeps rows, of all that is looked at there.
  @Test func memoryOfADiagonalBiLSTMGrowsWithTheColumns() {
    let network = CompiledNetwork(TestArchitectures.diagonalBiLSTM)
    func memory(_ rows: Int, _ columns: Int) -> Int {
      let order = network.architecture.order(rows: rows, columns: columns)
      return NetworkInputs.memory(network, order: order, front: 1)
        + NetworkEvaluation.memory(network, order: order, front: 1, keepsDistributions: false)
    }
    let column = 2 * (2 * 6 + 2 * (48 + 3 * 24)) + 3
    #expect(memory(1, 10_000) > 10_000 * column)
    #expect(memory(1, 10_000) < 10_000 * 2 * column)
    #expect(memory(10_000, 1) < memory(1, 10_000))
  }

  /// Of any architecture and the largest tile it can be told, without overflow.
  @Test func theLargestTiles() {
    for named in TestArchitectures.all {
      let network = CompiledNetwork(named.architecture)
      let order = named.architecture.order(rows: 65535, columns: 65535)
      let memory = NetworkEvaluation.memory(
        network, order: order, front: 16, keepsDistributions: true)
      #expect(memory > 65535 && memory < 1 << 50, "\(named)")
    }
  }
}
