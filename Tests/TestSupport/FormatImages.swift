import Bytes
import ImagePlanes

/// What the samples of an image of any format are like.
package enum SampleKind: String, CaseIterable, Sendable {
  /// One colour.
  case flat
  /// Few colours in rectangles.
  case graphics
  /// Slopes in all channels.
  case gradient
  /// Each sample for itself.
  case random
  /// Slopes in colours that are equal; both bytes of samples of 16 bits are the same.
  case equal
}

extension PixelFormat {
  /// Every format that PNG has.
  package static let ofPNG: [PixelFormat] =
    [1, 2, 4, 8, 16].map { PixelFormat(.gray, depth: $0) }
    + [1, 2, 4, 8].map { PixelFormat(.palette, depth: $0) }
    + [Channels.grayAlpha, .rgb, .rgba].flatMap { channels in
      [8, 16].map { PixelFormat(channels, depth: $0) }
    }
}

/// An image of any format: the same in every run.
package func formatImage(
  _ format: PixelFormat, _ kind: SampleKind, width: Int, height: Int, seed: UInt64 = 1
) -> Image {
  var generator = SplitMix64(seed: seed)
  let most = 1 << format.depth - 1
  let samples = (0..<format.channels.count).map { channel in
    (0..<width * height).map { index -> Int in
      let (row, column) = (index / width, index % width)
      switch kind {
      case .flat: return most * (channel + 1) / 5
      case .graphics:
        let isAlpha = channel > 0 && channel == format.channels.count - 1
        let area = (row / 4 + 2 * (column / 5)) % 5
        return isAlpha && area == 0 ? 0 : (area * 37 + channel * 11) % (most + 1)
      case .gradient: return (row * (channel + 1) * 5 + column * 3 + channel * 20) % (most + 1)
      case .random: return Int(generator.next() % UInt64(most + 1))
      case .equal:
        let value = (row * 4 + column * 7) % (min(most, 255) + 1)
        return format.depth == 16 ? 257 * value : value
      }
    }
  }
  let planes = samples.flatMap { samples in
    (0..<(format.depth > 8 ? 2 : 1)).map { byte -> Plane in
      var plane = Plane(width: width, height: height)
      let shift = format.depth > 8 ? 8 - 8 * byte : 0
      plane.samples = samples.map { UInt8(truncatingIfNeeded: $0 >> shift) }
      return plane
    }
  }
  return Image(format, planes: planes)
}
