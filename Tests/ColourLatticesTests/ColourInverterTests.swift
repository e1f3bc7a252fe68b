import Testing

@testable import ColourLattices

@Suite struct ColourInverterTests {
  @Test(arguments: ColourTransform.allCases)
  func preimagesAreFound(transform: ColourTransform) {
    transform.withInverter { inverter in
      for luma in stride(from: Int32(16), to: 200, by: 7) {
        for first in stride(from: Int32(80), to: 200, by: 5) {
          for second in stride(from: Int32(80), to: 200, by: 5) {
            let chroma = Chroma(first: first, second: second)
            let colour = inverter.terms.colour(luma, chroma)
            let range = inverter.lumas(colour, chroma)
            #expect(range.low <= luma && luma <= range.high)
            #expect(inverter.terms.colour(range.low, chroma) == colour)
            #expect(inverter.nearest(colour, to: chroma) == chroma)
            #expect(inverter.terms.colour(inverter.nearestLuma(colour, chroma), chroma) == colour)
            if colour.isInside {
              #expect(range.low == range.high)
              #expect(inverter.preimages(colour, near: chroma).count > 0)
            }
          }
        }
      }
    }
  }

  @Test(arguments: ColourTransform.allCases)
  func cutOffColoursHaveAChromaNearby(transform: ColourTransform) {
    transform.withInverter { inverter in
      var (count, found) = (0, 0)
      for luma in stride(from: Int32(0), through: 255, by: 5) {
        for chroma in stride(from: Int32(90), to: 180, by: 5) {
          let truth = Chroma(first: chroma, second: 250 - chroma)
          let colour = inverter.terms.colour(luma, truth)
          guard !colour.isInside else { continue }
          count += 1
          let expected = Chroma(first: truth.first + 1, second: truth.second - 1)
          guard let near = inverter.nearest(colour, to: expected) else { continue }
          found += 1
          let range = inverter.lumas(colour, near)
          #expect(range.low <= range.high)
          #expect(inverter.terms.colour(range.low, near) == colour)
        }
      }
      #expect(count > 100 && 100 * found >= 95 * count)
    }
  }
}
