/// Activations by diagonals: a ring of the last `depth` ones, [diagonal mod depth][row][channel].
///
/// Pixel (row, column) lies on diagonal t = column + shear * row. Its neighbour at (row + dr,
/// column + dc) lies on diagonal t + shear * dr + dc: for the rows of one diagonal, the cells of
/// any neighbour are consecutive. (The skewed storage of van den Oord et al. 2016, section 3.1,
/// with a larger shear.)
///
/// What lies outside of the tile must read as zero. The cells of a diagonal that are 1 to reach
/// columns outside are those of the reach / shear rows (rounded up) before the first valid one
/// (right of the tile) and as many behind the last (left of it). `clearBorders` zeroes these; rows
/// above the tile are the padding, which nothing writes, and so are diagonals before the first.
///
/// Where the code order goes row by row, a diagonal has one pixel or none, and such a plane one
/// cell for it, whatever its row. The empty diagonals between two rows are what lies beside them;
/// `clearBorders` zeroes these. While `depth` is a multiple of the shear, the cells of a row are
/// consecutive.
///
/// Plain memory, which belongs to somebody else, so that threads running it count no references.
struct SkewedPlane {
  /// A plane's geometry.
  struct Shape: Equatable, Sendable {
    /// Diagonals kept.
    let depth: Int
    /// Channels from cell to cell: even, so that pairs can be read.
    let cellStride: Int
    let diagonalStride: Int
    let padding: Int
    /// Rows on either side of the valid ones that are looked at.
    let border: Int
    /// From row to row: 0 if a diagonal has one cell.
    let rowStride: Int

    /// - Parameters:
    ///   - depth: diagonals that must be readable at the same time; at least 1.
    ///   - rows: of the tile.
    ///   - channels: of a cell.
    ///   - reach: rows above, and columns on either side, that are looked at.
    ///   - shear: of the code order.
    init(depth: Int, rows: Int, channels: Int, reach: Int, shear: Int) {
      self.depth = depth
      cellStride = (channels + 1) & ~1
      border = max((reach + shear - 1) / shear, 1)
      padding = max(reach, border)
      rowStride = cellStride
      diagonalStride = (rows + padding + border) * cellStride
    }

    /// One cell for each diagonal.
    init(depth: Int, channels: Int) {
      self.depth = depth
      cellStride = (channels + 1) & ~1
      padding = 0
      border = 0
      rowStride = 0
      diagonalStride = cellStride
    }

    /// Integers of 16 bits that the plane takes.
    var count: Int { depth * diagonalStride }
  }

  private let base: UnsafeMutablePointer<Int16>
  private let shape: Shape

  /// - Parameters:
  ///   - base: `shape.count` zeros.
  ///   - shape: its geometry.
  init(at base: UnsafeMutablePointer<Int16>, _ shape: Shape) {
    self.base = base
    self.shape = shape
  }

  /// Channels from cell to cell.
  var cellStride: Int { shape.cellStride }
  /// Diagonals kept.
  var depth: Int { shape.depth }

  /// The first channel of the cell in `row` (-reach ... rows, or as many below as are looked at) of
  /// `diagonal` (-depth or more).
  @inline(__always)
  func cell(diagonal: Int, row: Int) -> UnsafeMutablePointer<Int16> {
    let slot = (diagonal &+ shape.depth) % shape.depth
    return base + (slot &* shape.diagonalStride &+ (row &+ shape.padding) &* shape.rowStride)
  }

  /// Zeroes the cells of `diagonal` next to its valid rows, of which there may be none.
  func clearBorders(diagonal: Int, rows: Range<Int>) {
    guard shape.rowStride > 0 else {
      if rows.isEmpty {
        cell(diagonal: diagonal, row: 0).update(repeating: 0, count: cellStride)
      }
      return
    }
    let count = shape.border &* cellStride
    cell(diagonal: diagonal, row: rows.lowerBound &- shape.border)
      .update(repeating: 0, count: count)
    cell(diagonal: diagonal, row: rows.upperBound).update(repeating: 0, count: count)
  }

  /// Writes all channels of a cell.
  func set(_ channels: [Int16], diagonal: Int, row: Int) {
    let cell = cell(diagonal: diagonal, row: row)
    for (channel, value) in channels.prefix(cellStride).enumerated() { cell[channel] = value }
  }
}
