/// The lanes of a tile: parts that different threads can code at the same time (FORMAT.md, section
/// 8.7).
///
/// Lane 1 is the right half of the columns, which lies above the left one, so that most diagonals
/// have work for both; its rows end with a band.
package struct Lanes: Equatable, Sendable {
  /// Rows of a band, which lanes do not cut.
  package static let bandRows = 8
  /// Tiles of so many pixels have two lanes.
  package static let twoLanePixels = 1 << 17
  /// One.
  package static let one = Lanes(count: 1)

  /// 1 or 2.
  package let count: Int

  private init(count: Int) { self.count = count }

  /// Those of a tile that is coded with mixing: two of a large one.
  package init(rows: Int, columns: Int) {
    count = rows * columns >= Self.twoLanePixels && columns > 1 ? 2 : 1
  }

  /// The rows of a diagonal that belong to a lane.
  package func rows(of lane: Int, diagonal t: Int, in order: CodeOrder) -> Range<Int> {
    let rows = order.rowRange(t)
    guard count > 1 else { return rows }
    let half = (order.columns + 1) / 2
    let end = ((t - half) / order.shear + 1) / Self.bandRows * Self.bandRows
    let boundary =
      t < half ? rows.lowerBound : min(max(end, rows.lowerBound), rows.upperBound)
    return lane == 1 ? rows.lowerBound..<boundary : boundary..<rows.upperBound
  }

  /// Those of some bands of a diagonal that a lane learns.
  package func bands(
    _ bands: Range<Int>, of lane: Int, diagonal t: Int, in order: CodeOrder
  ) -> Range<Int> {
    guard count > 1 else { return bands }
    let upper = rows(of: 1, diagonal: t, in: order)
    let lower = rows(of: 0, diagonal: t, in: order)
    // Where both lanes have rows, they meet between two bands.
    let end =
      upper.isEmpty
      ? bands.lowerBound
      : lower.isEmpty ? bands.upperBound : upper.upperBound / Self.bandRows
    let boundary = min(max(end, bands.lowerBound), bands.upperBound)
    return lane == 1 ? bands.lowerBound..<boundary : boundary..<bands.upperBound
  }
}
