import ImagePlanes
import Testing

@testable import TileCoding

/// The check of debug builds finds each kind of wrong order.
@Suite struct EvaluationOrderTests {
  static let order = CodeOrder(rows: 20, columns: 9, shear: 2)
  static let colours = 3
  static let stages = 3

  static func check() -> EvaluationOrder {
    EvaluationOrder(order, colours: colours, stages: stages)
  }

  /// All of a diagonal in the right order, as the decoder does it; whether it is found right.
  static func decode(_ t: Int, _ calls: EvaluationOrder) -> Bool {
    let rows = order.rowRange(t)
    var isRight = calls.begin(diagonal: t) && calls.beginPrediction(diagonal: t)
    for colour in 0..<colours {
      isRight = calls.predict(diagonal: t, colour: colour, rows: rows) && isRight
      for stage in 0..<stages {
        isRight =
          calls.evaluate(stage: stage, diagonal: t, colour: colour, rows: rows) && isRight
      }
      isRight = calls.finish(diagonal: t, colour: colour, rows: rows) && isRight
      isRight = calls.record(diagonal: t, colour: colour, rows: rows) && isRight
    }
    return isRight
  }

  /// A check after the first `count` diagonals, all in order.
  static func check(after count: Int) -> EvaluationOrder {
    let calls = check()
    for t in 0..<count { #expect(decode(t, calls)) }
    return calls
  }

  /// Begun and predicted, but not yet evaluated.
  static func predicted(_ t: Int) -> EvaluationOrder {
    let calls = check(after: t)
    #expect(calls.begin(diagonal: t) && calls.beginPrediction(diagonal: t))
    #expect(calls.predict(diagonal: t, colour: 0, rows: order.rowRange(t)))
    return calls
  }

  @Test func theDecodersOrderIsRight() {
    let calls = Self.check()
    for t in 0..<Self.order.count { #expect(Self.decode(t, calls)) }
  }

  /// A front at once, stage by stage; rows in pieces, from below.
  @Test func theEncodersOrderIsRight() {
    let calls = Self.check()
    for start in stride(from: 0, to: Self.order.count, by: 4) {
      let front = start..<min(start + 4, Self.order.count)
      func each(_ body: (_ t: Int, _ colour: Int, _ rows: Range<Int>) -> Bool) {
        for t in front {
          let rows = Self.order.rowRange(t)
          let middle = (rows.lowerBound + rows.upperBound) / 2
          for part in [middle..<rows.upperBound, rows.lowerBound..<middle] {
            for colour in 0..<Self.colours { #expect(body(t, colour, part)) }
          }
        }
      }
      for t in front {
        #expect(calls.begin(diagonal: t) && calls.beginPrediction(diagonal: t))
        for colour in 0..<Self.colours {
          let rows = Self.order.rowRange(t)
          #expect(calls.predict(diagonal: t, colour: colour, rows: rows))
          #expect(calls.record(diagonal: t, colour: colour, rows: rows))
        }
      }
      for stage in 0..<Self.stages {
        each { calls.evaluate(stage: stage, diagonal: $0, colour: $1, rows: $2) }
      }
      each { calls.finish(diagonal: $0, colour: $1, rows: $2) }
    }
  }

  @Test func diagonalsComeInTurn() {
    #expect(!Self.check().begin(diagonal: 1))
    let calls = Self.check(after: 2)
    #expect(!calls.begin(diagonal: 1))
    #expect(!Self.check(after: 2).begin(diagonal: 3))
    #expect(!Self.check().beginPrediction(diagonal: 1))
    #expect(!Self.check(after: 2).beginPrediction(diagonal: 1))
  }

  /// The prediction of a diagonal learns from all values before it.
  @Test func predictionWaitsForTheValues() {
    let calls = Self.predicted(5)
    #expect(calls.begin(diagonal: 6))
    #expect(!calls.beginPrediction(diagonal: 6))
  }

  @Test func onlyTheDiagonalInTurnIsPredicted() {
    #expect(!Self.check().predict(diagonal: 0, colour: 0, rows: 0..<1))
    #expect(!Self.check(after: 5).predict(diagonal: 5, colour: 0, rows: 0..<1))
  }

  /// A colour is predicted from the earlier one.
  @Test func coloursComeInTurn() {
    let calls = Self.predicted(5)
    #expect(!calls.predict(diagonal: 5, colour: 1, rows: Self.order.rowRange(5)))
  }

  @Test func whatIsRecordedWasPredicted() {
    #expect(!Self.predicted(5).record(diagonal: 5, colour: 1, rows: Self.order.rowRange(5)))
    #expect(!Self.check(after: 5).record(diagonal: 5, colour: 0, rows: Self.order.rowRange(5)))
  }

  @Test func nothingIsRecordedTwice() {
    let calls = Self.predicted(5)
    #expect(calls.record(diagonal: 5, colour: 0, rows: Self.order.rowRange(5)))
    #expect(!calls.record(diagonal: 5, colour: 0, rows: Self.order.rowRange(5)))
  }

  @Test func evaluationWaitsForTheBegin() {
    let calls = Self.check(after: 5)
    #expect(calls.beginPrediction(diagonal: 5))
    #expect(calls.predict(diagonal: 5, colour: 0, rows: Self.order.rowRange(5)))
    #expect(!calls.evaluate(stage: 0, diagonal: 5, colour: 0, rows: Self.order.rowRange(5)))
  }

  @Test func evaluationWaitsForThePrediction() {
    let calls = Self.predicted(5)
    #expect(!calls.evaluate(stage: 0, diagonal: 5, colour: 1, rows: Self.order.rowRange(5)))
  }

  /// The first convolution sees all values of the diagonals before.
  @Test func theFirstStageWaitsForTheValues() {
    let calls = Self.check()
    #expect(calls.begin(diagonal: 0) && calls.beginPrediction(diagonal: 0))
    #expect(calls.predict(diagonal: 0, colour: 0, rows: 0..<1))
    #expect(calls.record(diagonal: 0, colour: 0, rows: 0..<1))
    #expect(calls.begin(diagonal: 1))
    _ = calls.beginPrediction(diagonal: 1)
    #expect(calls.predict(diagonal: 1, colour: 0, rows: 0..<1))
    #expect(!calls.evaluate(stage: 0, diagonal: 1, colour: 0, rows: 0..<1))
  }

  @Test func stagesComeInTurn() {
    let rows = Self.order.rowRange(5)
    #expect(!Self.predicted(5).evaluate(stage: 1, diagonal: 5, colour: 0, rows: rows))
    let calls = Self.predicted(5)
    #expect(calls.evaluate(stage: 0, diagonal: 5, colour: 0, rows: rows))
    #expect(!calls.evaluate(stage: 2, diagonal: 5, colour: 0, rows: rows))
  }

  /// A block sees its neighbours' features of the stage before: on all diagonals before, in all
  /// colours.
  @Test func stagesWaitForTheDiagonalsBefore() {
    let calls = Self.check(after: 5)
    for t in 5...6 {
      #expect(calls.begin(diagonal: t) && calls.beginPrediction(diagonal: t))
      for colour in 0..<Self.colours {
        #expect(calls.predict(diagonal: t, colour: colour, rows: Self.order.rowRange(t)))
        #expect(calls.record(diagonal: t, colour: colour, rows: Self.order.rowRange(t)))
      }
    }
    #expect(calls.evaluate(stage: 0, diagonal: 6, colour: 0, rows: Self.order.rowRange(6)))
    #expect(!calls.evaluate(stage: 1, diagonal: 6, colour: 0, rows: Self.order.rowRange(6)))
  }

  @Test func theEndWaitsForTheLastStage() {
    let calls = Self.predicted(5)
    let rows = Self.order.rowRange(5)
    #expect(calls.evaluate(stage: 0, diagonal: 5, colour: 0, rows: rows))
    #expect(calls.evaluate(stage: 1, diagonal: 5, colour: 0, rows: rows))
    #expect(!calls.finish(diagonal: 5, colour: 0, rows: rows))
  }

  /// Predictions alone have an end, but no stages.
  @Test func withoutANetwork() {
    let calls = EvaluationOrder(Self.order, colours: 1, stages: 0)
    #expect(calls.begin(diagonal: 0) && calls.beginPrediction(diagonal: 0))
    #expect(calls.predict(diagonal: 0, colour: 0, rows: 0..<1))
    #expect(calls.record(diagonal: 0, colour: 0, rows: 0..<1))
    #expect(calls.finish(diagonal: 0, colour: 0, rows: 0..<1))
  }
}
