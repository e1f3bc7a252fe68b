import CEntropyCoding

/// A range encoder with 64 bits of state and carry propagation (FORMAT.md, section 7).
///
/// Codes events of many symbols and of two alike. The stream of a sequence of events is a number V
/// in [0, 1) to base 256 that lies in the interval which the events leave of [0, 1).
///
///     let encoder = RangeEncoder()
///     encoder.encode(cumulative: 5, frequency: 2, total: 10)
///     encoder.encode(bit: true, probabilityOfOne: 60_000)
///     let bytes = try encoder.finish()
///
/// The coder itself is C's, which codes a run of values without coming back here. One thread at a
/// time uses it. Where memory runs short, events go nowhere until `finish` says so.
///
/// Complexity: O(1) an event, amortized; one 64-bit division.
public final class RangeEncoder: @unchecked Sendable {
  /// The coder, for C.
  @usableFromInline package let state: UnsafeMutablePointer<prn_range_encoder>

  /// An encoder that has coded nothing.
  public init() {
    state = .allocate(capacity: 1)
    prn_encoder_start(state)
  }

  deinit {
    prn_encoder_free(state)
    state.deallocate()
  }

  /// Bytes written so far; up to 10 more follow at the end.
  public var count: Int { state.pointee.count }

  /// Codes the event that has `frequency` of `total`, `cumulative` below it.
  ///
  /// - Parameters:
  ///   - cumulative: the sum of the frequencies of the events before this one.
  ///   - frequency: 1 or more; `cumulative + frequency <= total`.
  ///   - total: the sum of all frequencies, 1 to 2^31 - 1.
  @inlinable @inline(__always)
  public func encode(cumulative: UInt32, frequency: UInt32, total: UInt32) {
    assert(frequency >= 1 && total < 1 << 31)
    assert(UInt64(cumulative) + UInt64(frequency) <= UInt64(total))
    prn_encode_event(state, cumulative, frequency, total)
  }

  /// Codes a binary event.
  ///
  /// - Parameters:
  ///   - bit: the event.
  ///   - p: the probability of a 1 in 65536ths, 1 to 65535.
  @inlinable @inline(__always)
  public func encode(bit: Bool, probabilityOfOne p: UInt32) {
    assert(p >= 1 && p <= 65535)
    prn_encode_bit(state, bit ? 1 : 0, p)
  }

  /// Ends the stream.
  ///
  /// - Returns: the stream; empty when V = 0. The encoder is as new afterwards.
  /// - Throws: `EntropyCodingError.outOfMemory` if there was no room for it at some time.
  public func finish() throws(EntropyCodingError) -> [UInt8] {
    prn_encoder_finish(state)
    defer { prn_encoder_free(state) }
    if state.pointee.failed != 0 { throw .outOfMemory }
    return Array(UnsafeBufferPointer(start: state.pointee.bytes, count: state.pointee.count))
  }
}
