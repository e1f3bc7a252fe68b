/// SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195): small enough to sit in a
/// checkpoint as one word, so that a resumed run draws what the interrupted one would have drawn.
public struct SeededGenerator: RandomNumberGenerator, Equatable, Sendable {
  /// The whole state.
  public var state: UInt64

  /// A generator that starts at `seed`.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A uniform number in [0, 1).
  public mutating func unit() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A uniform integer in 0 ..< bound; 0 where `bound` is not positive.
  public mutating func index(below bound: Int) -> Int {
    bound > 0 ? Int(next() % UInt64(bound)) : 0
  }

  /// A number from the standard normal distribution (the sum of twelve uniform ones, less 6).
  public mutating func normal() -> Float {
    var sum: Float = -6
    for _ in 0..<12 { sum += unit() }
    return sum
  }
}
