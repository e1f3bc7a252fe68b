import ImagePlanes
import Testing

@testable import PixelNetwork

@Suite struct SkewedPlaneTests {
  /// The same in a plane with one cell for each diagonal, if the code order goes row by row.
  @Test(arguments: [(1, 1), (1, 20), (20, 1), (7, 2), (9, 13)], [1, 2, 3])
  func neighboursRowByRow(_ size: (Int, Int), _ reach: Int) {
    let (rows, columns) = size
    let shear = columns + reach
    let diagonals = CodeOrder(rows: rows, columns: columns, shear: shear)
    let plane = SkewedPlane(depth: 1 + shear * reach + reach, channels: 3)
    defer { plane.deallocate() }
    func value(_ row: Int, _ column: Int) -> Int16 { Int16(1 + row * columns + column) }
    for t in 0..<diagonals.count {
      plane.clearBorders(diagonal: t, rows: diagonals.rowRange(t))
      for row in diagonals.rowRange(t) {
        let column = diagonals.column(diagonal: t, row: row)
        plane.cell(diagonal: t, row: row)[2] = value(row, column)
        for dr in -reach...0 {
          for dc in -reach...(dr == 0 ? 0 : reach) {
            let (r, c) = (row + dr, column + dc)
            let inside = r >= 0 && c >= 0 && c < columns
            let found = plane.cell(diagonal: t + shear * dr + dc, row: r)[2]
            #expect(found == (inside ? value(r, c) : 0))
          }
        }
      }
    }
  }

  /// Every neighbour within reach that is not on a later diagonal is the one meant, and 0 outside of the tile.
  @Test(
    arguments: [(1, 1), (1, 20), (20, 1), (7, 2), (9, 13)],
    [(1, 2), (2, 3), (3, 4), (1, 4), (2, 2), (4, 3), (8, 2), (16, 4)])
  func neighbours(_ size: (Int, Int), _ reachAndShear: (Int, Int)) {
    let (rows, columns) = size
    let (reach, shear) = reachAndShear
    let diagonals = CodeOrder(rows: rows, columns: columns, shear: shear)
    let band = 3
    let plane = SkewedPlane(
      depth: band + shear * reach + reach, rows: rows, channels: 3, reach: reach, shear: shear)
    defer { plane.deallocate() }
    func value(_ row: Int, _ column: Int) -> Int16 { Int16(1 + row * columns + column) }
    for start in stride(from: 0, to: diagonals.count, by: band) {
      let now = start..<min(start + band, diagonals.count)
      for t in now {
        plane.clearBorders(diagonal: t, rows: diagonals.rowRange(t))
        for row in diagonals.rowRange(t) {
          plane.cell(diagonal: t, row: row)[2] = value(row, t - shear * row)
        }
      }
      for t in now {
        for row in diagonals.rowRange(t) {
          for dr in -reach...0 {
            for dc in -reach...(dr == 0 ? 0 : reach) where shear * dr + dc <= 0 {
              let (r, c) = (row + dr, t - shear * row + dc)
              let inside = r >= 0 && c >= 0 && c < columns
              let found = plane.cell(diagonal: t + shear * dr + dc, row: r)[2]
              #expect(found == (inside ? value(r, c) : 0))
            }
          }
        }
      }
    }
  }
}
