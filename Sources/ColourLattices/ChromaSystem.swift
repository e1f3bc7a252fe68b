/// Equations along one axis: what each pixel has is a weighted mean of two cells. They are solved
/// for the cells with the least sum of squares.
///
/// The normal equations have three diagonals; the matrix is factored once for all rows or columns.
struct ChromaSystem {
  /// Which cells each pixel has.
  let taps: [Tap]
  /// Cells.
  let count: Int
  /// The elimination: what is taken of the cell before, and what a cell's remainder is multiplied
  /// with.
  private var lower: [Float], inverse: [Float]
  /// What is taken of the cell behind.
  private var upper: [Float]

  init(_ taps: [Tap], cells: Int) {
    self.taps = taps
    count = cells
    var diagonal = [Float](repeating: 0, count: cells)
    var beside = diagonal
    for tap in taps {
      let (near, far) = Self.weights(tap)
      diagonal[tap.near] += near * near
      diagonal[tap.far] += far * far
      if tap.near == tap.far {
        diagonal[tap.near] += 2 * near * far
      } else {
        beside[min(tap.near, tap.far)] += near * far
      }
    }
    lower = diagonal
    inverse = diagonal
    upper = diagonal
    var before: Float = 0
    for cell in 0..<cells {
      let left = cell > 0 ? beside[cell - 1] : 0
      lower[cell] = left
      // Each cell is the near one of a pixel, so that no diagonal is zero.
      inverse[cell] = 1 / max(diagonal[cell] - left * before, 1e-6)
      upper[cell] = beside[cell] * inverse[cell]
      before = upper[cell]
    }
  }

  private static func weights(_ tap: Tap) -> (near: Float, far: Float) {
    (Float(4 - tap.farWeight) / 4, Float(tap.farWeight) / 4)
  }

  /// The cells of lines of pixels, all at once.
  ///
  /// Complexity: O(pixels).
  ///
  /// - Parameters:
  ///   - pixels: pixel i of line j at [i * step + j * line].
  ///   - step: from a pixel to the next.
  ///   - line: from a line of pixels to the next.
  ///   - cells: cell i of line j at [i * cellStep + j * cellLine].
  ///   - cellStep: from a cell to the next.
  ///   - cellLine: from a line of cells to the next.
  ///   - lines: how many.
  func solve(
    _ pixels: UnsafePointer<Float>, step: Int, line: Int,
    to cells: UnsafeMutablePointer<Float>, cellStep: Int, cellLine: Int, lines: Int
  ) {
    for cell in 0..<count {
      for j in 0..<lines { cells[cell &* cellStep &+ j &* cellLine] = 0 }
    }
    for (i, tap) in taps.enumerated() {
      let (near, far) = Self.weights(tap)
      let (nearCells, farCells) = (cells + tap.near * cellStep, cells + tap.far * cellStep)
      let values = pixels + i * step
      for j in 0..<lines {
        let value = values[j &* line]
        nearCells[j &* cellLine] += near * value
        farCells[j &* cellLine] += far * value
      }
    }
    for cell in 0..<count {
      let (scale, left) = (inverse[cell], lower[cell])
      let own = cells + cell * cellStep
      let before = own - (cell > 0 ? cellStep : 0)
      for j in 0..<lines {
        own[j &* cellLine] = (own[j &* cellLine] - left * before[j &* cellLine]) * scale
      }
    }
    for cell in stride(from: count - 2, through: 0, by: -1) {
      let factor = upper[cell]
      let own = cells + cell * cellStep
      for j in 0..<lines {
        own[j &* cellLine] -= factor * own[j &* cellLine &+ cellStep]
      }
    }
  }
}
