import ImagePlanes
import Testing

@testable import ColourLattices

@Suite struct ColourTransformTests {
  /// What a transform makes of one pixel.
  private func colour(_ transform: ColourTransform, _ values: [UInt8]) -> [UInt8] {
    let planes = values.map { Plane(width: 1, height: 1, repeating: $0) }
    let zero = Plane(width: 1, height: 1)
    return LatticePlanes(
      lattice: ColourLattice(transform: transform, sampling: .full), luma: planes[0],
      chroma: [planes[1], planes[2]], corrections: [zero, zero, zero]
    ).colours().map { $0.samples[0] }
  }

  @Test(
    arguments: [
      ([100, 128, 128], [100, 100, 100]),
      // 1.402 * 10 = 14.02; -0.34414 * 20 - 0.71414 * 10 = -14.02; 1.772 * 20 = 35.44.
      ([100, 148, 138], [114, 86, 135]),
      // -1.402 * 10 = -14.02; 14.02; -35.44.
      ([100, 108, 118], [86, 114, 65]),
      // 1.402 * 127 = 178.05; -0.34414 * -128 - 0.71414 * 127 = -46.65; 1.772 * -128 = -226.8.
      ([100, 0, 255], [255, 53, 0]), ([0, 0, 0], [0, 135, 0]), ([255, 255, 255], [255, 121, 255]),
    ] as [([UInt8], [UInt8])])
  func jfif(values: [UInt8], expected: [UInt8]) { #expect(colour(.jfif, values) == expected) }

  @Test(
    arguments: [
      ([100, 156, 137], [135, 135, 135]),
      // 135.84 + 18.215; 135.84 - 0.194 * 44 - 0.509 * 18 = 118.142; 135.84 + 44.358.
      ([100, 176, 147], [154, 118, 180]),
      // 135.84 - 18.215; 135.84 + 0.194 * 45 + 0.509 * 19 = 154.241; 135.84 - 44.358.
      ([100, 136, 127], [117, 154, 91]),
      ([188, 156, 137], [255, 255, 255]), ([0, 0, 0], [0, 194, 0]),
      ([255, 255, 255], [255, 194, 255]),
    ] as [([UInt8], [UInt8])])
  func photoCD(values: [UInt8], expected: [UInt8]) {
    #expect(colour(.photoCD, values) == expected)
  }

  @Test(
    arguments: [
      ([16, 128, 128], [0, 0, 0]), ([235, 128, 128], [255, 255, 255]),
      // (19077 * 100 >> 8) = 7451; 13074 - 14234 and 16525 - 17685 make -1160, 8708 - 3209 - 6660
      // makes -1161: 6291 / 64 and 6290 / 64.
      ([100, 128, 128], [98, 98, 98]),
      // (26149 * 140 >> 8) = 14300: 7517; (6419 * 110 >> 8) = 2758 and (13320 * 140 >> 8) = 7284:
      // 6117; (33050 * 110 >> 8) = 14201: 3967.
      ([100, 110, 140], [117, 95, 61]),
    ] as [([UInt8], [UInt8])])
  func webP(values: [UInt8], expected: [UInt8]) { #expect(colour(.webP, values) == expected) }

  @Test func theQuotientIsExact() {
    // Photo CD divides by 10000, with a multiplication.
    ColourTransform.photoCD.terms.withPointers { terms in
      for luma in UInt8.min...UInt8.max {
        for chroma in UInt8.min...UInt8.max {
          let (y, b, r) = (Int(luma), Int(chroma) - 156, Int(chroma) - 137)
          let red = Double(13584 * y + 18215 * r) / 10000
          let blue = Double(13584 * y + 22179 * b) / 10000
          #expect(terms.red(luma, chroma) == Int32(min(max(red.rounded(.down), 0), 255)))
          #expect(terms.blue(luma, chroma) == Int32(min(max(blue.rounded(.down), 0), 255)))
        }
      }
    }
  }
}
