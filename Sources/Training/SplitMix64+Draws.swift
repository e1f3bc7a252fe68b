import Bytes

extension SplitMix64 {
  /// A uniform number in [0, 1).
  mutating func unit() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A uniform integer in 0 ..< bound; 0 where `bound` is not positive.
  mutating func index(below bound: Int) -> Int {
    bound > 0 ? Int(next() % UInt64(bound)) : 0
  }

  /// A number from the standard normal distribution (the sum of twelve uniform ones, less 6).
  mutating func normal() -> Float {
    var sum: Float = -6
    for _ in 0..<12 { sum += unit() }
    return sum
  }
}
