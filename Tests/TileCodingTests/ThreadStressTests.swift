import EntropyCoding
import ImagePlanes
import Mixing
import PixelNetwork
import Platform
import Synchronization
import TestSupport
import Testing

@testable import TileCoding

/// Few, short tests of all that threads share, for the thread sanitizer: `scripts/test --sanitize`.
///
/// In a debug build the order of the calls is checked, too; its lock orders what the threads do,
/// and would hide races, so each tile is walked once with it and once without.
@Suite(.serialized) struct ThreadStressTests {
  /// Each way that the pixel loop goes: fronts, and diagonals in pieces.
  @Test(
    arguments: [
      NamedArchitecture("adaptiveWidest", TestArchitectures.adaptiveWidest),
      NamedArchitecture("rowLSTM", TestArchitectures.rowLSTM),
      NamedArchitecture("scale2", TestArchitectures.scale2),
    ], [true, false])
  func theLoopsWays(_ named: NamedArchitecture, _ checksOrder: Bool) throws {
    let network = try Network(named.architecture)
    // High enough for several bands and pieces.
    let image = testImage(rows: 70, columns: 12, for: named.architecture)
    let events = try walk(
      EventWitness(), network, #require(Tile(image)), threads: 3, checksOrder: checksOrder)
    #expect(events.events.count == image.colours * 70 * 12)
    let witness = FrequencyWitness(image)
    let tile = try Tile.undecoded(image, for: named.architecture)
    try walk(witness, network, tile, threads: 3, checksOrder: checksOrder)
    #expect(try tile.image(image.format) == image)
  }

  /// Two lanes at the same time, which takes a tile of 2^17 pixels: of a network that does little.
  @Test(arguments: [2, 3]) func lanes(_ threads: Int) throws {
    let architecture = Architecture(
      colours: 1, symbolCentre: .adaptive, inputKinds: [.residual], kernelSize: 3, features: 8,
      bottleneck: 8, blocks: 0, connections: [], headFeatures: 8, activationMaximum: 255)
    let network = try Network(architecture)
    let image = photoLikeImage(rows: 365, columns: 360, colours: 1)
    let tile = try #require(Tile(image))
    #expect(Lanes(rows: tile.rows, columns: tile.columns).count == 2)
    let stream = MixingStream()
    let evaluation = try #require(
      TileEvaluation(
        network, tile: tile, output: .distributions, instructions: .current, checksOrder: false))
    let coder = try MixingEncoder(
      [MixingParameters(.standard)], of: evaluation, streams: [stream], usesNetwork: true,
      instructions: .current)
    try PixelLoop(evaluation, #require(Workers(threads: threads))).run(coder)
    #expect(try !stream.finish().isEmpty)
  }

  /// The team alone, with bodies that come and go.
  @Test func theTeam() {
    let team = ThreadTeam(threads: 4)
    let values = UnsafeMutableBufferPointer<Int>.allocate(capacity: 64)
    defer { values.deallocate() }
    values.initialize(repeating: 0)
    nonisolated(unsafe) let shared = values
    for round in 0..<2000 {
      // Each item is another thread's in the next run.
      team.run(items: 2 + round % 62) { item, _ in shared[(item + round) % 64] += item }
    }
    #expect(shared.reduce(0, +) > 0)
  }

  /// Sections side by side, which put tiles into one image.
  @Test func sections() throws {
    let codec = NetworkTileCodec(try Network(TestArchitectures.bits))
    let image = testImage(rows: 20, columns: 30, for: TestArchitectures.bits)
    let sections = TileSections(
      TileGrid(width: 30, height: 20, tileWidth: 7, tileHeight: 7), tilesPerSection: 2)
    let runner = SectionRunner(threads: 3)
    let streams = try runner.encode(image, sections, with: codec)[0]
    var ranges: [Range<Int>] = []
    var file: [UInt8] = []
    for stream in streams {
      ranges.append(file.count..<file.count + stream.count)
      file += stream
    }
    var decoded = try Image(image.format, width: 30, height: 20)
    try runner.decode(file, ranges, sections, with: codec, into: &decoded)
    #expect(decoded == image)
  }
}
