import Testing

@testable import ImagePlanes

@Suite struct PlaneRepeatsTests {
  /// Rows of five samples, twice, and one that differs in one plane.
  @Test(arguments: [nil, 0, 7] as [Int?])
  func eightRepeatWhereAllPlanesDo(changed: Int?) {
    var planes = (0..<2).map { k in
      var plane = Plane(width: 5, height: 4)
      plane.samples = (0..<20).map { UInt8($0 % 5 + k) }
      return plane
    }
    if let changed { planes[1].samples[12 + changed] ^= 128 }
    #expect(planes.repeatEight(at: 12, distance: 5) == (changed == nil))
    #expect(planes[..<1].repeatEight(at: 12, distance: 5))
    #expect(!planes.repeatEight(at: 12, distance: 1))
    planes[0].samples = Array(repeating: 9, count: 20)
    #expect(planes[..<1].repeatEight(at: 1, distance: 1))
    #expect(planes[..<1].repeatEight(at: 12, distance: 12))
  }
}
