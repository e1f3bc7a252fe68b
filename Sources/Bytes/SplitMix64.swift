/// SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195): the same numbers on every
/// machine.
///
/// Its state is one word, so that a resumed run draws what the interrupted one would have drawn.
public struct SplitMix64: RandomNumberGenerator, Equatable, Sendable {
  /// What is added to the state before each number: the golden ratio, as an odd number of 64 bits.
  public static let gamma: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// The whole state.
  public var state: UInt64

  /// A generator that starts at `seed`.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= Self.gamma
    return Self.mix(state)
  }

  /// A number in -amplitude...amplitude, all but uniform; `amplitude` is 0 or more, and below 2^62.
  public mutating func next(in amplitude: Int) -> Int {
    Int(truncatingIfNeeded: next() % UInt64(2 * amplitude + 1)) - amplitude
  }

  /// The output function: what number a state gives.
  public static func mix(_ state: UInt64) -> UInt64 {
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
