import ImagePlanes

extension Image {
  private func mapped(
    width newWidth: Int, height newHeight: Int, _ source: (Int, Int) -> (Int, Int)
  ) -> Image {
    var result = Image(width: newWidth, height: newHeight, colours: colours)
    for colour in 0..<colours {
      for r in 0..<newHeight {
        for c in 0..<newWidth {
          let (y, x) = source(r, c)
          result.planes[colour].samples[r * newWidth + c] = planes[colour].samples[y * width + x]
        }
      }
    }
    return result
  }

  /// Left and right exchanged.
  var mirrored: Image { mapped(width: width, height: height) { ($0, width - 1 - $1) } }
  /// Top and bottom exchanged.
  var flipped: Image { mapped(width: width, height: height) { (height - 1 - $0, $1) } }
  /// Rows and columns exchanged.
  var transposed: Image { mapped(width: height, height: width) { ($1, $0) } }
}
