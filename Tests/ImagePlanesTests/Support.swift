import ImagePlanes

/// A pixel's samples; nil outside of the image.
func pixel(_ image: Image, row: Int, column: Int) -> [UInt8]? {
  guard (0..<image.height).contains(row), (0..<image.width).contains(column) else { return nil }
  return image.planes.map { $0.samples[row * image.width + column] }
}
