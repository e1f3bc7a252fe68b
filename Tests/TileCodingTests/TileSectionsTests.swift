import Mixing
import Container
import ImagePlanes
import PixelNetwork
import Testing

@testable import PRNZip

@Suite struct TileSectionsTests {
  /// As few tiles as have the pixels; large ones alone, and never more than there are.
  @Test func smallTilesShareSections() {
    func share(_ side: Int, _ tileSide: Int, _ pixels: Int) -> Int {
      TileSections(
        TileGrid(width: side, height: side, tileWidth: tileSide, tileHeight: tileSide),
        pixels: pixels
      ).tiles
    }
    #expect(share(2800, 28, 1 << 18) == 335)
    #expect(share(2800, 28, 1) == 1)
    #expect(share(2800, 28, 784) == 1 && share(2800, 28, 785) == 2)
    #expect(share(56, 28, 1 << 18) == 4)
    #expect(share(2000, 362, 1 << 18) == 3)
    #expect(share(2000, 363, 1 << 18) == 1)
    #expect(share(1, 1, 1 << 18) == 1)
    #expect(share(1 << 16, 1, .max) == 1 << 20)
  }

  @Test func sectionsPartTheTiles() {
    for count in [1, 2, 7, 12] {
      for tiles in 1...13 {
        let sections = TileSections(tiles: tiles, of: count)
        let all = (0..<sections.count).map { sections[$0] }
        #expect(all.flatMap { Array($0) } == Array(0..<count))
        #expect(all.dropLast().allSatisfy { $0.count == tiles })
        #expect(all.last.map { (1...tiles).contains($0.count) } == true)
      }
    }
    #expect(TileSections(tiles: 1 << 20, of: 1 << 40).count == 1 << 20)
  }

  /// A section's tiles share one range coder, so none of them may have two lanes.
  @Test func tilesThatShareASectionHaveOneLane() {
    let half = Header.sharingTilePixels / 2
    #expect(Lanes(rows: half - 1, columns: 2).count == 1)
    #expect(Lanes(rows: half, columns: 2).count == 2)
  }
}
