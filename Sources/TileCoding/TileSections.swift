import ImagePlanes

/// The tiles of an image, and which of them share a section (FORMAT.md, section 1.2).
package struct TileSections: Equatable, Sendable {
  /// All tiles, or the image as one where only some rectangles of it are coded.
  package let grid: TileGrid
  /// Tiles of each section but the last, which may have fewer.
  package let tilesPerSection: Int
  /// What is coded instead of the grid's tiles.
  private let rectangles: [TileRectangle]?

  /// Sections of so many tiles.
  package init(_ grid: TileGrid, tilesPerSection: Int) {
    self.grid = grid
    self.tilesPerSection = max(tilesPerSection, 1)
    rectangles = nil
  }

  /// Sections of one rectangle each, of an image of this size.
  package init(_ rectangles: [TileRectangle], width: Int, height: Int) {
    grid = TileGrid(width: width, height: height, tileWidth: width, tileHeight: height)
    tilesPerSection = 1
    self.rectangles = rectangles
  }

  /// Tiles.
  package var tileCount: Int { rectangles?.count ?? grid.count }

  /// Sections.
  package var count: Int { (tileCount + tilesPerSection - 1) / tilesPerSection }

  /// The tile that takes the most memory.
  package var largestTile: TileRectangle {
    rectangles?.max { $0.height * $0.width < $1.height * $1.width } ?? grid[0]
  }

  /// The numbers of the tiles of section `index`, from 0.
  package func numbers(of index: Int) -> Range<Int> {
    let first = min(index * tilesPerSection, tileCount)
    return first..<min(first + tilesPerSection, tileCount)
  }

  /// The smallest rectangle around all that is decoded of the tiles where some pixels are wanted.
  ///
  /// - Parameters:
  ///   - part: of the image; some tile has to have some of it.
  ///   - codec: of the tiles.
  /// - Returns: a rectangle of the image.
  package func decoded(for part: TileRectangle, with codec: some TileCodec) -> TileRectangle {
    var all: TileRectangle?
    for index in 0..<count {
      let needed = NeededTiles(tiles(of: index), wanted: part)
      for tile in needed.tiles {
        var decoded = tile
        if let last = needed.part, tile == needed.tiles.last {
          decoded = TileRectangle(
            row: tile.row, column: tile.column, height: codec.rows(for: last, of: tile),
            width: tile.width)
        }
        all = all?.union(decoded) ?? decoded
      }
    }
    return all ?? part
  }

  /// The pixels of each section, where they are not about equally many.
  package var pixels: [Int]? { rectangles?.map { $0.height * $0.width } }

  /// The rectangles of the tiles of section `index`.
  package func tiles(of index: Int) -> [TileRectangle] {
    numbers(of: index).map { rectangles?[$0] ?? grid[$0] }
  }
}
