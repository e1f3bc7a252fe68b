import EntropyCoding
import Foundation
import Testing

@Suite struct RangeEncoderTests {
  @Test func codesNothingAsNothing() throws {
    #expect(try encode([]) == [])
    #expect(try encode([Event(cumulative: 0, frequency: 1, total: 1)]) == [])
  }

  /// The stream is fixed by FORMAT.md; these bytes must never change.
  @Test func knownAnswer() throws {
    let encoder = RangeEncoder()
    encoder.encode(cumulative: 5, frequency: 2, total: 10)
    encoder.encode(bit: true, probabilityOfOne: 60_000)
    encoder.encode(bit: false, probabilityOfOne: 60_000)
    encoder.encode(cumulative: 0x7FFF_FFFE, frequency: 1, total: 0x7FFF_FFFF)
    for symbol in UInt32(0)..<32 {
      encoder.encode(cumulative: symbol * symbol, frequency: 2 * symbol + 1, total: 1024)
    }
    encoder.encode(bit: true, probabilityOfOne: 1)
    let hex = try encoder.finish().map { String(format: "%02x", $0) }.joined()
    #expect(hex == "aedffffff028661d35dac7e9cd3e524ffc06230debda5f1dcdccefeb07")
  }

  /// FORMAT.md, appendix B.
  @Test func theFormatDocumentsVector() throws {
    let events: [(UInt32, UInt32, UInt32)] = [
      (0, 1, 2), (3, 2, 10), (65535, 1, 65536), (0, 1, 2_147_483_647), (5, 1, 6),
    ]
    let encoder = RangeEncoder()
    for (cumulative, frequency, total) in events {
      encoder.encode(cumulative: cumulative, frequency: frequency, total: total)
    }
    #expect(try encoder.finish() == [0x3F, 0xFF, 0xE6, 0x66, 0x66, 0x65, 0xF8])
  }

  @Test func randomEventsRoundTrip() throws {
    var generator = SplitMix(state: 1)
    for length in [1, 2, 3, 7, 50, 1000, 20_000] {
      for _ in 0..<(length > 1000 ? 2 : 30) {
        let events = (0..<length).map { _ in Event.random(using: &generator) }
        #expect(try decodes(encode(events), to: events))
      }
    }
  }

  /// Carries through long runs of 0xFF: the interval is steered to stay around 1/2, so low is
  /// 0.0111...1 to base 2, until an event at its top end takes low past 1/2.
  @Test func carriesThroughRunsOfFF() throws {
    var generator = SplitMix(state: 3)
    var carries = 0
    for _ in 0..<2000 {
      var events: [Event] = []
      var reference = ReferenceEncoder()
      for _ in 0..<40 {
        let total = UInt32.random(in: 200..<70_000, using: &generator)
        guard let at = reference.eventHoldingOneHalf(total: total) else { break }
        let event = Event(cumulative: at, frequency: 1, total: total)
        events.append(event)
        reference.encode(event)
      }
      let before = reference.firstByte
      let top = Event(cumulative: 1023, frequency: 1, total: 1024)
      reference.encode(top)
      events.append(top)
      if reference.firstByte != before { carries += 1 }
      let bytes = try encode(events)
      #expect(bytes == reference.finish())
      #expect(try decodes(bytes, to: events))
    }
    #expect(carries > 500)
  }

  /// The length against the sum of -log2(frequency / total), at totals of about 2^30.
  @Test func staysWithinAThousandthOfTheIdealLength() throws {
    var generator = SplitMix(state: 4)
    var ideal = 0.0
    var events: [Event] = []
    // Geometric: symbol k has about half the share of symbol k - 1, so 2 bits an event.
    let frequencies = (0..<256).map { UInt32(1) + ($0 < 30 ? (1 << 29) >> UInt32($0) : 0) }
    let total = frequencies.reduce(0, +)
    #expect(total > 1 << 29)
    var starts: [UInt32] = [0]
    for frequency in frequencies { starts.append((starts.last ?? 0) + frequency) }
    for _ in 0..<20_000 {
      let target = UInt32.random(in: 0..<total, using: &generator)
      let symbol = (starts.firstIndex { $0 > target } ?? 1) - 1
      events.append(
        Event(cumulative: starts[symbol], frequency: frequencies[symbol], total: total))
      ideal -= log2(Double(frequencies[symbol]) / Double(total))
    }
    let bits = Double(try encode(events).count * 8)
    #expect(bits >= ideal - 8)
    #expect(bits <= ideal * 1.001)
    #expect(bits - ideal < 24)  // in fact: the rounding to bytes at the end alone
  }

  @Test func isAsNewAfterFinish() throws {
    let encoder = RangeEncoder()
    encoder.encode(cumulative: 3, frequency: 1, total: 7)
    let first = try encoder.finish()
    encoder.encode(cumulative: 3, frequency: 1, total: 7)
    #expect(try encoder.finish() == first)
  }
}
