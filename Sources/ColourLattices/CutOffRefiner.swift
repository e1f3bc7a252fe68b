/// Changes cells of both chromas until as many pixels as can be have a luma that gives their
/// colour. It looks at pixels whose chroma is not known: at cut off and ambiguous ones.
struct CutOffRefiner {
  let colours:
    (
      red: UnsafeBufferPointer<UInt8>, green: UnsafeBufferPointer<UInt8>,
      blue: UnsafeBufferPointer<UInt8>
    )
  let inverter: ColourInverter
  /// Of both chromas.
  let first: ChromaRefiner, second: ChromaRefiner

  /// Refines both planes in place, round by round, as long as that helps.
  ///
  /// - Parameters:
  ///   - isKnown: 0 for each pixel that has several chromas or is cut off; others are no reason to
  ///     change a cell.
  ///   - rounds: at most.
  func refine(where isKnown: UnsafePointer<UInt8>, rounds: Int) {
    // A bound of time, that only images reach which come from no lattice.
    var attempts = first.width &* first.height / 16 &+ 1024
    for _ in 0..<rounds {
      var changes = 0
      for row in 0..<first.height {
        for column in 0..<first.width {
          let i = row &* first.width &+ column
          guard isKnown[i] == 0, isMisfit(i, 0, 0) else { continue }
          attempts -= 1
          guard attempts > 0 else { return }
          for cell in first.cells(of: row, column) where improve(cell.row, cell.column) {
            changes += 1
            if !isMisfit(i, 0, 0) { break }
          }
        }
      }
      if changes == 0 { return }
    }
  }

  /// Takes the best small step of a cell, if any makes fewer pixels misfits; tells whether.
  private func improve(_ row: Int, _ column: Int) -> Bool {
    var least = misfits(row, column, 0, 0)
    var best: (first: Int32, second: Int32)?
    for step in Self.steps {
      guard first.isLegal(row, column, step.first), second.isLegal(row, column, step.second) else {
        continue
      }
      let count = misfits(row, column, step.first, step.second)
      if count < least { (least, best) = (count, step) }
    }
    guard let best else { return false }
    first.move(row, column, best.first)
    second.move(row, column, best.second)
    return true
  }

  /// The steps that are tried, small ones first: large ones cost more than they save.
  private static let steps: [(first: Int32, second: Int32)] = (1...4).flatMap { length in
    (Int32(-2)...2).flatMap { first in
      (Int32(-2)...2).filter { abs(first) + abs($0) == length }.map { (first, $0) }
    }
  }

  /// How many pixels of a cell have no luma if its chromas are changed.
  private func misfits(_ row: Int, _ column: Int, _ a: Int32, _ b: Int32) -> Int {
    var count = 0
    first.forEachPixel(row, column) { i, weight in
      if isMisfit(i, weight &* a, weight &* b) { count &+= 1 }
    }
    return count
  }

  /// Whether a pixel has no luma if its sums are changed.
  @inline(__always)
  private func isMisfit(_ i: Int, _ a: Int32, _ b: Int32) -> Bool {
    let chroma = Chroma(first: first.value(i, a), second: second.value(i, b))
    let colour = Colour(
      red: Int32(colours.red[i]), green: Int32(colours.green[i]), blue: Int32(colours.blue[i]))
    let range = inverter.lumas(colour, chroma)
    return range.low > range.high
  }
}
