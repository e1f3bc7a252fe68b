import ImagePlanes
import Testing

@testable import PRNZip

@Suite struct FlatnessTests {
  private func flatness(_ planes: [[UInt8]], width: Int) -> Flatness {
    let format: PixelFormat = planes.count == 1 ? .gray8 : .rgb8
    return Flatness(
      Image(
        format,
        planes: planes.map { samples in
          var plane = Plane(width: width, height: samples.count / width)
          plane.samples = samples
          return plane
        }))
  }

  @Test func repeatedPixels() {
    // Only the first one is new, and nothing is near it.
    let one = flatness([[UInt8](repeating: 9, count: 20)], width: 5)
    #expect(one.flat == 0.95 && one.smooth == 0)
    // Columns: each pixel of a lower row repeats the one above.
    let columns = flatness([[1, 50, 9, 1, 50, 9]], width: 3)
    #expect(columns.flat == 0.5 && columns.smooth == 0)
    // In another plane, they do not.
    let three = flatness(
      [[1, 50, 9, 1, 50, 9], [1, 50, 9, 1, 50, 9], [0, 9, 99, 50, 200, 150]], width: 3)
    #expect(three.flat == 0 && three.smooth == 0)
  }

  @Test func nearPixels() {
    // Steps of 3 are near, steps of 4 are not.
    #expect(flatness([[0, 3, 6, 9]], width: 4).smooth == 0.75)
    #expect(flatness([[0, 4, 8, 12]], width: 4).smooth == 0)
    // Near W in one plane and N in the other is near none.
    let planes: [[UInt8]] = [[0, 90, 93, 96], [0, 90, 200, 91], [0, 90, 93, 96]]
    #expect(flatness(planes, width: 2).smooth == 0)
  }
}
