import ImagePlanes

// What a part of an image needs of the planes that its colours follow from.
extension ColourLattice {
  /// The cells of chroma that the colours of some pixels follow from.
  ///
  /// Complexity: O(width + height).
  ///
  /// - Parameters:
  ///   - part: pixels of the image, at least one.
  ///   - width: of the image.
  ///   - height: of the image.
  /// - Returns: a rectangle of the chroma planes.
  public func chroma(of part: TileRectangle, width: Int, height: Int) -> TileRectangle {
    let (rows, columns) = taps(width: width, height: height)
    let cells = { (taps: ArraySlice<Tap>) in taps.flatMap { [$0.near, $0.far] } }
    return Self.rectangle(
      rows: cells(rows[part.row..<part.row + part.height]),
      columns: cells(columns[part.column..<part.column + part.width]))
  }

  /// The pixels of luma that the luma of some cells of chroma follows from.
  ///
  /// Complexity: O(width + height).
  ///
  /// - Parameters:
  ///   - cells: of the chroma planes, at least one.
  ///   - width: of the image.
  ///   - height: of the image.
  /// - Returns: a rectangle of the image.
  public func luma(of cells: TileRectangle, width: Int, height: Int) -> TileRectangle {
    let extent = chromaExtent(width: width, height: height)
    let rows = parts(height, cells: extent.height, phase: rowPhase, sampling.halvesHeight)
    let columns = parts(width, cells: extent.width, phase: columnPhase, sampling.halvesWidth)
    return Self.rectangle(
      rows: rows[cells.row..<cells.row + cells.height].flatMap { $0.map(\.index) },
      columns: columns[cells.column..<cells.column + cells.width].flatMap { $0.map(\.index) })
  }

  /// The rectangle that has these rows and columns.
  private static func rectangle(rows: [Int], columns: [Int]) -> TileRectangle {
    let (top, left) = (rows.min() ?? 0, columns.min() ?? 0)
    return TileRectangle(
      row: top, column: left, height: (rows.max() ?? top) - top + 1,
      width: (columns.max() ?? left) - left + 1)
  }
}
