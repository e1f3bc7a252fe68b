/// Reads little-endian integers from a part of an array, and throws where it ends.
struct ByteReader {
  private let storage: [UInt8]
  /// The next byte's index.
  private(set) var position: Int
  private let end: Int

  /// - Parameters:
  ///   - bytes: where to read.
  ///   - position: the first byte's index.
  ///   - end: one past the last byte's; at most `bytes.count`.
  init(bytes: [UInt8], position: Int, end: Int) {
    storage = bytes
    self.position = position
    self.end = min(end, bytes.count)
  }

  mutating func bytes(_ count: Int) throws(WeightFileError) -> [UInt8] {
    guard count <= end - position else {
      throw .wrongLength(expected: position + count + 4, actual: storage.count)
    }
    defer { position += count }
    return Array(storage[position..<position + count])
  }

  mutating func u8() throws(WeightFileError) -> UInt8 { try bytes(1)[0] }

  mutating func u16() throws(WeightFileError) -> UInt16 {
    let pair = try bytes(2)
    return UInt16(pair[0]) | UInt16(pair[1]) << 8
  }

  mutating func integers<T: FixedWidthInteger>(
    _ count: Int, as type: T.Type
  ) throws(WeightFileError) -> [T] {
    let source = try bytes(count * MemoryLayout<T>.size)
    return source.withUnsafeBytes { raw in
      (0..<count).map { index in
        T(littleEndian: raw.loadUnaligned(fromByteOffset: index * MemoryLayout<T>.size, as: T.self))
      }
    }
  }
}
