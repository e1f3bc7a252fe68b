/// The range coder in plain big numbers: no carries, no window, no shortcuts.
///
/// `low` is the whole stream to base 256 with 8 digits past the coder's position; adding to it is
/// schoolbook addition.
struct ReferenceEncoder {
  private(set) var low = [UInt8](repeating: 0, count: 8)
  private(set) var range = UInt64.max
  var firstByte: UInt8 { low[0] }

  mutating func encode(_ event: Event) {
    let r = range / UInt64(event.total)
    low = sum(low, r * UInt64(event.cumulative))
    range = r * UInt64(event.frequency)
    while range < 1 << 48 {
      low.append(0)
      range <<= 8
    }
  }

  func finish() -> [UInt8] {
    var code = sum(low, (1 << 48) - 1)
    code.removeLast(6)
    while code.last == 0 { code.removeLast() }
    return code
  }

  /// The event of frequency 1 whose interval holds the number 0.1000... to base 2, if one does.
  func eventHoldingOneHalf(total: UInt32) -> UInt32? {
    var half = [UInt8](repeating: 0, count: low.count)
    half[0] = 0x80
    guard let distance = difference(half, low), distance < range else { return nil }
    let at = distance / (range / UInt64(total))
    return at < total ? UInt32(at) : nil
  }
}

/// Decodes with whole-number arithmetic on all digits for each event: O(length) an event.
struct ReferenceDecoder {
  private let code: [UInt8]
  private var encoder = ReferenceEncoder()

  init(_ bytes: [UInt8]) { code = bytes }

  func target(total: UInt32) -> UInt64? {
    var digits = Array(code.prefix(encoder.low.count))
    digits += [UInt8](repeating: 0, count: encoder.low.count - digits.count)
    guard let offset = difference(digits, encoder.low) else { return nil }
    return offset / (encoder.range / UInt64(total))
  }

  mutating func consume(_ event: Event) { encoder.encode(event) }

  func isFinished() -> Bool { encoder.finish() == code }
}

/// a + b, b in the last 8 digits.
private func sum(_ a: [UInt8], _ b: UInt64) -> [UInt8] {
  var digits = a
  var carry = 0
  for index in digits.indices.reversed() {
    let place = digits.count - 1 - index
    let digit = place < 8 ? Int(b >> UInt64(8 * place) & 0xFF) : 0
    let value = Int(digits[index]) + digit + carry
    digits[index] = UInt8(value & 0xFF)
    carry = value >> 8
  }
  return digits
}

/// a - b if it is in 0..<2^64.
private func difference(_ a: [UInt8], _ b: [UInt8]) -> UInt64? {
  var digits = a
  var borrow = 0
  for index in digits.indices.reversed() {
    let value = Int(a[index]) - Int(b[index]) - borrow
    digits[index] = UInt8(value & 0xFF)
    borrow = value < 0 ? 1 : 0
  }
  guard borrow == 0, digits.dropLast(8).allSatisfy({ $0 == 0 }) else { return nil }
  return digits.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
}
