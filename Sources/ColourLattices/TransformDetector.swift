import Bytes
import ImagePlanes

/// Finds the transform that an image's colours come from, by some of them.
enum TransformDetector {
  /// Pixels that are looked at.
  private static let draws = 8192
  /// Different colours that are wanted.
  private static let most = 4096, least = 64
  /// Of how many colours the first look is.
  private static let few = 256

  /// The transform that nearly all colours come from; nil if there is none, or too few colours are
  /// there to tell.
  ///
  /// Complexity: a few thousand steps, whatever the image's size.
  ///
  /// - Parameter planes: red, green, blue of one size.
  /// - Returns: nil also where the image is too small to tell.
  static func find(_ planes: [Plane]) -> ColourTransform? {
    let colours = differentColours(planes)
    guard colours.count >= least else { return nil }
    var found: ColourTransform?
    var most = 0
    for transform in ColourTransform.allCases {
      let hits = hits(colours, transform)
      if hits > most { (most, found) = (hits, transform) }
    }
    return found
  }

  /// How many colours come from a transform; 0 if they are not nearly all, or by chance.
  private static func hits(_ colours: [Colour], _ transform: ColourTransform) -> Int {
    transform.withInverter { inverter in
      let nowhere = Chroma(first: 0, second: 0)
      func hits(_ colours: ArraySlice<Colour>, green: Int32) -> Int {
        var count = 0
        for colour in colours {
          let moved = Colour(
            red: colour.red, green: colour.green &+ green, blue: colour.blue)
          guard moved.isInside else { continue }
          count += inverter.preimages(moved, near: nowhere).count > 0 ? 1 : 0
        }
        return count
      }
      let some = colours.prefix(few)
      guard 10 * hits(some, green: 0) >= 9 * some.count else { return 0 }
      let all = hits(colours[...], green: 0)
      guard 100 * all >= 97 * colours.count else { return 0 }
      // Of colours nearby that are not the image's, as many would hit by chance.
      let byChance = max(hits(colours[...], green: 1), hits(colours[...], green: -1))
      return 10 * byChance <= 7 * colours.count ? all : 0
    }
  }

  /// Colours of pixels all over the image, none twice, none gray and no sample 0 or 255.
  private static func differentColours(_ planes: [Plane]) -> [Colour] {
    let pixels = planes[0].samples.count
    guard pixels >= least else { return [] }
    var seen = [UInt32](repeating: 0, count: 2 * draws)
    var colours: [Colour] = []
    colours.reserveCapacity(min(most, pixels))
    return planes.withSamples { red, green, blue in
      for draw in 0..<min(draws, pixels) where colours.count < most {
        let place = SplitMix64.mix(UInt64(draw)) % UInt64(pixels)
        let i = pixels <= draws ? draw : Int(truncatingIfNeeded: place)
        let colour = Colour(red: Int32(red[i]), green: Int32(green[i]), blue: Int32(blue[i]))
        guard colour.isInside, colour.red != colour.green || colour.green != colour.blue else {
          continue
        }
        let key = UInt32(red[i]) << 16 | UInt32(green[i]) << 8 | UInt32(blue[i])
        var slot = Int((key &* 0x9E37_79B1) >> 18) & (seen.count - 1)
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
