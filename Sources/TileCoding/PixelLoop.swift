import EntropyCoding
import ImagePlanes
import PixelNetwork
import Prediction

/// Threads that work at tiles, each with working memory of its own.
package struct Workers: Sendable {
  let team: ThreadTeam
  let scratch: [Scratch]

  /// So many threads, with the one that calls; nil where memory is short.
  ///
  /// - Parameter threads: 1 or more.
  package init?(threads: Int) {
    var scratch: [Scratch] = []
    for _ in 0..<max(threads, 1) {
      guard let one = Scratch() else { return nil }
      scratch.append(one)
    }
    self.scratch = scratch
    team = ThreadTeam(threads: threads)
  }
}

/// The one loop over a tile's pixels in code order (FORMAT.md, section 2): predict, evaluate, code,
/// record, learn.
///
/// Where all values are known, a front of diagonals is evaluated at once, stage by stage, and coded
/// then. Elsewhere evaluation and coding alternate, diagonal by diagonal and colour by colour.
/// Nobody else records a value. Colours that are known are predicted, evaluated and recorded, but
/// not coded.
package struct PixelLoop {
  /// Pixels that a thread works at without a break; more would not stay in its caches.
  private static let mostPixels = 48
  /// About the share of the time of a pixel that is evaluation, which all threads can share.
  private static let evaluation = 0.7
  /// In the time of so many pixels threads wait for each other twice.
  private static let waiting = 6

  private let evaluation: TileEvaluation
  private let workers: Workers
  private let order: CodeOrder
  /// How many are coded.
  private let diagonals: Int
  private let stop: StopFlag?
  private let colours: Range<Int>
  /// Those that are not known.
  private let coded: Range<Int>

  /// - Parameters:
  ///   - evaluation: of the tile, nothing evaluated yet.
  ///   - workers: the threads.
  ///   - diagonals: how many to code, from the first on; nil for all.
  ///   - stop: ends the loop at the next diagonal, or front of them.
  package init(
    _ evaluation: TileEvaluation, _ workers: Workers, diagonals: Int? = nil, stop: StopFlag? = nil
  ) {
    self.evaluation = evaluation
    self.workers = workers
    order = evaluation.order
    self.diagonals = min(diagonals ?? order.count, order.count)
    self.stop = stop
    colours = 0..<evaluation.colours
    coded = evaluation.tile.knownColours..<evaluation.colours
  }

  private var threads: Int { workers.team.threads }

  /// Codes the tile.
  ///
  /// - Throws: what the coder's `check` throws, `EntropyCodingError.cancelled`.
  package func run(_ coder: some ValueCoder) throws(EntropyCodingError) {
    switch coder.output {
    case .events: try runFronts(coder)
    case .distributions: try runDiagonals(coder)
    }
  }

  /// Known values: fronts of diagonals, whose stages all threads share.
  private func runFronts(_ coder: some ValueCoder) throws(EntropyCodingError) {
    for start in stride(from: 0, to: diagonals, by: evaluation.front) {
      let front = start..<min(start + evaluation.front, diagonals)
      for t in front {
        begin(t)
        each(pieces(of: t..<t + 1)) { piece, _ in
          for colour in colours {
            evaluation.predict(diagonal: t, colour: colour, rows: piece.rows)
            evaluation.record(diagonal: t, colour: colour, rows: piece.rows)
          }
        }
        learn(from: t)
      }
      let pieces = pieces(of: front)
      let last = evaluation.stageCount - 1
      for stage in 0..<max(last, 0) {
        each(pieces) { piece, scratch in
          for colour in colours { evaluate(stage, colour, piece, scratch) }
        }
      }
      each(pieces) { piece, scratch in
        for colour in colours where last >= 0 { evaluate(last, colour, piece, scratch) }
        for colour in coded { finish(.events, colour, piece, scratch) }
      }
      for t in front {
        for colour in coded {
          coder.code(
            diagonal: t, colour: colour, rows: order.rowRange(t), lane: 0, in: evaluation)
        }
      }
      try coder.check()
      try stop?.check()
    }
  }

  /// Values that are found, or coded as if they were: diagonal by diagonal.
  private func runDiagonals(_ coder: some ValueCoder) throws(EntropyCodingError) {
    for t in 0..<diagonals {
      begin(t)
      if goesByLanes(t, coder.lanes) {
        codeLanes(coder, t)
        fit(after: t)
      } else {
        codePieces(coder, t)
        learn(from: t)
      }
      try coder.check()
      try stop?.check()
    }
  }

  /// Whether a diagonal's lanes are better left to a thread each. All threads can share what is
  /// evaluated, but wait for each other more often then.
  private func goesByLanes(_ t: Int, _ lanes: Lanes) -> Bool {
    guard threads <= lanes.count else { return false }
    let most = (0..<lanes.count).map { lanes.rows(of: $0, diagonal: t, in: order).count }.max() ?? 0
    let evaluated = Self.evaluation * Double(order.rowRange(t).count) / Double(threads)
    let coded = (1 - Self.evaluation) * Double(most)
    return Double(most) <= evaluated + coded + Double(Self.waiting * colours.count)
  }

  /// Each lane's share of a diagonal, from prediction to learning, on one thread, which finds its
  /// data where it left it.
  private func codeLanes(_ coder: some ValueCoder, _ t: Int) {
    let lanes = coder.lanes
    workers.team.run(items: lanes.count) { lane, thread in
      let scratch = workers.scratch[thread]
      let rows = lanes.rows(of: lane, diagonal: t, in: order)
      for colour in colours {
        forEachPiece(of: rows, diagonal: t, size: Self.mostPixels) { piece in
          predictAndEvaluate(colour, piece, scratch)
          codeAndRecord(coder, t, colour, piece.rows, lane)
        }
      }
      if let adaptive = evaluation.predictor.adaptive {
        let bands = lanes.bands(
          adaptive.activeBands(diagonal: t), of: lane, diagonal: t, in: order)
        for band in bands { adaptive.learn(diagonal: t, band: band) }
      }
    }
  }

  /// The threads share the pieces of each colour of a diagonal, and then its lanes.
  private func codePieces(_ coder: some ValueCoder, _ t: Int) {
    let lanes = coder.lanes
    let pieces = pieces(of: t..<t + 1)
    for colour in colours {
      each(pieces) { piece, scratch in predictAndEvaluate(colour, piece, scratch) }
      workers.team.run(items: lanes.count) { lane, _ in
        let rows = lanes.rows(of: lane, diagonal: t, in: order)
        codeAndRecord(coder, t, colour, rows, lane)
      }
    }
  }

  // MARK: Steps

  private func begin(_ t: Int) {
    evaluation.begin(diagonal: t, scratch: workers.scratch[0])
    evaluation.beginPrediction(diagonal: t)
  }

  private func evaluate(_ stage: Int, _ colour: Int, _ piece: Piece, _ scratch: Scratch) {
    evaluation.evaluate(
      stage: stage, diagonal: piece.diagonal, colour: colour, rows: piece.rows, scratch: scratch)
  }

  private func finish(
    _ output: TileEvaluation.Output, _ colour: Int, _ piece: Piece, _ scratch: Scratch
  ) {
    evaluation.finish(
      output, diagonal: piece.diagonal, colour: colour, rows: piece.rows, scratch: scratch)
  }

  private func predictAndEvaluate(_ colour: Int, _ piece: Piece, _ scratch: Scratch) {
    evaluation.predict(diagonal: piece.diagonal, colour: colour, rows: piece.rows)
    for stage in 0..<evaluation.stageCount { evaluate(stage, colour, piece, scratch) }
    guard coded.contains(colour) else { return }
    finish(.distributions, colour, piece, scratch)
  }

  private func codeAndRecord(
    _ coder: some ValueCoder, _ t: Int, _ colour: Int, _ rows: Range<Int>, _ lane: Int
  ) {
    if coded.contains(colour) {
      coder.code(diagonal: t, colour: colour, rows: rows, lane: lane, in: evaluation)
    }
    evaluation.record(diagonal: t, colour: colour, rows: rows)
  }

  /// What the predictors learn from a diagonal.
  private func learn(from t: Int) {
    guard let adaptive = evaluation.predictor.adaptive else { return }
    let bands = adaptive.activeBands(diagonal: t)
    guard adaptive.isDue(diagonal: t) else {
      // Too little to share.
      for band in bands { adaptive.learn(diagonal: t, band: band) }
      return
    }
    let size = Self.mostPixels / AdaptivePrediction.bandRows
    workers.team.run(items: (bands.count + size - 1) / size) { item, _ in
      let first = bands.lowerBound + item * size
      for band in first..<min(first + size, bands.upperBound) {
        adaptive.learn(diagonal: t, band: band)
      }
    }
    fit(after: t)
  }

  /// The fits, if they are due.
  private func fit(after t: Int) {
    guard let adaptive = evaluation.predictor.adaptive, adaptive.isDue(diagonal: t) else { return }
    workers.team.run(items: colours.count) { colour, _ in
      adaptive.sum(diagonal: t, colour: colour)
    }
    // The lower bands first, which are lane 0's.
    let count = adaptive.fitCount(diagonal: t)
    workers.team.run(items: count) { item, _ in adaptive.fit(diagonal: t, item: count - 1 - item) }
  }

  // MARK: Pieces

  private struct Piece {
    let diagonal: Int
    let rows: Range<Int>
  }

  private func each(_ pieces: [Piece], _ body: (Piece, Scratch) -> Void) {
    workers.team.run(items: pieces.count) { item, thread in
      body(pieces[item], workers.scratch[thread])
    }
  }

  /// The pixels of some diagonals in pieces, enough of them that no thread is without work for
  /// long.
  private func pieces(of front: Range<Int>) -> [Piece] {
    let pixels = front.reduce(0) { $0 + order.rowRange($1).count }
    let share = pixels / (3 * threads)
    let unit = AdaptivePrediction.bandRows
    let size = min(max(2 * unit, (share + unit - 1) / unit * unit), Self.mostPixels)
    var pieces: [Piece] = []
    for t in front {
      forEachPiece(of: order.rowRange(t), diagonal: t, size: size) { pieces.append($0) }
    }
    return pieces
  }

  /// Rows in pieces of at most `size`, a multiple of the rows of a band; whole bands.
  private func forEachPiece(
    of rows: Range<Int>, diagonal: Int, size: Int, _ body: (Piece) -> Void
  ) {
    let unit = AdaptivePrediction.bandRows
    var first = rows.lowerBound
    while first < rows.upperBound {
      let end = min((first + size) / unit * unit, rows.upperBound)
      body(Piece(diagonal: diagonal, rows: first..<end))
      first = end
    }
  }
}
