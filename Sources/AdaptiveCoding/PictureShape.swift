import ImagePlanes
import TileCoding

/// The planes of a picture whose pixels are coded as colours (FORMAT.md, section 11.1).
struct PictureShape {
  /// How many colours there are if the one plane numbers them, 1 to 256; else 0.
  let colours: Int
  /// Whether the last of several planes is alpha.
  let hasAlpha: Bool
  /// The planes in the order in which a pixel's values are coded: alpha first, green before red.
  let order: [Int]

  /// - Parameters:
  ///   - planes: how many, in the order gray or red, green, blue, then alpha; 1 to 4.
  ///   - hasAlpha: whether the last of several is alpha.
  ///   - colours: how many the one plane numbers; 0 for values.
  init(planes: Int, hasAlpha: Bool, colours: Int) {
    self.colours = colours
    self.hasAlpha = hasAlpha && planes > 1
    let values = planes - (self.hasAlpha ? 1 : 0)
    order =
      (self.hasAlpha ? [planes - 1] : []) + (values == 3 ? [1, 0, 2] : Array(0..<max(values, 0)))
  }

  /// Whether a tile that numbers colours has no number beyond them, as the bits of a damaged stream
  /// may give.
  func numbersAreOfColours(_ tile: Tile) -> Bool {
    guard colours > 0, colours < 256 else { return true }
    let plane = UnsafeBufferPointer(start: tile.plane(0), count: tile.rows * tile.columns)
    return plane.allSatisfy { Int($0) < colours }
  }
}
