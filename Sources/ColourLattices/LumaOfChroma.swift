import ImagePlanes

// Luma in the size of chroma, which a network sees beside it.
extension ColourLattice {
  /// Luma at each cell of chroma: the mean of the pixels under it, rounded (FORMAT.md, section
  /// 1.10). Pixels that the image lacks are those of its edge.
  ///
  /// Memory: a plane of chroma, which the caller asks for. Complexity: O(pixels).
  ///
  /// - Parameter luma: of the image.
  /// - Returns: a plane of chroma's extent.
  public func lumaOfChroma(_ luma: Plane) -> Plane {
    guard sampling != .full, luma.samples.count == luma.width * luma.height else { return luma }
    let extent = chromaExtent(width: luma.width, height: luma.height)
    var plane = Plane(width: extent.width, height: extent.height)
    guard luma.width > 0, luma.height > 0 else { return plane }
    let rows = parts(luma.height, cells: extent.height, phase: rowPhase, sampling.halvesHeight)
    let columns = parts(luma.width, cells: extent.width, phase: columnPhase, sampling.halvesWidth)
    let shift = sampling == .photoCD ? 4 : sampling.halvesHeight ? 2 : 1
    let (width, half) = (luma.width, 1 << (shift - 1))
    // All cells have as many columns under them: cell j has those from `across` * j on.
    let across = columns[0].count
    let under = columns.flatMap { $0 }
    // The weighted sum of a cell's rows, for each column.
    var sums = [Int](repeating: 0, count: width)
    luma.samples.withUnsafeBufferPointer { luma in
      plane.samples.withUnsafeMutableBufferPointer { cells in
        for (i, row) in rows.enumerated() {
          for column in 0..<width { sums[column] = 0 }
          for (r, weight) in row {
            let start = r &* width
            for column in 0..<width { sums[column] &+= weight &* Int(luma[start &+ column]) }
          }
          for j in 0..<extent.width {
            var sum = half
            for k in 0..<across {
              let (column, weight) = under[across &* j &+ k]
              sum &+= weight &* sums[column]
            }
            cells[i &* extent.width &+ j] = UInt8(truncatingIfNeeded: sum >> shift)
          }
        }
      }
    }
    return plane
  }

  /// Of each cell along an axis: the pixels under it, inside of the image, and their weights.
  func parts(
    _ extent: Int, cells: Int, phase: Int, _ halves: Bool
  ) -> [[(index: Int, weight: Int)]] {
    (0..<cells).map { cell in
      let pixels: [(Int, Int)]
      if !halves {
        pixels = [(cell, 1)]
      } else if sampling == .photoCD {
        pixels = [-1, 0, 1].map { (2 * cell + phase + $0, $0 == 0 ? 2 : 1) }
      } else {
        pixels = [0, 1].map { (2 * cell - phase + $0, 1) }
      }
      return pixels.map { (min(max($0.0, 0), extent - 1), $0.1) }
    }
  }
}
