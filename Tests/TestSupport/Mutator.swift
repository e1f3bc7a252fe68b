import Bytes

/// Makes other bytes of bytes: the same ones for the same seed.
package struct Mutator {
  private var generator: SplitMix64

  package init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  /// A number of a range.
  package mutating func number(_ range: Range<Int>) -> Int {
    Int.random(in: range, using: &generator)
  }

  /// The bytes with one to eight changes: bits, bytes and numbers set to others, parts cut out,
  /// doubled, exchanged with those of another file, or put in.
  ///
  /// - Parameters:
  ///   - bytes: a file.
  ///   - other: where parts may come from, too.
  ///   - start: bytes that stay as they are.
  /// - Returns: the other bytes.
  package mutating func changed(_ bytes: [UInt8], with other: [UInt8], from start: Int = 0)
    -> [UInt8]
  {
    var bytes = bytes
    for _ in 0..<(1 << number(0..<4)) { change(&bytes, other, start) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8], _ other: [UInt8], _ start: Int) {
    guard bytes.count > start else { return }
    let place = number(start..<bytes.count)
    let length = min(1 << number(0..<10), bytes.count - place)
    switch number(0..<10) {
    case 0, 1: bytes[place] ^= 1 << UInt8(number(0..<8))
    case 2: bytes[place] = UInt8(number(0..<256))
    case 3: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF][number(0..<5)]
    case 4: bytes[place] &+= UInt8(truncatingIfNeeded: number(-3..<4))
    case 5: bytes.removeSubrange(place..<place + length)
    case 6: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
    case 7:
      guard !other.isEmpty else { return }
      let from = number(0..<other.count)
      bytes.replaceSubrange(
        place..<place + length, with: other[from..<min(from + length, other.count)])
    case 8:
      let random = (0..<min(length, 32)).map { _ in UInt8(number(0..<256)) }
      bytes.insert(contentsOf: random, at: place)
    default:
      if number(0..<4) == 0 { bytes.removeSubrange(place...) } else { bytes[place] = 0xFF }
    }
  }

  /// An array of random bytes.
  package mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(number(0..<256)) }
  }
}
