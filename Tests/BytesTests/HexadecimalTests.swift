import Bytes
import Testing

@Suite struct HexadecimalTests {
  @Test func bytesHaveTwoDigitsEach() {
    #expect(hexadecimal([0, 9, 16, 255] as [UInt8]) == "000910ff")
    #expect(hexadecimal([] as [UInt8]) == "")
  }

  @Test func numbersHaveEightDigits() {
    #expect(hexadecimal(0 as UInt32) == "00000000")
    #expect(hexadecimal(0xAB_CDEF as UInt32) == "00abcdef")
    #expect(hexadecimal(UInt32.max) == "ffffffff")
  }
}
