/// Reads the format's integers from a piece of a file, front to back.
///
/// Reading past the end throws what `endError` makes of it, so that the end of the file and the end
/// of a field within it are told apart.
struct ByteReader {
  private let bytes: [UInt8]
  private let end: Int
  private(set) var position: Int
  /// Inside of a field whose own length is checked, a missing byte is a broken rule.
  private let field: String?

  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - range: the piece to read; clamped to the file.
  ///   - field: what the piece is, if its length was stated elsewhere; nil for the file itself.
  init(_ bytes: [UInt8], _ range: Range<Int>, field: String? = nil) {
    let range = range.clamped(to: bytes.indices)
    self.bytes = bytes
    self.position = range.lowerBound
    self.end = range.upperBound
    self.field = field
  }

  /// How many bytes are left.
  var remaining: Int { end - position }

  /// The range of the next `count` bytes, stepped over.
  mutating func skip(_ count: Int) throws(ContainerError) -> Range<Int> {
    guard count >= 0, count <= remaining else {
      if let field { throw .corrupt(reason: "the \(field) ends too early") }
      let (expected, overflow) = position.addingReportingOverflow(count)
      throw .truncated(expected: overflow ? .max : expected, available: bytes.count)
    }
    let start = position
    position += count
    return start..<position
  }

  mutating func u8() throws(ContainerError) -> UInt8 {
    bytes[try skip(1).lowerBound]
  }

  mutating func u16() throws(ContainerError) -> Int {
    let at = try skip(2).lowerBound
    return Int(bytes[at]) | Int(bytes[at + 1]) << 8
  }

  mutating func u32() throws(ContainerError) -> UInt32 {
    let at = try skip(4).lowerBound
    return (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }
  }

  mutating func array(_ count: Int) throws(ContainerError) -> [UInt8] {
    Array(bytes[try skip(count)])
  }

  /// A `varint`: at most 9 bytes, and not longer than needed.
  mutating func varint() throws(ContainerError) -> Int {
    var value = 0
    for index in 0..<9 {
      let byte = try u8()
      value |= Int(byte & 0x7F) << (7 * index)
      if byte & 0x80 == 0 {
        if byte == 0 && index > 0 { throw .corrupt(reason: "an integer is longer than needed") }
        return value
      }
    }
    throw .corrupt(reason: "an integer has more than 63 bits")
  }
}
