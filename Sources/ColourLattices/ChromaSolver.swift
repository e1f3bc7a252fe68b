/// Finds the cells of a subsampled chroma, of the chroma that pixels have.
struct ChromaSolver {
  /// The size of the image, and of the planes of cells.
  let width: Int, height: Int, cellWidth: Int, cellHeight: Int
  private let rows: ChromaSystem, columns: ChromaSystem
  /// Whether two columns share a cell, and how the first two have their chroma.
  private let halvesWidth: Bool, pair: (Across, Across)
  /// Four columns side by side in the rows of `pixels` and of `halfway`.
  private let fours: Int
  /// What is fitted of each pixel, and what is left of it when its rows are solved, [row][column].
  private let pixels: Field<ChromaSystem.Lines>, halfway: Field<ChromaSystem.Lines>
  /// Some rows of `halfway`, and their cells, [column][row].
  private let turned: Field<ChromaSystem.Lines>, turnedCells: Field<ChromaSystem.Lines>
  /// The cells.
  private let solution: Field<Float>
  /// A row of cells between rows, with two more before and behind it, and the means of its pixels.
  private let blend: Field<Float>, means: Field<Float>

  /// Rows of cells that are solved at once, in fours.
  private static let together = 8

  /// How a column has its chroma of a row of cells: the numbers of its cells, the weight of the far
  /// one, and what is added.
  private struct Across {
    let near: Int, far: Int
    let farWeight: Float, bias: Float
  }

  /// nil where memory is short.
  ///
  /// - Parameters:
  ///   - lattice: a valid one.
  ///   - width: of the image, at least 1.
  ///   - height: of the image, at least 1.
  init?(_ lattice: ColourLattice, width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    (cellWidth, cellHeight) = lattice.chromaExtent(width: width, height: height)
    let taps = lattice.taps(width: width, height: height)
    rows = ChromaSystem(taps.rows, cells: cellHeight)
    columns = ChromaSystem(taps.columns, cells: cellWidth)
    let halves = lattice.sampling.halvesWidth
    func across(_ column: Int) -> Across {
      let tap = lattice.sampling.tap(column, phase: lattice.columnPhase, halves: halves)
      let biases = lattice.sampling.biases
      return Across(
        near: tap.near, far: tap.far, farWeight: Float(tap.farWeight) / 4,
        bias: Float(tap.isOdd ? biases.odd : biases.even) / 16)
    }
    halvesWidth = halves
    pair = (across(0), across(1))
    fours = (width + 3) / 4
    guard let pixels = Field<ChromaSystem.Lines>(fours * height),
      let halfway = Field<ChromaSystem.Lines>(fours * cellHeight),
      let turned = Field<ChromaSystem.Lines>(width * Self.together / 4),
      let turnedCells = Field<ChromaSystem.Lines>(cellWidth * Self.together / 4),
      let solution = Field<Float>(cellWidth * cellHeight),
      let blend = Field<Float>(cellWidth + 4), let means = Field<Float>(width + 1)
    else { return nil }
    (self.pixels, self.halfway, self.turned) = (pixels, halfway, turned)
    (self.turnedCells, self.solution) = (turnedCells, solution)
    (self.blend, self.means) = (blend, means)
  }

  /// Starts with the cells that come nearest to the chroma of all pixels, by least squares.
  ///
  /// - Parameter chroma: of the pixels, [row][column].
  func start(_ chroma: UnsafePointer<UInt8>) {
    for row in 0..<height {
      let values = Self.floats(pixels.row(row, width: fours))
      for column in 0..<width {
        // Half of what a cut takes, less the bias.
        let bias = column & 1 == 0 ? pair.0.bias : pair.1.bias
        values[column] = Float(chroma[row &* width &+ column]) + 15 / 32 - bias
      }
    }
    solution.values.update(repeating: 0, count: cellWidth * cellHeight)
    addSolution()
  }

  /// Changes the cells, so that more pixels have just their chroma when means are cut off to it:
  /// pass by pass, by the least squares of what lies outside of the means that are.
  ///
  /// Complexity: O(pixels) for each pass.
  ///
  /// - Parameters:
  ///   - chroma: of the pixels, [row][column].
  ///   - isKnown: 1 for each pixel that counts.
  ///   - passes: 0 or more.
  func improve(
    _ chroma: UnsafePointer<UInt8>, where isKnown: UnsafePointer<UInt8>, passes: Int
  ) {
    for _ in 0..<passes {
      for row in 0..<height { findExcess(row, chroma + row * width, isKnown + row * width) }
      addSolution()
    }
  }

  /// Rounds the cells, to `cellWidth * cellHeight` bytes.
  func round(to cells: UnsafeMutablePointer<UInt8>) {
    for cell in 0..<cellWidth * cellHeight {
      cells[cell] = UInt8(min(max(solution.values[cell] + 0.5, 0), 255))
    }
  }

  /// Solves the equations of the pixels, and adds what is found to the cells.
  private func addSolution() {
    rows.solve(pixels.values, to: halfway.values, lines: fours)
    // Few rows at once, so that what is read again is still in the cache.
    for row in stride(from: 0, to: cellHeight, by: Self.together) {
      let lines = min(Self.together, cellHeight - row)
      let from = Self.floats(halfway.row(row, width: fours)), step = 4 * fours
      let pixels = Self.floats(turned.values)
      for column in 0..<width {
        for line in 0..<lines {
          pixels[column &* Self.together &+ line] = from[line &* step &+ column]
        }
      }
      columns.solve(turned.values, to: turnedCells.values, lines: Self.together / 4)
      let cells = Self.floats(turnedCells.values)
      for line in 0..<lines {
        let target = solution.row(row + line, width: cellWidth)
        for cell in 0..<cellWidth { target[cell] += cells[cell &* Self.together &+ line] }
      }
    }
  }

  /// Sets the pixels of a row to what their means must change by, so that the chroma is what it
  /// should be.
  private func findExcess(
    _ row: Int, _ chroma: UnsafePointer<UInt8>, _ isKnown: UnsafePointer<UInt8>
  ) {
    let means = means.values
    findMeans(row)
    let values = Self.floats(pixels.row(row, width: fours))
    for column in 0..<width {
      let above = means[column] - Float(chroma[column])
      let excess = max(above - 15 / 16, 0) + min(above, 0)
      values[column] = isKnown[column] == 1 ? -excess : 0
    }
  }

  /// Sets `means` to the weighted cells of a row's pixels, and the biases.
  private func findMeans(_ row: Int) {
    let tap = rows.taps[row]
    let near = solution.row(tap.near, width: cellWidth)
    let far = solution.row(tap.far, width: cellWidth)
    let farWeight = Float(tap.farWeight) / 4
    let blend = blend.values + 2
    for j in 0..<cellWidth { blend[j] = near[j] + farWeight * (far[j] - near[j]) }
    let means = means.values
    guard halvesWidth else {
      for column in 0..<width { means[column] = blend[column] + pair.0.bias }
      return
    }
    for beyond in 1...2 {
      blend[-beyond] = blend[0]
      blend[cellWidth - 1 + beyond] = blend[cellWidth - 1]
    }
    let (even, odd) = pair
    for j in 0..<(width + 1) / 2 {
      let (a, b) = (blend[j &+ even.near], blend[j &+ even.far])
      let (c, d) = (blend[j &+ odd.near], blend[j &+ odd.far])
      means[2 &* j] = a + even.farWeight * (b - a) + even.bias
      means[2 &* j &+ 1] = c + odd.farWeight * (d - c) + odd.bias
    }
  }

  private static func floats(
    _ lines: UnsafeMutablePointer<ChromaSystem.Lines>
  ) -> UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer(lines).assumingMemoryBound(to: Float.self)
  }
}
