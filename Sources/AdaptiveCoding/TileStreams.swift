import CAdaptive
import EntropyCoding
import ImagePlanes
import TileCoding

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
///   - wanted: the pixels that are needed; nil for all.
///   - costs: where to note what values take; nil for nowhere.
///   - order: the numbers of the planes there in the order in which the codec has them.
///   - stop: ends decoding early.
///   - take: gets each tile with its rectangle, in order.
///   - decode: fills a black tile, so far as the bounds want it.
/// - Throws: `EntropyCodingError` for a stream that is found damaged, or where memory is short.
func decodeTiles(
  _ stream: ArraySlice<UInt8>, _ tiles: [TileRectangle], planes: Int, wanted: TileRectangle?,
  costs: CostPlanes?, order: [Int], stop: StopFlag?, take: (Tile, TileRectangle) -> Void,
  _ decode: (Tile, TileRectangle, RangeDecoder, inout prn_bounds) throws(EntropyCodingError) ->
    TileOutcome
) throws(EntropyCodingError) {
  let decoder = RangeDecoder(stream)
  if decoder.lacksMemory { throw .outOfMemory }
  let needed = NeededTiles(tiles, wanted: wanted)
  var isWhole = needed.tiles.count == tiles.count
  for (index, rectangle) in needed.tiles.enumerated() {
    if let costs {
      decoder.note(
        in: costs, row: rectangle.row, column: rectangle.column, planes: order,
        shared: costs.count - 1)
    }
    var bounds = prn_bounds(rows: .max, stop: stop?.pointer)
    if let part = needed.part, index == needed.tiles.count - 1 {
      let rows = part.row + part.height - rectangle.row
      bounds.rows = Int32(clamping: rows)
      isWhole = isWhole && rows == rectangle.height
    }
    guard let tile = Tile(rows: rectangle.height, columns: rectangle.width, colours: planes) else {
      throw .outOfMemory
    }
    switch try decode(tile, rectangle, decoder, &bounds) {
    case .done: take(tile, rectangle)
    case .outOfMemory: throw .outOfMemory
    case .corrupt: throw .outsideAnyInterval
    }
  }
  // Behind what is wanted, nobody knows whether the stream is right.
  if isWhole { try decoder.finish() }
}

/// Codes tiles that share a stream, one after another.
///
/// - Parameters:
///   - image: what the tiles are parts of.
///   - tiles: where they are.
///   - planes: that the codec takes.
///   - stop: ends coding early.
///   - encode: codes a tile; whether there was memory for it.
/// - Returns: the stream.
/// - Throws: `EntropyCodingError.outOfMemory`.
func encodeTiles(
  _ image: Image, _ tiles: [TileRectangle], planes: Int, stop: StopFlag?,
  _ encode: (Tile, RangeEncoder, inout prn_bounds) -> Bool
) throws(EntropyCodingError) -> [UInt8] {
  let encoder = RangeEncoder()
  var bounds = prn_bounds(rows: .max, stop: stop?.pointer)
  for rectangle in tiles {
    guard let tile = Tile(image, rectangle), tile.colours == planes, encode(tile, encoder, &bounds)
    else {
      throw .outOfMemory
    }
  }
  return try encoder.finish()
}
