// The format's integers, written: little-endian, and `varint`.

extension [UInt8] {
  /// Appends a `u16` or `u32`, least significant byte first.
  mutating func append<Integer: FixedWidthInteger & UnsignedInteger>(littleEndian value: Integer) {
    var rest = value
    for _ in 0..<(Integer.bitWidth / 8) {
      append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// Appends a `varint`: unsigned LEB128, in as few bytes as it takes.
  ///
  /// - Parameter value: 0 or more, so at most 63 bits and 9 bytes.
  mutating func append(varint value: Int) {
    var rest = UInt64(bitPattern: Int64(value)) & (1 << 63 - 1)
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }
}

/// How many bytes `value` has as a `varint`.
func varintSize(_ value: Int) -> Int {
  max(1, (64 - value.leadingZeroBitCount + 6) / 7)
}
