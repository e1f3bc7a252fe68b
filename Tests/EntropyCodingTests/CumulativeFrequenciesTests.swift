import EntropyCoding
import Testing

@Suite struct CumulativeFrequenciesTests {
  private static func random(_ generator: inout SplitMix, largest: UInt32) -> [UInt32] {
    (0..<256).map { _ in UInt32.random(in: 1...largest, using: &generator) }
  }

  @Test(arguments: [1, 2, 1000, (1 << 22) + 1] as [UInt32])
  func everySymbolIsFoundAtBothEnds(largest: UInt32) {
    var generator = SplitMix(state: UInt64(largest))
    let values = Self.random(&generator, largest: largest)
    values.withUnsafeBufferPointer { buffer in
      let frequencies = CumulativeFrequencies(buffer)
      #expect(frequencies.total == values.reduce(0, +))
      var cumulative: UInt32 = 0
      for symbol in UInt8(0)...255 {
        let event = frequencies.event(of: symbol)
        #expect(event.symbol == symbol)
        #expect(event.cumulative == cumulative)
        #expect(event.frequency == values[Int(symbol)])
        #expect(frequencies.event(at: cumulative) == event)
        cumulative += event.frequency
        #expect(frequencies.event(at: cumulative - 1) == event)
      }
      #expect(frequencies.event(at: .max).symbol == 255)
    }
  }

  @Test func symbolsRoundTrip() throws {
    var generator = SplitMix(state: 5)
    var values = Self.random(&generator, largest: 9)
    values[77] = 1 << 22
    let symbols = (0..<5000).map { _ in
      UInt8.random(in: 0...9, using: &generator) > 0
        ? 77 : UInt8.random(in: 0...255, using: &generator)
    }
    try values.withUnsafeBufferPointer { buffer in
      let frequencies = CumulativeFrequencies(buffer)
      var encoder = RangeEncoder()
      for symbol in symbols { encoder.encode(symbol, frequencies) }
      var decoder = RangeDecoder(encoder.finish())
      for symbol in symbols { #expect(decoder.decode(frequencies) == symbol) }
      try decoder.finish()
    }
  }
}
