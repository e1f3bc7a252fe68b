import EntropyCoding

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every machine.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// One event, of either sort.
struct Event: Equatable {
  var cumulative: UInt32
  var frequency: UInt32
  var total: UInt32
  var isBinary = false

  static func bit(_ bit: Bool, _ p: UInt32) -> Event {
    Event(
      cumulative: bit ? 0 : p, frequency: bit ? p : 65536 - p, total: 65536, isBinary: true)
  }

  static func random(using generator: inout SplitMix) -> Event {
    let largest: UInt32 = (1 << 31) - 1
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: return .bit(.random(using: &generator), .random(in: 1...65535, using: &generator))
    case 1: return .bit(.random(using: &generator), .random(using: &generator) ? 1 : 65535)
    case 2:  // 1 of 2^31 - 1
      let at = UInt32.random(in: 0..<largest, using: &generator)
      return Event(cumulative: at, frequency: 1, total: largest)
    case 3:  // nearly all of it
      let at = UInt32.random(in: 0...1, using: &generator)
      return Event(cumulative: at, frequency: largest - 1, total: largest)
    case 4:
      return Event(cumulative: 0, frequency: 1, total: 1)
    default:
      let total = UInt32.random(in: 2...(1 << 30), using: &generator)
      let cumulative = UInt32.random(in: 0..<total, using: &generator)
      let frequency = UInt32.random(in: 1...(total - cumulative), using: &generator)
      return Event(cumulative: cumulative, frequency: frequency, total: total)
    }
  }
}

func encode(_ events: [Event]) throws -> [UInt8] {
  let encoder = RangeEncoder()
  for event in events {
    if event.isBinary {
      encoder.encode(
        bit: event.cumulative == 0,
        probabilityOfOne: event.cumulative == 0 ? event.frequency : event.cumulative)
    } else {
      encoder.encode(
        cumulative: event.cumulative, frequency: event.frequency, total: event.total)
    }
  }
  return try encoder.finish()
}

/// Decodes with the knowledge of `events`; whether each one came out, and the final state is right.
func decodes(_ bytes: [UInt8], to events: [Event]) throws -> Bool {
  let decoder = RangeDecoder(bytes)
  for event in events {
    if event.isBinary {
      let p = event.cumulative == 0 ? event.frequency : event.cumulative
      guard decoder.decodeBit(probabilityOfOne: p) == (event.cumulative == 0) else { return false }
    } else {
      let target = decoder.target(total: event.total)
      guard target >= event.cumulative, target - event.cumulative < event.frequency else {
        return false
      }
      decoder.consume(cumulative: event.cumulative, frequency: event.frequency)
    }
  }
  try decoder.finish()
  return true
}
