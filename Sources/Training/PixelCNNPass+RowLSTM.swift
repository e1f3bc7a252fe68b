import CTraining
import PixelNetwork

/// A Row LSTM layer, forward and backward through time: a step is a row of all crops (van den Oord et al. 2016, section
/// 3.1). States are in `reduced`, whose padding is zero, cells in `contexts`, the stream in front of the layer in `rectified`.
extension PixelCNNPass {
  var units: Int { architecture.bottleneck / architecture.colours }

  /// The parameters from which the states, or cells, before the first step are.
  func initialStates(_ direction: PixelCNNGraph.Direction) -> UnsafePointer<Float> {
    parameters + direction.initial.biasOffset
  }

  func initialCells(_ direction: PixelCNNGraph.Direction) -> UnsafePointer<Float> {
    parameters + direction.initial.biasOffset + architecture.bottleneck
  }

  /// Parts of `count` cells from `first` on that go through a layer together: `body(first cell, cells)`.
  func forEachPart(of count: Int, from first: Int, _ body: (_ start: Int, _ n: Int) -> Void) {
    var done = 0
    while done < count {
      let n = min(space.chunk, count - done)
      body(first + done, n)
      done += n
    }
  }

  /// What follows a layer's output [cells][bottleneck]: stream and skips.
  func raise(_ layer: PixelCNNGraph.LSTMLayer, _ output: UnsafePointer<Float>) {
    let features = architecture.features
    let h = architecture.bottleneck
    let hh = architecture.headFeatures
    forEachChunk { start, n in
      apply(
        layer.expand, output + start * h, xStride: h, space.stream + start * features, n: n,
        accumulate: architecture.connections.contains(.residual))
      if quantize { prn_round_activations(space.stream + start * features, n * features) }
      if let skip = layer.skip {
        apply(
          skip, output + start * h, xStride: h, space.skipSum + start * hh, n: n, accumulate: true)
        if quantize { prn_round_activations(space.skipSum + start * hh, n * hh) }
      }
    }
  }

  /// The gradient of a layer's output, from those of the stream and the skips, into `reducedGradient`.
  func unraise(_ layer: PixelCNNGraph.LSTMLayer, _ output: UnsafePointer<Float>) {
    let h = architecture.bottleneck
    forEachChunk { start, n in
      let dh = space.reducedGradient + start * h
      unapply(
        layer.expand, output + start * h, xStride: h,
        dy: space.streamGradient + start * architecture.features, dx: dh, n: n)
      if let skip = layer.skip {
        unapply(
          skip, output + start * h, xStride: h,
          dy: space.hiddenGradient + start * architecture.headFeatures, dx: dh, n: n,
          accumulate: true)
      }
    }
  }

  /// Adds what a layer's input-to-state convolution has left in `rectifiedGradient` to the stream's gradient.
  func addToStreamGradient() {
    let count = space.cells * architecture.features
    space.clearPadding(space.rectifiedGradient, channels: architecture.features)
    if architecture.connections.contains(.residual) {
      prn_add(space.streamGradient, space.rectifiedGradient, count)
    } else {
      space.streamGradient.update(from: space.rectifiedGradient, count: count)
    }
  }

  func forwardRowLSTM(_ layer: PixelCNNGraph.LSTMLayer, _ index: Int) {
    let h = architecture.bottleneck
    let dilation = architecture.dilation(block: index)
    let stream = space.rectified[index]
    let (states, cells) = (space.reduced[index], space.contexts[index])
    let gates = space.gates[index]
    stream.update(from: space.stream, count: space.cells * architecture.features)
    space.clearPadding(stream, channels: architecture.features)
    guard let direction = layer.directions.first else { return }
    for row in 0..<space.rows {
      forEachPart(of: space.columns * space.crops, from: row * space.rowCells) { start, n in
        gather(direction, dilation, stream, states, row: row, start: start, n: n)
        let out = gates + start * 4 * h
        MatrixProducts.forward(
          space.gathered, xStride: direction.gates.inputs, weights(direction.gates), out, n: n,
          inputs: direction.gates.inputs, outputs: 4 * h, accumulate: false)
        prn_lstm_forward(
          out, parameters + direction.gates.biasOffset,
          row == 0 ? initialCells(direction) : UnsafePointer(cells + (start - space.rowCells) * h),
          row == 0 ? 0 : h, cells + start * h, states + start * h, n, architecture.colours, units,
          quantize ? 1 : 0)
      }
    }
    raise(layer, states)
  }

  func backwardRowLSTM(_ layer: PixelCNNGraph.LSTMLayer, _ index: Int) {
    guard let direction = layer.directions.first else { return }
    let features = architecture.features
    let h = architecture.bottleneck
    let dilation = architecture.dilation(block: index)
    let stream = space.rectified[index]
    let (states, cells) = (space.reduced[index], space.contexts[index])
    let gates = space.gates[index]
    let width = direction.gates.inputs
    let gateGradient = space.gathered + space.chunk * width
    unraise(layer, states)
    space.rectifiedGradient.update(repeating: 0, count: space.cells * features)
    // The cells' gradient of one row.
    let cellGradient = space.contextGradient
    cellGradient.update(repeating: 0, count: space.columns * space.crops * h)
    for row in (0..<space.rows).reversed() {
      let first = row * space.rowCells
      forEachPart(of: space.columns * space.crops, from: first) { start, n in
        let dc = cellGradient + (start - first) * h
        prn_lstm_backward(
          gates + start * 4 * h,
          row == 0 ? initialCells(direction) : UnsafePointer(cells + (start - space.rowCells) * h),
          row == 0 ? 0 : h, cells + start * h, space.reducedGradient + start * h, gateGradient, dc,
          space.gradient + direction.gates.biasOffset, n, architecture.colours, units)
        gather(direction, dilation, stream, states, row: row, start: start, n: n)
        products(direction, gateGradient, n: n)
        // On the left of the first column is padding, which is cleared in the end.
        for tap in 0..<2 {
          let target = space.rectifiedGradient + (start + (tap - 1) * space.crops) * features
          prn_add_columns(
            space.gathered + tap * features, width, target, features, features, n)
        }
        let initialGradient = space.gradient + direction.initial.biasOffset
        for tap in 0..<3 {
          let target =
            space.reducedGradient + (start - space.rowCells + (tap - 1) * dilation * space.crops)
            * h
          prn_add_columns(
            space.gathered + 2 * features + tap * h, width, row == 0 ? initialGradient : target,
            row == 0 ? 0 : h, h, n)
        }
        scatterContextMap(direction.gates, start: start, step: 1, n: n)
        if row == 0 { prn_add_columns(dc, h, initialGradient + h, 0, h, n) }
      }
    }
    addToStreamGradient()
  }

  /// From the gathered inputs of n cells and their gates' gradient: the weights' gradient, and in the place of the inputs
  /// theirs.
  func products(
    _ direction: PixelCNNGraph.Direction, _ gateGradient: UnsafePointer<Float>, n: Int
  ) {
    let layer = direction.gates
    MatrixProducts.weightGradient(
      space.gathered, xStride: layer.inputs, gateGradient, space.gradient + layer.weightOffset,
      n: n, inputs: layer.inputs, outputs: layer.outputs)
    MatrixProducts.inputGradient(
      gateGradient, weights(layer), space.gathered, dxStride: layer.inputs, n: n,
      inputs: layer.inputs, outputs: layer.outputs, accumulate: false)
  }

  /// The stream on the left of n cells of a row and at them, the three states above, two of them `dilation` columns to the sides
  /// (above the first row the initial ones), and the context map.
  private func gather(
    _ direction: PixelCNNGraph.Direction, _ dilation: Int, _ stream: UnsafePointer<Float>,
    _ states: UnsafePointer<Float>, row: Int, start: Int, n: Int
  ) {
    let features = architecture.features
    let h = architecture.bottleneck
    let width = direction.gates.inputs
    for tap in 0..<2 {
      prn_copy_columns(
        stream + (start + (tap - 1) * space.crops) * features, features,
        space.gathered + tap * features, width, features, n)
    }
    for tap in 0..<3 {
      prn_copy_columns(
        row == 0
          ? initialStates(direction)
          : states + (start - space.rowCells + (tap - 1) * dilation * space.crops) * h,
        row == 0 ? 0 : h,
        space.gathered + 2 * features + tap * h, width, h, n)
    }
    gatherContextMap(direction.gates, start: start, step: 1, n: n)
  }
}
