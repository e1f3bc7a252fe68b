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

  /// Lines of pixels, four side by side.
  typealias Lines = SIMD4<Float>

  /// The cells of lines of pixels, all at once.
  ///
  /// Complexity: O(pixels).
  ///
  /// - Parameters:
  ///   - pixels: pixel i of lines 4 * j to 4 * j + 3 at [i * lines + j].
  ///   - cells: in the same order.
  ///   - lines: how many fours of them.
  func solve(
    _ pixels: UnsafePointer<Lines>, to cells: UnsafeMutablePointer<Lines>, lines: Int
  ) {
    cells.update(repeating: .zero, count: count * lines)
    for (i, tap) in taps.enumerated() {
      let (near, far) = Self.weights(tap)
      let values = pixels + i * lines
      Self.add(values, times: near, to: cells + tap.near * lines, lines)
      if far != 0 { Self.add(values, times: far, to: cells + tap.far * lines, lines) }
    }
    for cell in 0..<count {
      let (scale, left) = (inverse[cell], lower[cell])
      let own = cells + cell * lines
      let before = own - (cell > 0 ? lines : 0)
      for j in 0..<lines { own[j] = (own[j] - left * before[j]) * scale }
    }
    for cell in stride(from: count - 2, through: 0, by: -1) {
      let own = cells + cell * lines
      for j in 0..<lines { own[j] -= upper[cell] * own[j &+ lines] }
    }
  }

  @inline(__always)
  private static func add(
    _ values: UnsafePointer<Lines>, times weight: Float, to sums: UnsafeMutablePointer<Lines>,
    _ lines: Int
  ) {
    for j in 0..<lines { sums[j] += weight * values[j] }
  }
}
