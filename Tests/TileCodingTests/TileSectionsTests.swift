import Container
import ImagePlanes
import Testing

@testable import TileCoding

@Suite struct TileSectionsTests {
  @Test func sectionsPartTheTiles() {
    for count in [1, 2, 7, 12] {
      let grid = TileGrid(width: count, height: 1, tileWidth: 1, tileHeight: 1)
      for tiles in 1...13 {
        let sections = TileSections(grid, tilesPerSection: tiles)
        let all = (0..<sections.count).map { sections.numbers(of: $0) }
        #expect(all.flatMap { Array($0) } == Array(0..<count))
        #expect(all.dropLast().allSatisfy { $0.count == tiles })
        #expect(all.last.map { (1...tiles).contains($0.count) } == true)
        #expect(
          (0..<sections.count).flatMap { sections.tiles(of: $0) } == (0..<count).map { grid[$0] })
      }
    }
    let large = TileGrid(width: 1 << 20, height: 1 << 20, tileWidth: 1, tileHeight: 1)
    #expect(TileSections(large, tilesPerSection: 1 << 20).count == 1 << 20)
  }

  @Test func outsideThereIsNothing() {
    let grid = TileGrid(width: 4, height: 3, tileWidth: 2, tileHeight: 2)
    let sections = TileSections(grid, tilesPerSection: 0)
    #expect(sections.tilesPerSection == 1 && sections.count == 4)
    #expect(sections.numbers(of: 4).isEmpty)
  }

  /// A section's tiles share one range coder, so none of them may have two lanes.
  @Test func tilesThatShareASectionHaveOneLane() {
    let half = Header.sharingTilePixels / 2
    #expect(Lanes(rows: half - 1, columns: 2).count == 1)
    #expect(Lanes(rows: half, columns: 2).count == 2)
  }
}
