/// One colour of an image: `samples` is [row][column], row by row.
public struct Plane: Equatable, Sendable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Values 0...255, `width * height` of them.
  public var samples: [UInt8]

  /// A plane of `value` everywhere.
  public init(width: Int, height: Int, repeating value: UInt8 = 0) {
    self.width = max(width, 0)
    self.height = max(height, 0)
    samples = Array(repeating: value, count: self.width * self.height)
  }
}
