import CTraining
import PixelNetwork

/// The matrices of an LSTM layer, and what its directions have in common.
struct LSTMBlock {
  /// Of each direction: one, or those from the left and from the right.
  let gates: [DenseLayer]
  let expand: DenseLayer
  let skip: DenseLayer?

  /// - Returns: nil if there is no such layer.
  init?(_ layout: ParameterLayout, block: Int) {
    gates = layout.layers.filter { $0.kind.isGates && $0.layer.block == block }
    guard let expand = layout.layer(.expand, block: block), !gates.isEmpty else { return nil }
    self.expand = expand
    skip = layout.layer(.skip, block: block)
  }

  /// Gates squash: half of the variance that keeps a rectifier's.
  static func startGain(_ kind: Layer.Kind) -> Float {
    kind.isGates ? 0.7 : kind == .skip ? 0.5 : 1
  }

  /// What follows a layer's states [cells][bottleneck]: stream and skips.
  func raise(_ states: UnsafePointer<Float>, in pass: NetworkPass) {
    pass.forEachChunk { start, n in pass.raise(expand, skip, states, start: start, n: n) }
  }

  /// The gradient of a layer's states, from those of the stream and the skips, into `gradient`.
  func unraise(
    _ states: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>, in pass: NetworkPass
  ) {
    pass.forEachChunk { start, n in
      pass.unraise(expand, skip, states, dx: gradient, start: start, n: n)
    }
  }

  /// Adds the gradient of the stream in front, [cells][features], to that of the stream behind, if
  /// this goes around the layer; else it takes its place.
  func addToStream(_ gradient: UnsafeMutablePointer<Float>, in pass: NetworkPass) {
    let count = pass.geometry.cells * expand.outputs
    pass.geometry.clearPadding(gradient, channels: expand.outputs)
    if pass.architecture.connections.contains(.residual) {
      prn_add(pass.space.streamGradient, gradient, count)
    } else {
      pass.space.streamGradient.update(from: gradient, count: count)
    }
  }
}

extension NetworkPass {
  /// The states before the first step, [units].
  func initialStates(_ gates: DenseLayer) -> UnsafePointer<Float> {
    parameters + gates.initialRange.lowerBound
  }

  /// The cells before the first step, [units].
  func initialCells(_ gates: DenseLayer) -> UnsafePointer<Float> {
    parameters + gates.initialRange.lowerBound + gates.units
  }

  /// A step of n cells from their gathered inputs, and the cells before, each `beforeStride`
  /// numbers behind the other: gates [n][4 units], cells and states [n][units].
  func step(
    _ layer: DenseLayer, _ gates: UnsafeMutablePointer<Float>,
    before: UnsafePointer<Float>, beforeStride: Int, cells: UnsafeMutablePointer<Float>,
    states: UnsafeMutablePointer<Float>, n: Int
  ) {
    MatrixProducts.forward(
      space.gathered, xStride: layer.inputs, weights(layer), gates, n: n, inputs: layer.inputs,
      outputs: layer.outputs, accumulate: false)
    prn_lstm_forward(
      gates, parameters + layer.biasOffset, before, beforeStride, cells, states, n,
      architecture.colours, layer.matrixOutputs, quantize ? 1 : 0)
  }

  /// Behind the gathered inputs: the gradient of a chunk's gates.
  func gateGradient(_ layer: DenseLayer) -> UnsafeMutablePointer<Float> {
    space.gathered + space.chunk * layer.inputs
  }

  /// From the gathered inputs of n cells and `gateGradient`: the weights' gradient, and in the
  /// place of the inputs theirs.
  func unapplyGates(_ layer: DenseLayer, n: Int) {
    MatrixProducts.weightGradient(
      space.gathered, xStride: layer.inputs, gateGradient(layer),
      space.gradient + layer.weightOffset, n: n, inputs: layer.inputs, outputs: layer.outputs)
    MatrixProducts.inputGradient(
      gateGradient(layer), weights(layer), space.gathered, dxStride: layer.inputs, n: n,
      inputs: layer.inputs, outputs: layer.outputs, accumulate: false)
  }
}
