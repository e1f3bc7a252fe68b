/// A range encoder with 64 bits of state and carry propagation (FORMAT.md, section 7).
///
/// Codes events of many symbols and of two alike. The stream of a sequence of events is a number V
/// in [0, 1) to base 256 that lies in the interval which the events leave of [0, 1).
///
///     var encoder = RangeEncoder()
///     encoder.encode(cumulative: 5, frequency: 2, total: 10)
///     encoder.encode(bit: true, probabilityOfOne: 60_000)
///     let bytes = encoder.finish()
///
/// Source: G. N. N. Martin, "Range encoding: an algorithm for removing redundancy from a digitised
/// message", 1979; the carry as in Schindler's range coder, but into the bytes already written.
///
/// Complexity: O(1) an event, amortized; one 64-bit division.
@frozen
public struct RangeEncoder: Sendable {
  @usableFromInline var low: UInt64 = 0
  @usableFromInline var range: UInt64 = .max
  @usableFromInline var bytes: [UInt8] = []

  /// An encoder that has coded nothing.
  @inlinable
  public init() {}

  /// Bytes written so far; up to 10 more follow at the end.
  @inlinable
  public var count: Int { bytes.count }

  /// Codes the event that has `frequency` of `total`, `cumulative` below it.
  ///
  /// - Parameters:
  ///   - cumulative: the sum of the frequencies of the events before this one.
  ///   - frequency: 1 or more; `cumulative + frequency <= total`.
  ///   - total: the sum of all frequencies, 1 to 2^31 - 1.
  @inlinable @inline(__always)
  public mutating func encode(cumulative: UInt32, frequency: UInt32, total: UInt32) {
    assert(frequency >= 1 && total < 1 << 31)
    assert(UInt64(cumulative) + UInt64(frequency) <= UInt64(total))
    narrow(
      by: range / UInt64(total), cumulative: UInt64(cumulative), frequency: UInt64(frequency))
  }

  /// Codes a binary event.
  ///
  /// - Parameters:
  ///   - bit: the event.
  ///   - p: the probability of a 1 in 65536ths, 1 to 65535.
  @inlinable @inline(__always)
  public mutating func encode(bit: Bool, probabilityOfOne p: UInt32) {
    assert(p >= 1 && p <= 65535)
    narrow(
      by: range &>> 16, cumulative: bit ? 0 : UInt64(p),
      frequency: UInt64(bit ? p : 65536 &- p))
  }

  @inlinable @inline(__always)
  mutating func narrow(by r: UInt64, cumulative: UInt64, frequency: UInt64) {
    let (sum, carry) = low.addingReportingOverflow(r &* cumulative)
    low = sum
    if carry { propagateCarry() }
    range = r &* frequency
    var count = bytesToShift(range: range)
    range &<<= UInt64(8 &* count)
    while count > 0 {
      bytes.append(UInt8(truncatingIfNeeded: low &>> 56))
      low &<<= 8
      count &-= 1
    }
  }

  /// Adds 1 to the last byte written, and on into those before while they wrap.
  ///
  /// It never runs off the front: low + range never exceeds 1 as a number to base 256. Each prefix
  /// gets at most one carry, so the total work is linear in the number of bytes.
  @usableFromInline @inline(never)
  mutating func propagateCarry() {
    var index = bytes.count - 1
    while index >= 0 {
      bytes[index] &+= 1
      if bytes[index] != 0 { return }
      index -= 1
    }
  }

  /// Ends the stream.
  ///
  /// - Returns: the stream; empty when V = 0. The encoder is as new afterwards.
  public mutating func finish() -> [UInt8] {
    let code = finalCode(low: low)
    if code < low { propagateCarry() }
    bytes.append(UInt8(truncatingIfNeeded: code &>> 56))
    bytes.append(UInt8(truncatingIfNeeded: code &>> 48))
    while bytes.last == 0 { bytes.removeLast() }
    let stream = bytes
    self = RangeEncoder()
    return stream
  }
}
