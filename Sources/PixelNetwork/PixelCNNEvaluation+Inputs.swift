import Prediction
import CNetwork

extension PixelCNNEvaluation {
  /// Starts the next diagonals, at most `bandLength`: what lies beside them reads as zero.
  public func begin(_ band: Range<Int>) {
    for t in band {
      let rows = diagonals.rowRange(t)
      inputs.clearBorders(diagonal: t, rows: rows)
      for plane in contexts { plane.clearBorders(diagonal: t, rows: rows) }
      if let recurrence {
        for plane in streams { plane.clearBorders(diagonal: t, rows: rows) }
        recurrence.begin(diagonal: t, rows: rows)
      }
      if let recurrence = diagonalRecurrence {
        if let row = recurrence.completeRow(diagonal: t) { evaluateFromRight(recurrence, row) }
        recurrence.begin(diagonal: t)
      }
    }
  }

  /// Starts the prediction of a diagonal; that of all before it has ended.
  public func begin(diagonal t: Int) { predictor.begin(diagonal: t) }

  /// What is learnt of a diagonal whose values are recorded; nil where the symbol centre is a fixed rule.
  public var adaptivePrediction: AdaptivePrediction? { predictor.adaptive }

  /// Predicts a colour of some pixels of a diagonal: of whole bands (`AdaptivePrediction.bandRows`).
  public func predict(diagonal t: Int, colour: Int, rows: Range<Int>) {
    predictor.predict(diagonal: t, colour: colour, rows: rows)
    let target = predictions + index(diagonal: t, colour: colour)
    predictor.centres(diagonal: t, colour: colour, rows: rows, into: target)
    let channels = model.architecture.predictionMagnitudes.count
    guard channels > 0 else { return }
    predictor.inputs(
      diagonal: t, colour: colour, rows: rows,
      into: predictionInputs.cell(diagonal: t, row: rows.lowerBound) + colour &* channels,
      stride: predictionInputs.cellStride)
  }

  /// Where the values of a diagonal's pixels are: that of `row` at [row * step].
  ///
  /// No reference is counted when one is read or written; threads would be in each other's way.
  public func values(
    diagonal t: Int, colour: Int
  ) -> (base: UnsafeMutablePointer<UInt8>, step: Int) {
    (samples.plane(colour) + t, samples.columns &- diagonals.shear)
  }

  /// Takes the known values of a colour, already predicted, in as inputs.
  public func record(diagonal t: Int, colour: Int, rows: Range<Int>) {
    let (values, step) = values(diagonal: t, colour: colour)
    let kinds = model.architecture.inputKinds
    let hasValue = kinds.contains(.value)
    let hasResidual = kinds.contains(.residual)
    let scale = Int16(truncatingIfNeeded: model.architecture.head.valueScale)
    let stride = inputs.cellStride
    var cell =
      inputs.cell(diagonal: t, row: rows.lowerBound) + colour &* kinds.channelsPerColour
    let residualCell = hasValue ? 1 : 0
    if let adaptive = predictor.adaptive {
      let cells = adaptive.rows(diagonal: t, colour: colour)
      for row in rows {
        let value = Int16(values[row &* step])
        cells.values[row] = value
        if hasValue { cell.pointee = 16 &* (value &- 128) }
        // 64 x - blend is within +-16320.
        if hasResidual { cell[residualCell] = (64 &* value &- cells.blend[row]) &>> 2 }
        cell += stride
      }
    } else {
      let centres = predictions + index(diagonal: t, colour: colour)
      for row in rows {
        let value = Int16(values[row &* step])
        if hasValue { cell.pointee = 16 &* (value &* scale &- 128) }
        if hasResidual { cell[residualCell] = 16 &* (value &- Int16(centres[row])) }
        cell += stride
      }
    }
  }

  /// Takes the symbol of a pixel, now decoded; `record` has to follow.
  public func decode(symbol: UInt8, diagonal t: Int, colour: Int, row: Int) {
    let (values, step) = values(diagonal: t, colour: colour)
    values[row &* step] = predictions[index(diagonal: t, colour: colour) &+ row] &+ symbol
  }

  /// symbol = (value - prediction) mod 256 of a pixel whose value is known.
  public func symbol(diagonal t: Int, colour: Int, row: Int) -> UInt8 {
    let column = diagonals.column(diagonal: t, row: row)
    return samples.plane(colour)[row &* samples.columns &+ column]
      &- predictions[index(diagonal: t, colour: colour) &+ row]
  }

  /// What symbol 0 of a pixel stands for; `predict` has found it.
  public func prediction(diagonal t: Int, colour: Int, row: Int) -> UInt8 {
    predictions[index(diagonal: t, colour: colour) &+ row]
  }

  /// The value of a pixel that is known.
  public func value(diagonal t: Int, colour: Int, row: Int) -> UInt8 {
    samples.plane(colour)[row &* samples.columns &+ diagonals.column(diagonal: t, row: row)]
  }

  /// Of row 0 in `predictions` and `results`.
  @inline(__always)
  func index(diagonal t: Int, colour: Int) -> Int {
    (t % bandLength &* colours &+ colour) &* samples.rows
  }
}
