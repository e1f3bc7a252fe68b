/// The cumulative frequencies of 256 symbols, for one event.
///
/// Reads the frequencies through the pointer that it was made from, which must stay valid and
/// unchanged while it is in use. Keeps no table: sums of 16 symbols at a time are cheaper to make
/// again (a nanosecond each) than to store and fetch.
///
///     let frequencies = CumulativeFrequencies(pointer)
///     let event = frequencies.event(of: symbol)
///     encoder.encode(
///       cumulative: event.cumulative, frequency: event.frequency, total: frequencies.total)
///
/// Complexity: 256 additions to make, at most as many for an event, most of them in vectors.
@frozen
public struct CumulativeFrequencies {
  /// A symbol's share of the total.
  @frozen
  public struct Event: Equatable, Sendable {
    /// The symbol.
    public let symbol: UInt8
    /// The sum of the frequencies of the symbols below it.
    public let cumulative: UInt32
    /// Its own frequency.
    public let frequency: UInt32

    @inlinable @inline(__always)
    init(symbol: UInt8, cumulative: UInt32, frequency: UInt32) {
      self.symbol = symbol
      self.cumulative = cumulative
      self.frequency = frequency
    }
  }

  @usableFromInline let frequencies: UnsafePointer<UInt32>
  /// The sum of all frequencies.
  public let total: UInt32

  /// - Parameter frequencies: 256 frequencies, each 1 or more, with a sum below 2^31.
  @inlinable @inline(__always)
  public init(_ frequencies: UnsafePointer<UInt32>) {
    self.frequencies = frequencies
    var sum = SIMD16<UInt32>(repeating: 0)
    for block in 0..<16 { sum &+= Self.block(block, of: frequencies) }
    total = sum.wrappedSum()
  }

  /// - Parameter frequencies: exactly 256 frequencies, as above.
  @inlinable @inline(__always)
  public init(_ frequencies: UnsafeBufferPointer<UInt32>) {
    precondition(frequencies.count == 256, "256 frequencies are needed")
    // A buffer of 256 elements has a base address.
    self.init(frequencies.baseAddress.unsafelyUnwrapped)
  }

  /// The frequencies of the symbols 16 index ..< 16 (index + 1).
  @inlinable @inline(__always)
  static func block(_ index: Int, of frequencies: UnsafePointer<UInt32>) -> SIMD16<UInt32> {
    UnsafeRawPointer(frequencies + 16 &* index).loadUnaligned(as: SIMD16<UInt32>.self)
  }

  /// The event of `symbol`.
  @inlinable @inline(__always)
  public func event(of symbol: UInt8) -> Event {
    let index = Int(symbol)
    var sum = SIMD16<UInt32>(repeating: 0)
    for block in 0..<(index &>> 4) { sum &+= Self.block(block, of: frequencies) }
    var cumulative = sum.wrappedSum()
    for below in (index & 0xF0)..<index { cumulative &+= frequencies[below] }
    return Event(symbol: symbol, cumulative: cumulative, frequency: frequencies[index])
  }

  /// The event with cumulative <= `target` < cumulative + frequency.
  ///
  /// - Parameter target: less than `total`; a larger one gives the last symbol.
  /// - Returns: the event that the target points at.
  @inlinable @inline(__always)
  public func event(at target: UInt32) -> Event {
    var cumulative: UInt32 = 0
    var block = 0
    while block < 15 {
      let next = cumulative &+ Self.block(block, of: frequencies).wrappedSum()
      if next > target { break }
      cumulative = next
      block &+= 1
    }
    var index = 16 &* block
    let last = index &+ 15
    while index < last {
      let next = cumulative &+ frequencies[index]
      if next > target { break }
      cumulative = next
      index &+= 1
    }
    return Event(
      symbol: UInt8(truncatingIfNeeded: index), cumulative: cumulative,
      frequency: frequencies[index])
  }
}

extension RangeEncoder {
  /// Codes `symbol` with the given frequencies.
  @inlinable @inline(__always)
  public mutating func encode(_ symbol: UInt8, _ frequencies: CumulativeFrequencies) {
    let event = frequencies.event(of: symbol)
    encode(cumulative: event.cumulative, frequency: event.frequency, total: frequencies.total)
  }
}

extension RangeDecoder {
  /// Decodes a symbol with the given frequencies.
  @inlinable @inline(__always)
  public mutating func decode(_ frequencies: CumulativeFrequencies) -> UInt8 {
    let event = frequencies.event(at: target(total: frequencies.total))
    consume(cumulative: event.cumulative, frequency: event.frequency)
    return event.symbol
  }
}
