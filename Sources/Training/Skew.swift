import CTraining

/// The skewed map of a Diagonal BiLSTM (van den Oord et al. 2016, section 3.2): each row is offset
/// by one position against the row above, so that a diagonal of the map is a column of the skewed
/// map. Here the columns of the skewed map are in memory one behind the other, and a step of the
/// recurrence is a contiguous part of one.
enum Skew {
  /// skewed[column + row][row] = map[row][column], `channels` floats each; other cells of `skewed`
  /// stay as they are.
  ///
  /// - Parameters:
  ///   - map: [rows][columns][channels].
  ///   - rowStride: floats from row to row.
  ///   - skewed: [columns + rows - 1][rows][channels].
  ///   - stepStride: floats from step to step.
  ///   - rows: of the map.
  ///   - columns: of the map.
  ///   - channels: of a cell.
  ///   - mirrored: the map's columns count from the right.
  static func skew(
    _ map: UnsafePointer<Float>, rowStride: Int, into skewed: UnsafeMutablePointer<Float>,
    stepStride: Int, rows: Int, columns: Int, channels: Int, mirrored: Bool
  ) {
    for row in 0..<rows {
      for column in 0..<columns {
        let source = map + row * rowStride + (mirrored ? columns - 1 - column : column) * channels
        (skewed + (column + row) * stepStride + row * channels)
          .update(from: source, count: channels)
      }
    }
  }

  /// map[row][column] = skewed[column + row][row], or with `adding` the sum of both: the reverse of
  /// `skew`.
  static func unskew(
    _ skewed: UnsafePointer<Float>, stepStride: Int, into map: UnsafeMutablePointer<Float>,
    rowStride: Int, rows: Int, columns: Int, channels: Int, mirrored: Bool, adding: Bool
  ) {
    for row in 0..<rows {
      for column in 0..<columns {
        let source = skewed + (column + row) * stepStride + row * channels
        let target = map + row * rowStride + (mirrored ? columns - 1 - column : column) * channels
        if adding {
          prn_add(target, source, channels)
        } else {
          target.update(from: source, count: channels)
        }
      }
    }
  }
}
