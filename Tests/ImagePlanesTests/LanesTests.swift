import Testing

@testable import ImagePlanes

@Suite struct LanesTests {
  @Test func largeTilesHaveTwo() {
    #expect(Lanes(rows: 512, columns: 256).count == 2)
    #expect(Lanes(rows: 512, columns: 256, isMixed: false).count == 1)
    #expect(Lanes(rows: 511, columns: 256).count == 1)
    #expect(Lanes(rows: 1 << 17, columns: 1).count == 1)
  }

  /// The left half and the right half.
  @Test func lanesAreHalves() {
    let lanes = Lanes(count: 2)
    for (rows, columns) in [(1, 2), (3, 3), (40, 255), (9, 1)] {
      let diagonals = ShearedDiagonals(rows: rows, columns: columns, shear: 4)
      for t in 0..<diagonals.count {
        let own = (0..<2).map { lanes.rows(of: $0, diagonal: t, in: diagonals) }
        for row in diagonals.rowRange(t) {
          let half = (columns + 1) / 2
          let lane = t >= half && row < ((t - half) / 4 + 1) / 8 * 8 ? 1 : 0
          #expect(own[lane].contains(row) && !own[1 - lane].contains(row))
          // A column is out of its half by less than a band.
          let column = diagonals.column(diagonal: t, row: row)
          #expect(lane == 1 ? column >= half : column < half + 4 * Lanes.bandRows)
        }
        let all = 0..<(rows + 7) / 8
        let bands = (0..<2).map { lanes.bands(all, of: $0, diagonal: t, in: diagonals) }
        for lane in 0..<2 where !own[lane].isEmpty {
          let touched = own[lane].lowerBound / 8...(own[lane].upperBound - 1) / 8
          #expect(touched.allSatisfy(bands[lane].contains))
        }
        #expect(bands[0].count + bands[1].count == all.count)
        #expect(own[0].count + own[1].count == diagonals.rowRange(t).count)
        #expect(Lanes(count: 1).rows(of: 0, diagonal: t, in: diagonals) == diagonals.rowRange(t))
      }
    }
  }
}
