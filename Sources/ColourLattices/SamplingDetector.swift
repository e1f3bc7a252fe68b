import ImagePlanes
import Platform

/// Finds how the chroma of an image was kept, by some parts of it.
struct SamplingDetector {
  /// The parts: the whole of a small image, else squares in which much happens.
  private let parts: [RecoveredChroma]
  /// Pixels of a part's edge that do not count: what lies beyond is not known.
  private let margin: Int
  /// To work on.
  private let threads: Int

  /// The size of a part, and how many there are.
  private static let side = 64, most = 6
  /// How many of the samplings are looked at closely.
  private static let close = 4

  /// nil where memory is short.
  init?(_ chroma: RecoveredChroma, threads: Int) {
    self.threads = threads
    guard chroma.width * chroma.height > 2 * Self.most * Self.side * Self.side else {
      parts = [chroma]
      margin = 0
      return
    }
    var found: [RecoveredChroma] = []
    for part in Self.liveliest(chroma) {
      guard let part = chroma.crop(part) else { return nil }
      found.append(part)
    }
    parts = found
    margin = 8
  }

  /// The lattice with the sampling that fits best; nil if none but the full one fits nearly all.
  func find(_ transform: ColourTransform) -> ColourLattice? {
    let candidates = candidates(transform)
    var scored = zip(candidates, scores(candidates, closely: false)).map { ($0, $1) }
    // A sort that keeps the order of equals.
    for i in scored.indices {
      var k = i
      while k > 0, scored[k - 1].1 < scored[k].1 {
        scored.swapAt(k - 1, k)
        k -= 1
      }
    }
    var best: ColourLattice?
    var most = 0.9
    let worth = scored.prefix(Self.close).filter { $0.1 > 0.5 }.map(\.0)
    for (lattice, score) in zip(worth, scores(worth, closely: true)) where score > most {
      (most, best) = (score, lattice)
    }
    return best
  }

  /// The score of each lattice.
  private func scores(_ lattices: [ColourLattice], closely: Bool) -> [Double] {
    SideBySide.map(lattices.count, threads: threads) { score(lattices[$0], closely: closely) }
  }

  /// All lattices with subsampled chroma, those with the fewest cells first.
  private func candidates(_ transform: ColourTransform) -> [ColourLattice] {
    let samplings = ChromaSampling.allCases.filter { $0 != .full }
    return (samplings.filter { $0.halvesHeight } + samplings.filter { !$0.halvesHeight })
      .flatMap { sampling in
        (0..<4).map {
          ColourLattice(
            transform: transform, sampling: sampling, rowPhase: $0 >> 1, columnPhase: $0 & 1)
        }
      }.filter { $0.isValid }
  }

  /// The part of the known pixels, 0...1, whose chroma comes out.
  ///
  /// - Parameters:
  ///   - lattice: one with subsampled chroma.
  ///   - closely: whether cells are searched for, and not only fitted.
  /// - Returns: 0 also where memory is short.
  private func score(_ lattice: ColourLattice, closely: Bool) -> Double {
    var (known, fitting) = (1, 1)
    for part in parts {
      guard let solver = ChromaSolver(lattice, width: part.width, height: part.height),
        let refiner = ChromaRefiner(lattice, width: part.width, height: part.height)
      else { return 0 }
      let extent = lattice.chromaExtent(width: part.width, height: part.height)
      let cells = [part.first, part.second].map { chroma in
        var cells = Plane(width: extent.width, height: extent.height)
        cells.samples.withUnsafeMutableBufferPointer {
          guard let cells = $0.baseAddress else { return }
          solver.start(chroma.values)
          if closely { solver.improve(chroma.values, where: part.isKnown.values, passes: 8) }
          solver.round(to: cells)
          if closely {
            refiner.refine(
              cells, to: chroma.values, where: part.isKnown.values, rounds: 1, chains: false)
          }
        }
        return cells
      }
      var upsampler = ChromaUpsampler(lattice, width: part.width, height: part.height)
      var first = [UInt8](repeating: 0, count: part.width)
      var second = first
      // Narrow and low parts have a smaller edge.
      let down = min(margin, (part.height - 1) / 2), across = min(margin, (part.width - 1) / 2)
      for row in down..<part.height - down {
        upsampler.upsample(row: row, of: cells[0], to: &first)
        upsampler.upsample(row: row, of: cells[1], to: &second)
        for column in across..<part.width - across {
          let i = row * part.width + column
          guard part.isKnown.values[i] == 1 else { continue }
          known += 1
          if first[column] == part.first.values[i], second[column] == part.second.values[i] {
            fitting += 1
          }
        }
      }
    }
    return Double(fitting) / Double(known)
  }

  /// The parts of an image of which most is known, and where chroma changes most.
  private static func liveliest(_ chroma: RecoveredChroma) -> [TileRectangle] {
    let (height, width) = (min(chroma.height, side), min(chroma.width, side))
    func starts(_ extent: Int, _ part: Int) -> [Int] {
      let count = min(max(extent / part, 1), 8)
      // Even ones, so that the phases stay.
      return (0..<count).map { (extent - part) * $0 / max(count - 1, 1) / 2 * 2 }
    }
    var parts: [(part: TileRectangle, changes: Int)] = []
    for row in starts(chroma.height, height) {
      for column in starts(chroma.width, width) {
        var changes = 0
        for r in stride(from: row, to: row + height, by: 3) {
          for i in (r * chroma.width + column + 1)..<(r * chroma.width + column + width)
          where chroma.isKnown.values[i] & chroma.isKnown.values[i - 1] == 1 {
            let first = Int(chroma.first.values[i]) - Int(chroma.first.values[i - 1])
            let second = Int(chroma.second.values[i]) - Int(chroma.second.values[i - 1])
            changes += (first != 0 ? 1 : 0) + (second != 0 ? 1 : 0)
          }
        }
        parts.append(
          (TileRectangle(row: row, column: column, height: height, width: width), changes))
      }
    }
    return parts.sorted { $0.changes > $1.changes }.prefix(most).map { $0.part }
  }
}
