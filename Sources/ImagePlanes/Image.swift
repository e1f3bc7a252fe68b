/// An 8-bit image as planes of one size: R, G, B.
public struct Image: Equatable, Sendable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// R, G and B, each [row][column].
  public var planes: [Plane]

  /// A black image.
  public init(width: Int, height: Int) {
    self.width = max(width, 0)
    self.height = max(height, 0)
    planes = Array(repeating: Plane(width: width, height: height), count: 3)
  }

  /// From samples R G B R G B ..., row by row: [row][column][colour].
  ///
  /// Samples that are missing at the end read as 0, surplus ones are ignored. Complexity: O(pixels).
  public init(width: Int, height: Int, interleaved: [UInt8]) {
    self.init(width: width, height: height)
    let count = min(interleaved.count / 3, self.width * self.height)
    interleaved.withUnsafeBufferPointer { source in
      for colour in 0..<3 {
        planes[colour].samples.withUnsafeMutableBufferPointer { plane in
          for i in 0..<count { plane[i] = source[3 &* i &+ colour] }
        }
      }
    }
  }

  /// The samples as R G B R G B ..., row by row: [row][column][colour]. Complexity: O(pixels).
  public var interleaved: [UInt8] {
    let count = width * height
    return [UInt8](unsafeUninitializedCapacity: 3 * count) { target, initialized in
      for colour in 0..<3 {
        planes[colour].samples.withUnsafeBufferPointer { plane in
          for i in 0..<count { target[3 &* i &+ colour] = plane[i] }
        }
      }
      initialized = 3 * count
    }
  }

  /// The part of the image inside `rectangle`; what lies outside the image is black.
  public func crop(_ rectangle: TileRectangle) -> Image {
    var result = Image(width: rectangle.width, height: rectangle.height)
    for colour in 0..<3 {
      copyRows(
        from: planes[colour], row: rectangle.row, column: rectangle.column,
        to: &result.planes[colour], row: 0, column: 0, height: rectangle.height,
        width: rectangle.width)
    }
    return result
  }

  /// Puts `image` with its top left pixel at (`row`, `column`); what falls outside is dropped.
  public mutating func paste(_ image: Image, row: Int, column: Int) {
    for colour in 0..<3 {
      copyRows(
        from: image.planes[colour], row: 0, column: 0, to: &planes[colour], row: row,
        column: column, height: image.height, width: image.width)
    }
  }

  /// Copies the part of a `height` x `width` rectangle that lies inside of both planes.
  private func copyRows(
    from source: Plane, row: Int, column: Int, to target: inout Plane, row targetRow: Int,
    column targetColumn: Int, height: Int, width: Int
  ) {
    let top = max(0, -row, -targetRow)
    let left = max(0, -column, -targetColumn)
    let bottom = min(height, source.height - row, target.height - targetRow)
    let right = min(width, source.width - column, target.width - targetColumn)
    guard top < bottom, left < right else { return }
    for r in top..<bottom {
      let from = (row + r) * source.width + column
      let to = (targetRow + r) * target.width + targetColumn
      target.samples.replaceSubrange(
        to + left..<to + right, with: source.samples[from + left..<from + right])
    }
  }
}
