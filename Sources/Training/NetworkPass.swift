import CTraining
import PixelNetwork

/// Forward and backward passes of the float network over the crops of a workspace.
///
/// All matrix work is sgemm over chunks of cells. Cost: about 2 x multiplications a pixel forward
/// and twice that again backward, in floating-point operations.
struct NetworkPass {
  let layout: ParameterLayout
  let space: Workspace
  /// The parameters to use: [parameters]; the quantized copy in quantization-aware training.
  let parameters: UnsafePointer<Float>
  /// Round activations as the integer network does.
  let quantize: Bool
  /// What blocks lose; nil but in training.
  var dropout: Dropout?

  var architecture: Architecture { layout.architecture }
  var geometry: MapGeometry { space.geometry }
  private var cells: Int { space.geometry.cells }

  /// Evaluates everything up to the last hidden layer: of as many samples as the workspace has
  /// crops.
  func forward(_ samples: [TrainingSample]) {
    space.load(samples, colours: architecture.colours)
    let features = architecture.features
    let hh = architecture.headFeatures
    let skips = architecture.connections.contains(.skip)
    if skips { space.skipSum.update(repeating: 0, count: cells * hh) }
    if let sample = samples.first { makeConditioningMap(sample) }

    for layer in layout.all(.inputConvolution) {
      forEachChunk { start, n in
        gatherInputs(layer, start: start, n: n)
        apply(
          layer, space.gathered, xStride: layer.inputs, space.stream + start * features, n: n,
          accumulate: false)
      }
    }
    if quantize { prn_round_activations(space.stream, cells * features) }

    for block in 0..<architecture.blocks { space.body.forward(block: block, in: self) }

    for layer in layout.all(.headHidden) {
      forEachChunk { start, n in
        let (x, hidden) = (space.rectified + start * features, space.hidden + start * hh)
        rectify(space.stream + start * features, x, n * features)
        apply(layer, x, xStride: features, hidden, n: n, accumulate: false)
        if skips { prn_add(hidden, space.skipSum + start * hh, n * hh) }
        rectify(hidden, hidden, n * hh)
      }
    }
  }

  /// The summed loss, as `loss`; adds its gradient times `scale` to the workspace's gradient.
  func backward(scale: Float) -> Double {
    let features = architecture.features
    let hh = architecture.headFeatures
    if let map = space.conditioning {
      map.gradient.update(repeating: 0, count: cells * map.channels)
    }
    let total = backwardLogits(scale: scale)
    prn_relu_backward(space.hidden, space.hiddenGradient, cells * hh, maximum)

    for layer in layout.all(.headHidden) {
      forEachChunk { start, n in
        let (x, dx) = (space.rectified + start * features, space.streamGradient + start * features)
        unapply(
          layer, x, xStride: features, dy: space.hiddenGradient + start * hh, dx: dx, n: n)
        prn_relu_backward(x, dx, n * features, maximum)
      }
    }

    for block in (0..<architecture.blocks).reversed() {
      space.body.backward(block: block, in: self)
    }

    for layer in layout.all(.inputConvolution) {
      forEachChunk { start, n in
        gatherInputs(layer, start: start, n: n)
        addWeightGradient(
          layer, space.gathered, xStride: layer.inputs,
          dy: space.streamGradient + start * features, n: n)
      }
    }
    backwardConditioningMap()
    return total
  }

  /// The taps of the first convolution for cells `start ..< start + n` into `gathered`; zeros at
  /// padding.
  private func gatherInputs(_ layer: DenseLayer, start: Int, n: Int) {
    let reach = layout.reach
    let channels = architecture.colours * layout.inputChannelsPerColour
    let predicted = architecture.colours * layout.predictionChannels
    let rowFloats = (geometry.columns + 2 * reach) * channels
    let above = (2 * reach + 1) * channels
    let beside = (reach + 1) * channels
    for i in 0..<n {
      let (cell, crop) = (start + i).quotientAndRemainder(dividingBy: geometry.crops)
      let (r, c) = cell.quotientAndRemainder(dividingBy: geometry.stride)
      var out = space.gathered + i * layer.inputs
      guard c < geometry.columns else {
        out.update(repeating: 0, count: layer.inputs)
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
        out.update(
          from: predictions + (r * geometry.columns + c) * predicted, count: predicted)
      }
    }
  }
}
