import ImagePlanes

/// The rows of a PNG's image data, pass by pass: each a filter type and the bytes of its pixels.
struct RowLayout {
  let passes: [Pass]
  let format: PixelFormat

  /// The rows of an image of this size.
  init(width: Int, height: Int, format: PixelFormat, isInterlaced: Bool) {
    passes = Pass.all(width: width, height: height, isInterlaced: isInterlaced)
    self.format = format
  }

  /// Bytes of a pixel, at least 1: how far filters look to the left.
  var step: Int { max(1, format.channels.count * format.depth / 8) }

  /// Rows of all passes.
  var rowCount: Int { passes.reduce(0) { $0 + $1.height } }

  /// Bytes of all rows, with the filter types.
  var size: Int { passes.reduce(0) { $0 + $1.height * (1 + rowBytes($1)) } }

  /// Bytes of the longest row, without the filter type.
  var longestRow: Int { passes.reduce(0) { max($0, rowBytes($1)) } }

  /// Bytes of a row of a pass, without the filter type.
  func rowBytes(_ pass: Pass) -> Int { format.pngRowBytes(width: pass.width) }

  /// The bits of the last byte of a row that have no pixel.
  func padding(_ pass: Pass) -> UInt8 {
    let bits = format.channels.count * format.depth * pass.width
    return UInt8(1 << ((8 - bits % 8) % 8) - 1)
  }
}
