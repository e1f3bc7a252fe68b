import EntropyCoding
import ImagePlanes
import PixelModels

/// One side of the range coder: the encoder's or the decoder's.
protocol SymbolCoder {
  /// Whether all values are known before the first symbol is coded.
  static var knowsValues: Bool { get }

  /// Codes a colour of the pixels of a diagonal, row by row; their frequencies have been evaluated.
  mutating func code(
    diagonal: Int, colour: Int, rows: Range<Int>, in evaluation: PixelCNNEvaluation
  ) throws(EntropyCodingError)
}

/// One side of the range coders of a tile's lanes, which different threads may call at the same time.
protocol LaneCoder: Sendable {
  /// Lanes of the tile.
  var laneCount: Int { get }

  /// Codes a colour of the lane's share of the pixels of a diagonal, row by row.
  func code(diagonal: Int, colour: Int, rows: Range<Int>, in: PixelCNNEvaluation, lane: Int)

  /// Tells of a stream that is found damaged.
  func check() throws(EntropyCodingError)
}

/// The one loop over a tile's pixels in code order (FORMAT.md, section 2), for both sides.
///
/// An encoder knows all values: it evaluates a band of diagonals at once, phase by phase, and codes them
/// then. A decoder has to alternate: it evaluates one colour of one diagonal, and decodes it.
struct PixelLoop {
  /// Pixels that a thread works at without a break; more would not stay in its caches.
  private static let mostPixels = 48

  private let evaluation: PixelCNNEvaluation
  private let work: BandWork
  private let team: ThreadTeam

  /// - Parameters:
  ///   - evaluation: of the tile, nothing evaluated yet.
  ///   - threads: 1 or more.
  init(_ evaluation: PixelCNNEvaluation, threads: Int) {
    self.evaluation = evaluation
    let work = BandWork(evaluation, threads: threads)
    self.work = work
    team = ThreadTeam(threads: threads) { item, thread in work.run(item: item, thread: thread) }
  }

  /// Evaluates and codes the whole tile.
  func run<Coder: SymbolCoder>(_ coder: inout Coder) throws(EntropyCodingError) {
    try run(knowsValues: Coder.knowsValues) { t, colour throws(EntropyCodingError) in
      try coder.code(
        diagonal: t, colour: colour, rows: evaluation.diagonals.rowRange(t), in: evaluation)
    }
  }

  /// Evaluates and codes the whole tile, the lanes at the same time.
  func run(lanes: some LaneCoder) throws(EntropyCodingError) {
    try run(knowsValues: false) { t, colour throws(EntropyCodingError) in
      let rows = evaluation.diagonals.rowRange(t)
      work.code = { [evaluation] lane in
        lanes.code(diagonal: t, colour: colour, rows: rows, in: evaluation, lane: lane)
      }
      work.steps = [.code]
      team.run(items: lanes.laneCount)
      try lanes.check()
    }
    work.code = { _ in }
  }

  private func run(
    knowsValues: Bool, code: (_ diagonal: Int, _ colour: Int) throws(EntropyCodingError) -> Void
  ) throws(EntropyCodingError) {
    let diagonals = evaluation.diagonals
    let phases = (0..<evaluation.phaseCount).map { BandWork.Step.phase($0) }
    // All steps of an element of `stages` are done on a few pixels before anything on others; between
    // the elements all threads meet.
    let stages: [[BandWork.Step]]
    let colourSets: [Range<Int>]
    if knowsValues {
      stages =
        [[.predictAndRecord]] + phases.dropLast().map { [$0] } + [phases.suffix(1) + [.events]]
      colourSets = [0..<3]
    } else {
      stages = [[.predict] + phases + [.distributions]]
      colourSets = [0..<1, 1..<2, 2..<3]
    }
    for start in stride(from: 0, to: diagonals.count, by: evaluation.bandLength) {
      let band = start..<min(start + evaluation.bandLength, diagonals.count)
      evaluation.begin(band)
      let items = items(of: band)
      for colours in colourSets {
        work.items = items
        work.colours = colours
        for steps in stages {
          work.steps = steps
          team.run(items: items.count)
        }
        for t in band {
          for colour in colours { try code(t, colour) }
        }
      }
    }
  }

  /// The band's pixels in pieces, enough of them that no thread is without work for long.
  private func items(of band: Range<Int>) -> [BandWork.Item] {
    let pixels = band.reduce(0) { $0 + evaluation.diagonals.rowRange($1).count }
    let share = pixels / (3 * team.threads)
    let size = min(max(12, (share + 5) / 6 * 6), Self.mostPixels)
    var items: [BandWork.Item] = []
    for t in band {
      let rows = evaluation.diagonals.rowRange(t)
      for first in stride(from: rows.lowerBound, to: rows.upperBound, by: size) {
        items.append(
          BandWork.Item(diagonal: t, rows: first..<min(first + size, rows.upperBound)))
      }
    }
    return items
  }
}

/// What the threads of a `PixelLoop` do at the same time.
///
/// Its variables change only while the threads wait.
private final class BandWork: @unchecked Sendable {
  enum Step {
    case predict
    case predictAndRecord
    case phase(Int)
    case events
    case distributions
    /// The item's number is a lane.
    case code
  }

  struct Item {
    let diagonal: Int
    let rows: Range<Int>
  }

  var items: [Item] = []
  var steps: [Step] = []
  var colours = 0..<0
  var code: (Int) -> Void = { _ in }
  private let evaluation: PixelCNNEvaluation
  private let scratch: [Scratch]

  init(_ evaluation: PixelCNNEvaluation, threads: Int) {
    self.evaluation = evaluation
    scratch = (0..<max(threads, 1)).map { _ in Scratch() }
  }

  func run(item: Int, thread: Int) {
    if case .code = steps.first {
      code(item)
      return
    }
    let scratch = scratch[thread]
    let t = items[item].diagonal
    let rows = items[item].rows
    for step in steps {
      for c in colours {
        switch step {
        case .predict: evaluation.predict(diagonal: t, colour: c, rows: rows)
        case .predictAndRecord:
          evaluation.predict(diagonal: t, colour: c, rows: rows)
          evaluation.record(diagonal: t, colour: c, rows: rows)
        case .phase(let phase):
          evaluation.evaluate(phase: phase, diagonal: t, group: c, rows: rows, scratch: scratch)
        case .events: evaluation.events(diagonal: t, colour: c, rows: rows, scratch: scratch)
        case .distributions:
          evaluation.distributions(diagonal: t, colour: c, rows: rows, scratch: scratch)
        case .code: break
        }
      }
    }
  }
}
