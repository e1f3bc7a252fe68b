import Testing

@testable import Container

@Suite struct ByteReaderTests {
  private func varint(_ bytes: [UInt8]) throws(ContainerError) -> Int {
    var reader = ByteReader(bytes, bytes.indices)
    let value = try reader.varint()
    guard reader.remaining == 0 else { throw .corrupt(reason: "left over") }
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
      #expect(isCorrupt(containerError { () throws(ContainerError) in try varint(bytes) }))
    }
    let tooLong = [UInt8](repeating: 0xFF, count: 9)
    #expect(isCorrupt(containerError { () throws(ContainerError) in try varint(tooLong + [1]) }))
    #expect(isCorrupt(containerError { () throws(ContainerError) in try varint(tooLong) }))
  }

  @Test func theEndIsFound() {
    #expect(
      containerError { () throws(ContainerError) in try varint([0x80]) }
        == .truncated(expected: 2, available: 1))
    var reader = ByteReader([1, 2, 3], 0..<3)
    #expect(throws: ContainerError.truncated(expected: 4, available: 3)) { try reader.u32() }
    #expect(throws: ContainerError.truncated(expected: .max, available: 3)) {
      _ = try reader.u8()
      _ = try reader.skip(.max)
    }
    var field = ByteReader([1, 2, 3], 0..<1, field: "header")
    #expect(throws: ContainerError.corrupt(reason: "the header ends too early")) {
      try field.u16()
    }
  }

  @Test func integersAreLittleEndian() throws {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt16(0x1234))
    bytes.append(littleEndian: UInt32(0x89AB_CDEF))
    #expect(bytes == [0x34, 0x12, 0xEF, 0xCD, 0xAB, 0x89])
    var reader = ByteReader(bytes, bytes.indices)
    let short = try reader.u16()
    let long = try reader.u32()
    #expect(short == 0x1234)
    #expect(long == 0x89AB_CDEF)
  }
}
