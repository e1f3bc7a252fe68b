import CTraining
import PixelNetwork

/// One layer, forward and backward: what all kinds of layers are made of.
extension NetworkPass {
  /// Where activations are clipped.
  var maximum: Float { Float(architecture.activationMaximum) / 256 }

  func weights(_ layer: DenseLayer) -> UnsafePointer<Float> { parameters + layer.weightOffset }

  /// The cells that go through a layer together: `body(first cell, cells)`.
  func forEachChunk(_ body: (_ start: Int, _ n: Int) -> Void) {
    forEachChunk(of: geometry.cells, from: 0, body)
  }

  /// `count` cells from `first` on, as many together as may go through a layer.
  func forEachChunk(of count: Int, from first: Int, _ body: (_ start: Int, _ n: Int) -> Void) {
    for done in stride(from: 0, to: count, by: space.chunk) {
      body(first + done, min(space.chunk, count - done))
    }
  }

  /// out = clamp(x, 0, maximum), rounded if activations are.
  func rectify(_ x: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>, _ n: Int) {
    prn_relu(x, out, n, maximum, quantize ? 1 : 0)
  }

  /// out [n][outputs] = (accumulate ? out : 0) + bias + x [n][inputs] * weights: all of the layer,
  /// or its first `inputs`.
  func apply(
    _ layer: DenseLayer, _ x: UnsafePointer<Float>, xStride: Int,
    _ out: UnsafeMutablePointer<Float>, n: Int, inputs: Int? = nil, accumulate: Bool
  ) {
    prn_add_bias(out, parameters + layer.biasOffset, n, layer.outputs, accumulate ? 0 : 1)
    MatrixProducts.forward(
      x, xStride: xStride, weights(layer), out, n: n, inputs: inputs ?? layer.inputs,
      outputs: layer.outputs, accumulate: true)
  }

  /// The gradient of `apply`: adds that of the parameters; dx becomes that of x, or grows by it.
  func unapply(
    _ layer: DenseLayer, _ x: UnsafePointer<Float>, xStride: Int, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>, n: Int, inputs: Int? = nil, accumulate: Bool = false
  ) {
    addWeightGradient(layer, x, xStride: xStride, dy: dy, n: n, inputs: inputs)
    MatrixProducts.inputGradient(
      dy, weights(layer), dx, dxStride: xStride, n: n, inputs: inputs ?? layer.inputs,
      outputs: layer.outputs, accumulate: accumulate)
  }

  /// Adds the gradient of the weights and the biases.
  func addWeightGradient(
    _ layer: DenseLayer, _ x: UnsafePointer<Float>, xStride: Int, dy: UnsafePointer<Float>, n: Int,
    inputs: Int? = nil
  ) {
    MatrixProducts.weightGradient(
      x, xStride: xStride, dy, space.gradient + layer.weightOffset, n: n,
      inputs: inputs ?? layer.inputs, outputs: layer.outputs)
    prn_sum_rows(dy, space.gradient + layer.biasOffset, n, layer.outputs)
  }

  /// What follows a block's last features x: stream and skips of n cells.
  func raise(
    _ expand: DenseLayer, _ skip: DenseLayer?, _ x: UnsafePointer<Float>, start: Int, n: Int
  ) {
    let (features, h, hh) = (expand.outputs, expand.inputs, architecture.headFeatures)
    let stream = space.stream + start * features
    let x = dropped(x + start * h, expand, start: start, n: n)
    apply(
      expand, x, xStride: h, stream, n: n,
      accumulate: architecture.connections.contains(.residual))
    if quantize { prn_round_activations(stream, n * features) }
    guard let skip else { return }
    let sum = space.skipSum + start * hh
    apply(skip, x, xStride: h, sum, n: n, accumulate: true)
    if quantize { prn_round_activations(sum, n * hh) }
  }

  /// The gradient of a block's last features x, from those of the stream and the skips, into `dx`.
  func unraise(
    _ expand: DenseLayer, _ skip: DenseLayer?, _ x: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>, start: Int, n: Int
  ) {
    let h = expand.inputs
    let (x, dx) = (dropped(x + start * h, expand, start: start, n: n), dx + start * h)
    unapply(
      expand, x, xStride: h, dy: space.streamGradient + start * expand.outputs, dx: dx, n: n)
    if let skip {
      unapply(
        skip, x, xStride: h, dy: space.hiddenGradient + start * skip.outputs, dx: dx, n: n,
        accumulate: true)
    }
    dropout?.drop(dx, into: dx, before: expand, start: start, n: n)
  }

  /// A block's last features x [n][bottleneck] of the cells from `start` on, without those that
  /// the dropout takes.
  private func dropped(
    _ x: UnsafePointer<Float>, _ expand: DenseLayer, start: Int, n: Int
  ) -> UnsafePointer<Float> {
    guard let dropout else { return x }
    dropout.drop(x, into: space.dropped, before: expand, start: start, n: n)
    return UnsafePointer(space.dropped)
  }
}
