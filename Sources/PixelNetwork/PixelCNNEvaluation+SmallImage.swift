import ImagePlanes

extension TileSamples {
  /// Puts the pixels of the small image in their places, as the decoder does before the tile; what falls outside is
  /// dropped.
  ///
  /// - Parameters:
  ///   - image: pixel (i, j) is that of the tile at (`scale` i, `scale` j); of the tile's colours.
  ///   - scale: at least 1.
  public func place(small image: Image, scale: Int) {
    for colour in 0..<min(colours, image.colours) {
      let target = plane(colour)
      for row in 0..<min(image.height, (rows + scale - 1) / scale) {
        for column in 0..<min(image.width, (columns + scale - 1) / scale) {
          target[scale * (row * columns + column)] =
            image.planes[colour].samples[row * image.width + column]
        }
      }
    }
  }
}

extension PixelCNNEvaluation {
  /// Whether a pixel of a diagonal is one of the small image, which is known before the tile and is only recorded.
  @inline(__always)
  public func isKnown(diagonal t: Int, row: Int) -> Bool {
    scale > 1 && (row | diagonals.column(diagonal: t, row: row)) & (scale &- 1) == 0
  }
}
