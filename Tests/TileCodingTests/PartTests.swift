import EntropyCoding
import ImagePlanes
import Mixing
import PixelNetwork
import Platform
import TestSupport
import Testing

@testable import TileCoding

/// Tiles of which only some diagonals are decoded, and sections of which only some are.
@Suite struct PartTests {
  private static func decoded(
    _ codec: NetworkTileCodec, _ bytes: [UInt8], _ tiles: [TileRectangle], _ part: TileRectangle,
    like image: Image, threads: Int = 1
  ) throws -> (image: Image, tiles: [TileRectangle]) {
    var decoded = try Image(image.format, width: image.width, height: image.height)
    var taken: [TileRectangle] = []
    try codec.decode(
      bytes[...], tiles, small: nil, wanted: part, threads: threads
    ) { tile, rectangle in
      tile.write(to: &decoded, row: rectangle.row, column: rectangle.column)
      taken.append(rectangle)
    }
    return (decoded, taken)
  }

  @Test(
    arguments: TestArchitectures.few, [(0, 0, 1, 1), (5, 3, 4, 9), (20, 0, 1, 30), (23, 29, 1, 1)])
  func diagonalsBefore(
    _ named: NamedArchitecture, _ place: (row: Int, column: Int, height: Int, width: Int)
  ) throws {
    let image = testImage(rows: 24, columns: 30, for: named.architecture)
    let part = TileRectangle(
      row: place.row, column: place.column, height: place.height, width: place.width)
    let whole = TileRectangle(image)
    let order = named.architecture.order(rows: 24, columns: 30)
    let end = place.column + place.width - 1 + order.shear * (place.row + place.height - 1) + 1
    for level in named.architecture.symbolCentre.isAdaptive ? [MixingLevel.pure, .fast] : [.pure] {
      let codec = NetworkTileCodec(try Network(named.architecture), level)
      let bytes = try codec.encode(image)
      for threads in [1, 3] {
        let (found, _) = try Self.decoded(
          codec, bytes, [whole], part, like: image, threads: threads)
        #expect(try found.crop(part) == image.crop(part))
        let rows = codec.rows(for: part, of: whole)
        #expect(rows >= place.row + place.height)
        for row in 0..<24 {
          for column in 0..<30 where order.shear * row + column >= end {
            #expect(found.planes.allSatisfy { $0.samples[30 * row + column] == 0 })
            #expect(column > 0 || row >= rows)
          }
        }
      }
    }
  }

  /// Two lanes, each with a stream of its own.
  @Test(arguments: [1, 3]) func lanes(threads: Int) throws {
    let image = testImage(rows: 300, columns: 500)
    let codec = NetworkTileCodec(try Network(TestArchitectures.adaptive), .fast)
    let bytes = try codec.encode(image, threads: 2)
    let part = TileRectangle(row: 20, column: 300, height: 30, width: 40)
    let (found, _) = try Self.decoded(
      codec, bytes, [TileRectangle(image)], part, like: image, threads: threads)
    #expect(try found.crop(part) == image.crop(part))
    #expect(
      try found.crop(.init(row: 299, column: 0, height: 1, width: 500)).planes[0].samples.max() == 0
    )
  }

  /// Of tiles that share a stream, those behind the last one that is wanted are left out.
  @Test(arguments: [MixingLevel.pure, .fast]) func tilesBefore(_ level: MixingLevel) throws {
    let image = testImage(rows: 12, columns: 30)
    let tiles = [0, 10, 20].map { TileRectangle(row: 0, column: $0, height: 12, width: 10) }
    let codec = NetworkTileCodec(try Network(TestArchitectures.adaptive), level)
    let bytes = try codec.encode(image, tiles, threads: 1)[0]
    let part = TileRectangle(row: 2, column: 12, height: 5, width: 8)
    let (found, taken) = try Self.decoded(codec, bytes, tiles, part, like: image)
    #expect(taken == Array(tiles[..<2]))
    #expect(
      try found.crop(part) == image.crop(part) && found.crop(tiles[0]) == image.crop(tiles[0]))
    let all = TileSections(
      TileGrid(width: 30, height: 12, tileWidth: 10, tileHeight: 12), tilesPerSection: 3)
    let decoded = all.decoded(for: part, with: codec)
    #expect(decoded == TileRectangle(row: 0, column: 0, height: 12, width: 20))
  }

  /// Sections without any wanted pixel are not looked at: here their bytes are nobody's.
  @Test(arguments: [1, 2]) func sectionsAreLeftOut(threads: Int) throws {
    let image = testImage(rows: 40, columns: 50)
    let codec = NetworkTileCodec(try Network(TestArchitectures.adaptive), .fast)
    let sections = TileSections(
      TileGrid(width: 50, height: 40, tileWidth: 20, tileHeight: 15), tilesPerSection: 1)
    let runner = SectionRunner(threads: threads)
    let streams = try runner.encode(image, sections, with: codec)[0]
    let part = TileRectangle(row: 16, column: 21, height: 14, width: 25)
    let wanted = [4, 5]
    var file: [UInt8] = []
    let ranges = streams.enumerated().map { index, stream -> Range<Int> in
      let start = file.count
      file += wanted.contains(index) ? stream : [1, 2, 3]
      return start..<file.count
    }
    let small = try Image(.rgb8, width: 25, height: 14)
    for start in [small, try Image(.rgb8, width: 50, height: 40)] {
      var found = start
      try runner.decode(file, ranges, sections, with: codec, part: part, into: &found)
      let crop = found.width == 50 ? try found.crop(part) : found
      #expect(try crop == image.crop(part))
    }
    // An error names the section by its number among all; of a whole tile, each is found.
    let whole = sections.tiles(of: 5)[0]
    var found = try Image(.rgb8, width: whole.width, height: whole.height)
    let damaged = ranges.enumerated().map { $0.offset == 5 ? ranges[0] : $0.element }
    var failure: SectionError?
    do throws(SectionError) {
      try runner.decode(file, damaged, sections, with: codec, part: whole, into: &found)
    } catch {
      failure = error
    }
    #expect(failure?.section == 5)
  }
}
