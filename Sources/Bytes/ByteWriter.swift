// The integers that `ByteReader` reads, written.

extension [UInt8] {
  /// Appends an integer, least significant byte first.
  package mutating func append<Integer: FixedWidthInteger>(littleEndian value: Integer) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// Appends integers, each least significant byte first. Complexity: O(integers).
  package mutating func append<Integer: FixedWidthInteger>(
    littleEndian values: some Sequence<Integer>
  ) {
    for value in values { append(littleEndian: value) }
  }

  /// Appends a `varint` of FORMAT.md: unsigned LEB128, in as few bytes as it takes.
  ///
  /// - Parameter value: 0 or more, so at most 63 bits and 9 bytes.
  package mutating func append(varint value: Int) {
    var rest = UInt64(bitPattern: Int64(value)) & (1 << 63 - 1)
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }
}

/// How many bytes `value`, 0 or more, has as a `varint`.
package func varintSize(_ value: Int) -> Int {
  max(1, (64 - value.leadingZeroBitCount + 6) / 7)
}
