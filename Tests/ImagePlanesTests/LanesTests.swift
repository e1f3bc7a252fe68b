import ImagePlanes
import Testing

@Suite struct LanesTests {
  /// Tiles of two lanes: as many rows as columns, more, and far more, and half a band at the end.
  static let sizes = [(363, 364), (1000, 140), (65535, 3), (4, 40_000), (2, 65536), (8, 16_384)]

  @Test func largeTilesHaveTwo() {
    #expect(Lanes(rows: 364, columns: 363).count == 2)
    #expect(Lanes(rows: 360, columns: 364).count == 1)
    #expect(Lanes(rows: 1 << 16, columns: 2).count == 2)
    #expect(Lanes(rows: 1 << 16, columns: 1).count == 1)
    #expect(Lanes(rows: 1 << 20, columns: 1).count == 1)
    #expect(Lanes(rows: 1, columns: 1 << 17).count == 2)
    #expect(Lanes.one.count == 1)
  }

  /// FORMAT.md, section 8.7, literally.
  @Test(arguments: sizes) func pixelsAreInTheirLanes(_ size: (Int, Int)) {
    let (rows, columns) = size
    let lanes = Lanes(rows: rows, columns: columns)
    let order = CodeOrder(rows: rows, columns: columns, shear: 4)
    let half = (columns + 1) >> 1
    var wrong = 0
    for t in 0..<order.count {
      for lane in 0..<2 {
        for row in lanes.rows(of: lane, diagonal: t, in: order) {
          let isRight = order.column(diagonal: t, row: row) >= half + 4 * (7 - row % 8)
          if isRight != (lane == 1) { wrong += 1 }
        }
      }
      // Lane 1 above lane 0, and all rows in one of them.
      let (upper, lower) = (
        lanes.rows(of: 1, diagonal: t, in: order), lanes.rows(of: 0, diagonal: t, in: order)
      )
      if upper.upperBound != lower.lowerBound { wrong += 1 }
      if upper.lowerBound..<lower.upperBound != order.rowRange(t) { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  /// Where both lanes have rows, they meet between two bands; so each band is learnt by one of
  /// them, that which has its rows.
  @Test(arguments: sizes) func bandsAreNotCut(_ size: (Int, Int)) {
    let lanes = Lanes(rows: size.0, columns: size.1)
    let order = CodeOrder(rows: size.0, columns: size.1, shear: 4)
    var wrong = 0
    for t in 0..<order.count {
      let rows = order.rowRange(t)
      if rows.isEmpty { continue }
      let bands = rows.lowerBound / 8..<(rows.upperBound - 1) / 8 + 1
      let ofLanes = (0..<2).map { lanes.bands(bands, of: $0, diagonal: t, in: order) }
      if ofLanes[0].count + ofLanes[1].count != bands.count { wrong += 1 }
      for lane in 0..<2 {
        let own = lanes.rows(of: lane, diagonal: t, in: order)
        for band in ofLanes[lane] {
          let rowsOfBand = (band * 8..<band * 8 + 8).clamped(to: rows)
          if own.clamped(to: rowsOfBand) != rowsOfBand { wrong += 1 }
        }
      }
    }
    #expect(wrong == 0)
  }

  @Test func aTileOfOneLaneIsWhole() {
    let lanes = Lanes(rows: 20, columns: 30)
    let order = CodeOrder(rows: 20, columns: 30, shear: 4)
    for t in 0..<order.count {
      #expect(lanes.rows(of: 0, diagonal: t, in: order) == order.rowRange(t))
      #expect(lanes.bands(1..<3, of: 0, diagonal: t, in: order) == 1..<3)
    }
  }
}
