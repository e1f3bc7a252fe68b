import Bytes
import Testing

@Suite struct ByteReaderTests {
  /// What readers of these tests throw.
  struct Refusal: Error, Equatable { let problem: ReadingProblem }

  private func reader(_ bytes: [UInt8], _ range: Range<Int>? = nil) -> ByteReader<Refusal> {
    ByteReader(bytes, range ?? bytes.indices) { Refusal(problem: $0) }
  }

  /// What `body` is refused for.
  private func problem<Value>(_ body: () throws(Refusal) -> Value) -> ReadingProblem? {
    do {
      _ = try body()
      return nil
    } catch {
      return error.problem
    }
  }

  private func varint(_ bytes: [UInt8]) throws(Refusal) -> Int {
    var reader = reader(bytes)
    let value = try reader.varint()
    #expect(reader.remaining == 0)
    return value
  }

  @Test func varintsRoundTrip() throws {
    var values = [0, 1, 127, 128, 300, 16383, 16384, .max]
    for shift in 0..<63 { values += [1 << shift, (1 << shift) - 1, (1 << shift) + 1] }
    for value in values {
      var bytes: [UInt8] = []
      bytes.append(varint: value)
      #expect(bytes.count == varintSize(value))
      #expect(try varint(bytes) == value)
    }
  }

  @Test func varintsHaveTheFormatsBytes() {
    var bytes: [UInt8] = []
    bytes.append(varint: 300)
    #expect(bytes == [0xAC, 0x02])
    bytes = []
    bytes.append(varint: .max)
    #expect(bytes == [UInt8](repeating: 0xFF, count: 8) + [0x7F])
  }

  @Test func onlyTheShortestVarintIsRead() {
    for bytes in [[0x80, 0], [0xFF, 0], [0x80, 0x80, 0], [0xAC, 0x82, 0]] as [[UInt8]] {
      #expect(problem { () throws(Refusal) in try varint(bytes) } == .longInteger)
    }
    let tooLong = [UInt8](repeating: 0xFF, count: 9)
    #expect(problem { () throws(Refusal) in try varint(tooLong + [1]) } == .largeInteger)
    #expect(problem { () throws(Refusal) in try varint(tooLong) } == .largeInteger)
  }

  @Test func theEndIsFound() {
    #expect(problem { () throws(Refusal) in try varint([0x80]) } == .end(expected: 2))
    var all = reader([1, 2, 3])
    #expect(problem { () throws(Refusal) in try all.u32() } == .end(expected: 4))
    #expect(all.position == 0)
    #expect(
      problem { () throws(Refusal) in
        _ = try all.u8()
        _ = try all.skip(.max)
      } == .end(expected: .max))
    #expect(problem { () throws(Refusal) in try all.skip(-1) } != nil)
    #expect(
      problem { () throws(Refusal) in try all.integers(.max, as: Int16.self) }
        == .end(expected: .max))
    var part = reader([1, 2, 3], 0..<1)
    #expect(problem { () throws(Refusal) in try part.u16() } == .end(expected: 2))
    #expect(reader([1, 2, 3], 2..<9).remaining == 1)
  }

  @Test func integersAreLittleEndian() throws {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt16(0x1234))
    bytes.append(littleEndian: UInt32(0x89AB_CDEF))
    bytes.append(littleEndian: [-2, 3] as [Int16])
    #expect(bytes == [0x34, 0x12, 0xEF, 0xCD, 0xAB, 0x89, 0xFE, 0xFF, 3, 0])
    var reader = reader(bytes)
    let short = try reader.u16()
    let long = try reader.u32()
    let pair = try reader.integers(2, as: Int16.self)
    #expect(short == 0x1234 && long == 0x89AB_CDEF && pair == [-2, 3])
    #expect(reader.remaining == 0)
  }

  @Test func partsAreCopied() throws {
    var reader = reader([1, 2, 3, 4, 5], 1..<5)
    let range = try reader.skip(1)
    let array = try reader.array(2)
    #expect(range == 1..<2 && array == [3, 4] && reader.position == 4 && reader.remaining == 1)
  }
}
