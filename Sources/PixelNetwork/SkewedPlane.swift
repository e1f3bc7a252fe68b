/// Activations by diagonals: a ring of the last `depth` ones, [diagonal mod depth][row][channel].
///
/// Pixel (row, column) lies on diagonal t = column + shear * row. Its neighbour at (row + dr, column + dc)
/// lies on diagonal t + shear * dr + dc: for the rows of one diagonal, the cells of any neighbour are
/// consecutive. (The skewed storage of van den Oord et al. 2016, section 3.1, with a larger shear.)
///
/// What lies outside of the tile must read as zero. The cells of a diagonal that are 1 to reach columns outside are those
/// of the reach / shear rows (rounded up) before the first valid one (right of the tile) and as many behind the last (left of it).
/// `clearBorders` zeroes these; rows above the tile are the padding, which nothing writes, and so are diagonals before the first.
///
/// Where the code order goes row by row, a diagonal has one pixel or none, and such a plane one cell for it, whatever its row. The
/// empty diagonals between two rows are what lies beside them; `clearBorders` zeroes these. While `depth` is a multiple of
/// the shear, the cells of a row are consecutive.
struct SkewedPlane {
  /// Channels from cell to cell: even, so that pairs can be read.
  let cellStride: Int
  /// Diagonals kept.
  let depth: Int
  private let base: UnsafeMutablePointer<Int16>
  private let diagonalStride: Int
  private let padding: Int
  /// Rows on either side of the valid ones that are looked at.
  private let border: Int
  /// From row to row: 0 if a diagonal has one cell.
  private let rowStride: Int

  /// A plane of zeros, to be freed by `deallocate()`.
  ///
  /// - Parameters:
  ///   - depth: diagonals that must be readable at the same time; at least 1.
  ///   - rows: of the tile.
  ///   - channels: of a cell.
  ///   - reach: rows above, and columns on either side, that are looked at.
  ///   - shear: of the code order.
  init(depth: Int, rows: Int, channels: Int, reach: Int, shear: Int) {
    self.depth = depth
    cellStride = (channels + 1) & ~1
    border = Self.border(reach: reach, shear: shear)
    padding = max(reach, border)
    rowStride = cellStride
    diagonalStride = (rows + padding + border) * cellStride
    base = UnsafeMutablePointer.allocate(capacity: depth * diagonalStride)
    base.initialize(repeating: 0, count: depth * diagonalStride)
  }

  /// A plane of zeros with one cell for each diagonal.
  init(depth: Int, channels: Int) {
    self.depth = depth
    cellStride = (channels + 1) & ~1
    padding = 0
    border = 0
    rowStride = 0
    diagonalStride = cellStride
    base = UnsafeMutablePointer.allocate(capacity: depth * cellStride)
    base.initialize(repeating: 0, count: depth * cellStride)
  }

  /// Bytes that a plane of one cell for each diagonal takes.
  static func memory(depth: Int, channels: Int) -> Int { 2 * depth * (channels + 1) }

  /// Bytes that a plane with rows takes.
  static func memory(depth: Int, rows: Int, channels: Int, reach: Int, shear: Int) -> Int {
    let border = border(reach: reach, shear: shear)
    return 2 * depth * (rows + max(reach, border) + border) * (channels + 1)
  }

  private static func border(reach: Int, shear: Int) -> Int { max((reach + shear - 1) / shear, 1) }

  func deallocate() { base.deallocate() }

  /// Bytes that this one takes.
  var bytes: Int { 2 * depth * diagonalStride }

  /// The first channel of the cell in `row` (-reach ... rows, or as many below as are looked at) of `diagonal` (-depth or more).
  @inline(__always)
  func cell(diagonal: Int, row: Int) -> UnsafeMutablePointer<Int16> {
    let slot = (diagonal &+ depth) % depth
    return base + (slot &* diagonalStride &+ (row &+ padding) &* rowStride)
  }

  /// Zeroes the cells of `diagonal` next to its valid rows, of which there may be none.
  func clearBorders(diagonal: Int, rows: Range<Int>) {
    guard rowStride > 0 else {
      if rows.isEmpty { clear(diagonal: diagonal) }
      return
    }
    let count = border &* cellStride
    cell(diagonal: diagonal, row: rows.lowerBound &- border).update(repeating: 0, count: count)
    cell(diagonal: diagonal, row: rows.upperBound).update(repeating: 0, count: count)
  }

  private func clear(diagonal: Int) {
    cell(diagonal: diagonal, row: 0).update(repeating: 0, count: cellStride)
  }

  /// Writes all channels of a cell.
  func set(_ channels: [Int16], diagonal: Int, row: Int) {
    let cell = cell(diagonal: diagonal, row: row)
    for (channel, value) in channels.prefix(cellStride).enumerated() { cell[channel] = value }
  }
}
