import Container
import ImagePlanes

/// Which tiles a section holds (FORMAT.md, section 1.2).
struct TileSections: Equatable, Sendable {
  /// Tiles of each section but the last, which may have fewer.
  let tiles: Int
  /// All tiles.
  private let tileCount: Int

  /// What the encoder chooses: small tiles share a section of at least `pixels`, unless the image has fewer, so that the
  /// section's bytes and the coder's end are few beside theirs.
  init(_ grid: TileGrid, pixels: Int) {
    let area = grid.tileWidth * grid.tileHeight
    let share = area < Header.sharingTilePixels ? (max(pixels, 1) - 1) / area + 1 : 1
    self.init(tiles: min(share, grid.count, Header.mostTilesPerSection), of: grid.count)
  }

  /// Sections of so many tiles.
  init(tiles: Int, of tileCount: Int) {
    self.tiles = max(tiles, 1)
    self.tileCount = max(tileCount, 0)
  }

  /// Sections.
  var count: Int { (tileCount + tiles - 1) / tiles }

  /// The tiles of section `index`, from 0.
  subscript(index: Int) -> Range<Int> {
    let first = min(index * tiles, tileCount)
    return first..<min(first + tiles, tileCount)
  }
}
