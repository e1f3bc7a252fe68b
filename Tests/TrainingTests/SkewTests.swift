import Testing

@testable import Training

@Suite struct SkewTests {
  static let rows = 3
  static let columns = 4
  static let channels = 2
  /// Longer than needed, and filled with what must stay.
  static let rowStride = 11
  static let stepStride = 9

  /// A map in which each channel says where it is.
  static var map: [Float] {
    var map = [Float](repeating: -1, count: rows * rowStride)
    for r in 0..<rows {
      for c in 0..<columns {
        for k in 0..<channels {
          map[r * rowStride + c * channels + k] = Float(100 * r + 10 * c + k)
        }
      }
    }
    return map
  }

  static func skewed(mirrored: Bool) -> [Float] {
    var skewed = [Float](repeating: -2, count: (rows + columns - 1) * stepStride)
    Skew.skew(
      map, rowStride: rowStride, into: &skewed, stepStride: stepStride, rows: rows,
      columns: columns, channels: channels, mirrored: mirrored)
    return skewed
  }

  /// A diagonal of the map is a column of the skewed map: step t holds the pixels with column + row
  /// = t.
  @Test(arguments: [false, true]) func diagonalsBecomeColumns(_ mirrored: Bool) {
    let skewed = Self.skewed(mirrored: mirrored)
    for t in 0..<Self.rows + Self.columns - 1 {
      for r in 0..<Self.rows {
        let c = t - r
        for k in 0..<Self.channels {
          let value = skewed[t * Self.stepStride + r * Self.channels + k]
          let column = mirrored ? Self.columns - 1 - c : c
          let inside = 0..<Self.columns ~= c
          #expect(value == (inside ? Float(100 * r + 10 * column + k) : -2))
        }
      }
    }
  }

  /// `unskew` brings each cell back, and touches nothing else.
  @Test func unskewReverses() {
    for mirrored in [false, true] {
      let skewed = Self.skewed(mirrored: mirrored)
      for adding in [false, true] {
        let added: Float = adding ? 1000 : 0
        var map = Self.map.map { $0 == -1 ? -1 : added }
        Skew.unskew(
          skewed, stepStride: Self.stepStride, into: &map, rowStride: Self.rowStride,
          rows: Self.rows, columns: Self.columns, channels: Self.channels, mirrored: mirrored,
          adding: adding)
        #expect(map == Self.map.map { $0 == -1 ? -1 : $0 + added })
      }
    }
  }
}
