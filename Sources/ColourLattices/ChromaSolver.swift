/// Finds the cells of a subsampled chroma, of the chroma that pixels have.
struct ChromaSolver {
  /// The size of the image, and of the planes of cells.
  let width: Int, height: Int, cellWidth: Int, cellHeight: Int
  private let rows: ChromaSystem, columns: ChromaSystem
  /// What is added to the mean in each column.
  private let bias: [Float]
  /// What is fitted of each pixel, and what is left of it when its rows are solved, [row][column].
  private let pixels: Field<Float>, halfway: Field<Float>
  /// The cells, and what is added to them.
  private let solution: Field<Float>, change: Field<Float>

  /// Rows of cells that are solved at once.
  private static let together = 8

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
    let biases = lattice.sampling.biases
    bias = taps.columns.map { Float($0.isOdd ? biases.odd : biases.even) / 16 }
    guard let pixels = Field<Float>(width * height),
      let halfway = Field<Float>(width * max(cellHeight, 1)),
      let solution = Field<Float>(cellWidth * cellHeight),
      let change = Field<Float>(cellWidth * cellHeight)
    else { return nil }
    (self.pixels, self.halfway, self.solution, self.change) = (pixels, halfway, solution, change)
  }

  /// Starts with the cells that come nearest to the chroma of all pixels, by least squares.
  ///
  /// - Parameter chroma: of the pixels, [row][column].
  func start(_ chroma: UnsafePointer<UInt8>) {
    for row in 0..<height {
      for column in 0..<width {
        // Half of what a cut takes, less the bias.
        pixels.values[row &* width &+ column] =
          Float(chroma[row &* width &+ column]) + 15 / 32 - bias[column]
      }
    }
    solve(to: solution)
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
      findExcess(chroma, isKnown)
      solve(to: change)
      for cell in 0..<cellWidth * cellHeight { solution.values[cell] += change.values[cell] }
    }
  }

  /// Rounds the cells, to `cellWidth * cellHeight` bytes.
  func round(to cells: UnsafeMutablePointer<UInt8>) {
    for cell in 0..<cellWidth * cellHeight {
      cells[cell] = UInt8(min(max(solution.values[cell] + 0.5, 0), 255))
    }
  }

  /// Solves the equations of the pixels.
  private func solve(to cells: Field<Float>) {
    rows.solve(
      pixels.values, step: width, line: 1, to: halfway.values, cellStep: width, cellLine: 1,
      lines: width)
    // Few rows at once, so that what is read again is still in the cache.
    for row in stride(from: 0, to: cellHeight, by: Self.together) {
      columns.solve(
        halfway.row(row, width: width), step: 1, line: width,
        to: cells.row(row, width: cellWidth), cellStep: 1, cellLine: cellWidth,
        lines: min(Self.together, cellHeight - row))
    }
  }

  /// Sets the pixels to what their means must change by, so that the chroma is what it should be.
  private func findExcess(_ chroma: UnsafePointer<UInt8>, _ isKnown: UnsafePointer<UInt8>) {
    for (row, tap) in rows.taps.enumerated() {
      let near = solution.row(tap.near, width: cellWidth)
      let far = solution.row(tap.far, width: cellWidth)
      let blend = halfway.values
      let farWeight = Float(tap.farWeight) / 4
      for j in 0..<cellWidth { blend[j] = near[j] + farWeight * (far[j] - near[j]) }
      columns.taps.withUnsafeBufferPointer { taps in
        bias.withUnsafeBufferPointer { bias in
          for column in 0..<width {
            let tap = taps[column]
            let i = row &* width &+ column
            let (a, b) = (blend[tap.near], blend[tap.far])
            let above = a + Float(tap.farWeight) / 4 * (b - a) + bias[column] - Float(chroma[i])
            let excess = max(above - 15 / 16, 0) + min(above, 0)
            pixels.values[i] = isKnown[i] == 1 ? -excess : 0
          }
        }
      }
    }
  }
}
