import AdaptiveCoding
import EntropyCoding
import ImagePlanes
import TestSupport
import Testing
import TileCoding

/// Tiles of which only some rows are decoded.
@Suite struct PartTests {
  private static let codecs: [(codec: any TileCodec, format: PixelFormat)] = [
    (BilevelTileCodec(depth: 1), .gray1),
    (BilevelTileCodec(depth: 4), PixelFormat(.gray, depth: 4)),
    (GraphicsTileCodec(planes: 4, hasAlpha: true), PixelFormat(.rgba, depth: 8)),
    (GraphicsTileCodec(planes: 1, hasAlpha: false, colours: 256), .gray8),
    (RunsTileCodec(planes: 4, hasAlpha: true), PixelFormat(.rgba, depth: 8)),
    (RunsTileCodec(planes: 1, hasAlpha: false, colours: 256), .gray8),
    (LinearTileCodec(planes: 1), .gray8), (LinearTileCodec(planes: 3), .rgb8),
    (DeepTileCodec(counts: [65536, 65536], hasAlpha: true), PixelFormat(.grayAlpha, depth: 16)),
    (SparseTileCodec(planes: 3), .rgb8),
  ]

  private static func decoded(
    _ codec: some TileCodec, _ stream: [UInt8], _ tiles: [TileRectangle], _ part: TileRectangle,
    like image: Image
  ) throws -> (image: Image, tiles: [TileRectangle]) {
    var decoded = try Image(image.format, width: image.width, height: image.height)
    var taken: [TileRectangle] = []
    try codec.decode(stream[...], tiles, small: nil, wanted: part, threads: 1) { tile, rectangle in
      tile.write(to: &decoded, row: rectangle.row, column: rectangle.column)
      taken.append(rectangle)
    }
    return (decoded, taken)
  }

  /// What is wanted is right; below, nothing has been decoded of the last plane.
  @Test(arguments: codecs.indices, [1, 13, 29, 30]) func rowsAbove(index: Int, rows: Int) throws {
    let (codec, format) = Self.codecs[index]
    let image = formatImage(format, .random, width: 40, height: 30)
    let stream = try stream(codec, image)
    let part = TileRectangle(row: rows - 1, column: 7, height: 1, width: 3)
    let whole = TileRectangle(row: 0, column: 0, height: 30, width: 40)
    #expect(codec.rows(for: part, of: whole) == rows)
    let (found, _) = try Self.decoded(codec, stream, [whole], part, like: image)
    let above = TileRectangle(row: 0, column: 0, height: rows, width: 40)
    #expect(try found.crop(above) == image.crop(above))
    let below = TileRectangle(row: rows, column: 0, height: 30 - rows, width: 40)
    #expect(
      try found.crop(below).planes.contains { $0.samples.allSatisfy { $0 == 0 } })
  }

  /// Asked to end, both sides do so at the first row.
  @Test(arguments: codecs.indices) func nothingIsCoded(index: Int) throws {
    let format = Self.codecs[index].format
    var codec = Self.codecs[index].codec
    let image = formatImage(format, .random, width: 40, height: 30)
    let stream = try stream(codec, image)
    codec.stop = StopFlag()
    codec.stop?.set()
    #expect(try codec.encode(image, whole(image), threads: 1)[0].count < stream.count / 8)
    var taken: Tile?
    try? codec.decode(stream[...], whole(image), small: nil, threads: 1) { tile, _ in taken = tile }
    if let taken {
      let values = UnsafeBufferPointer(
        start: taken.plane(0), count: taken.rows * taken.columns * taken.colours)
      #expect(values.allSatisfy { $0 == 0 })
    }
  }

  /// Of tiles that share a stream, those behind the last one that is wanted are left out.
  @Test(arguments: codecs.indices) func tilesBefore(index: Int) throws {
    let (codec, format) = Self.codecs[index]
    let image = formatImage(format, .gradient, width: 30, height: 12)
    let tiles = [0, 10, 20].map { TileRectangle(row: 0, column: $0, height: 12, width: 10) }
    let stream = try codec.encode(image, tiles, threads: 1)[0]
    let part = TileRectangle(row: 2, column: 12, height: 5, width: 8)
    let (found, taken) = try Self.decoded(codec, stream, tiles, part, like: image)
    #expect(taken == Array(tiles[..<2]))
    #expect(
      try found.crop(part) == image.crop(part) && found.crop(tiles[0]) == image.crop(tiles[0]))
    // All of it wanted, the end of the stream is verified.
    #expect(throws: EntropyCodingError.self) {
      try Self.decoded(
        codec, stream + [1, 2, 3, 4, 5, 6, 7, 8, 9], tiles,
        TileRectangle(row: 0, column: 0, height: 12, width: 30), like: image)
    }
  }
}
