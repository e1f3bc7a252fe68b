/// Why a `ByteReader` cannot go on.
package enum ReadingProblem: Equatable, Sendable {
  /// What is read would end at byte `expected` of the array (`.max` if that is no `Int`).
  case end(expected: Int)
  /// An integer of variable length has more bytes than it takes.
  case longInteger
  /// An integer of variable length has more than 63 bits.
  case largeInteger
}

/// Reads little-endian integers, and those of variable length, from a part of an array, front to
/// back.
///
///     var reader = ByteReader(bytes, 4..<bytes.count) { MyError.damaged($0) }
///     let length = try reader.varint()
///     let name = try reader.array(length)
///
/// What it throws is the caller's own error, made of a `ReadingProblem`. Nothing is allocated that
/// the array's own length does not pay for.
package struct ByteReader<Failure: Error>: Sendable {
  private let bytes: [UInt8]
  private let end: Int
  /// The next byte's index.
  package private(set) var position: Int
  private let failure: @Sendable (ReadingProblem) -> Failure

  /// - Parameters:
  ///   - bytes: where to read.
  ///   - range: the part to read; clamped to the array.
  ///   - failure: makes the error to throw.
  package init(
    _ bytes: [UInt8], _ range: Range<Int>,
    failure: @escaping @Sendable (ReadingProblem) -> Failure
  ) {
    let range = range.clamped(to: bytes.indices)
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
    self.failure = failure
  }

  /// How many bytes are left.
  package var remaining: Int { end - position }

  /// The range of the next `count` bytes, stepped over.
  package mutating func skip(_ count: Int) throws(Failure) -> Range<Int> {
    guard count >= 0, count <= remaining else {
      let (expected, overflow) = position.addingReportingOverflow(count)
      throw failure(.end(expected: overflow ? .max : expected))
    }
    let start = position
    position += count
    return start..<position
  }

  /// The next `count` bytes. Complexity: O(count).
  package mutating func array(_ count: Int) throws(Failure) -> [UInt8] {
    Array(bytes[try skip(count)])
  }

  /// The next `count` integers of a kind. Complexity: O(count).
  package mutating func integers<T: FixedWidthInteger>(
    _ count: Int, as type: T.Type
  ) throws(Failure) -> [T] {
    let size = MemoryLayout<T>.size
    let (length, overflow) = count.multipliedReportingOverflow(by: size)
    let range = try skip(overflow ? .max : length)
    // Copied at once: weight files have hundreds of thousands.
    let values = bytes.withUnsafeBytes { raw in
      [T](unsafeUninitializedCapacity: count) { target, filled in
        UnsafeMutableRawBufferPointer(target).copyBytes(from: raw[range])
        filled = count
      }
    }
    return T(littleEndian: 1) == 1 ? values : values.map { T(littleEndian: $0) }
  }

  /// The next integer of a kind.
  package mutating func integer<T: FixedWidthInteger>(_ type: T.Type) throws(Failure) -> T {
    let range = try skip(MemoryLayout<T>.size)
    return bytes.withUnsafeBytes { raw in
      T(littleEndian: raw.loadUnaligned(fromByteOffset: range.lowerBound, as: T.self))
    }
  }

  /// The next byte.
  package mutating func u8() throws(Failure) -> UInt8 { try integer(UInt8.self) }

  /// The next two bytes.
  package mutating func u16() throws(Failure) -> Int { Int(try integer(UInt16.self)) }

  /// The next four bytes.
  package mutating func u32() throws(Failure) -> UInt32 { try integer(UInt32.self) }

  /// A `varint` of FORMAT.md: at most 9 bytes of 7 bits each, and no more than it takes.
  package mutating func varint() throws(Failure) -> Int {
    var value = 0
    for index in 0..<9 {
      let byte = try u8()
      value |= Int(byte & 0x7F) << (7 * index)
      if byte & 0x80 == 0 {
        if byte == 0 && index > 0 { throw failure(.longInteger) }
        return value
      }
    }
    throw failure(.largeInteger)
  }
}
