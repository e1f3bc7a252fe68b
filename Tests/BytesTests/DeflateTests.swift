import Bytes
import Testing

@Suite struct DeflateTests {
  @Test func bytesComeBack() throws {
    for count in [0, 1, 1000, 200_000] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
      let stream = try Deflate.deflate(bytes)
      #expect(try Deflate.inflate(stream[...], count: count) == bytes)
      #expect(count < 1000 || stream.count < count / 3)
    }
  }

  @Test func whatIsNoStreamOfSoManyBytesIsNil() throws {
    let stream = try Deflate.deflate([UInt8](repeating: 1, count: 1000))
    for count in [-1, 0, 999, 1001, 1 << 20] {
      #expect(try Deflate.inflate(stream[...], count: count) == nil)
    }
    for length in stream.indices {
      #expect(try Deflate.inflate(stream[..<length], count: 1000) == nil)
    }
    #expect(try Deflate.inflate((stream + [0])[...], count: 1000) == nil)
    #expect(try Deflate.inflate([], count: 0) == nil)
  }

  @Test func partsOfAnArrayAreRead() throws {
    let stream = try Deflate.deflate([1, 2, 3])
    let inside = [9] + stream + [9]
    #expect(try Deflate.inflate(inside[1..<inside.count - 1], count: 3) == [1, 2, 3])
  }
}
