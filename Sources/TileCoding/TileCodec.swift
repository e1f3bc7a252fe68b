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

  /// The most bytes of memory that coding a tile takes, in either direction, besides the image and
  /// the streams.
  func memory(rows: Int, columns: Int) -> Int

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
  ///   - threads: 1 or more.
  ///   - take: gets each tile with its rectangle, in order. What it has got may be wrong if an
  ///     error follows.
  /// - Throws: `EntropyCodingError` if the stream is not what the encoder writes, or memory is
  ///   short.
  func decode(
    _ stream: ArraySlice<UInt8>, _ tiles: [TileRectangle], small: Image?, threads: Int,
    take: (Tile, TileRectangle) -> Void
  ) throws(EntropyCodingError)
}
