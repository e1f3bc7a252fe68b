import ImagePlanes
import Testing

@Suite struct PlaneTests {
  @Test func aPlaneIsOfOneValue() {
    let plane = Plane(width: 3, height: 2, repeating: 7)
    #expect(plane.width == 3 && plane.height == 2)
    #expect(plane.samples == [7, 7, 7, 7, 7, 7])
    #expect(Plane(width: 2, height: 1).samples == [0, 0])
  }

  @Test(arguments: [(0, 0), (0, 5), (5, 0), (-1, 5), (5, -1), (-3, -4)])
  func emptyPlanesHaveNoSamples(width: Int, height: Int) {
    let plane = Plane(width: width, height: height, repeating: 9)
    #expect(plane.samples.isEmpty)
    #expect(plane.width == max(width, 0) && plane.height == max(height, 0))
  }
}
