/// A byte of each pixel of an image: `samples` is [row][column], row by row.
public struct Plane: Equatable, Sendable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Values 0...255, `width * height` of them.
  public var samples: [UInt8]

  /// A plane of `value` everywhere; where it may be large, `Memory.check` comes first.
  public init(width: Int, height: Int, repeating value: UInt8 = 0) {
    self.width = max(width, 0)
    self.height = max(height, 0)
    samples = Array(repeating: value, count: self.width * self.height)
  }

  /// Whether there are as many samples as the size says.
  private var isWhole: Bool { samples.count == width * height }

  /// The part of the plane inside `rectangle`; what lies outside the plane is 0.
  ///
  /// Complexity: O(pixels of the part).
  public func crop(_ rectangle: TileRectangle) -> Plane {
    var part = Plane(width: rectangle.width, height: rectangle.height)
    part.copyRows(
      from: self, row: rectangle.row, column: rectangle.column, toRow: 0, column: 0,
      height: rectangle.height, width: rectangle.width)
    return part
  }

  /// Every `scale`-th sample of every `scale`-th row: (i, j) is (`scale` i, `scale` j) of this
  /// plane.
  ///
  /// Complexity: O(pixels of the result).
  public func subsampled(by scale: Int) -> Plane {
    guard scale > 1 else { return self }
    var part = Plane(
      width: Plane.extent(width, by: scale), height: Plane.extent(height, by: scale))
    guard isWhole else { return part }
    for row in 0..<part.height {
      for column in 0..<part.width {
        part.samples[row * part.width + column] = samples[scale * (row * width + column)]
      }
    }
    return part
  }

  /// What `subsampled` makes of a width or height.
  static func extent(_ extent: Int, by scale: Int) -> Int { (extent + scale - 1) / scale }

  /// Puts `plane` with its top left sample at (`row`, `column`); what falls outside is dropped.
  public mutating func paste(_ plane: Plane, row: Int, column: Int) {
    copyRows(
      from: plane, row: 0, column: 0, toRow: row, column: column, height: plane.height,
      width: plane.width)
  }

  /// Copies the part of a `height` x `width` rectangle that lies inside of both planes.
  private mutating func copyRows(
    from source: Plane, row: Int, column: Int, toRow targetRow: Int, column targetColumn: Int,
    height: Int, width: Int
  ) {
    // So that nothing below overflows, wherever the rectangle lies.
    guard source.isWhole, isWhole, height > 0, width > 0,
      min(row, targetRow) > -height, row < source.height, targetRow < self.height,
      min(column, targetColumn) > -width, column < source.width, targetColumn < self.width
    else { return }
    let top = max(0, -row, -targetRow)
    let left = max(0, -column, -targetColumn)
    let bottom = min(height, source.height - row, self.height - targetRow)
    let right = min(width, source.width - column, self.width - targetColumn)
    guard top < bottom, left < right else { return }
    for r in top..<bottom {
      let from = (row + r) * source.width + column
      let to = (targetRow + r) * self.width + targetColumn
      samples.replaceSubrange(
        to + left..<to + right, with: source.samples[from + left..<from + right])
    }
  }
}
