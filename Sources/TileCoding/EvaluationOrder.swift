import ImagePlanes
import Platform

/// The order of the calls of a `TileEvaluation`, for debug builds: what must have come before a
/// step, has come.
///
/// It counts the rows of each diagonal and colour that each step is done for. A step whose
/// condition is not met fails an assertion there.
final class EvaluationOrder: @unchecked Sendable {
  private let order: CodeOrder
  private let colours: Int
  private let stages: Int
  private let lock = Lock()
  // All used with the lock held.
  /// Rows done: [diagonal][colour][step], the steps being predict, record, the stages, finish.
  private var done: [[Int32]] = []
  private var begun = -1
  private var predicting = -1

  init(_ order: CodeOrder, colours: Int, stages: Int) {
    self.order = order
    self.colours = colours
    self.stages = stages
  }

  private enum Step {
    static let predict = 0
    static let record = 1
    static let stage = 2
  }

  private var steps: Int { Step.stage + stages + 1 }

  private func rows(_ t: Int, _ colour: Int, _ step: Int) -> Int {
    t < done.count ? Int(done[t][colour * steps + step]) : 0
  }

  private func isDone(_ t: Int, _ colour: Int, _ step: Int) -> Bool {
    t < 0 || rows(t, colour, step) == order.rowRange(t).count
  }

  private func add(_ t: Int, _ colour: Int, _ step: Int, _ rows: Range<Int>) {
    while done.count <= t { done.append([Int32](repeating: 0, count: colours * steps)) }
    done[t][colour * steps + step] += Int32(rows.count)
  }

  func begin(diagonal t: Int) -> Bool {
    lock.withLock {
      defer { begun = t }
      return t == begun + 1
    }
  }

  /// All values of the diagonal before are recorded.
  func beginPrediction(diagonal t: Int) -> Bool {
    lock.withLock {
      defer { predicting = t }
      return t == predicting + 1
        && (0..<colours).allSatisfy { isDone(t - 1, $0, Step.record) }
    }
  }

  func predict(diagonal t: Int, colour: Int, rows: Range<Int>) -> Bool {
    lock.withLock {
      defer { add(t, colour, Step.predict, rows) }
      // The same rows of the earlier colours are recorded; as many of them, at least.
      return t == predicting
        && (colour == 0 || self.rows(t, colour - 1, Step.record) >= rows.count)
    }
  }

  func record(diagonal t: Int, colour: Int, rows: Range<Int>) -> Bool {
    lock.withLock {
      defer { add(t, colour, Step.record, rows) }
      return self.rows(t, colour, Step.predict)
        >= self.rows(t, colour, Step.record) + rows.count
    }
  }

  func evaluate(stage: Int, diagonal t: Int, colour: Int, rows: Range<Int>) -> Bool {
    lock.withLock {
      defer { add(t, colour, Step.stage + stage, rows) }
      let now = self.rows(t, colour, Step.stage + stage) + rows.count
      guard t <= begun, self.rows(t, colour, Step.predict) >= now else { return false }
      if stage == 0 { return (0..<colours).allSatisfy { isDone(t - 1, $0, Step.record) } }
      return self.rows(t, colour, Step.stage + stage - 1) >= now
        && (0..<colours).allSatisfy { isDone(t - 1, $0, Step.stage + stage - 1) }
    }
  }

  func finish(diagonal t: Int, colour: Int, rows: Range<Int>) -> Bool {
    lock.withLock {
      defer { add(t, colour, Step.stage + stages, rows) }
      return stages == 0
        || self.rows(t, colour, Step.stage + stages - 1)
          >= self.rows(t, colour, Step.stage + stages) + rows.count
    }
  }
}
