import EntropyCoding
import ImagePlanes

/// A way to code the tiles of a section: one tile, or several that share a range coder.
///
/// The bytes depend on the tiles and the codec's parameters alone, not on threads or machine.
package protocol TileCodec: Sendable {
  /// Whether several threads can work at a tile.
  var sharesTiles: Bool { get }

  /// How many streams `encode` makes: the ways of coding that it tries.
  var variants: Int { get }

  /// What ends coding early; then `EntropyCodingError.cancelled` is thrown, or something else, or
  /// what comes back is worth nothing.
  var stop: StopFlag? { get set }

  /// The most bytes of memory that coding a tile takes, in either direction, besides the image and
  /// the streams.
  func memory(rows: Int, columns: Int) -> Int

  /// Where `decode` notes the bits of each value: the planes that it finds, a cell for each pixel
  /// of the image (two planes of bytes are one here), and behind them one for what is coded of all
  /// planes at once. nil where nobody wants to know.
  var costs: CostPlanes? { get set }

  /// Codes tiles of an image.
  ///
  /// - Parameters:
  ///   - image: what the tiles are parts of.
  ///   - tiles: of at least one pixel, at most 65535 x 65535.
  ///   - threads: 1 or more.
  /// - Returns: a stream for each variant.
  /// - Throws: `EntropyCodingError.outOfMemory`.
  func encode(
    _ image: Image, _ tiles: [TileRectangle], threads: Int
  ) throws(EntropyCodingError) -> [[UInt8]]

  /// Decodes the tiles of a stream of the first variant.
  ///
  /// - Parameters:
  ///   - stream: any bytes.
  ///   - tiles: where they are in the image.
  ///   - small: the image's small image, for a codec that is given one.
  ///   - wanted: the pixels of the image that are needed, of which some are in the tiles; nil for
  ///     all. What follows them in the stream is left out, tiles or parts of one.
  ///   - threads: 1 or more.
  ///   - take: gets each tile with its rectangle, in order. What it has got may be wrong if an
  ///     error follows.
  /// - Throws: `EntropyCodingError` if the stream is not what the encoder writes, or memory is
  ///   short.
  func decode(
    _ stream: ArraySlice<UInt8>, _ tiles: [TileRectangle], small: Image?, wanted: TileRectangle?,
    threads: Int, take: (Tile, TileRectangle) -> Void
  ) throws(EntropyCodingError)

  /// How many rows of a tile, from the top, its decoding has touched when it has found some pixels.
  ///
  /// - Parameters:
  ///   - part: of the tile, in the image.
  ///   - tile: its place there.
  /// - Returns: 1 to `tile.height`.
  func rows(for part: TileRectangle, of tile: TileRectangle) -> Int
}

extension TileCodec {
  /// Of a codec that takes no time.
  package var stop: StopFlag? {
    get { nil }
    set {}
  }

  /// Decodes whole tiles.
  package func decode(
    _ stream: ArraySlice<UInt8>, _ tiles: [TileRectangle], small: Image?, threads: Int,
    take: (Tile, TileRectangle) -> Void
  ) throws(EntropyCodingError) {
    try decode(stream, tiles, small: small, wanted: nil, threads: threads, take: take)
  }

  /// Of a codec that goes row by row.
  package func rows(for part: TileRectangle, of tile: TileRectangle) -> Int {
    min(part.row + part.height - tile.row, tile.height)
  }
}

/// What of the tiles of a section is decoded where not all pixels are wanted.
package struct NeededTiles {
  /// The tiles up to the last one that is needed.
  package let tiles: ArraySlice<TileRectangle>
  /// Of the last of them, the part that is needed; nil for all of it.
  package let part: TileRectangle?

  /// - Parameters:
  ///   - tiles: of the section.
  ///   - wanted: the pixels; nil for all.
  package init(_ tiles: [TileRectangle], wanted: TileRectangle?) {
    guard let wanted else {
      self.tiles = tiles[...]
      part = nil
      return
    }
    let last = tiles.lastIndex { $0.intersection(wanted) != nil }
    self.tiles = tiles.prefix((last ?? -1) + 1)
    part = last.flatMap { tiles[$0].intersection(wanted) }
  }
}
