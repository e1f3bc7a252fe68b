import Bytes
import Testing

@Suite struct ChecksumTests {
  /// The check value of CRC-32/ISO-HDLC.
  @Test func checkValue() {
    let bytes = Array("123456789".utf8)
    #expect(crc32(bytes[...]) == 0xCBF4_3926)
    #expect(crc32([][...]) == 0)
    let first = crc32(bytes[..<4])
    #expect(bytes[4...].withUnsafeBytes { crc32($0, after: first) } == 0xCBF4_3926)
  }
}
