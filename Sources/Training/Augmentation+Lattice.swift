import Bytes
import ImagePlanes

/// What colours of photos a model is trained for.
public enum ColourKind: String, CaseIterable, Sendable {
  /// Those of the files.
  case samples
  /// Luma, which is known, and chroma, as the planes of a colour lattice are (FORMAT.md, section
  /// 1.10).
  case chroma

  /// How many of the planes, from the first on, are known.
  var knownColours: Int { self == .chroma ? 1 : 0 }
}

/// A way to luma and chroma: how they are scaled, and where chroma has its zero.
struct LumaChroma: Sendable {
  /// The factors of luma, of B - Y and of R - Y.
  let luma: Float, blue: Float, red: Float
  /// Added to the two chroma.
  let blueZero: Float, redZero: Float

  /// Of JPEG (JFIF, ITU-T T.871, section 7).
  static let jfif = LumaChroma(
    luma: 1, blue: 1 / 1.772, red: 1 / 1.402, blueZero: 128, redZero: 128)
  /// Of Photo CD, whose luma leaves room above white.
  static let photoCD = LumaChroma(
    luma: 1 / 1.3584, blue: 1 / 2.2179, red: 1 / 1.8215, blueZero: 156, redZero: 137)
}

extension Image {
  /// Luma and chroma of an RGB image, rounded; any other image itself.
  ///
  /// - Parameters:
  ///   - kind: which ones.
  ///   - isHalved: whether of means of 2 x 2 pixels: so large are the planes of chroma at half of
  ///     the size, and luma beside them.
  /// - Returns: the planes, as if they were R, G and B. Complexity: O(pixels).
  func lumaChroma(_ kind: LumaChroma, isHalved: Bool) -> Image {
    guard planes.count == 3 else { return self }
    var floats = FloatPlanes(self)
    if isHalved { floats.halve() }
    floats.toLumaChroma(kind)
    return floats.image
  }

  /// The image as a recipe's model is to see it: if luma and chroma, by chance at half of the size
  /// and in either way.
  ///
  /// - Parameters:
  ///   - kind: which colours.
  ///   - crop: the least side of the result.
  ///   - side: the largest side of the result.
  ///   - generator: of the chances.
  /// - Returns: the planes; all of the image where its samples are asked for.
  func colours(
    _ kind: ColourKind, crop: Int, side: Int, _ generator: inout SplitMix64
  ) -> Image {
    guard kind == .chroma else { return self }
    let isHalved = generator.chance(0.5) && min(width, height) >= 2 * crop
    let most = (isHalved ? 2 : 1) * side
    let part = TileRectangle(
      row: 0, column: 0, height: min(height, most), width: min(width, most))
    let image = mappingPlanes { $0.crop(part) }
    return image.lumaChroma(generator.chance(0.3) ? .photoCD : .jfif, isHalved: isHalved)
  }
}

extension FloatPlanes {
  /// Means of 2 x 2 pixels; an odd row or column at the end is dropped.
  mutating func halve() {
    let (rows, columns, stride) = (height / 2, width / 2, width)
    planes = planes.map { plane in
      var half = [Float](repeating: 0, count: rows * columns)
      plane.withUnsafeBufferPointer { from in
        half.withUnsafeMutableBufferPointer { to in
          for row in 0..<rows {
            for column in 0..<columns {
              let at = 2 * (row &* stride &+ column)
              to[row &* columns &+ column] =
                0.25 * (from[at] + from[at &+ 1] + from[at &+ stride] + from[at &+ stride &+ 1])
            }
          }
        }
      }
      return half
    }
    (height, width) = (rows, columns)
  }

  /// R, G, B to luma and two chroma, not rounded.
  mutating func toLumaChroma(_ kind: LumaChroma) {
    mapPixels { red, green, blue in
      let luma = 0.299 * red + 0.587 * green + 0.114 * blue
      return (
        kind.luma * luma, kind.blue * (blue - luma) + kind.blueZero,
        kind.red * (red - luma) + kind.redZero
      )
    }
  }
}
