import ImagePlanes
import TestSupport

/// An image whose samples are all told apart by their position, as far as 8 bits can.
func patternImage(width: Int, height: Int, colours: Int = 3) -> Image {
  Image(
    width: width, height: height,
    interleaved: (0..<colours * width * height).map {
      UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 8)
    }, colours: colours)
}

/// A pixel's samples; nil outside of the image.
func pixel(_ image: Image, row: Int, column: Int) -> [UInt8]? {
  guard (0..<image.height).contains(row), (0..<image.width).contains(column) else { return nil }
  return image.planes.map { $0.samples[row * image.width + column] }
}
