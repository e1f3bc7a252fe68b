import Glibc

/// A colour map that is even to the eye: lightness grows by equal steps, from a dark blue by red
/// and orange to a light yellow.
///
/// The colours are computed in OKLab (Björn Ottosson, "A perceptual color space for image
/// processing", 2020): a straight line of lightness, a hue that turns once, and as much chroma as
/// sRGB has room for.
struct HeatColours {
  /// 256 colours, of the least value first: red, green, blue.
  let colours: [(red: UInt8, green: UInt8, blue: UInt8)]

  init() { colours = (0..<256).map { Self.colour(Double($0) / 255) } }

  /// The bytes of a PLTE chunk.
  var palette: [UInt8] { colours.flatMap { [$0.red, $0.green, $0.blue] } }

  /// A colour as CSS has it; `share` is 0 to 1.
  func css(_ share: Double) -> String {
    let (red, green, blue) = colours[Int(min(max(share, 0), 1) * 255)]
    return "rgb(\(red),\(green),\(blue))"
  }

  /// A gradient of some of them, for CSS.
  var gradient: String {
    let stops = (0...16).map { css(Double($0) / 16) }
    return "linear-gradient(90deg,\(stops.joined(separator: ",")))"
  }

  private static func colour(_ share: Double) -> (red: UInt8, green: UInt8, blue: UInt8) {
    let lightness = 0.16 + 0.81 * share
    let hue = (275 + 190 * share) * Double.pi / 180
    var chroma = 0.06 + 0.15 * sin(Double.pi * min(max(share * 0.92 + 0.05, 0), 1))
    // Less where sRGB has no such colour.
    while chroma > 0 {
      let linear = linearRGB(lightness, chroma * cos(hue), chroma * sin(hue))
      if linear.allSatisfy({ (-0.0005...1.0005).contains($0) }) { break }
      chroma -= 0.002
    }
    let rgb = linearRGB(lightness, max(chroma, 0) * cos(hue), max(chroma, 0) * sin(hue))
    return (byte(rgb[0]), byte(rgb[1]), byte(rgb[2]))
  }

  /// OKLab to linear sRGB.
  private static func linearRGB(_ lightness: Double, _ a: Double, _ b: Double) -> [Double] {
    let cone = [
      lightness + 0.3963377774 * a + 0.2158037573 * b,
      lightness - 0.1055613458 * a - 0.0638541728 * b,
      lightness - 0.0894841775 * a - 1.2914855480 * b,
    ].map { $0 * $0 * $0 }
    return [
      4.0767416621 * cone[0] - 3.3077115913 * cone[1] + 0.2309699292 * cone[2],
      -1.2684380046 * cone[0] + 2.6097574011 * cone[1] - 0.3413193965 * cone[2],
      -0.0041960863 * cone[0] - 0.7034186147 * cone[1] + 1.7076147010 * cone[2],
    ]
  }

  private static func byte(_ linear: Double) -> UInt8 {
    let x = min(max(linear, 0), 1)
    let encoded = x <= 0.0031308 ? 12.92 * x : 1.055 * pow(x, 1 / 2.4) - 0.055
    return UInt8((255 * encoded).rounded())
  }
}
