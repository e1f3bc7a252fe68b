import ImagePlanes
import Testing

@testable import ColourLattices

@Suite struct ChromaSamplingTests {
  /// The chroma of each pixel of an image of `width` columns.
  private func upsampled(
    _ sampling: ChromaSampling, _ cells: [[UInt8]], width: Int, height: Int, rowPhase: Int = 0,
    columnPhase: Int = 0
  ) -> [[UInt8]] {
    let lattice = ColourLattice(
      transform: .jfif, sampling: sampling, rowPhase: rowPhase, columnPhase: columnPhase)
    let extent = lattice.chromaExtent(width: width, height: height)
    var plane = Plane(width: extent.width, height: extent.height)
    #expect(cells.count == extent.height && cells.allSatisfy { $0.count == extent.width })
    plane.samples = cells.flatMap { $0 }
    var upsampler = ChromaUpsampler(lattice, width: width, height: height)
    return (0..<height).map { row in
      var chroma = [UInt8](repeating: 0, count: width)
      upsampler.upsample(row: row, of: plane, to: &chroma)
      return chroma
    }
  }

  @Test func fullChromaIsItself() {
    #expect(upsampled(.full, [[1, 2], [3, 255]], width: 2, height: 2) == [[1, 2], [3, 255]])
  }

  @Test func halfWidthIsATriangleAlongTheRow() {
    // (3 near + far + 1) / 4 at even columns, + 2 at odd ones.
    let cells: [[UInt8]] = [[10, 20, 23]]
    #expect(
      upsampled(.halfWidthLinear, cells, width: 6, height: 1) == [[10, 13, 17, 21, 22, 23]])
    #expect(upsampled(.halfWidthLinear, cells, width: 5, height: 1) == [[10, 13, 17, 21, 22]])
    #expect(
      upsampled(.halfWidthLinear, cells, width: 5, height: 1, columnPhase: 1)
        == [[13, 17, 21, 22, 23]])
  }

  @Test func halfOfBothIsATriangleInBoth() {
    // Rows first: 3 near + far, not divided; then (3 near + far + 8) / 16, or + 7.
    // Row 0: 40, 80: 160 / 16; (200 + 7) / 16; (280 + 8) / 16; (320 + 7) / 16.
    // Row 1: 3 * 10 + 30 = 60, 3 * 20 + 41 = 101: (240 + 8) / 16; (281 + 7) / 16; (363 + 8) / 16;
    // (404 + 7) / 16.
    #expect(
      upsampled(.halfBothLinear, [[10, 20], [30, 41]], width: 4, height: 3)[..<2]
        == [[10, 12, 18, 20], [15, 18, 23, 25]])
    // The same with + 8 everywhere: (404 + 8) / 16, (288 + 1) / 16, ...
    #expect(
      upsampled(.webP, [[10, 20], [30, 41]], width: 4, height: 3)[..<2]
        == [[10, 13, 18, 20], [15, 18, 23, 25]])
  }

  @Test func cellsAreRepeated() {
    #expect(
      upsampled(.halfWidthRepeated, [[1, 9], [3, 4]], width: 3, height: 2)
        == [[1, 1, 9], [3, 3, 4]])
    #expect(
      upsampled(
        .halfBothRepeated, [[1, 9], [3, 4]], width: 2, height: 2, rowPhase: 1, columnPhase: 1)
        == [[1, 9], [3, 4]])
  }

  @Test func photoCDHasMeansBetweenPoints() {
    // Points at rows and columns 0 and 2: (1 + 4 + 1) / 2, (1 + 2 + 1) / 2 and
    // (1 + 4 + 2 + 8 + 2) / 4 between.
    #expect(
      upsampled(.photoCD, [[1, 4], [2, 8]], width: 4, height: 3)
        == [[1, 3, 4, 4], [2, 4, 6, 6], [2, 5, 8, 8]])
    // Points at row 1 and column 1.
    #expect(
      upsampled(.photoCD, [[7]], width: 2, height: 2, rowPhase: 1, columnPhase: 1)
        == [[7, 7], [7, 7]])
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5])
  func extents(pixels: Int) {
    func extent(_ sampling: ChromaSampling, _ phase: Int) -> Int {
      ColourLattice(transform: .jfif, sampling: sampling, rowPhase: phase, columnPhase: phase)
        .chromaExtent(width: pixels, height: pixels).width
    }
    #expect(extent(.full, 0) == pixels)
    #expect(extent(.halfBothLinear, 0) == (pixels + 1) / 2)
    #expect(extent(.halfBothLinear, 1) == [0, 1, 2, 2, 3, 3][pixels])
    #expect(extent(.photoCD, 0) == (pixels + 1) / 2)
    #expect(extent(.photoCD, 1) == [0, 1, 1, 1, 2, 2][pixels])
  }

  @Test func phasesAreOfHalvedAxes() {
    func isValid(_ sampling: ChromaSampling, _ row: Int, _ column: Int) -> Bool {
      ColourLattice(transform: .jfif, sampling: sampling, rowPhase: row, columnPhase: column)
        .isValid
    }
    #expect(isValid(.full, 0, 0) && !isValid(.full, 0, 1) && !isValid(.full, 1, 0))
    #expect(isValid(.halfWidthLinear, 0, 1) && !isValid(.halfWidthLinear, 1, 0))
    #expect(isValid(.photoCD, 1, 1) && !isValid(.photoCD, 2, 0) && !isValid(.photoCD, 0, -1))
  }
}
