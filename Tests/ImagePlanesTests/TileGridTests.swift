import ImagePlanes
import Testing

@Suite struct TileGridTests {
  /// How often each pixel of the image is in a tile of the grid, row by row.
  private func coverage(_ grid: TileGrid) -> [Int] {
    var counts = [Int](repeating: 0, count: grid.width * grid.height)
    for index in 0..<grid.count {
      let tile = grid[index]
      for row in tile.row..<tile.row + tile.height {
        for column in tile.column..<tile.column + tile.width {
          counts[row * grid.width + column] += 1
        }
      }
    }
    return counts
  }

  @Test func everyPixelIsInOneTile() {
    for width in [1, 2, 3, 7, 16, 17] {
      for height in [1, 2, 5, 16, 31] {
        for side in [1, 2, 3, 8, 15, 16, 17, 100] {
          let grids = [
            TileGrid(width: width, height: height, limit: side),
            TileGrid(width: width, height: height, tileWidth: side, tileHeight: 3),
          ]
          for grid in grids {
            #expect(grid.count == grid.rows * grid.columns)
            #expect(coverage(grid).allSatisfy { $0 == 1 })
          }
        }
      }
    }
  }

  /// Sides are multiples of the unit; with a unit of 1 the grid is the one without.
  @Test func unitsAreKept() {
    for width in [1, 2, 3, 7, 16, 17, 33] {
      for limit in [1, 2, 3, 4, 5, 8, 15, 16, 100] {
        let plain = TileGrid(width: width, height: 9, limit: limit)
        #expect(TileGrid(width: width, height: 9, limit: limit, multipleOf: 1) == plain)
        for unit in [2, 4] {
          let grid = TileGrid(width: width, height: 9, limit: limit, multipleOf: unit)
          #expect(grid.tileWidth % unit == 0 && grid.tileHeight % unit == 0)
          #expect(grid.tileWidth <= max(limit, unit) && grid.tileWidth < width + unit)
          #expect(coverage(grid).allSatisfy { $0 == 1 })
        }
      }
    }
  }

  @Test func tilesAreInRasterOrder() {
    let grid = TileGrid(width: 10, height: 7, tileWidth: 4, tileHeight: 5)
    #expect(grid.columns == 3 && grid.rows == 2)
    #expect(
      (0..<grid.count).map { grid[$0] } == [
        TileRectangle(row: 0, column: 0, height: 5, width: 4),
        TileRectangle(row: 0, column: 4, height: 5, width: 4),
        TileRectangle(row: 0, column: 8, height: 5, width: 2),
        TileRectangle(row: 5, column: 0, height: 2, width: 4),
        TileRectangle(row: 5, column: 4, height: 2, width: 4),
        TileRectangle(row: 5, column: 8, height: 2, width: 2),
      ])
  }

  /// As few tiles as the limit lets, and the first no larger than an equal share rounded up.
  @Test func aLimitGivesFewTilesOfAboutOneSize() {
    for limit in 1...40 {
      for extent in 1...200 {
        let grid = TileGrid(width: extent, height: 1, limit: limit)
        #expect(grid.tileWidth <= limit && grid.tileHeight == 1)
        let fewest = (extent + limit - 1) / limit
        #expect(grid.columns <= fewest)
        #expect(grid.columns * limit >= extent)
        #expect(grid.tileWidth == (extent + fewest - 1) / fewest)
      }
    }
    let grid = TileGrid(width: 1025, height: 2049, limit: 1024)
    #expect(grid.tileWidth == 513 && grid.tileHeight == 683 && grid.count == 6)
  }

  @Test func anAreaLimitsTheHeight() {
    func grid(_ width: Int, _ height: Int) -> TileGrid {
      TileGrid(width: width, height: height, widthLimit: 100, heightLimit: 50, area: 2000)
    }
    #expect(grid(150, 70) == TileGrid(width: 150, height: 70, tileWidth: 75, tileHeight: 24))
    #expect(grid(10, 70) == TileGrid(width: 10, height: 70, tileWidth: 10, tileHeight: 35))
    #expect(grid(100, 3).count == 1)
    let narrow = TileGrid(width: 90, height: 3, widthLimit: 100, heightLimit: 9, area: 1)
    #expect(narrow.tileWidth == 90 && narrow.tileHeight == 1)
  }

  @Test func sizesBelowOneCountAsOne() {
    let grid = TileGrid(width: 0, height: -1, tileWidth: 0, tileHeight: -5)
    #expect(grid == TileGrid(width: 1, height: 1, tileWidth: 1, tileHeight: 1))
    #expect(TileGrid(width: 0, height: -1, limit: 0) == grid)
    #expect(grid[0] == TileRectangle(row: 0, column: 0, height: 1, width: 1))
  }

  /// Sizes as a header may state them: nothing overflows.
  @Test func theLargestImagesHaveGrids() {
    let side = 1 << 31 - 1
    let grid = TileGrid(width: side, height: side, tileWidth: 1, tileHeight: 1)
    #expect(grid.count == side * side)
    #expect(grid[grid.count - 1].row == side - 1 && grid[grid.count - 1].column == side - 1)
    #expect(TileGrid(width: side, height: 1, limit: .max).count == 1)
  }
}
