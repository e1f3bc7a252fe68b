import EntropyCoding
import ImagePlanes
import PixelNetwork
import Prediction

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

  /// Codes a colour of some of the lane's pixels of a diagonal, row by row.
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
    // Without two pixels at the same time, other threads would only wait.
    let threads = evaluation.isSequential ? 1 : threads
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
    if team.threads <= lanes.laneCount {
      try runEach(lanes)
      return
    }
    try run(knowsValues: false) { [evaluation] t, colour throws(EntropyCodingError) in
      each(lanes.laneCount) { lane in
        let rows = Lanes(count: lanes.laneCount)
          .rows(of: lane, diagonal: t, in: evaluation.diagonals)
        lanes.code(diagonal: t, colour: colour, rows: rows, in: evaluation, lane: lane)
      }
      try lanes.check()
    }
  }

  /// Each lane's share of a diagonal, from prediction to coding, on one thread, which finds its data where it left it.
  private func runEach(_ lanes: some LaneCoder) throws(EntropyCodingError) {
    let diagonals = evaluation.diagonals
    let phases = (0..<evaluation.phaseCount).map { BandWork.Step.phase($0) }
    let steps = [.predict] + phases + [.distributions]
    for t in 0..<diagonals.count {
      evaluation.begin(t..<t + 1)
      evaluation.begin(diagonal: t)
      work.perThread = { [evaluation, work] lane, thread in
        let split = Lanes(count: lanes.laneCount)
        let rows = split.rows(of: lane, diagonal: t, in: diagonals)
        for colour in 0..<evaluation.colours {
          for item in Self.pieces(of: rows, diagonal: t, size: Self.mostPixels) {
            work.run(steps, item, colours: colour..<colour + 1, thread: thread)
            lanes.code(diagonal: t, colour: colour, rows: item.rows, in: evaluation, lane: lane)
          }
        }
        if let adaptive = evaluation.adaptivePrediction {
          let bands = adaptive.activeBands(diagonal: t)
          let own = split.bands(bands, of: lane, diagonal: t, in: diagonals)
          for band in own { adaptive.learn(diagonal: t, band: band) }
        }
      }
      team.run(items: lanes.laneCount)
      work.perThread = nil
      try lanes.check()
      fit(after: t)
    }
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
    let colours = evaluation.colours
    if knowsValues {
      stages = phases.dropLast().map { [$0] } + [phases.suffix(1) + [.events]]
      colourSets = [0..<colours]
    } else {
      stages = [[.predict] + phases + [.distributions]]
      colourSets = (0..<colours).map { $0..<$0 + 1 }
    }
    for start in stride(from: 0, to: diagonals.count, by: evaluation.bandLength) {
      let band = start..<min(start + evaluation.bandLength, diagonals.count)
      evaluation.begin(band)
      for t in band where knowsValues {
        evaluation.begin(diagonal: t)
        perform([.predictAndRecord], on: items(of: t..<t + 1), colours: 0..<colours)
        learn(from: t)
      }
      let items = items(of: band)
      for t in band where !knowsValues { evaluation.begin(diagonal: t) }
      for colours in colourSets {
        for steps in stages { perform(steps, on: items, colours: colours) }
        for t in band {
          for colour in colours { try code(t, colour) }
        }
      }
      for t in band where !knowsValues { learn(from: t) }
    }
  }

  /// Steps on pieces of some colours, by all threads.
  private func perform(_ steps: [BandWork.Step], on items: [BandWork.Item], colours: Range<Int>) {
    work.items = items
    work.colours = colours
    work.steps = steps
    team.run(items: items.count)
  }

  /// `body` of each of 0 ..< `count`, by all threads.
  private func each(_ count: Int, _ body: @escaping (Int) -> Void) {
    work.body = body
    team.run(items: count)
    work.body = nil
  }

  /// What the predictors learn from a diagonal.
  private func learn(from t: Int) {
    guard let adaptive = evaluation.adaptivePrediction else { return }
    let bands = adaptive.activeBands(diagonal: t)
    guard adaptive.isDue(diagonal: t) else {
      // Too little to share.
      for band in bands { adaptive.learn(diagonal: t, band: band) }
      return
    }
    let size = Self.mostPixels / AdaptivePrediction.bandRows
    each((bands.count + size - 1) / size) { item in
      let first = bands.lowerBound + item * size
      for band in first..<min(first + size, bands.upperBound) {
        adaptive.learn(diagonal: t, band: band)
      }
    }
    fit(after: t)
  }

  /// The fits, if they are due.
  private func fit(after t: Int) {
    guard let adaptive = evaluation.adaptivePrediction, adaptive.isDue(diagonal: t) else { return }
    each(evaluation.colours) { adaptive.sum(diagonal: t, colour: $0) }
    // The lower bands first, which are lane 0's.
    let count = adaptive.fitCount(diagonal: t)
    each(count) { adaptive.fit(diagonal: t, item: count - 1 - $0) }
  }

  /// The band's pixels in pieces, enough of them that no thread is without work for long.
  private func items(of band: Range<Int>) -> [BandWork.Item] {
    let pixels = band.reduce(0) { $0 + evaluation.diagonals.rowRange($1).count }
    let share = pixels / (3 * team.threads)
    let unit = AdaptivePrediction.bandRows
    let size = min(max(2 * unit, (share + unit - 1) / unit * unit), Self.mostPixels)
    return band.flatMap { t in
      Self.pieces(of: evaluation.diagonals.rowRange(t), diagonal: t, size: size)
    }
  }

  /// Rows in pieces of at most `size`, a multiple of the rows of a band of the prediction; whole bands.
  private static func pieces(of rows: Range<Int>, diagonal: Int, size: Int) -> [BandWork.Item] {
    let unit = AdaptivePrediction.bandRows
    var items: [BandWork.Item] = []
    var first = rows.lowerBound
    while first < rows.upperBound {
      let end = min((first + size) / unit * unit, rows.upperBound)
      items.append(BandWork.Item(diagonal: diagonal, rows: first..<end))
      first = end
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
  }

  struct Item {
    let diagonal: Int
    let rows: Range<Int>
  }

  var items: [Item] = []
  var steps: [Step] = []
  var colours = 0..<0
  /// If there is one, it is called with the item's number instead of the steps.
  var body: ((Int) -> Void)?
  /// The same, with the thread's number.
  var perThread: ((Int, Int) -> Void)?
  private let evaluation: PixelCNNEvaluation
  private let scratch: [Scratch]

  init(_ evaluation: PixelCNNEvaluation, threads: Int) {
    self.evaluation = evaluation
    scratch = (0..<max(threads, 1)).map { _ in Scratch() }
  }

  func run(item: Int, thread: Int) {
    if let perThread {
      perThread(item, thread)
    } else if let body {
      body(item)
    } else {
      run(steps, items[item], colours: colours, thread: thread)
    }
  }

  /// Steps on one piece of some colours.
  func run(_ steps: [Step], _ item: Item, colours: Range<Int>, thread: Int) {
    let scratch = scratch[thread]
    let t = item.diagonal
    let rows = item.rows
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
        }
      }
    }
  }
}
