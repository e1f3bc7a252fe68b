/// An image of values of at most 8 bits, as planes of one size: R, G, B, or gray alone.
public struct Image: Equatable, Sendable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// R, G and B, or gray, each [row][column].
  public var planes: [Plane]

  /// Samples of a pixel: 3, or 1 of a gray image.
  public var colours: Int { planes.count }

  /// A black image of 3 colours, or 1; a number below 2 counts as 1, any other as 3.
  public init(width: Int, height: Int, colours: Int = 3) {
    self.width = max(width, 0)
    self.height = max(height, 0)
    planes = Array(repeating: Plane(width: width, height: height), count: colours < 2 ? 1 : 3)
  }

  /// From samples R G B R G B ..., or those of gray, row by row: [row][column][colour].
  ///
  /// Pixels that are not whole at the end read as 0, surplus samples are ignored. Complexity: O(pixels).
  public init(width: Int, height: Int, interleaved: [UInt8], colours: Int = 3) {
    self.init(width: width, height: height, colours: colours)
    let colours = self.colours
    let count = min(interleaved.count / colours, self.width * self.height)
    interleaved.withUnsafeBufferPointer { source in
      for colour in 0..<colours {
        planes[colour].samples.withUnsafeMutableBufferPointer { plane in
          for i in 0..<count { plane[i] = source[colours &* i &+ colour] }
        }
      }
    }
  }

  /// The samples as R G B R G B ..., or those of gray, row by row: [row][column][colour].
  ///
  /// Samples that a plane lacks read as 0. Complexity: O(pixels).
  public var interleaved: [UInt8] {
    let count = width * height
    let colours = colours
    if colours == 1, planes[0].samples.count == count { return planes[0].samples }
    var result = [UInt8](repeating: 0, count: colours * count)
    result.withUnsafeMutableBufferPointer { target in
      for colour in 0..<colours {
        planes[colour].samples.withUnsafeBufferPointer { plane in
          for i in 0..<min(count, plane.count) { target[colours &* i &+ colour] = plane[i] }
        }
      }
    }
    return result
  }

  /// The part of the image inside `rectangle`; what lies outside the image is black.
  public func crop(_ rectangle: TileRectangle) -> Image {
    var result = Image(width: rectangle.width, height: rectangle.height, colours: 1)
    result.planes = planes.map { plane in
      var part = Plane(width: rectangle.width, height: rectangle.height)
      Image.copyRows(
        from: plane, row: rectangle.row, column: rectangle.column, to: &part, row: 0, column: 0,
        height: rectangle.height, width: rectangle.width)
      return part
    }
    return result
  }

  /// Every `scale`-th pixel of every `scale`-th row: pixel (i, j) is (`scale` i, `scale` j) of this image.
  ///
  /// Complexity: O(pixels of the result).
  public func subsampled(by scale: Int) -> Image {
    guard scale > 1 else { return self }
    let (width, height) = ((width + scale - 1) / scale, (height + scale - 1) / scale)
    var result = Image(width: width, height: height, colours: 1)
    result.planes = planes.map { plane in
      var part = Plane(width: width, height: height)
      guard plane.isWhole else { return part }
      for row in 0..<height {
        for column in 0..<width {
          part.samples[row * width + column] =
            plane.samples[scale * (row * plane.width + column)]
        }
      }
      return part
    }
    return result
  }

  /// Puts `image` with its top left pixel at (`row`, `column`); what falls outside is dropped.
  ///
  /// Both should have the same colours; planes that only one of them has are left alone.
  public mutating func paste(_ image: Image, row: Int, column: Int) {
    for colour in 0..<min(colours, image.colours) {
      Image.copyRows(
        from: image.planes[colour], row: 0, column: 0, to: &planes[colour], row: row,
        column: column, height: image.height, width: image.width)
    }
  }

  /// Copies the part of a `height` x `width` rectangle that lies inside of both planes.
  private static func copyRows(
    from source: Plane, row: Int, column: Int, to target: inout Plane, row targetRow: Int,
    column targetColumn: Int, height: Int, width: Int
  ) {
    // So that nothing below overflows, wherever the rectangle lies.
    guard source.isWhole, target.isWhole, height > 0, width > 0,
      min(row, targetRow) > -height, row < source.height, targetRow < target.height,
      min(column, targetColumn) > -width, column < source.width, targetColumn < target.width
    else { return }
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

extension Plane {
  /// Whether it has as many samples as its size says.
  fileprivate var isWhole: Bool { samples.count == width * height }
}
