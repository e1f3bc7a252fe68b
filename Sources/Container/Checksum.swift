import CZlib

/// `crc32` of FORMAT.md: the CRC-32 of ISO-HDLC, as in PNG and zlib.
///
/// - Parameters:
///   - bytes: what to check.
///   - previous: the checksum of what comes before `bytes`; 0 for nothing.
/// - Returns: the checksum of all of it.
public func crc32(_ bytes: UnsafeRawBufferPointer, after previous: UInt32 = 0) -> UInt32 {
  guard let base = bytes.baseAddress, !bytes.isEmpty else { return previous }
  return UInt32(
    truncatingIfNeeded: crc32_z(
      UInt(previous), base.assumingMemoryBound(to: UInt8.self), bytes.count))
}

/// The same for a piece of an array, without copying it.
///
/// - Parameter bytes: what to check.
/// - Returns: its checksum.
public func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  bytes.withUnsafeBytes { crc32($0) }
}
