/// How the maps of some crops of one size lie in memory: [row][column][crop][channels].
///
/// A row has columns + padding columns: the cells behind each row are padding and zero in every map
/// that a neighbour is read in, so the neighbour at (dr, dc) of cell i is cell
/// i + (dr * (columns + padding) + dc) * crops. Such maps have a margin of zero cells in front. The
/// crops of a row are consecutive, so that a step of a recurrent layer, which takes few cells of
/// each, is one product for all.
struct MapGeometry: Equatable, Sendable {
  /// How many at once.
  let crops: Int
  /// Of each.
  let rows: Int
  let columns: Int
  /// `ParameterLayout.padding`.
  let padding: Int

  var stride: Int { columns + padding }
  /// From a row to the next.
  var rowCells: Int { stride * crops }
  /// Zero cells in front of a map, as many as a block looks back at.
  var marginCells: Int { (stride + 1) * padding * crops }
  var cells: Int { rows * rowCells }

  /// Sets the padding cells behind each row of a [cells][channels] map to zero.
  func clearPadding(_ map: UnsafeMutablePointer<Float>, channels: Int) {
    for r in 0..<rows {
      (map + (r * stride + columns) * crops * channels).update(
        repeating: 0, count: padding * crops * channels)
    }
  }
}
