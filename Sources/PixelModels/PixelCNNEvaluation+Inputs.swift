import CIntegerKernels

extension PixelCNNEvaluation {
  /// Starts the next diagonals, at most `bandLength`: what lies beside them reads as zero.
  public func begin(_ band: Range<Int>) {
    for t in band {
      let rows = diagonals.rowRange(t)
      inputs.clearBorders(diagonal: t, rows: rows)
      for plane in contexts { plane.clearBorders(diagonal: t, rows: rows) }
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
    for row in rows { target[row] = predictor.centre(diagonal: t, colour: colour, row: row) }
    let channels = model.architecture.predictionMagnitudes.count
    guard channels > 0 else { return }
    predictor.inputs(
      diagonal: t, colour: colour, rows: rows,
      into: predictionInputs.cell(diagonal: t, row: rows.lowerBound) + colour &* channels,
      stride: predictionInputs.cellStride)
  }

  /// Takes the known values of a colour, already predicted, in as inputs.
  public func record(diagonal t: Int, colour: Int, rows: Range<Int>) {
    let values = samples.plane(colour)
    for row in rows {
      let column = diagonals.column(diagonal: t, row: row)
      record(
        values[row &* samples.columns &+ column], diagonal: t, colour: colour, row: row)
    }
  }

  /// Takes the symbol of a pixel, now decoded.
  public func record(symbol: UInt8, diagonal t: Int, colour: Int, row: Int) {
    let column = diagonals.column(diagonal: t, row: row)
    let value = predictions[index(diagonal: t, colour: colour) &+ row] &+ symbol
    samples.plane(colour)[row &* samples.columns &+ column] = value
    record(value, diagonal: t, colour: colour, row: row)
  }

  /// symbol = (value - prediction) mod 256 of a pixel whose value is known.
  public func symbol(diagonal t: Int, colour: Int, row: Int) -> UInt8 {
    let column = diagonals.column(diagonal: t, row: row)
    return samples.plane(colour)[row &* samples.columns &+ column]
      &- predictions[index(diagonal: t, colour: colour) &+ row]
  }

  @inline(__always)
  private func record(_ value: UInt8, diagonal t: Int, colour: Int, row: Int) {
    let kinds = model.architecture.inputKinds
    var cell = inputs.cell(diagonal: t, row: row)
    cell += colour &* kinds.channelsPerColour
    if kinds.contains(.value) {
      cell.pointee = 16 &* (Int16(value) &- 128)
      cell += 1
    }
    let residual = predictor.record(value, diagonal: t, colour: colour, row: row)
    if kinds.contains(.residual) { cell.pointee = residual }
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
