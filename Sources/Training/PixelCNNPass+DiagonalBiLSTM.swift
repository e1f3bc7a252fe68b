import CTraining
import PixelNetwork

/// A Diagonal BiLSTM layer, forward and backward through time: a step is a diagonal of all crops, which is a column of the
/// skewed map (van den Oord et al. 2016, section 3.2). The direction from the right works on the map with its columns mirrored.
extension PixelCNNPass {
  /// The cells of a step that are in the tile: `body(first cell of the skewed map, cells)`.
  private func forEachPart(ofStep t: Int, _ body: (_ start: Int, _ n: Int) -> Void) {
    let first = max(0, t - space.columns + 1)
    let end = min(t, space.rows - 1) + 1
    forEachPart(
      of: (end - first) * space.crops, from: t * space.stepCells + first * space.crops, body)
  }

  func forwardDiagonalBiLSTM(_ layer: PixelCNNGraph.LSTMLayer, _ index: Int) {
    let h = architecture.bottleneck
    let stream = space.rectified[index]
    let output = space.contexts[index]
    stream.update(from: space.stream, count: space.cells * architecture.features)
    for (side, direction) in layer.directions.enumerated() {
      let gates = space.gates[2 * index + side]
      let states = space.skewedStates[2 * index + side]
      let cells = space.skewedCells[2 * index + side]
      skewStream(stream, side)
      setOutside(direction, states, cells)
      for t in 0..<space.steps {
        forEachPart(ofStep: t) { start, n in
          gather(direction, side, states, start: start, n: n)
          let out = gates + start * 4 * h
          MatrixProducts.forward(
            space.gathered, xStride: direction.gates.inputs, weights(direction.gates), out, n: n,
            inputs: direction.gates.inputs, outputs: 4 * h, accumulate: false)
          prn_lstm_forward(
            out, parameters + direction.gates.biasOffset, cells + (start - space.stepCells) * h, h,
            cells + start * h, states + start * h, n, architecture.colours, units, quantize ? 1 : 0)
        }
      }
      // That from the right is shifted down by one row, so that no later pixel is seen.
      Skew.unskew(
        states, stepStride: space.stepCells * h, into: output + side * space.rowCells * h,
        rowStride: space.rowCells * h, rows: space.rows - side, columns: space.columns,
        channels: space.crops * h, mirrored: side == 1, adding: side == 1)
    }
    raise(layer, output)
  }

  func backwardDiagonalBiLSTM(_ layer: PixelCNNGraph.LSTMLayer, _ index: Int) {
    let features = architecture.features
    let h = architecture.bottleneck
    unraise(layer, space.contexts[index])
    for (side, direction) in layer.directions.enumerated() {
      // The states' gradient, with room for what the first steps see outside of the tile.
      let front = space.stepCells + space.crops
      (space.skewedGradient - front * h)
        .update(repeating: 0, count: (front + space.steps * space.stepCells) * h)
      Skew.skew(
        space.reducedGradient + side * space.rowCells * h, rowStride: space.rowCells * h,
        into: space.skewedGradient, stepStride: space.stepCells * h, rows: space.rows - side,
        columns: space.columns, channels: space.crops * h, mirrored: side == 1)
      skewStream(space.rectified[index], side)
      throughTime(direction, side, 2 * index + side)
      // The stream's gradient has taken its place.
      Skew.unskew(
        space.skewedStream, stepStride: space.stepCells * features, into: space.rectifiedGradient,
        rowStride: space.rowCells * features, rows: space.rows, columns: space.columns,
        channels: space.crops * features, mirrored: side == 1, adding: side == 1)
    }
    addToStreamGradient()
  }

  /// From the last step to the first: gradients of the gates' weights, of the initial states and of the skewed stream.
  private func throughTime(
    _ direction: PixelCNNGraph.Direction, _ side: Int, _ index: Int
  ) {
    let (gates, states) = (space.gates[index], space.skewedStates[index])
    let cells = space.skewedCells[index]
    let features = architecture.features
    let h = architecture.bottleneck
    let width = direction.gates.inputs
    let gateGradient = space.gathered + space.chunk * width
    // A cell passes its gradient on within its row: [row][crop][bottleneck].
    let cellGradient = space.contextGradient
    cellGradient.update(repeating: 0, count: space.rows * space.crops * h)
    for t in (0..<space.steps).reversed() {
      forEachPart(ofStep: t) { start, n in
        let before = start - space.stepCells
        prn_lstm_backward(
          gates + start * 4 * h, cells + before * h, h, cells + start * h,
          space.skewedGradient + start * h, gateGradient,
          cellGradient + (start - t * space.stepCells) * h,
          space.gradient + direction.gates.biasOffset, n, architecture.colours, units)
        gather(direction, side, states, start: start, n: n)
        products(direction, gateGradient, n: n)
        prn_copy_columns(
          space.gathered, width, space.skewedStream + start * features, features, features, n)
        for tap in 0..<2 {
          prn_add_columns(
            space.gathered + features + tap * h, width,
            space.skewedGradient + (before + (tap - 1) * space.crops) * h, h, h, n)
        }
        let diagonal = diagonal(from: start, side)
        scatterContextMap(direction.gates, start: diagonal.start, step: diagonal.step, n: n)
      }
    }
    let initialGradient = space.gradient + direction.initial.biasOffset
    forEachOutside { cell, _ in
      prn_add_columns(space.skewedGradient + cell * h, h, initialGradient, 0, h, space.crops)
    }
    prn_add_columns(cellGradient, h, initialGradient + h, 0, h, space.rows * space.crops)
  }

  /// The cells outside of the tile that pixels look at, above it and beside the first of each row.
  private func forEachOutside(_ body: (_ cell: Int, _ isBeside: Bool) -> Void) {
    for t in -1..<space.steps { body(t * space.stepCells - space.crops, false) }
    for row in 0..<space.rows { body((row - 1) * space.stepCells + row * space.crops, true) }
  }

  private func setOutside(
    _ direction: PixelCNNGraph.Direction, _ states: UnsafeMutablePointer<Float>,
    _ cells: UnsafeMutablePointer<Float>
  ) {
    let h = architecture.bottleneck
    forEachOutside { cell, isBeside in
      prn_copy_columns(initialStates(direction), 0, states + cell * h, h, h, space.crops)
      if isBeside {
        prn_copy_columns(initialCells(direction), 0, cells + cell * h, h, h, space.crops)
      }
    }
  }

  private func skewStream(_ stream: UnsafePointer<Float>, _ side: Int) {
    let features = architecture.features
    Skew.skew(
      stream, rowStride: space.rowCells * features, into: space.skewedStream,
      stepStride: space.stepCells * features, rows: space.rows, columns: space.columns,
      channels: space.crops * features, mirrored: side == 1)
  }

  /// Where the cells of a step from one of the skewed map on are in the map, if there is one crop.
  private func diagonal(from cell: Int, _ side: Int) -> (start: Int, step: Int) {
    let (t, row) = cell.quotientAndRemainder(dividingBy: space.stepCells)
    let column = side == 0 ? t - row : space.columns - 1 - (t - row)
    return (row * space.stride + column, side == 0 ? space.stride - 1 : space.stride + 1)
  }

  /// The stream at n cells of a step, the states of the step before in the row above and in the same row, and the context map.
  private func gather(
    _ direction: PixelCNNGraph.Direction, _ side: Int, _ states: UnsafePointer<Float>,
    start: Int, n: Int
  ) {
    let features = architecture.features
    let h = architecture.bottleneck
    let width = direction.gates.inputs
    prn_copy_columns(
      space.skewedStream + start * features, features, space.gathered, width, features, n)
    for tap in 0..<2 {
      prn_copy_columns(
        states + (start - space.stepCells + (tap - 1) * space.crops) * h, h,
        space.gathered + features + tap * h, width, h, n)
    }
    let diagonal = diagonal(from: start, side)
    gatherContextMap(direction.gates, start: diagonal.start, step: diagonal.step, n: n)
  }
}
