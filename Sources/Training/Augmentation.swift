import ImagePlanes

extension Image {
  private func mapped(
    width newWidth: Int, height newHeight: Int, _ source: (Int, Int) -> (Int, Int)
  ) -> Image {
    mappingPlanes { plane in
      var result = Plane(width: newWidth, height: newHeight)
      for r in 0..<newHeight {
        for c in 0..<newWidth {
          let (y, x) = source(r, c)
          result.samples[r * newWidth + c] = plane.samples[y * width + x]
        }
      }
      return result
    }
  }

  /// The image with other planes; a part of it, say, that is small.
  func mappingPlanes(_ change: (Plane) -> Plane) -> Image {
    Image(format, planes: planes.map(change))
  }

  /// Left and right exchanged.
  var mirrored: Image { mapped(width: width, height: height) { ($0, width - 1 - $1) } }
  /// Top and bottom exchanged.
  var flipped: Image { mapped(width: width, height: height) { (height - 1 - $0, $1) } }
  /// Rows and columns exchanged.
  var transposed: Image { mapped(width: height, height: width) { ($1, $0) } }
}
