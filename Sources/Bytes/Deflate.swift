import CZlib

/// zlib streams (RFC 1950), in memory.
package enum Deflate {
  /// Deflates bytes as well as zlib can.
  ///
  /// Complexity: O(bytes), some MiB a second.
  ///
  /// - Throws: `OutOfMemory`, also for more bytes than zlib takes at once.
  package static func deflate(_ bytes: [UInt8]) throws(OutOfMemory) -> [UInt8] {
    let bound = compressBound(UInt(bytes.count))
    try Memory.check(Int(clamping: bound))
    var stream = [UInt8](repeating: 0, count: Int(clamping: bound))
    var count = bound
    guard compress2(&stream, &count, bytes, UInt(bytes.count), 9) == Z_OK else {
      throw OutOfMemory(bytes: bytes.count)
    }
    stream.removeLast(stream.count - Int(clamping: count))
    return stream
  }

  /// Inflates a stream.
  ///
  /// Complexity: O(bytes of both).
  ///
  /// - Parameters:
  ///   - stream: any bytes.
  ///   - count: how many bytes it has to come to.
  /// - Returns: the bytes; nil for what is no stream of so many, or has bytes behind its end.
  /// - Throws: `OutOfMemory`.
  package static func inflate(
    _ stream: ArraySlice<UInt8>, count: Int
  ) throws(OutOfMemory) -> [UInt8]? {
    guard count >= 0 else { return nil }
    // zlib wants a place to write to even for nothing.
    try Memory.check(max(count, 1))
    var bytes = [UInt8](repeating: 0, count: max(count, 1))
    var written = UInt(count), read = UInt(stream.count)
    let status = stream.withUnsafeBufferPointer {
      uncompress2(&bytes, &written, $0.baseAddress, &read)
    }
    if status == Z_MEM_ERROR { throw OutOfMemory(bytes: count) }
    guard status == Z_OK, written == UInt(count), read == UInt(stream.count) else { return nil }
    bytes.removeLast(bytes.count - count)
    return bytes
  }
}
