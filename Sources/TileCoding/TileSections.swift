import ImagePlanes

/// The tiles of an image, and which of them share a section (FORMAT.md, section 1.2).
package struct TileSections: Equatable, Sendable {
  /// All tiles.
  package let grid: TileGrid
  /// Tiles of each section but the last, which may have fewer.
  package let tilesPerSection: Int

  /// Sections of so many tiles.
  package init(_ grid: TileGrid, tilesPerSection: Int) {
    self.grid = grid
    self.tilesPerSection = max(tilesPerSection, 1)
  }

  /// Sections.
  package var count: Int { (grid.count + tilesPerSection - 1) / tilesPerSection }

  /// The numbers of the tiles of section `index`, from 0.
  package func numbers(of index: Int) -> Range<Int> {
    let first = min(index * tilesPerSection, grid.count)
    return first..<min(first + tilesPerSection, grid.count)
  }

  /// The rectangles of the tiles of section `index`.
  package func tiles(of index: Int) -> [TileRectangle] { numbers(of: index).map { grid[$0] } }
}
