import ImagePlanes
import Testing

@testable import ColourLattices

@Suite struct LumaOfChromaTests {
  private static func plane(_ width: Int, _ rows: [[UInt8]]) -> Plane {
    var plane = Plane(width: width, height: rows.count)
    plane.samples = rows.flatMap { $0 }
    return plane
  }

  private static let luma = plane(
    5, [[0, 10, 20, 30, 41], [2, 12, 22, 33, 43], [4, 14, 24, 36, 46]])

  /// Computed by hand.
  @Test(
    arguments: [
      (.halfWidthLinear, 0, 0, 3, [[5, 25, 41], [7, 28, 43], [9, 30, 46]]),
      (.halfWidthRepeated, 0, 1, 3, [[0, 15, 36], [2, 17, 38], [4, 19, 41]]),
      (.halfBothLinear, 0, 0, 3, [[6, 26, 42], [9, 30, 46]]),
      (.webP, 1, 1, 3, [[0, 15, 36], [3, 18, 40]]),
      (.halfBothRepeated, 0, 0, 3, [[6, 26, 42], [9, 30, 46]]),
      // Points: 4 the pixel, 2 those at its sides, 1 those at its corners, of 16.
      (.photoCD, 0, 0, 3, [[3, 21, 39], [6, 24, 43]]),
      (.photoCD, 1, 1, 2, [[12, 33]]),
    ] as [(ChromaSampling, Int, Int, Int, [[UInt8]])])
  func means(
    _ sampling: ChromaSampling, _ rowPhase: Int, _ columnPhase: Int, _ width: Int,
    _ expected: [[UInt8]]
  ) {
    let lattice = ColourLattice(
      transform: .jfif, sampling: sampling, rowPhase: rowPhase, columnPhase: columnPhase)
    #expect(lattice.lumaOfChroma(Self.luma) == Self.plane(width, expected))
  }

  @Test func allOfItWhereEachPixelHasChroma() {
    let lattice = ColourLattice(transform: .jfif, sampling: .full)
    #expect(lattice.lumaOfChroma(Self.luma) == Self.luma)
  }

  @Test func anySize() {
    for sampling in ChromaSampling.allCases {
      for (width, height) in [(0, 0), (1, 1), (1, 4), (3, 1), (2, 2)] {
        for phases in 0..<4 {
          let lattice = ColourLattice(
            transform: .jfif, sampling: sampling, rowPhase: phases & 1, columnPhase: phases >> 1)
          guard lattice.isValid else { continue }
          let plane = lattice.lumaOfChroma(
            Plane(width: width, height: height, repeating: 9))
          let extent = lattice.chromaExtent(width: width, height: height)
          #expect(plane == Plane(width: extent.width, height: extent.height, repeating: 9))
        }
      }
    }
  }
}
