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

  /// The image enlarged by `scale` (cubic convolution, Keys 1981, doi:10.1109/TASSP.1981.1163711, a = -1/2),
  /// cut to at most `height` x `width`.
  func enlarged(by scale: Float, height: Int, width: Int) -> Image {
    func kernel(_ fraction: Float) -> (Float, Float, Float, Float) {
      let t = fraction
      return (
        ((-t + 2) * t - 1) * t / 2, ((3 * t - 5) * t * t + 2) / 2,
        ((-3 * t + 4) * t + 1) * t / 2, (t - 1) * t * t / 2
      )
    }
    var result = Image(
      width: min(width, Int(Float(self.width) * scale)),
      height: min(height, Int(Float(self.height) * scale)), colours: colours)
    let sourceWidth = self.width
    let sourceHeight = self.height
    let newWidth = result.width
    for colour in 0..<colours {
      planes[colour].samples.withUnsafeBufferPointer { source in
        result.planes[colour].samples.withUnsafeMutableBufferPointer { out in
          var rows = [Float](repeating: 0, count: sourceHeight * newWidth)
          for x in 0..<newWidth {
            let position = Float(x) / scale
            let left = Int(position)
            let k = kernel(position - Float(left))
            for y in 0..<sourceHeight {
              func at(_ c: Int) -> Float {
                Float(source[y * sourceWidth + min(max(c, 0), sourceWidth - 1)])
              }
              rows[y * newWidth + x] =
                k.0 * at(left - 1) + k.1 * at(left) + k.2 * at(left + 1) + k.3 * at(left + 2)
            }
          }
          for y in 0..<out.count / max(newWidth, 1) {
            let position = Float(y) / scale
            let top = Int(position)
            let k = kernel(position - Float(top))
            for x in 0..<newWidth {
              func at(_ r: Int) -> Float {
                rows[min(max(r, 0), sourceHeight - 1) * newWidth + x]
              }
              let value =
                k.0 * at(top - 1) + k.1 * at(top) + k.2 * at(top + 1) + k.3 * at(top + 2)
              out[y * newWidth + x] = UInt8(min(max(value.rounded(), 0), 255))
            }
          }
        }
      }
    }
    return result
  }
}
