import ImagePlanes
import Testing

@testable import PixelNetwork

@Suite struct SkewedPlaneTests {
  /// A plane of its own memory, which `body` may use.
  private static func with(
    _ shape: SkewedPlane.Shape, _ body: (SkewedPlane) -> Void
  ) throws {
    let arena = try #require(Arena(bytes: Arena.bytes(shape.count, of: Int16.self)))
    body(SkewedPlane(at: arena.take(shape.count, of: Int16.self), shape))
    withExtendedLifetime(arena) {}
  }

  /// A plane with one cell for each diagonal, where the code order goes row by row.
  @Test(arguments: [(1, 1), (1, 20), (20, 1), (7, 2), (9, 13)], [1, 2, 3])
  func neighboursRowByRow(_ size: (Int, Int), _ reach: Int) throws {
    let (rows, columns) = size
    let shear = columns + reach
    let order = CodeOrder(rows: rows, columns: columns, shear: shear)
    func value(_ row: Int, _ column: Int) -> Int16 { Int16(1 + row * columns + column) }
    let shape = SkewedPlane.Shape(depth: 1 + shear * reach + reach, channels: 3)
    try Self.with(shape) { plane in
      for t in 0..<order.count {
        plane.clearBorders(diagonal: t, rows: order.rowRange(t))
        for row in order.rowRange(t) {
          let column = order.column(diagonal: t, row: row)
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
  }

  /// Every neighbour within reach that is not on a later diagonal is the one meant, and 0 outside
  /// of the tile.
  @Test(
    arguments: [(1, 1), (1, 20), (20, 1), (7, 2), (9, 13)],
    [(1, 2), (2, 3), (3, 4), (1, 4), (2, 2), (4, 3), (8, 2), (16, 4)])
  func neighbours(_ size: (Int, Int), _ reachAndShear: (Int, Int)) throws {
    let (rows, columns) = size
    let (reach, shear) = reachAndShear
    let order = CodeOrder(rows: rows, columns: columns, shear: shear)
    func value(_ row: Int, _ column: Int) -> Int16 { Int16(1 + row * columns + column) }
    let front = 3
    let shape = SkewedPlane.Shape(
      depth: front + shear * reach + reach, rows: rows, channels: 3, reach: reach, shear: shear)
    try Self.with(shape) { plane in
      for start in stride(from: 0, to: order.count, by: front) {
        let now = start..<min(start + front, order.count)
        for t in now {
          plane.clearBorders(diagonal: t, rows: order.rowRange(t))
          for row in order.rowRange(t) {
            plane.cell(diagonal: t, row: row)[2] = value(row, t - shear * row)
          }
        }
        for t in now {
          for row in order.rowRange(t) {
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
}
