import EntropyCoding
import ImagePlanes

/// What a codec in C says of a tile that it has decoded.
enum TileOutcome {
  case done
  case outOfMemory
  /// The stream is none that an encoder writes.
  case corrupt
}

/// Decodes tiles that share a stream, one after another.
///
/// - Parameters:
///   - stream: any bytes.
///   - tiles: where the tiles are in the image.
///   - planes: of each tile.
///   - take: gets each tile with its rectangle, in order.
///   - decode: fills a black tile.
/// - Throws: `EntropyCodingError` for a stream that is found damaged, or where memory is short.
func decodeTiles(
  _ stream: ArraySlice<UInt8>, _ tiles: [TileRectangle], planes: Int,
  take: (Tile, TileRectangle) -> Void,
  _ decode: (Tile, TileRectangle, RangeDecoder) throws(EntropyCodingError) -> TileOutcome
) throws(EntropyCodingError) {
  let decoder = RangeDecoder(stream)
  if decoder.lacksMemory { throw .outOfMemory }
  for rectangle in tiles {
    guard let tile = Tile(rows: rectangle.height, columns: rectangle.width, colours: planes) else {
      throw .outOfMemory
    }
    switch try decode(tile, rectangle, decoder) {
    case .done: take(tile, rectangle)
    case .outOfMemory: throw .outOfMemory
    case .corrupt: throw .outsideAnyInterval
    }
  }
  try decoder.finish()
}

/// Codes tiles that share a stream, one after another.
///
/// - Parameters:
///   - image: what the tiles are parts of.
///   - tiles: where they are.
///   - planes: that the codec takes.
///   - encode: codes a tile; whether there was memory for it.
/// - Returns: the stream.
/// - Throws: `EntropyCodingError.outOfMemory`.
func encodeTiles(
  _ image: Image, _ tiles: [TileRectangle], planes: Int,
  _ encode: (Tile, RangeEncoder) -> Bool
) throws(EntropyCodingError) -> [UInt8] {
  let encoder = RangeEncoder()
  for rectangle in tiles {
    guard let tile = Tile(image, rectangle), tile.colours == planes, encode(tile, encoder) else {
      throw .outOfMemory
    }
  }
  return try encoder.finish()
}
