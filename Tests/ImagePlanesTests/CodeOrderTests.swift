import ImagePlanes
import Testing

@Suite struct CodeOrderTests {
  static let sizes = [(1, 1), (1, 8), (8, 1), (2, 3), (3, 2), (5, 5), (9, 4), (4, 23), (17, 11)]

  /// Position in the code order of each pixel, [row][column]; -1 for a pixel that is left out.
  private func positions(_ order: CodeOrder) -> [[Int]] {
    var positions = [[Int]](
      repeating: [Int](repeating: -1, count: order.columns), count: order.rows)
    var next = 0
    for t in 0..<order.count {
      for row in order.rowRange(t) {
        let column = order.column(diagonal: t, row: row)
        guard (0..<order.rows).contains(row), (0..<order.columns).contains(column) else {
          Issue.record("diagonal \(t) leaves the tile at row \(row), column \(column)")
          continue
        }
        #expect(positions[row][column] == -1)
        positions[row][column] = next
        next += 1
      }
    }
    return positions
  }

  @Test(arguments: sizes, Array(1...5) + [24])
  func everyPixelComesOnce(size: (Int, Int), shear: Int) {
    let order = CodeOrder(rows: size.0, columns: size.1, shear: shear)
    #expect(positions(order).joined().sorted() == Array(0..<size.0 * size.1))
  }

  /// What a kernel sees, up to shear - 1 columns to the right in the rows above, is on earlier
  /// diagonals.
  @Test(arguments: sizes, Array(1...5) + [24])
  func neighboursWithinReachComeBefore(size: (Int, Int), shear: Int) {
    let order = CodeOrder(rows: size.0, columns: size.1, shear: shear)
    let positions = positions(order)
    for t in 0..<order.count {
      for row in order.rowRange(t) {
        let column = order.column(diagonal: t, row: row)
        let first = order.rowRange(t).lowerBound
        let start = positions[first][order.column(diagonal: t, row: first)]
        for r in 0...row {
          let right = r == row ? column - 1 : min(column + shear - 1, order.columns - 1)
          for c in 0..<max(right + 1, 0) { #expect(positions[r][c] < start) }
        }
      }
    }
  }

  @Test func aSmallTileByHand() {
    let order = CodeOrder(rows: 3, columns: 3, shear: 2)
    #expect(order.count == 7)
    #expect((0..<7).map(order.rowRange) == [0..<1, 0..<1, 0..<2, 1..<2, 1..<3, 2..<3, 2..<3])
  }

  @Test func diagonalsMayBeEmpty() {
    let order = CodeOrder(rows: 3, columns: 1, shear: 4)
    #expect(order.count == 9)
    #expect((0..<9).filter { !order.rowRange($0).isEmpty } == [0, 4, 8])
  }

  @Test func outsideThereIsNothing() {
    let order = CodeOrder(rows: 4, columns: 6, shear: 4)
    for t in [-1, Int.min, order.count, Int.max] { #expect(order.rowRange(t).isEmpty) }
    #expect(
      CodeOrder(rows: 0, columns: -1, shear: 0)
        == CodeOrder(rows: 1, columns: 1, shear: 1))
  }
}
