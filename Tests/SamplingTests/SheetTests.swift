import ImagePlanes
import TestSupport
import Testing

@testable import Sampling

@Suite struct SheetTests {
  @Test func sheetsAreNearlySquare() {
    func columns(_ count: Int, _ width: Int, _ height: Int) -> [Int] {
      Sheet([Image](repeating: Image(width: width, height: height), count: count)).rows
        .map(\.count)
    }
    #expect(columns(1, 5, 5) == [1])
    #expect(columns(4, 5, 5) == [2, 2])
    #expect(columns(5, 5, 5) == [3, 2])
    #expect(columns(4, 5, 20) == [4])
    #expect(columns(4, 20, 5) == [1, 1, 1, 1])
    #expect(columns(0, 1, 1) == [])
  }

  @Test func imagesLieInTheirPlaces() throws {
    let a = Image(width: 2, height: 1, interleaved: [1, 2], colours: 1)
    let b = Image(width: 1, height: 2, interleaved: [3, 4], colours: 1)
    let sheet = Sheet(rows: [[a, b], [b]])
    #expect(sheet.size == (9, 10))
    let image = try sheet.image()
    #expect(image.colours == 1 && image.width == 9 && image.height == 10)
    func sample(_ row: Int, _ column: Int) -> UInt8 { image.planes[0].samples[9 * row + column] }
    #expect([sample(2, 2), sample(2, 3), sample(2, 6), sample(3, 6)] == [1, 2, 3, 4])
    #expect([sample(6, 2), sample(7, 2), sample(0, 0), sample(3, 2)] == [3, 4, 128, 128])
  }

  @Test func grayImagesAmongOthersGetThreePlanes() throws {
    let gray = Image(width: 1, height: 1, interleaved: [9], colours: 1)
    let image = try Sheet(rows: [[gray, Image(width: 1, height: 1, interleaved: [1, 2, 3])]])
      .image()
    #expect(image.colours == 3 && image.width == 8 && image.height == 5)
    #expect(image.planes.map { $0.samples[2 * 8 + 2] } == [9, 9, 9])
    #expect(image.planes.map { $0.samples[2 * 8 + 5] } == [1, 2, 3])
  }
}
