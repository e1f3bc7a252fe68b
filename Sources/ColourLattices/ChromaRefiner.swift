/// Changes single cells of a chroma plane by small steps, until as many pixels as can be have just
/// the chroma that they are known to have. One thread at a time uses it.
final class ChromaRefiner: @unchecked Sendable {
  /// The size of the image.
  let width: Int, height: Int
  private let cellWidth: Int, cellHeight: Int
  private let rows: CellReach, columns: CellReach
  private let taps: (rows: [Tap], columns: [Tap])
  /// The bias of each column.
  private let bias: [Int32]
  /// Of each pixel, the sum of its weighted cells and the bias.
  private let sums: Field<Int16>
  /// 1 for each cell that is to be looked at, and those of the next round.
  private let isDue: Field<UInt8>
  /// What is refined, to what, and where.
  private var cells: UnsafeMutablePointer<UInt8>
  private var chroma: UnsafePointer<UInt8>, isKnown: UnsafePointer<UInt8>
  /// The steps of the chain that is tried.
  private var chained: [(row: Int, column: Int, step: Int32)] = []
  private static let longestChain = 4

  /// nil where memory is short.
  ///
  /// - Parameters:
  ///   - lattice: a valid one.
  ///   - width: of the image, at least 1.
  ///   - height: of the image, at least 1.
  init?(_ lattice: ColourLattice, width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    (cellWidth, cellHeight) = lattice.chromaExtent(width: width, height: height)
    taps = lattice.taps(width: width, height: height)
    rows = CellReach(taps.rows, cells: cellHeight)
    columns = CellReach(taps.columns, cells: cellWidth)
    let biases = lattice.sampling.biases
    bias = taps.columns.map { $0.isOdd ? biases.odd : biases.even }
    guard let sums = Field<Int16>(width * height),
      let isDue = Field<UInt8>(cellWidth * cellHeight)
    else { return nil }
    (self.sums, self.isDue) = (sums, isDue)
    (cells, chroma, isKnown) = (
      isDue.values, UnsafePointer(isDue.values), UnsafePointer(isDue.values)
    )
  }

  /// Refines a plane of cells.
  ///
  /// Complexity: O(pixels), with a factor that grows with the pixels that do not fit.
  ///
  /// - Parameters:
  ///   - cells: `cellWidth * cellHeight` of them.
  ///   - chroma: of the pixels.
  ///   - isKnown: 1 for each pixel that counts.
  ///   - rounds: of single steps, then chains, at most.
  ///   - chains: whether cells are changed together, which takes its time.
  func refine(
    _ cells: UnsafeMutablePointer<UInt8>, to chroma: UnsafePointer<UInt8>,
    where isKnown: UnsafePointer<UInt8>, rounds: Int, chains: Bool = true
  ) {
    self.cells = cells
    self.chroma = chroma
    self.isKnown = isKnown
    sum()
    for _ in 0..<rounds where markMisfits() > 0 {
      stepAlone()
      if !chains { break }
      // With very many, it is the wrong lattice, and each chain would be tried in vain.
      let misfits = markMisfits()
      if misfits == 0 || misfits > width * height / 8 || stepTogether() == 0 { break }
    }
    clearMarks()
  }

  /// Goes on with a copy of the cells that were refined last.
  func resume(_ cells: UnsafeMutablePointer<UInt8>) { self.cells = cells }

  /// Changes one cell at a time, as long as that makes something fit better.
  private func stepAlone() {
    var changes = 1
    var sweep = 0
    while changes > 0, sweep < 8 {
      sweep += 1
      changes = 0
      for row in 0..<cellHeight {
        for column in 0..<cellWidth where isDue.values[row &* cellWidth &+ column] == 1 {
          isDue.values[row &* cellWidth &+ column] = 0
          let now = cost(row, column, 0)
          guard now > 0 else { continue }
          var (best, least) = (Int32(0), now)
          for step in Int32(-2)...2 where step != 0 && isLegal(row, column, step) {
            let cost = cost(row, column, step)
            if cost < least { (least, best) = (cost, step) }
          }
          guard best != 0 else { continue }
          move(row, column, best)
          changes += 1
          markAround(row, column)
        }
      }
    }
  }

  /// Changes cells of misfits together with some of their neighbours: a chain, of which each step
  /// is the best one that follows, is kept if it ends better than it began. Tells how many are.
  private func stepTogether() -> Int {
    var changes = 0
    for row in 0..<cellHeight {
      for column in 0..<cellWidth where isDue.values[row &* cellWidth &+ column] == 1 {
        isDue.values[row &* cellWidth &+ column] = 0
        guard cost(row, column, 0) > 0 else { continue }
        if chain(row, column, 1) || chain(row, column, -1) { changes += 1 }
      }
    }
    return changes
  }

  /// A chain that begins with one step of a cell; tells whether it was kept.
  private func chain(_ row: Int, _ column: Int, _ step: Int32) -> Bool {
    guard isLegal(row, column, step) else { return false }
    var total = cost(row, column, step) - cost(row, column, 0)
    var (row, column, step) = (row, column, step)
    chained.removeAll(keepingCapacity: true)
    while true {
      move(row, column, step)
      chained.append((row, column, step))
      if total < 0 {
        for link in chained { markAround(link.row, link.column) }
        return true
      }
      guard chained.count < Self.longestChain else { break }
      var least = Int32.max
      var next: (row: Int, column: Int, step: Int32)?
      for link in chained {
        for r in max(link.row - 1, 0)...min(link.row + 1, cellHeight - 1) {
          for c in max(link.column - 1, 0)...min(link.column + 1, cellWidth - 1)
          where !chained.contains(where: { $0.row == r && $0.column == c }) {
            let now = cost(r, c, 0)
            for step in [Int32(-1), 1] where isLegal(r, c, step) {
              let change = cost(r, c, step) - now
              if change < least { (least, next) = (change, (r, c, step)) }
            }
          }
        }
      }
      guard let next else { break }
      (row, column, step) = next
      total += least
    }
    for link in chained { move(link.row, link.column, -link.step) }
    return false
  }

  private func clearMarks() {
    isDue.values.update(repeating: 0, count: cellWidth * cellHeight)
  }

  /// Whether a step leaves a cell a byte.
  @inline(__always)
  func isLegal(_ row: Int, _ column: Int, _ step: Int32) -> Bool {
    let value = Int32(cells[row &* cellWidth &+ column]) &+ step
    return value >= 0 && value <= 255
  }

  /// Marks the cells that have pixels together with a cell.
  private func markAround(_ row: Int, _ column: Int) {
    for r in max(row - 2, 0)...min(row + 2, cellHeight - 1) {
      for c in max(column - 2, 0)...min(column + 2, cellWidth - 1) {
        isDue.values[r &* cellWidth &+ c] = 1
      }
    }
  }

  /// Makes the sums of all pixels.
  private func sum() {
    for (row, tap) in taps.rows.enumerated() {
      let near = cells + tap.near &* cellWidth
      let far = cells + tap.far &* cellWidth
      let target = sums.row(row, width: width)
      let farWeight = tap.farWeight
      for column in 0..<width {
        let across = taps.columns[column]
        func blend(_ cell: Int) -> Int32 {
          (4 &- farWeight) &* Int32(near[cell]) &+ farWeight &* Int32(far[cell])
        }
        let sum =
          (4 &- across.farWeight) &* blend(across.near) &+ across.farWeight &* blend(across.far)
        target[column] = Int16(truncatingIfNeeded: sum &+ bias[column])
      }
    }
  }

  /// Marks the cells of pixels that do not fit; tells how many such pixels there are.
  private func markMisfits() -> Int {
    var count = 0
    for row in 0..<height {
      for column in 0..<width {
        let i = row &* width &+ column
        guard isKnown[i] == 1, sums.values[i] &>> 4 != Int16(chroma[i]) else { continue }
        count &+= 1
        let (down, across) = (taps.rows[row], taps.columns[column])
        isDue.values[down.near &* cellWidth &+ across.near] = 1
        isDue.values[down.near &* cellWidth &+ across.far] = 1
        isDue.values[down.far &* cellWidth &+ across.near] = 1
        isDue.values[down.far &* cellWidth &+ across.far] = 1
      }
    }
    return count
  }

  /// How badly the pixels of a cell fit if it is changed by `step`: 8 for each that does not, and
  /// by how many 16ths.
  @inline(__always)
  private func cost(_ row: Int, _ column: Int, _ step: Int32) -> Int32 {
    var cost: Int32 = 0
    for r in 0..<rows.count[row] {
      let down = rows.weights[4 &* row &+ r] &* step
      let start = (rows.first[row] &+ r) &* width &+ columns.first[column]
      for c in 0..<columns.count[column] where isKnown[start &+ c] == 1 {
        let i = start &+ c
        let sum = Int32(sums.values[i]) &+ down &* columns.weights[4 &* column &+ c]
        let above = sum &- 16 &* Int32(chroma[i])
        let excess = max(above &- 15, -above, 0)
        cost &+= excess > 0 ? 8 &+ min(excess, 64) : 0
      }
    }
    return cost
  }

  /// Changes a cell, and the sums of its pixels.
  func move(_ row: Int, _ column: Int, _ step: Int32) {
    cells[row &* cellWidth &+ column] &+= UInt8(truncatingIfNeeded: step)
    for r in 0..<rows.count[row] {
      let down = rows.weights[4 &* row &+ r] &* step
      let start = (rows.first[row] &+ r) &* width &+ columns.first[column]
      for c in 0..<columns.count[column] {
        sums.values[start &+ c] &+= Int16(
          truncatingIfNeeded: down &* columns.weights[4 &* column &+ c])
      }
    }
  }

  /// The cells that a pixel's chroma is made of.
  func cells(of row: Int, _ column: Int) -> [(row: Int, column: Int)] {
    let (down, across) = (taps.rows[row], taps.columns[column])
    let rows = down.near == down.far ? [down.near] : [down.near, down.far]
    let columns = across.near == across.far ? [across.near] : [across.near, across.far]
    return rows.flatMap { row in columns.map { (row, $0) } }
  }

  /// Gives `body` the number of each pixel of a cell, and the cell's weight, of 16.
  @inline(__always)
  func forEachPixel(_ row: Int, _ column: Int, _ body: (Int, Int32) -> Void) {
    for r in 0..<rows.count[row] {
      let start = (rows.first[row] &+ r) &* width &+ columns.first[column]
      for c in 0..<columns.count[column] {
        body(start &+ c, rows.weights[4 &* row &+ r] &* columns.weights[4 &* column &+ c])
      }
    }
  }

  /// The chroma of a pixel, if its sum is changed.
  @inline(__always)
  func value(_ i: Int, _ change: Int32) -> Int32 { (Int32(sums.values[i]) &+ change) &>> 4 }
}
