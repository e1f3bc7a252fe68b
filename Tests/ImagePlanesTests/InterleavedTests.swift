import Bytes
import ImagePlanes
import TestSupport
import Testing

@Suite struct InterleavedTests {
  @Test(arguments: ImageTests.sizes, [1, 2, 3, 8])
  func rowsComeInTheirOrder(size: (Int, Int), planeCount: Int) throws {
    let (width, height) = size
    let planes = (0..<planeCount).map { k in
      var plane = Plane(width: width, height: height)
      for i in plane.samples.indices { plane.samples[i] = UInt8(truncatingIfNeeded: 73 * i + k) }
      return plane
    }
    let image = Image(.rgb8, planes: planes)
    let expected = (0..<width * height).flatMap { i in planes.map { $0.samples[i] } }
    for rowsAtOnce in [1, 2, 5, 1000, -1] {
      var bytes: [UInt8] = []
      var again = Image(.rgb8, planes: planes.map { _ in Plane(width: width, height: height) })
      image.forEachInterleavedRows(atOnce: rowsAtOnce) { rows in
        let row = bytes.count / (width * planeCount)
        #expect(rows.count % (width * planeCount) == 0)
        #expect(rows.count <= width * planeCount * max(rowsAtOnce, 1))
        again.setRows(from: row, interleaved: rows)
        bytes += rows
      }
      #expect(bytes == expected)
      #expect(again == image)
    }
  }

  @Test func whatDoesNotFitIsDropped() {
    var image = Image(width: 2, height: 2, colours: 1)
    let bytes: [UInt8] = [1, 2, 3, 4, 5]
    bytes.withUnsafeBufferPointer { image.setRows(from: 1, interleaved: $0) }
    #expect(image.interleaved == [0, 0, 1, 2])
    for row in [-1, 2, .min, .max] {
      bytes.withUnsafeBufferPointer { image.setRows(from: row, interleaved: $0) }
    }
    #expect(image.interleaved == [0, 0, 1, 2])
  }

  @Test func aFewRowsAreInterleavedAtOnce() throws {
    #expect(try Image(width: 100, height: 1000).interleavedRowsAtOnce() == 218)
    #expect(try Image(width: 100, height: 9).interleavedRowsAtOnce() == 9)
    #expect(try Image(width: 100_000, height: 3).interleavedRowsAtOnce() == 1)
    #expect(try Image(.rgb8, planes: []).interleavedRowsAtOnce() == 1)
  }

  /// What the body throws ends the rows.
  @Test func errorsEndTheRows() {
    struct Stop: Error {}
    var calls = 0
    #expect(throws: Stop.self) {
      try Image(width: 3, height: 9).forEachInterleavedRows(atOnce: 2) { _ throws(Stop) in
        calls += 1
        if calls == 2 { throw Stop() }
      }
    }
    #expect(calls == 2)
  }
}
