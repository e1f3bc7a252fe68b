/// The decoder of `RangeEncoder`'s streams (FORMAT.md, section 7).
///
///     var decoder = RangeDecoder(bytes)
///     let target = decoder.target(total: 10)  // then find the symbol whose interval holds it
///     decoder.consume(cumulative: 5, frequency: 2)
///     let bit = decoder.decodeBit(probabilityOfOne: 60_000)
///     try decoder.finish()
///
/// It accepts any bytes. A stream that was not made by the encoder with the same events decodes to
/// arbitrary symbols; `isCorrupt` may turn true on the way, and `finish()` throws at the end.
///
/// Complexity: O(1) an event; one or two 64-bit divisions.
@frozen
public struct RangeDecoder: Sendable {
  @usableFromInline let bytes: [UInt8]
  /// How many bytes have entered `offset`, counting the zeros past the end.
  @usableFromInline var position = 0
  /// `code - low`, mod 2^64.
  @usableFromInline var offset: UInt64 = 0
  /// As in the encoder, mod 2^64; only the final check needs it.
  @usableFromInline var low: UInt64 = 0
  @usableFromInline var range: UInt64 = .max
  /// range / total of the event being decoded.
  @usableFromInline var r: UInt64 = 0
  /// Whether the code was found outside of every interval; it stays so.
  public private(set) var isCorrupt = false

  /// A decoder at the start of the stream `bytes`.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    for _ in 0..<8 { offset = offset &<< 8 | UInt64(nextByte()) }
  }

  /// Where in 0..<total the code points: the next event is the one with
  /// cumulative <= target < cumulative + frequency. `consume` must follow.
  ///
  /// A code outside of every interval sets `isCorrupt`, and the answer is `total - 1`.
  ///
  /// - Parameter total: the sum of all frequencies, 1 to 2^31 - 1.
  /// - Returns: a number in 0..<total.
  @inlinable @inline(__always)
  public mutating func target(total: UInt32) -> UInt32 {
    assert(total >= 1 && total < 1 << 31)
    r = range / UInt64(total)
    let quotient = offset / r
    if quotient < UInt64(total) { return UInt32(truncatingIfNeeded: quotient) }
    markCorrupt()
    return total &- 1
  }

  /// Steps over the event that `target` pointed at.
  ///
  /// - Parameters:
  ///   - cumulative: the sum of the frequencies of the events before this one.
  ///   - frequency: 1 or more.
  @inlinable @inline(__always)
  public mutating func consume(cumulative: UInt32, frequency: UInt32) {
    assert(frequency >= 1)
    narrow(cumulative: UInt64(cumulative), frequency: UInt64(frequency))
  }

  /// Decodes a binary event.
  ///
  /// - Parameter p: the probability of a 1 in 65536ths, 1 to 65535.
  /// - Returns: the event.
  @inlinable @inline(__always)
  public mutating func decodeBit(probabilityOfOne p: UInt32) -> Bool {
    assert(p >= 1 && p <= 65535)
    r = range &>> 16
    // offset / r >= 65536, without the division: r << 16 cannot overflow, r being range >> 16.
    if offset >= r &<< 16 { markCorrupt() }
    let bit = offset < r &* UInt64(p)
    narrow(cumulative: bit ? 0 : UInt64(p), frequency: UInt64(bit ? p : 65536 &- p))
    return bit
  }

  @inlinable @inline(__always)
  mutating func narrow(cumulative: UInt64, frequency: UInt64) {
    offset &-= r &* cumulative
    low &+= r &* cumulative
    range = r &* frequency
    var count = bytesToShift(range: range)
    range &<<= UInt64(8 &* count)
    low &<<= UInt64(8 &* count)
    while count > 0 {
      offset = offset &<< 8 | UInt64(nextByte())
      count &-= 1
    }
  }

  @inlinable @inline(__always)
  mutating func nextByte() -> UInt8 {
    let byte = position < bytes.count ? bytes[position] : 0
    position &+= 1
    return byte
  }

  @usableFromInline @inline(never)
  mutating func markCorrupt() { isCorrupt = true }

  /// Checks that the stream is, to the byte, what the encoder writes for the events decoded.
  ///
  /// A damaged stream passes only if it is the right stream of other events. The code has no
  /// redundancy, so about one truncation in five does: whoever stores streams adds a checksum.
  ///
  /// - Throws: any `EntropyCodingError`.
  public func finish() throws(EntropyCodingError) {
    if isCorrupt { throw .outsideAnyInterval }
    if offset != finalCode(low: low) &- low { throw .wrongFinalState }
    if position < bytes.count { throw .unreadBytes(count: bytes.count - position) }
    if bytes.last == 0 { throw .trailingZeroByte }
  }
}
