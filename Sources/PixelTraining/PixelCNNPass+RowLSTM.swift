import CTrainingKernels
import PixelModels

/// A Row LSTM layer, forward and backward through time: a step is a row of the crop (van den Oord et al. 2016, section
/// 3.1). States are in `reduced`, whose padding is zero, cells in `contexts`, the stream in front of the layer in `rectified`.
extension PixelCNNPass {
  private var units: Int { architecture.bottleneck / architecture.colours }

  /// The parameters from which a row's cells, or states, before the first one are.
  private func initialCells(_ layer: PixelCNNGraph.LSTMLayer) -> UnsafePointer<Float> {
    parameters + layer.initial.biasOffset + architecture.bottleneck
  }

  /// Parts of a row that go through a layer together: `body(first cell, cells)`.
  private func forEachPart(ofRow row: Int, _ body: (_ start: Int, _ n: Int) -> Void) {
    var column = 0
    while column < space.columns {
      body(row * space.stride + column, min(Workspace.chunk, space.columns - column))
      column += Workspace.chunk
    }
  }

  func forward(_ layer: PixelCNNGraph.LSTMLayer, _ index: Int) {
    let features = architecture.features
    let h = architecture.bottleneck
    let hh = architecture.headFeatures
    let seen = 2 * features
    let stream = space.rectified[index]
    let (states, cells, gates) = (space.reduced[index], space.contexts[index], space.gates[index])
    stream.update(from: space.stream, count: space.cells * features)

    // Input-to-state, of all cells at once.
    forEachChunk { start, n in
      gatherStream(stream, start: start, n: n)
      let out = gates + start * 4 * h
      prn_add_bias(out, parameters + layer.gates.biasOffset, n, 4 * h, 1)
      MatrixProducts.forward(
        space.gathered, xStride: seen, weights(layer.gates), out, n: n, inputs: seen,
        outputs: 4 * h, accumulate: true)
      addContext(layer.gates, to: out, start: start, n: n)
    }
    // State-to-state, row by row.
    for row in 0..<space.rows {
      forEachPart(ofRow: row) { start, n in
        gatherStates(layer, states, row: row, start: start, n: n)
        let out = gates + start * 4 * h
        MatrixProducts.forward(
          space.gathered, xStride: 3 * h, weights(layer.gates) + seen * 4 * h, out, n: n,
          inputs: 3 * h, outputs: 4 * h, accumulate: true)
        prn_lstm_forward(
          out, row == 0 ? initialCells(layer) : UnsafePointer(cells + (start - space.stride) * h),
          row == 0 ? 0 : h, cells + start * h, states + start * h, n, architecture.colours, units,
          quantize ? 1 : 0)
      }
    }
    forEachChunk { start, n in
      apply(
        layer.expand, states + start * h, xStride: h, space.stream + start * features, n: n,
        accumulate: architecture.connections.contains(.residual))
      if quantize { prn_round_activations(space.stream + start * features, n * features) }
      if let skip = layer.skip {
        apply(
          skip, states + start * h, xStride: h, space.skipSum + start * hh, n: n, accumulate: true)
        if quantize { prn_round_activations(space.skipSum + start * hh, n * hh) }
      }
    }
  }

  func backward(_ layer: PixelCNNGraph.LSTMLayer, _ index: Int) {
    let features = architecture.features
    let h = architecture.bottleneck
    let hh = architecture.headFeatures
    let seen = 2 * features
    let stream = space.rectified[index]
    let (states, cells, gates) = (space.reduced[index], space.contexts[index], space.gates[index])
    let gateGradient = space.gateGradient
    forEachChunk { start, n in
      let dh = space.reducedGradient + start * h
      unapply(
        layer.expand, states + start * h, xStride: h, dy: space.streamGradient + start * features,
        dx: dh, n: n)
      if let skip = layer.skip {
        unapply(
          skip, states + start * h, xStride: h, dy: space.hiddenGradient + start * hh, dx: dh,
          n: n, accumulate: true)
      }
    }
    throughTime(layer, states: states, cells: cells, gates: gates)

    // Input-to-state.
    gateGradientPadding()
    space.rectifiedGradient.update(repeating: 0, count: space.cells * features)
    forEachChunk { start, n in
      let dy = gateGradient + start * 4 * h
      gatherStream(stream, start: start, n: n)
      MatrixProducts.weightGradient(
        space.gathered, xStride: seen, dy, space.gradient + layer.gates.weightOffset, n: n,
        inputs: seen, outputs: 4 * h)
      prn_sum_rows(dy, space.gradient + layer.gates.biasOffset, n, 4 * h)
      MatrixProducts.inputGradient(
        dy, weights(layer.gates), space.gathered, dxStride: seen, n: n, inputs: seen,
        outputs: 4 * h, accumulate: false)
      addContextGradient(layer.gates, dy: dy, start: start, n: n)
      for i in 0..<n {
        let column = (start + i) % space.stride
        guard column < space.columns else { continue }
        let from = space.gathered + i * seen
        let target = space.rectifiedGradient + (start + i) * features
        if column > 0 { prn_add(target - features, from, features) }
        prn_add(target, from + features, features)
      }
    }
    if architecture.connections.contains(.residual) {
      prn_add(space.streamGradient, space.rectifiedGradient, space.cells * features)
    } else {
      space.streamGradient.update(from: space.rectifiedGradient, count: space.cells * features)
    }
  }

  /// From the last row to the first: gradients of the gates, of the state-to-state weights and of the initial state.
  private func throughTime(
    _ layer: PixelCNNGraph.LSTMLayer, states: UnsafeMutablePointer<Float>,
    cells: UnsafeMutablePointer<Float>, gates: UnsafeMutablePointer<Float>
  ) {
    let h = architecture.bottleneck
    let seen = 2 * architecture.features
    let stateWeights = weights(layer.gates) + seen * 4 * h
    let initialGradient = space.gradient + layer.initial.biasOffset
    // The cells' gradient of one row.
    let cellGradient = space.contextGradient
    cellGradient.update(repeating: 0, count: space.columns * h)
    for row in (0..<space.rows).reversed() {
      forEachPart(ofRow: row) { start, n in
        let dy = space.gateGradient + start * 4 * h
        let dc = cellGradient + start % space.stride * h
        prn_lstm_backward(
          gates + start * 4 * h,
          row == 0 ? initialCells(layer) : UnsafePointer(cells + (start - space.stride) * h),
          row == 0 ? 0 : h, cells + start * h, space.reducedGradient + start * h, dy, dc, n,
          architecture.colours, units)
        gatherStates(layer, states, row: row, start: start, n: n)
        MatrixProducts.weightGradient(
          space.gathered, xStride: 3 * h, dy,
          space.gradient + layer.gates.weightOffset + seen * 4 * h, n: n, inputs: 3 * h,
          outputs: 4 * h)
        MatrixProducts.inputGradient(
          dy, stateWeights, space.gathered, dxStride: 3 * h, n: n, inputs: 3 * h, outputs: 4 * h,
          accumulate: false)
        for i in 0..<n {
          let from = space.gathered + i * 3 * h
          if row == 0 {
            for tap in 0..<3 { prn_add(initialGradient, from + tap * h, h) }
            prn_add(initialGradient + h, dc + i * h, h)
          } else {
            let above = space.reducedGradient + (start + i - space.stride) * h
            let column = (start + i) % space.stride
            if column > 0 { prn_add(above - h, from, h) }
            prn_add(above, from + h, h)
            if column + 1 < space.columns { prn_add(above + h, from + 2 * h, h) }
          }
        }
      }
    }
  }

  /// The gradient of the cells behind the rows, of which there are no gates.
  private func gateGradientPadding() {
    space.clearPadding(space.gateGradient, channels: 4 * architecture.bottleneck)
  }

  /// The stream on the left of cells `start ..< start + n`, and at them, into `gathered`; zeros where there is none.
  private func gatherStream(_ stream: UnsafePointer<Float>, start: Int, n: Int) {
    let features = architecture.features
    for i in 0..<n {
      let column = (start + i) % space.stride
      let out = space.gathered + i * 2 * features
      guard column < space.columns else {
        out.update(repeating: 0, count: 2 * features)
        continue
      }
      let here = stream + (start + i) * features
      if column > 0 {
        out.update(from: here - features, count: features)
      } else {
        out.update(repeating: 0, count: features)
      }
      (out + features).update(from: here, count: features)
    }
  }

  /// The three states above each cell of a row, which lie side by side; above the first row the initial ones.
  private func gatherStates(
    _ layer: PixelCNNGraph.LSTMLayer, _ states: UnsafePointer<Float>, row: Int, start: Int, n: Int
  ) {
    let h = architecture.bottleneck
    let initial = parameters + layer.initial.biasOffset
    for i in 0..<n {
      let out = space.gathered + i * 3 * h
      if row > 0 {
        out.update(from: states + (start + i - space.stride - 1) * h, count: 3 * h)
      } else {
        for tap in 0..<3 { (out + tap * h).update(from: initial, count: h) }
      }
    }
  }
}
