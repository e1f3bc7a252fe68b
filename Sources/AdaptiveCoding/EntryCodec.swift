import CAdaptive
import EntropyCoding
import Platform

/// Codes entries of metadata, each a type of four bytes, a length and data (FORMAT.md, section 12).
package enum EntryCodec {
  /// - Parameters:
  ///   - entries: a sequence of entries, and nothing else.
  ///   - instructions: the version of the arithmetic; all give the same bytes.
  /// - Returns: the range coder's bytes.
  /// - Throws: `EntropyCodingError.outOfMemory`.
  package static func encode(
    _ entries: [UInt8], instructions: InstructionSet = .portable
  ) throws(EntropyCodingError) -> [UInt8] {
    let encoder = RangeEncoder()
    let result = entries.withUnsafeBufferPointer {
      prn_bytes_encode(encoder.state, $0.baseAddress, $0.count, instructions.rawValue)
    }
    guard result == PRN_BYTES_DONE else { throw .outOfMemory }
    return try encoder.finish()
  }

  /// - Parameters:
  ///   - stream: any bytes.
  ///   - limit: the most bytes that entries may come to.
  ///   - instructions: the version of the arithmetic.
  /// - Returns: the entries; nil where they come to more than `limit`.
  /// - Throws: `EntropyCodingError`.
  package static func decode(
    _ stream: ArraySlice<UInt8>, limit: Int, instructions: InstructionSet = .portable
  ) throws(EntropyCodingError) -> [UInt8]? {
    let decoder = RangeDecoder(stream)
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    let result = prn_bytes_decode(
      decoder.state, min(max(limit, 0), Int(PRN_BYTES_LIMIT)), instructions.rawValue, &bytes,
      &count)
    defer { prn_bytes_free(bytes) }
    switch result {
    case PRN_BYTES_DONE: break
    case PRN_BYTES_OVER_LIMIT: return nil
    case PRN_BYTES_OUT_OF_MEMORY: throw .outOfMemory
    default: throw .outsideAnyInterval
    }
    try decoder.finish()
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }
}
