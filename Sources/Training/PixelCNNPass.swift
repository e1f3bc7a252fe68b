import CTraining
import PixelNetwork

/// Forward and backward passes of the float PixelCNN or PixelRNN over the crops of a workspace.
///
/// All matrix work is sgemm over chunks of cells. Cost: about 2 x multiplications a pixel forward and twice
/// that again backward, in floating-point operations.
struct PixelCNNPass {
  let graph: PixelCNNGraph
  let space: Workspace
  /// The parameters to use: [parameters]; the quantized copy in quantization-aware training.
  let parameters: UnsafePointer<Float>
  /// Round activations as the integer network does.
  let quantize: Bool

  var architecture: Architecture { graph.architecture }
  var maximum: Float { Float(architecture.activationMaximum) / 256 }

  func weights(_ layer: DenseLayer) -> UnsafePointer<Float> {
    parameters + layer.weightOffset
  }

  func forEachChunk(_ body: (_ start: Int, _ n: Int) -> Void) {
    var start = 0
    while start < space.cells {
      body(start, min(space.chunk, space.cells - start))
      start += space.chunk
    }
  }

  // MARK: Forward

  /// Evaluates everything up to the last hidden layer.
  func forward(_ sample: TrainingSample) { forward([sample]) }

  /// The same of as many samples as the workspace has crops.
  func forward(_ samples: [TrainingSample]) {
    space.load(samples, colours: architecture.colours)
    let features = architecture.features
    let h = architecture.bottleneck
    let hh = architecture.headFeatures
    let skips = architecture.connections.contains(.skip)
    if skips { space.skipSum.update(repeating: 0, count: space.cells * hh) }
    if let sample = samples.first { upsample(sample) }

    forEachChunk { start, n in
      gatherInputs(start: start, n: n)
      apply(
        graph.input, space.gathered, xStride: graph.input.inputs,
        space.stream + start * features, n: n, accumulate: false)
    }
    if quantize { prn_round_activations(space.stream, space.cells * features) }

    for (i, block) in graph.blocks.enumerated() {
      let a = space.reduced[i]
      let b = space.contexts[i]
      let u = space.rectified[i]
      let dilation = architecture.dilation(block: i)
      forEachChunk { start, n in
        rectify(space.stream + start * features, u + start * features, n * features)
        apply(
          block.reduce, u + start * features, xStride: features, a + start * h, n: n,
          accumulate: false)
        rectify(a + start * h, a + start * h, n * h)
      }
      space.clearPadding(a, channels: h)
      forEachChunk { start, n in
        gatherContext(a, dilation, start: start, n: n)
        apply(
          block.context, space.gathered, xStride: 5 * h, b + start * h, n: n, inputs: 5 * h,
          accumulate: false)
        addContext(block.context, to: b + start * h, start: start, n: n)
        rectify(b + start * h, b + start * h, n * h)
        apply(
          block.expand, b + start * h, xStride: h, space.stream + start * features, n: n,
          accumulate: architecture.connections.contains(.residual))
        if quantize { prn_round_activations(space.stream + start * features, n * features) }
        if let skip = block.skip {
          apply(skip, b + start * h, xStride: h, space.skipSum + start * hh, n: n, accumulate: true)
          if quantize { prn_round_activations(space.skipSum + start * hh, n * hh) }
        }
      }
    }

    for (i, layer) in graph.lstmLayers.enumerated() {
      if architecture.body == .rowLSTM {
        forwardRowLSTM(layer, i)
      } else {
        forwardDiagonalBiLSTM(layer, i)
      }
    }

    guard let u = space.rectified.last else { return }
    forEachChunk { start, n in
      let hidden = space.hidden + start * hh
      rectify(space.stream + start * features, u + start * features, n * features)
      apply(
        graph.headHidden, u + start * features, xStride: features, hidden, n: n, accumulate: false)
      if skips { prn_add(hidden, space.skipSum + start * hh, n * hh) }
      rectify(hidden, hidden, n * hh)
    }
  }

  /// The summed cross-entropy of the crops' symbols in nats, after `forward`.
  func loss() -> Double {
    head { logits, symbols, weights, n, _, _ in loss(logits, symbols, weights, n) }
  }

  /// The code length of each value in bits after `forward`: [crop][row][column][colour].
  func costs() -> [Double] {
    let colours = architecture.colours
    let logitCount = graph.outputCount
    let pixels = space.rows * space.columns
    var costs = [Double](repeating: 0, count: space.crops * colours * pixels)
    var colour = 0
    _ = head { logits, symbols, weights, n, _, start in
      for i in 0..<n where weights[i] > 0 {
        let (cell, crop) = (start + i).quotientAndRemainder(dividingBy: space.crops)
        let pixel = crop * pixels + cell / space.stride * space.columns + cell % space.stride
        costs[colours * pixel + colour] =
          loss(logits + logitCount * i, symbols + i, weights + i, 1) * 1.4426950408889634
      }
      colour = (colour + 1) % colours
      return 0
    }
    return costs
  }

  // MARK: Backward

  /// The summed loss, as `loss`; adds its gradient times `scale` to the workspace's gradient.
  func backward(scale: Float) -> Double {
    let features = architecture.features
    let h = architecture.bottleneck
    let hh = architecture.headFeatures
    let cells = space.cells
    if let maps = space.upsampling {
      maps.contextGradient.update(repeating: 0, count: cells * maps.contextChannels)
    }

    // The head: logits exist only as one chunk, turned into their gradient in place.
    space.hiddenGradient.update(repeating: 0, count: cells * hh)
    let total = head { logits, symbols, weights, n, layer, start -> Double in
      let loss = crossEntropy(logits, symbols, weights, n, scale: scale)
      MatrixProducts.inputGradient(
        logits, self.weights(layer), space.hiddenGradient + start * hh, dxStride: hh, n: n,
        inputs: layer.inputs, outputs: layer.outputs, accumulate: true)
      MatrixProducts.weightGradient(
        space.hidden + start * hh, xStride: hh, logits, space.gradient + layer.weightOffset, n: n,
        inputs: layer.inputs, outputs: layer.outputs)
      prn_sum_rows(logits, space.gradient + layer.biasOffset, n, layer.outputs)
      return loss
    }
    prn_relu_backward(space.hidden, space.hiddenGradient, cells * hh, maximum)

    guard let u = space.rectified.last else { return total }
    forEachChunk { start, n in
      unapply(
        graph.headHidden, u + start * features, xStride: features,
        dy: space.hiddenGradient + start * hh, dx: space.streamGradient + start * features, n: n)
      prn_relu_backward(
        u + start * features, space.streamGradient + start * features, n * features, maximum)
    }

    for (i, layer) in graph.lstmLayers.enumerated().reversed() {
      if architecture.body == .rowLSTM {
        backwardRowLSTM(layer, i)
      } else {
        backwardDiagonalBiLSTM(layer, i)
      }
    }

    for (i, block) in graph.blocks.enumerated().reversed() {
      let a = space.reduced[i]
      let b = space.contexts[i]
      let u = space.rectified[i]
      let dilation = architecture.dilation(block: i)
      space.reducedGradient.update(repeating: 0, count: cells * h)
      let margin = space.marginCells * h
      (space.reducedGradient - margin).update(repeating: 0, count: margin)
      forEachChunk { start, n in
        let db = space.contextGradient + start * h
        unapply(
          block.expand, b + start * h, xStride: h, dy: space.streamGradient + start * features,
          dx: db, n: n)
        if let skip = block.skip {
          unapply(
            skip, b + start * h, xStride: h, dy: space.hiddenGradient + start * hh, dx: db, n: n,
            accumulate: true)
        }
        prn_relu_backward(b + start * h, db, n * h, maximum)
        gatherContext(a, dilation, start: start, n: n)
        MatrixProducts.weightGradient(
          space.gathered, xStride: 5 * h, db, space.gradient + block.context.weightOffset, n: n,
          inputs: 5 * h, outputs: h)
        prn_sum_rows(db, space.gradient + block.context.biasOffset, n, h)
        MatrixProducts.inputGradient(
          db, weights(block.context), space.gathered, dxStride: 5 * h, n: n, inputs: 5 * h,
          outputs: h, accumulate: false)
        addContextGradient(block.context, dy: db, start: start, n: n)
        scatterContext(space.reducedGradient, dilation, start: start, n: n)
      }
      prn_relu_backward(a, space.reducedGradient, cells * h, maximum)
      space.clearPadding(space.reducedGradient, channels: h)
      let residual = architecture.connections.contains(.residual)
      forEachChunk { start, n in
        let du = space.rectifiedGradient + start * features
        let ds = space.streamGradient + start * features
        unapply(
          block.reduce, u + start * features, xStride: features,
          dy: space.reducedGradient + start * h, dx: du, n: n)
        prn_relu_backward(u + start * features, du, n * features, maximum)
        if residual {
          prn_add(ds, du, n * features)
        } else {
          ds.update(from: du, count: n * features)
        }
      }
    }

    forEachChunk { start, n in
      gatherInputs(start: start, n: n)
      let ds = space.streamGradient + start * features
      MatrixProducts.weightGradient(
        space.gathered, xStride: graph.input.inputs, ds, space.gradient + graph.input.weightOffset,
        n: n, inputs: graph.input.inputs, outputs: features)
      prn_sum_rows(ds, space.gradient + graph.input.biasOffset, n, features)
    }
    backwardUpsampling()
    return total
  }

  // MARK: Pieces

  /// The summed cross-entropy of `n` rows of logits, in nats.
  private func loss(
    _ logits: UnsafePointer<Float>, _ symbols: UnsafePointer<UInt8>,
    _ weights: UnsafePointer<Float>, _ n: Int
  ) -> Double {
    if graph.mixture > 0 { return prn_mixture_loss(logits, symbols, weights, n, graph.mixture) }
    return architecture.head == .sigmoid
      ? prn_sigmoid_loss(logits, symbols, weights, n)
      : prn_softmax_loss(logits, symbols, weights, n)
  }

  /// The same; the logits become their gradient times `scale`.
  private func crossEntropy(
    _ logits: UnsafeMutablePointer<Float>, _ symbols: UnsafePointer<UInt8>,
    _ weights: UnsafePointer<Float>, _ n: Int, scale: Float
  ) -> Double {
    if graph.mixture > 0 {
      return prn_mixture_cross_entropy(logits, symbols, weights, n, graph.mixture, scale)
    }
    return architecture.head == .sigmoid
      ? prn_sigmoid_cross_entropy(logits, symbols, weights, n, scale)
      : prn_softmax_cross_entropy(logits, symbols, weights, n, scale)
  }

  /// Logits chunk by chunk and colour by colour: `body(logits, symbols, weights, n, layer, start)`.
  private func head(
    _ body: (
      UnsafeMutablePointer<Float>, UnsafePointer<UInt8>, UnsafePointer<Float>, Int, DenseLayer, Int
    ) -> Double
  ) -> Double {
    let hh = architecture.headFeatures
    var total = 0.0
    forEachChunk { start, n in
      for (colour, layer) in graph.headOutput.enumerated() {
        apply(layer, space.hidden + start * hh, xStride: hh, space.logits, n: n, accumulate: false)
        total += body(
          space.logits, space.symbols + colour * space.cells + start, space.weights + start, n,
          layer, start)
      }
    }
    return total
  }

  func rectify(_ x: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>, _ n: Int) {
    prn_relu(x, out, n, maximum, quantize ? 1 : 0)
  }

  /// All of the layer, or its first `inputs`.
  func apply(
    _ layer: DenseLayer, _ x: UnsafePointer<Float>, xStride: Int,
    _ out: UnsafeMutablePointer<Float>, n: Int, inputs: Int? = nil, accumulate: Bool
  ) {
    prn_add_bias(out, parameters + layer.biasOffset, n, layer.outputs, accumulate ? 0 : 1)
    MatrixProducts.forward(
      x, xStride: xStride, weights(layer), out, n: n, inputs: inputs ?? layer.inputs,
      outputs: layer.outputs, accumulate: true)
  }

  func unapply(
    _ layer: DenseLayer, _ x: UnsafePointer<Float>, xStride: Int, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>, n: Int, accumulate: Bool = false
  ) {
    MatrixProducts.weightGradient(
      x, xStride: xStride, dy, space.gradient + layer.weightOffset, n: n, inputs: layer.inputs,
      outputs: layer.outputs)
    prn_sum_rows(dy, space.gradient + layer.biasOffset, n, layer.outputs)
    MatrixProducts.inputGradient(
      dy, weights(layer), dx, dxStride: xStride, n: n, inputs: layer.inputs,
      outputs: layer.outputs, accumulate: accumulate)
  }

  /// The taps of the first convolution for cells `start ..< start + n` into `gathered`; zeros at padding.
  private func gatherInputs(start: Int, n: Int) {
    let reach = graph.reach
    let channels = architecture.colours * graph.inputChannelsPerColour
    let predicted = architecture.colours * graph.predictionChannels
    let rowFloats = (space.columns + 2 * reach) * channels
    let above = (2 * reach + 1) * channels
    let beside = (reach + 1) * channels
    for i in 0..<n {
      let (cell, crop) = (start + i).quotientAndRemainder(dividingBy: space.crops)
      let (r, c) = cell.quotientAndRemainder(dividingBy: space.stride)
      var out = space.gathered + i * graph.input.inputs
      guard c < space.columns else {
        out.update(repeating: 0, count: graph.input.inputs)
        continue
      }
      let inputs = space.inputs + crop * space.inputCount
      for k in 0..<reach {
        out.update(from: inputs + (r + k) * rowFloats + c * channels, count: above)
        out += above
      }
      out.update(from: inputs + (r + reach) * rowFloats + c * channels, count: beside)
      out += beside
      if predicted > 0 {
        let predictions = space.predictions + crop * space.predictionCount
        out.update(from: predictions + (r * space.columns + c) * predicted, count: predicted)
      }
    }
  }

  /// The five taps of a 3x3 mask B: three above, W and the cell. Of a single crop, if not dilated, they are neighbours in memory.
  private func gatherContext(_ a: UnsafePointer<Float>, _ dilation: Int, start: Int, n: Int) {
    forEachTap(dilation, start: start) { tap, cell, taps in
      let h = architecture.bottleneck
      prn_copy_columns(a + cell * h, h, space.gathered + tap * h, 5 * h, taps * h, n)
    }
  }

  private func scatterContext(
    _ gradient: UnsafeMutablePointer<Float>, _ dilation: Int, start: Int, n: Int
  ) {
    forEachTap(dilation, start: start) { tap, cell, taps in
      let h = architecture.bottleneck
      prn_add_columns(space.gathered + tap * h, 5 * h, gradient + cell * h, h, taps * h, n)
    }
  }

  /// `body(tap, cell of the first pixel's tap, taps that are one behind the other)`.
  private func forEachTap(
    _ dilation: Int, start: Int, _ body: (_ tap: Int, _ cell: Int, _ taps: Int) -> Void
  ) {
    let step = dilation * space.crops
    let above = start - dilation * space.rowCells - step
    guard step > 1 else {
      body(0, above, 3)
      body(3, start - 1, 2)
      return
    }
    for tap in 0..<3 { body(tap, above + tap * step, 1) }
    for tap in 3..<5 { body(tap, start + (tap - 4) * step, 1) }
  }
}
