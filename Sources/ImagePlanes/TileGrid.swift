/// A rectangle of pixels.
public struct TileRectangle: Equatable, Sendable {
  /// Its first row and column in the image.
  public let row: Int, column: Int
  /// Its size in pixels.
  public let height: Int, width: Int

  /// The rectangle with its top left pixel at (`row`, `column`).
  public init(row: Int, column: Int, height: Int, width: Int) {
    self.row = row
    self.column = column
    self.height = height
    self.width = width
  }

  /// The pixels that it shares with another one; nil where there are none.
  public func intersection(_ other: TileRectangle) -> TileRectangle? {
    let (top, left) = (max(row, other.row), max(column, other.column))
    let bottom = min(Self.end(row, height), Self.end(other.row, other.height))
    let right = min(Self.end(column, width), Self.end(other.column, other.width))
    guard top < bottom, left < right else { return nil }
    return TileRectangle(row: top, column: left, height: bottom - top, width: right - left)
  }

  /// What is behind some rows or columns, wherever they are.
  private static func end(_ first: Int, _ count: Int) -> Int {
    let (end, overflow) = first.addingReportingOverflow(count)
    return overflow ? .max : end
  }

  /// The smallest rectangle that has the pixels of both, which are those of an image.
  public func union(_ other: TileRectangle) -> TileRectangle {
    let (top, left) = (min(row, other.row), min(column, other.column))
    return TileRectangle(
      row: top, column: left, height: max(row + height, other.row + other.height) - top,
      width: max(column + width, other.column + other.width) - left)
  }
}

/// The tiles of an image in raster order (FORMAT.md, section 1.2).
public struct TileGrid: Equatable, Sendable {
  /// The image's size in pixels.
  public let width: Int, height: Int
  /// The size of all tiles but those at the right and bottom edge, in pixels.
  public let tileWidth: Int, tileHeight: Int

  /// A grid; sizes below 1 count as 1.
  public init(width: Int, height: Int, tileWidth: Int, tileHeight: Int) {
    self.width = max(width, 1)
    self.height = max(height, 1)
    self.tileWidth = max(tileWidth, 1)
    self.tileHeight = max(tileHeight, 1)
  }

  /// The grid with the fewest tiles of at most `limit` x `limit` pixels, all about equally large.
  ///
  /// - Parameters:
  ///   - width: of the image.
  ///   - height: of the image.
  ///   - limit: at least `unit`, or that counts.
  ///   - unit: what the tiles' width and height are a multiple of, even if the image is smaller.
  public init(width: Int, height: Int, limit: Int, multipleOf unit: Int = 1) {
    self.init(
      width: width, height: height, tileWidth: Self.balanced(width, limit: limit, unit),
      tileHeight: Self.balanced(height, limit: limit, unit))
  }

  /// The grid with the fewest tiles that are at most `widthLimit` wide, and then at most
  /// `heightLimit` high and of at most `area` pixels, or one row; all about equally large.
  public init(width: Int, height: Int, widthLimit: Int, heightLimit: Int, area: Int) {
    let tileWidth = Self.balanced(width, limit: widthLimit)
    self.init(
      width: width, height: height, tileWidth: tileWidth,
      tileHeight: Self.balanced(height, limit: min(area / tileWidth, heightLimit)))
  }

  private static func balanced(_ extent: Int, limit: Int, _ unit: Int = 1) -> Int {
    let (extent, unit) = (max(extent, 1), max(unit, 1))
    let limit = max(limit / unit, 1) * unit
    let tiles = (extent - 1) / limit + 1
    return ((extent - 1) / tiles / unit + 1) * unit
  }

  /// Tiles in a row of tiles.
  public var columns: Int { (width - 1) / tileWidth + 1 }
  /// Rows of tiles.
  public var rows: Int { (height - 1) / tileHeight + 1 }
  /// Tiles.
  public var count: Int { rows * columns }

  /// Tile `index` in raster order.
  public subscript(index: Int) -> TileRectangle {
    let row = index / columns * tileHeight
    let column = index % columns * tileWidth
    return TileRectangle(
      row: row, column: column, height: min(tileHeight, height - row),
      width: min(tileWidth, width - column))
  }
}
