import EntropyCoding
import ImagePlanes
import Mixing
import PixelNetwork
import Platform
import Prediction
import Synchronization
import TestSupport
import Testing

@testable import TileCoding

/// Few, short tests of all that threads share, for the thread sanitizer: `scripts/sanitize`.
///
/// In a debug build the order of the calls is checked, too; its lock orders what the threads do,
/// and would hide races, so each tile is walked once with it and once without.
@Suite(.serialized) struct ThreadStressTests {
  /// A network that does little.
  static func light(
    _ body: Body, _ centre: SymbolCentre, colours: Int = 1, scale: Int = 1
  ) -> Architecture {
    Architecture(
      colours: colours, body: body, symbolCentre: centre, inputKinds: [.residual, .prediction],
      kernelSize: 3, features: 8 * colours, bottleneck: 8 * colours, blocks: 1,
      connections: [.residual], headFeatures: 8 * colours, activationMaximum: 255, scale: scale,
      conditioningChannels: scale > 1 ? 8 : 0)
  }

  static let cases = [
    NamedArchitecture("adaptive", light(.pixelCNN, .adaptive, colours: 3)),
    NamedArchitecture("widest", light(.pixelCNN, .adaptiveWidest)),
    NamedArchitecture("rowLSTM", light(.rowLSTM, .colourMED)),
    NamedArchitecture("scale2", light(.pixelCNN, .colourMED, scale: 2)),
  ]

  /// Each way that the pixel loop goes: fronts, and diagonals in pieces.
  @Test(arguments: cases, [true, false])
  func theLoopsWays(_ named: NamedArchitecture, _ checksOrder: Bool) throws {
    let network = try Network(named.architecture)
    // So wide that a diagonal has several pieces, and of the adaptive ones bands enough to share.
    let isAdaptive = named.architecture.symbolCentre.isAdaptive
    let image = testImage(
      rows: isAdaptive ? 52 : 36, columns: isAdaptive ? 208 : 72, for: named.architecture)
    let events = try walk(
      EventWitness(), network, #require(Tile(image)), threads: 3, checksOrder: checksOrder)
    let tile = try Tile.undecoded(image, for: named.architecture)
    let values = try walk(
      ValueWitness(image), network, tile, threads: 3, checksOrder: checksOrder)
    #expect(try tile.image(image.format) == image)
    // What the threads have found is what one finds.
    guard !checksOrder else { return }
    let alone = try walk(EventWitness(), network, #require(Tile(image)), checksOrder: false)
    #expect(events.events == alone.events)
    #expect(values.totals == alone.events.map(\.total))
  }

  /// Writes the values of an image, and notes the sum of each value's frequencies.
  private final class ValueWitness: ValueCoder, @unchecked Sendable {
    let output = TileEvaluation.Output.distributions
    private(set) var totals: [UInt32] = []
    private let image: Image

    init(_ image: Image) { self.image = image }

    func code(
      diagonal t: Int, colour: Int, rows: Range<Int>, lane: Int, in evaluation: TileEvaluation
    ) {
      guard let network = evaluation.network else { return }
      let (values, step) = evaluation.values(diagonal: t, colour: colour)
      for row in rows {
        let pixel = row * image.width + evaluation.order.column(diagonal: t, row: row)
        totals.append(network.total(row: row))
        values[row * step] = image.planes[colour].samples[pixel]
      }
    }
  }

  /// Two lanes at the same time, which takes a tile of 2^17 pixels; the encoder with a thread for
  /// each, the decoder with more.
  @Test func lanes() throws {
    let network = try Network(
      Architecture(
        colours: 1, symbolCentre: .adaptive, inputKinds: [.residual], kernelSize: 3, features: 8,
        bottleneck: 8, blocks: 0, connections: [], headFeatures: 8, activationMaximum: 255))
    let image = photoLikeImage(rows: 365, columns: 360, colours: 1)
    let choice = MixingParameters(.fast)
    func evaluation(_ tile: Tile) throws -> TileEvaluation {
      #expect(Lanes(rows: tile.rows, columns: tile.columns).count == 2)
      return try #require(
        TileEvaluation(
          network, tile: tile, output: .distributions, instructions: .current, checksOrder: false))
    }
    let known = try evaluation(#require(Tile(image)))
    let stream = MixingStream()
    let encoder = try MixingEncoder(
      [choice], of: known, streams: [stream], usesNetwork: true, instructions: .current)
    try PixelLoop(known, #require(Workers(threads: 2))).run(encoder)
    let tile = try Tile.undecoded(image, for: network.architecture)
    let unknown = try evaluation(tile)
    let decoder = try MixingDecoder(
      choice, of: unknown, decoders: nil, stream: stream.finish()[...], instructions: .current)
    try PixelLoop(unknown, #require(Workers(threads: 3))).run(decoder)
    for lane in decoder.decoders { try lane.finish() }
    #expect(try tile.image(image.format) == image)
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
