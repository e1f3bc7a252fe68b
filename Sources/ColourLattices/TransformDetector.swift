import Bytes
import ImagePlanes

/// Finds the transform that an image's colours come from, by some of them.
enum TransformDetector {
  /// Pixels that are looked at, and different colours that are wanted; a power of two.
  private static let most = 8192
  /// The same of the first look, after which most images without a lattice are left alone.
  private static let few = 256
  /// Different colours, less than which do not tell.
  private static let least = 64

  /// The transform that nearly all colours come from; nil if there is none, or too few colours are
  /// there to tell.
  ///
  /// Complexity: a few hundred steps, or some ten thousand, whatever the image's size.
  ///
  /// - Parameter planes: red, green, blue of one size.
  /// - Returns: nil also where the image is too small to tell.
  static func find(_ planes: [Plane]) -> ColourTransform? {
    let some = differentColours(planes, of: few)
    let candidates = ColourTransform.allCases.filter { transform in
      10 * hits(some, transform) >= 9 * some.count
    }
    guard !candidates.isEmpty else { return nil }
    let colours = differentColours(planes, of: most)
    guard colours.count >= least else { return nil }
    var found: ColourTransform?
    var best = 0
    for transform in candidates {
      let hits = hits(colours, transform)
      // Nearly all must hit.
      guard hits > best, 100 * hits >= 97 * colours.count else { continue }
      // Of colours nearby that are not the image's, as many hit by chance.
      let byChance = max(
        self.hits(colours, transform, green: 1), self.hits(colours, transform, green: -1))
      if 10 * byChance <= 7 * colours.count { (best, found) = (hits, transform) }
    }
    return found
  }

  /// How many colours come from a transform, if green is changed.
  private static func hits(
    _ colours: [Colour], _ transform: ColourTransform, green: Int32 = 0
  ) -> Int {
    transform.withInverter { inverter in
      let nowhere = Chroma(first: 0, second: 0)
      var count = 0
      for colour in colours {
        var moved = colour
        moved.green &+= green
        guard moved.isInside else { continue }
        count &+= inverter.preimages(moved, near: nowhere).count > 0 ? 1 : 0
      }
      return count
    }
  }

  /// Colours of up to `draws` pixels all over the image, none twice, none gray, and with no sample
  /// that can have been cut off.
  private static func differentColours(_ planes: [Plane], of draws: Int) -> [Colour] {
    let pixels = planes[0].samples.count
    // A table of what was seen, half empty.
    var seen = [UInt32](repeating: 0, count: 2 * draws)
    let shift = UInt32(32 - (2 * draws).trailingZeroBitCount)
    var colours: [Colour] = []
    return planes.withSamples { red, green, blue in
      for draw in 0..<min(draws, pixels) {
        let place = SplitMix64.mix(UInt64(draw)) % UInt64(pixels)
        let i = pixels <= draws ? draw : Int(truncatingIfNeeded: place)
        let colour = Colour(red: Int32(red[i]), green: Int32(green[i]), blue: Int32(blue[i]))
        guard colour.isInside, colour.red != colour.green || colour.green != colour.blue else {
          continue
        }
        let key = UInt32(red[i]) << 16 | UInt32(green[i]) << 8 | UInt32(blue[i])
        var slot = Int((key &* 0x9E37_79B1) >> shift)
        while seen[slot] != 0, seen[slot] != key { slot = (slot + 1) & (seen.count - 1) }
        guard seen[slot] == 0 else { continue }
        seen[slot] = key
        colours.append(colour)
      }
      return colours
    }
  }
}

extension ColourTransform {
  /// Gives `body` an inverter, which is valid until it returns.
  func withInverter<Result>(_ body: (ColourInverter) -> Result) -> Result {
    let terms = terms
    return terms.withPointers { body(ColourInverter($0, divisor: terms.divisor)) }
  }
}
