/// The code order of a tile (FORMAT.md, section 2): diagonal t holds the pixels with
/// column + shear * row = t.
///
/// A pixel depends on earlier diagonals alone where nothing that is looked at n rows above lies
/// `shear` n or more columns to the right.
public struct CodeOrder: Equatable, Sendable {
  /// The tile's size in pixels.
  public let rows: Int, columns: Int
  /// Columns by which a row lags behind the one above.
  public let shear: Int

  /// The order for a tile of `rows` x `columns` pixels; sizes below 1 count as 1.
  public init(rows: Int, columns: Int, shear: Int) {
    self.rows = max(rows, 1)
    self.columns = max(columns, 1)
    self.shear = max(shear, 1)
  }

  /// How many diagonals there are.
  public var count: Int { columns + shear * (rows - 1) }

  /// The rows that diagonal `t` passes through, in code order; empty outside 0 ..< count.
  public func rowRange(_ t: Int) -> Range<Int> {
    guard t >= 0 && t < count else { return 0..<0 }
    let first = t < columns ? 0 : (t - columns) / shear + 1
    let last = min(t / shear, rows - 1)
    return first..<max(last + 1, first)
  }

  /// How many diagonals, from the first on, it takes to have all pixels of a part.
  ///
  /// - Parameters:
  ///   - part: of the tile, in the image.
  ///   - tile: its place there.
  /// - Returns: 1 to `count`.
  package func diagonals(for part: TileRectangle, of tile: TileRectangle) -> Int {
    let last = (
      row: part.row + part.height - 1 - tile.row,
      column: part.column + part.width - 1 - tile.column
    )
    return min(max(last.column + shear * last.row + 1, 1), count)
  }

  /// The column of the pixel of diagonal `t` in `row`.
  public func column(diagonal t: Int, row: Int) -> Int { t - shear * row }
}
