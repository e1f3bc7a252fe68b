import Bytes
import Glibc
import ImagePlanes
import PNGFile

/// The bits of a pixel of a plane as a picture.
struct HeatMap {
  /// "all", "red", ...
  let name: String
  /// Bits of the plane.
  let bits: Double
  /// Bits a pixel that have the last colour, and whether some have more.
  let top: Double
  let isCut: Bool
  /// A colour's place is (bits / top)^power: 1, or 1/2 where few pixels take much.
  let power: Double
  /// The picture, a square of the scale each pixel.
  let png: [UInt8]

  /// Of all bits, those that are beyond the last colour.
  private static let shareBeyond = 0.02

  /// The bits of a place on the scale, 0 to 1.
  func bits(at place: Double) -> Double { top * pow(place, 1 / power) }

  /// - Throws: `PNGError`.
  init(_ plane: ReducedPlane, _ scale: Scale, _ colours: HeatColours) throws(PNGError) {
    name = plane.name
    bits = plane.bits
    let pixels = scale.pixels
    let means = zip(plane.squares, pixels).map { $0 / $1 }
    let top = Self.top(means, pixels)
    self.top = Double(top)
    isCut = (means.max() ?? 0) > top * 1.0001
    let costly = means.reduce(0) { $0 + ($1 > top / 10 ? 1 : 0) }
    power = 2 * costly >= means.count ? 1 : 0.5
    var numbers = Plane(width: scale.columns, height: scale.rows)
    if top > 0 {
      for (index, mean) in means.enumerated() {
        let share = min(max(mean / top, 0), 1)
        numbers.samples[index] = UInt8((power == 1 ? share : share.squareRoot()) * 255)
      }
    }
    let palette = PNGChunk(type: Array("PLTE".utf8), data: colours.palette)
    png = try PNGFile.encode(
      Image(PixelFormat(.palette, depth: 8), planes: [numbers]),
      metadata: [palette, .imageDataMark], level: 9)
  }

  /// The least number of bits such that few of all bits are in dearer pixels.
  private static func top(_ means: [Float], _ pixels: [Float]) -> Float {
    let most = means.max() ?? 0
    guard most > 0 else { return 0 }
    // A histogram is near enough.
    var bits = [Double](repeating: 0, count: 1024)
    for (mean, pixels) in zip(means, pixels) {
      bits[min(max(Int(mean / most * 1023), 0), 1023)] += Double(max(mean * pixels, 0))
    }
    let beyond = Self.shareBeyond * bits.reduce(0, +)
    var sum = 0.0
    for entry in bits.indices.reversed() {
      sum += bits[entry]
      if sum > beyond { return most * Float(entry + 1) / 1024 }
    }
    return most
  }
}
