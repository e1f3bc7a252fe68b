import ImagePlanes

/// One of the seven reduced images of Adam7 (ISO/IEC 15948, section 8.2), or the whole image.
///
/// Pixel (i, j) of the pass is (`firstRow` + `rowStep` i, `firstColumn` + `columnStep` j) of the
/// image.
struct Pass: Equatable, Sendable {
  let firstRow: Int
  let rowStep: Int
  let firstColumn: Int
  let columnStep: Int
  /// Columns of the pass, 1 or more.
  let width: Int
  /// Rows of the pass, 1 or more.
  let height: Int

  /// First row, step of rows, first column, step of columns.
  private static let adam7 = [
    (0, 8, 0, 8), (0, 8, 4, 8), (4, 8, 0, 4), (0, 4, 2, 4), (2, 4, 0, 2), (0, 2, 1, 2),
    (1, 2, 0, 1),
  ]

  /// The passes of an image in the order of its file, without those that have no pixels.
  ///
  /// - Parameters:
  ///   - width: columns of the image, 1 or more.
  ///   - height: rows of the image, 1 or more.
  ///   - isInterlaced: whether there is more than one.
  /// - Returns: one to seven passes.
  static func all(width: Int, height: Int, isInterlaced: Bool) -> [Pass] {
    (isInterlaced ? adam7 : [(0, 1, 0, 1)]).compactMap { row, rowStep, column, columnStep in
      guard row < height, column < width else { return nil }
      return Pass(
        firstRow: row, rowStep: rowStep, firstColumn: column, columnStep: columnStep,
        width: (width - column - 1) / columnStep + 1, height: (height - row - 1) / rowStep + 1)
    }
  }
}

extension Image {
  /// Puts the bytes of a row of a pass, [column][plane], into `target`.
  ///
  /// Samples that the image lacks are 0. Complexity: O(bytes).
  ///
  /// - Parameters:
  ///   - row: of the pass.
  ///   - pass: of this image.
  ///   - target: of `planes.count` bytes for each column of the pass, at least.
  func copyRow(_ row: Int, of pass: Pass, to target: UnsafeMutableBufferPointer<UInt8>) {
    let first = (pass.firstRow + pass.rowStep * row) * width + pass.firstColumn
    let planeCount = planes.count
    for k in 0..<planeCount {
      planes[k].samples.withUnsafeBufferPointer { source in
        let last = min(source.count, width * height) - 1
        let known = first > last ? 0 : min(pass.width, (last - first) / pass.columnStep + 1)
        for i in 0..<known {
          target[planeCount &* i &+ k] = source[first &+ pass.columnStep &* i]
        }
        for i in known..<pass.width { target[planeCount &* i &+ k] = 0 }
      }
    }
  }

  /// Sets the pixels of a row of a pass from their bytes, [column][plane].
  ///
  /// Complexity: O(bytes).
  mutating func setRow(_ row: Int, of pass: Pass, _ bytes: UnsafeMutableBufferPointer<UInt8>) {
    let first = (pass.firstRow + pass.rowStep * row) * width + pass.firstColumn
    let planeCount = planes.count
    for k in 0..<planeCount {
      planes[k].samples.withUnsafeMutableBufferPointer { target in
        for i in 0..<pass.width {
          let index = first + pass.columnStep * i
          if index < target.count { target[index] = bytes[planeCount * i + k] }
        }
      }
    }
  }
}
