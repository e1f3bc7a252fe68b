import CZlib

/// The CRC-32 of ISO-HDLC, as in PNG, zlib and FORMAT.md. Complexity: O(bytes).
///
/// - Parameters:
///   - bytes: what to check.
///   - previous: the checksum of what comes before `bytes`; 0 for nothing.
/// - Returns: the checksum of all of it.
package func crc32(_ bytes: UnsafeRawBufferPointer, after previous: UInt32 = 0) -> UInt32 {
  guard let base = bytes.baseAddress, !bytes.isEmpty else { return previous }
  return UInt32(
    truncatingIfNeeded: crc32_z(
      UInt(previous), base.assumingMemoryBound(to: UInt8.self), bytes.count))
}

/// The checksum of a part of an array, which is not copied.
///
/// - Parameter bytes: what to check.
/// - Returns: its checksum.
package func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  bytes.withUnsafeBytes { crc32($0) }
}
