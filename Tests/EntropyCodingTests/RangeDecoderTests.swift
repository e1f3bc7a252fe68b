import EntropyCoding
import Testing

@Suite struct RangeDecoderTests {
  /// The big-number decoder reads the encoder's streams, and the decoder the big-number encoder's.
  @Test func agreesWithTheReference() throws {
    var generator = SplitMix(state: 10)
    for _ in 0..<40 {
      let events = (0..<150).map { _ in Event.random(using: &generator) }
      let bytes = try encode(events)
      var reference = ReferenceEncoder()
      for event in events { reference.encode(event) }
      #expect(bytes == reference.finish())
      var decoder = ReferenceDecoder(bytes)
      for event in events {
        let target = try #require(decoder.target(total: event.total))
        #expect(target >= UInt64(event.cumulative))
        #expect(target < UInt64(event.cumulative) + UInt64(event.frequency))
        decoder.consume(event)
      }
      #expect(decoder.isFinished())
    }
  }

  /// 100 events with shares that any stream decodes to something with.
  private func decodeEvents(_ bytes: [UInt8]) throws -> [Event] {
    let decoder = RangeDecoder(bytes)
    var events: [Event] = []
    for index in 0..<100 {
      if index % 5 == 4 {
        events.append(.bit(decoder.decodeBit(probabilityOfOne: 9), 9))
        continue
      }
      let target = decoder.target(total: 300)
      #expect(target < 300)
      events.append(Event(cumulative: target, frequency: 1, total: 300))
      decoder.consume(cumulative: target, frequency: 1)
    }
    try decoder.finish()
    return events
  }

  private func randomStream(state: UInt64) throws -> [UInt8] {
    var generator = SplitMix(state: state)
    return try encode(
      (0..<100).map { index in
        index % 5 == 4
          ? .bit(.random(using: &generator), 9)
          : Event(
            cumulative: .random(in: 0..<300, using: &generator), frequency: 1, total: 300)
      })
  }

  /// A damaged stream is accepted only if it is, to the byte, what the encoder writes for other
  /// events; a code without redundancy cannot promise more. That is so for about one in five.
  private func expectFoundOrCanonical(_ damaged: [UInt8], not events: [Event]) throws -> Bool {
    do {
      let other = try decodeEvents(damaged)
      #expect(other != events)
      #expect(try encode(other) == damaged)
      return false
    } catch is EntropyCodingError {
      return true
    }
  }

  @Test func truncationsAreFound() throws {
    var found = 0
    var tried = 0
    for state in UInt64(0)..<50 {
      let bytes = try randomStream(state: state)
      let events = try decodeEvents(bytes)
      for length in bytes.indices {
        tried += 1
        if try expectFoundOrCanonical(Array(bytes[..<length]), not: events) { found += 1 }
      }
    }
    #expect(Double(found) > 0.75 * Double(tried))
  }

  @Test func flipsAreFound() throws {
    var found = 0
    var tried = 0
    for state in UInt64(100)..<130 {
      let bytes = try randomStream(state: state)
      let events = try decodeEvents(bytes)
      for index in bytes.indices {
        for mask in [1, 0x80, 0xFF] as [UInt8] {
          var damaged = bytes
          damaged[index] ^= mask
          tried += 1
          if try expectFoundOrCanonical(damaged, not: events) { found += 1 }
        }
      }
    }
    #expect(Double(found) > 0.9 * Double(tried))
  }

  @Test func longerStreamsAreRefused() throws {
    let bytes = try randomStream(state: 7)
    #expect(throws: EntropyCodingError.self) { try decodeEvents(bytes + [1]) }
    #expect(throws: EntropyCodingError.self) { try decodeEvents(bytes + [0]) }
    var tail = RangeDecoder([UInt8](repeating: 0, count: 8) + [1, 2, 3])
    #expect(throws: EntropyCodingError.unreadBytes(count: 3)) { try tail.finish() }
    _ = tail.target(total: 1)
    tail = RangeDecoder([0])
    #expect(throws: EntropyCodingError.trailingZeroByte) { try tail.finish() }
    tail = RangeDecoder([1])
    #expect(throws: EntropyCodingError.wrongFinalState) { try tail.finish() }
  }

  @Test func aCodeOutsideOfEveryIntervalIsClamped() throws {
    let decoder = RangeDecoder([UInt8](repeating: 0xFF, count: 20))
    let target = decoder.target(total: 3)
    #expect(target == 2)
    #expect(decoder.isCorrupt)
    decoder.consume(cumulative: 2, frequency: 1)
    #expect(throws: EntropyCodingError.outsideAnyInterval) { try decoder.finish() }
    let bits = RangeDecoder([UInt8](repeating: 0xFF, count: 20))
    let bit = bits.decodeBit(probabilityOfOne: 65535)
    #expect(!bit)
    #expect(bits.isCorrupt)
  }

  /// Random bytes, with random shares: no trap, and no acceptance.
  @Test func survivesGarbage() throws {
    var generator = SplitMix(state: 11)
    for _ in 0..<500 {
      let bytes = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      let decoder = RangeDecoder(bytes)
      for _ in 0..<200 {
        let total = UInt32.random(in: 1..<(1 << 31), using: &generator)
        let target = decoder.target(total: total)
        decoder.consume(
          cumulative: UInt32.random(in: 0...target, using: &generator), frequency: 1)
        _ = decoder.decodeBit(probabilityOfOne: .random(in: 1...65535, using: &generator))
      }
      #expect(throws: EntropyCodingError.self) { try decoder.finish() }
    }
  }

  /// Any collection of bytes will do; a slice keeps nothing of what lies around it.
  @Test func readsSlices() throws {
    let bytes = try randomStream(state: 5)
    let events = try decodeEvents(bytes)
    let slice = ([9, 9] + bytes + [7]).dropFirst(2).dropLast()
    #expect(try decodeEvents(Array(slice)) == events)
    let decoder = RangeDecoder(slice)
    let other = RangeDecoder(AnyCollection(bytes))
    #expect(decoder.target(total: 300) == events[0].cumulative)
    #expect(other.target(total: 300) == events[0].cumulative)
  }
}
