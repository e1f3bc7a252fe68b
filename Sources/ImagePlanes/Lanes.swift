/// The lanes of a tile: parts that learn on their own, so that two threads can code a large tile
/// (FORMAT.md, section 8.7).
package struct Lanes: Equatable, Sendable {
  /// Rows of a band of the adaptive prediction, of which no two lanes have a part.
  package static let bandRows = 8
  /// Pixels from which on a tile has two.
  package static let leastPixels = 1 << 17

  /// One lane.
  package static let one = Lanes(count: 1)

  /// How many there are: 1 or 2.
  package let count: Int

  /// - Parameter count: 1 or 2.
  package init(count: Int) { self.count = count }

  /// The lanes of a tile of `rows` x `columns` pixels; without mixing there is one.
  package init(rows: Int, columns: Int, isMixed: Bool = true) {
    count = isMixed && rows * columns >= Self.leastPixels && columns > 1 ? 2 : 1
  }

  /// The rows of a diagonal that belong to a lane. Lane 1 is the right half of the columns, which
  /// lies above the left one, so that most diagonals have work for both; its rows end with a band.
  package func rows(
    of lane: Int, diagonal t: Int, in order: CodeOrder
  ) -> Range<Int> {
    let rows = order.rowRange(t)
    guard count > 1 else { return rows }
    let half = (order.columns + 1) / 2
    guard t >= half else { return lane == 1 ? rows.lowerBound..<rows.lowerBound : rows }
    let wholeBands = ((t - half) / order.shear + 1) / Self.bandRows * Self.bandRows
    let boundary = min(max(wholeBands, rows.lowerBound), rows.upperBound)
    return lane == 1 ? rows.lowerBound..<boundary : boundary..<rows.upperBound
  }

  /// Those of a diagonal's active `bands` that a lane learns.
  package func bands(
    _ bands: Range<Int>, of lane: Int, diagonal t: Int, in order: CodeOrder
  ) -> Range<Int> {
    guard count > 1 else { return bands }
    let upper = rows(of: 1, diagonal: t, in: order)
    let lower = rows(of: 0, diagonal: t, in: order)
    // Where both lanes have rows, they meet between two bands.
    let end =
      upper.isEmpty
      ? bands.lowerBound : lower.isEmpty ? bands.upperBound : upper.upperBound / Self.bandRows
    let boundary = min(max(end, bands.lowerBound), bands.upperBound)
    return lane == 1 ? bands.lowerBound..<boundary : boundary..<bands.upperBound
  }
}
