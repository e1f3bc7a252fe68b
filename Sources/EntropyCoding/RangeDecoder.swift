import CEntropyCoding

/// The decoder of `RangeEncoder`'s streams (FORMAT.md, section 7).
///
///     let decoder = RangeDecoder(bytes)
///     let target = decoder.target(total: 10)  // then find the symbol whose interval holds it
///     decoder.consume(cumulative: 5, frequency: 2)
///     let bit = decoder.decodeBit(probabilityOfOne: 60_000)
///     try decoder.finish()
///
/// It accepts any bytes. A stream that was not made by the encoder with the same events decodes to
/// arbitrary symbols; `isCorrupt` may turn true on the way, and `finish()` throws at the end. One
/// thread at a time uses it.
///
/// Complexity: O(1) an event; one or two 64-bit divisions.
public final class RangeDecoder: @unchecked Sendable {
  /// The coder, for C.
  @usableFromInline package let state: UnsafeMutablePointer<prn_range_decoder>
  /// Where bits are noted; it lives as long as the decoder.
  private var noted: CostPlanes?

  /// A decoder at the start of a stream, which it copies. Without memory for that, it is corrupt
  /// from the start.
  public init(_ bytes: some Collection<UInt8>) {
    state = .allocate(capacity: 1)
    let state = state
    if bytes.withContiguousStorageIfAvailable({
      prn_decoder_start(state, $0.baseAddress, $0.count)
    }) == nil {
      Array(bytes).withUnsafeBufferPointer { prn_decoder_start(state, $0.baseAddress, $0.count) }
    }
  }

  deinit {
    state.pointee.costs?.deallocate()
    prn_decoder_free(state)
    state.deallocate()
  }

  /// Whether the code was found outside of every interval; it stays so.
  @inlinable
  public var isCorrupt: Bool { state.pointee.is_corrupt != 0 }

  /// Whether it is corrupt because there was no memory for the stream.
  public var lacksMemory: Bool { state.pointee.failed != 0 }

  /// Where in 0..<total the code points: the next event is the one with
  /// cumulative <= target < cumulative + frequency. `consume` must follow.
  ///
  /// A code outside of every interval sets `isCorrupt`, and the answer is `total - 1`.
  ///
  /// - Parameter total: the sum of all frequencies, 1 to 2^31 - 1.
  /// - Returns: a number in 0..<total.
  @inlinable @inline(__always)
  public func target(total: UInt32) -> UInt32 {
    assert(total >= 1 && total < 1 << 31)
    return prn_decode_target(state, total)
  }

  /// Steps over the event that `target` pointed at.
  ///
  /// - Parameters:
  ///   - cumulative: the sum of the frequencies of the events before this one.
  ///   - frequency: 1 or more.
  @inlinable @inline(__always)
  public func consume(cumulative: UInt32, frequency: UInt32) {
    assert(frequency >= 1)
    prn_consume(state, cumulative, frequency)
  }

  /// Decodes a binary event.
  ///
  /// - Parameter p: the probability of a 1 in 65536ths, 1 to 65535.
  /// - Returns: the event.
  @inlinable @inline(__always)
  public func decodeBit(probabilityOfOne p: UInt32) -> Bool {
    assert(p >= 1 && p <= 65535)
    return prn_decode_bit(state, p) != 0
  }

  /// Has the bits of what follows noted as those of a tile's values.
  ///
  /// - Parameters:
  ///   - costs: where to; several decoders may note different values at the same time.
  ///   - row: of the tile's first pixel in the planes of `costs`.
  ///   - column: of it.
  ///   - planes: of each plane of the codec, its number in `costs`; nil: not wanted.
  ///   - shared: where to note what the codec codes of all planes at once.
  package func note(
    in costs: CostPlanes, row: Int, column: Int, planes: [Int?], shared: Int? = nil
  ) {
    noted = costs
    let notes = state.pointee.costs ?? .allocate(capacity: 1)
    // Of several tiles of a stream each begins where the one before has ended.
    let before = state.pointee.costs?.pointee.before ?? 0
    notes.initialize(to: costs.notes(row: row, column: column, planes, shared, before: before))
    state.pointee.costs = notes
  }

  /// Notes what was decoded since the last note as the bits of a value, if that is wanted.
  @inlinable @inline(__always)
  package func noteValue(plane: Int, row: Int, column: Int) {
    prn_decoder_note(
      state, Int32(truncatingIfNeeded: plane), Int32(truncatingIfNeeded: row),
      Int32(truncatingIfNeeded: column))
  }

  /// Checks that the stream is, to the byte, what the encoder writes for the events decoded.
  ///
  /// A damaged stream passes only if it is the right stream of other events. The code has no
  /// redundancy, so about one truncation in five does: whoever stores streams adds a checksum.
  ///
  /// - Throws: any `EntropyCodingError`.
  public func finish() throws(EntropyCodingError) {
    switch prn_decoder_finish(state) {
    case PRN_STREAM_IS_RIGHT: return
    case PRN_STREAM_WRONG_FINAL_STATE: throw .wrongFinalState
    case PRN_STREAM_UNREAD_BYTES:
      throw .unreadBytes(count: state.pointee.size - state.pointee.position)
    case PRN_STREAM_TRAILING_ZERO: throw .trailingZeroByte
    case PRN_STREAM_OUT_OF_MEMORY: throw .outOfMemory
    default: throw .outsideAnyInterval
    }
  }
}
