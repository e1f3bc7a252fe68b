import ImagePlanes
import TestSupport
import Testing

@Suite struct TileTests {
  /// A tile's values as an image.
  static func image(_ tile: Tile) -> Image {
    var image = Image(width: tile.columns, height: tile.rows, colours: tile.colours)
    tile.write(to: &image, row: 0, column: 0)
    return image
  }

  @Test func aNewTileIsBlack() throws {
    let tile = try #require(Tile(rows: 3, columns: 5, colours: 3))
    #expect(Self.image(tile) == Image(width: 5, height: 3, colours: 3))
    #expect(Tile.memory(rows: 3, columns: 5, colours: 3) == 45)
    // Sizes below 1 count as 1.
    let smallest = try #require(Tile(rows: 0, columns: -1, colours: 0))
    #expect((smallest.rows, smallest.columns, smallest.colours) == (1, 1, 1))
  }

  @Test(arguments: [1, 3]) func aWholeImage(_ colours: Int) throws {
    let image = patternImage(width: 9, height: 7, colours: colours)
    #expect(Self.image(try #require(Tile(image))) == image)
  }

  /// The tiles of a grid put the image together again.
  @Test(arguments: [1, 2, 4, 9, 10]) func tilesOfAGrid(_ side: Int) throws {
    let image = patternImage(width: 9, height: 7)
    let grid = TileGrid(width: 9, height: 7, tileWidth: side, tileHeight: side)
    var target = Image(width: 9, height: 7)
    for index in 0..<grid.count {
      let rectangle = grid[index]
      let tile = try #require(Tile(image, rectangle))
      #expect(try Self.image(tile) == image.crop(rectangle))
      tile.write(to: &target, row: rectangle.row, column: rectangle.column)
    }
    #expect(target == image)
  }

  /// A rectangle may reach over the edge, or lie outside: what is not there is black, or dropped.
  @Test(arguments: [(5, 6, 4, 5), (0, 0, 20, 2), (0, 8, 3, 3), (7, 0, 2, 2), (0, 9, 2, 2)])
  func overTheEdge(_ row: Int, _ column: Int, _ height: Int, _ width: Int) throws {
    let image = patternImage(width: 9, height: 7)
    let rectangle = TileRectangle(row: row, column: column, height: height, width: width)
    let tile = try #require(Tile(image, rectangle))
    #expect(try Self.image(tile) == image.crop(rectangle))
    var target = Image(width: 9, height: 7)
    tile.write(to: &target, row: row, column: column)
    for pixel in 0..<9 * 7 {
      let isInside =
        (row..<row + height).contains(pixel / 9) && (column..<column + width).contains(pixel % 9)
      for k in 0..<3 {
        #expect(target.planes[k].samples[pixel] == (isInside ? image.planes[k].samples[pixel] : 0))
      }
    }
  }

  /// Known planes stand before those of the image, and are not written.
  @Test func knownPlanes() throws {
    let image = patternImage(width: 9, height: 7, colours: 1)
    let known = patternImage(width: 9, height: 7).planes
    let rectangle = TileRectangle(row: 2, column: 3, height: 4, width: 5)
    let tile = try #require(Tile(image, rectangle, known: Array(known[..<2])))
    #expect((tile.colours, tile.knownColours) == (3, 2))
    let parts = try (known[..<2] + image.planes).map {
      try Image(.gray8, planes: [$0]).crop(rectangle).planes[0].samples
    }
    for (colour, part) in parts.enumerated() {
      #expect(Array(UnsafeBufferPointer(start: tile.plane(colour), count: 20)) == part)
    }
    #expect(try Self.image(tile).planes[0] == image.crop(rectangle).planes[0])
    // A decoder has them before the values.
    let empty = try #require(Tile(rows: 4, columns: 5, colours: 3, knownColours: 2))
    empty.place(known: Array(known[..<2]), rectangle)
    for (colour, part) in parts[..<2].enumerated() {
      #expect(Array(UnsafeBufferPointer(start: empty.plane(colour), count: 20)) == part)
    }
  }

  /// What of a tile lies in an image that begins, or ends, inside of it.
  @Test(arguments: [(-2, 1), (3, -4), (-1, -1), (5, 6), (-6, 8)])
  func partOfATile(_ row: Int, _ column: Int) throws {
    let image = patternImage(width: 9, height: 7)
    let tile = try #require(Tile(image))
    var target = Image(width: 9, height: 7), expected = target
    tile.write(to: &target, row: row, column: column)
    expected.paste(image, row: row, column: column)
    #expect(target == expected)
  }

  @Test(arguments: [(-7, 0), (0, -9), (Int.min, 0), (Int.max, 0), (0, Int.max), (7, 0), (0, 9)])
  func outside(_ row: Int, _ column: Int) throws {
    let image = patternImage(width: 9, height: 7)
    let tile = try #require(Tile(image))
    var target = image
    tile.write(to: &target, row: row, column: column)
    #expect(target == image)
  }

  /// Planes that are not as large as the image says are not read, nor written.
  @Test func damagedImages() throws {
    var image = patternImage(width: 9, height: 7)
    let whole = try #require(Tile(image))
    image.planes[1].samples.removeLast()
    #expect(Self.image(try #require(Tile(image))) == Image(width: 9, height: 7))
    let before = image
    whole.write(to: &image, row: 0, column: 0)
    #expect(image == before)
  }

  /// The values by diagonals are those by rows and columns.
  @Test(arguments: [1, 2, 4, 13]) func valuesByDiagonals(_ shear: Int) throws {
    let image = patternImage(width: 9, height: 7)
    let tile = try #require(Tile(image))
    let order = CodeOrder(rows: 7, columns: 9, shear: shear)
    for t in 0..<order.count {
      for colour in 0..<3 {
        let (base, step) = tile.values(diagonal: t, colour: colour, in: order)
        for row in order.rowRange(t) {
          let column = order.column(diagonal: t, row: row)
          #expect(base[row * step] == image.planes[colour].samples[9 * row + column])
        }
      }
    }
  }

  /// The pixels of the small image, and no others.
  @Test(arguments: [1, 2, 4]) func smallImages(_ scale: Int) throws {
    let image = patternImage(width: 11, height: 9)
    let small = try image.subsampled(by: scale)
    let tile = try #require(Tile(rows: 9, columns: 11, colours: 3))
    let whole = TileRectangle(row: 0, column: 0, height: small.height, width: small.width)
    tile.place(small: small, whole, scale: scale)
    let placed = Self.image(tile)
    #expect(try placed.subsampled(by: scale) == small)
    for pixel in 0..<11 * 9 where pixel / 11 % scale > 0 || pixel % 11 % scale > 0 {
      #expect(placed.planes.allSatisfy { $0.samples[pixel] == 0 })
    }
  }

  /// The part of it that lies under the tile; one that is too large does not leave the tile.
  @Test func partsOfASmallImage() throws {
    let small = patternImage(width: 6, height: 5)
    let tile = try #require(Tile(rows: 4, columns: 5, colours: 3))
    let part = TileRectangle(row: 2, column: 1, height: 2, width: 3)
    tile.place(small: small, part, scale: 2)
    #expect(try Self.image(tile).subsampled(by: 2) == small.crop(part))
    let larger = TileRectangle(row: 2, column: 1, height: 3, width: 5)
    tile.place(small: small, larger, scale: 2)
    #expect(try Self.image(tile).subsampled(by: 2) == small.crop(part))
    let outside = TileRectangle(row: 5, column: 0, height: 2, width: 2)
    tile.place(small: small, outside, scale: 2)
    #expect(try Self.image(tile).subsampled(by: 2) == small.crop(part))
  }
}
