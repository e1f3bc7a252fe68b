import Bytes
import Prediction
import PixelNetwork

/// Starting weights.
enum Initializer {
  /// Fills the masked weights of `graph` from `seed`: He et al. 2015 (doi:10.1109/ICCV.2015.123) for the
  /// body, a first convolution that sees differences only, and a peaked, smooth output distribution,
  /// which saves the softmax from learning its shape symbol by symbol.
  static func fill(_ store: ParameterStore, graph: PixelCNNGraph, seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    func he(_ layer: DenseLayer, gain: Float) {
      for o in 0..<layer.outputs {
        var fan: Float = 0
        for k in 0..<layer.inputs { fan += store.mask[layer.weightOffset + k * layer.outputs + o] }
        let deviation = gain * (2 / max(fan, 1)).squareRoot()
        for k in 0..<layer.inputs {
          let i = layer.weightOffset + k * layer.outputs + o
          store.weights[i] = store.mask[i] * generator.normal() * deviation
        }
      }
    }
    differences(store, graph: graph, generator: &generator)
    // Values are several times as large as activations.
    for (level, layer) in graph.upsampling.enumerated() { he(layer, gain: level == 0 ? 0.25 : 1) }
    // Each block starts as a small correction, so that depth does not multiply the variance.
    let share = 1 / Float(max(graph.blocks.count, 1)).squareRoot()
    for block in graph.blocks {
      he(block.reduce, gain: 1)
      he(block.context, gain: 1)
      he(block.expand, gain: graph.architecture.connections.contains(.residual) ? 0.5 * share : 1)
      if let skip = block.skip { he(skip, gain: 0.5 * share) }
    }
    let layers = 1 / Float(max(graph.lstmLayers.count, 1)).squareRoot()
    for layer in graph.lstmLayers {
      // Gates squash: half of the variance that keeps a rectifier's, and open to the past at first.
      for gates in layer.directions.map(\.gates) {
        he(gates, gain: 0.7)
        let units = gates.gateUnits ?? 1
        for o in 0..<gates.outputs where o / units % 4 == 1 {
          store.weights[gates.biasOffset + o] = 1
        }
      }
      he(layer.expand, gain: graph.architecture.connections.contains(.residual) ? layers : 1)
      if let skip = layer.skip { he(skip, gain: 0.5 * layers) }
    }
    he(graph.headHidden, gain: 1)
    for layer in graph.headOutput {
      if graph.mixture > 0 {
        he(layer, gain: 0.1)
        // Side by side over all values, each as wide as there are values between two.
        for k in 0..<graph.mixture {
          let place = (Float(k) + 0.5) / Float(graph.mixture)
          store.weights[layer.biasOffset + graph.mixture + k] = 8 * place - 4
        }
      } else if graph.architecture.head == .sigmoid {
        he(layer, gain: 0.1)
      } else {
        output(store, layer, centred: graph.architecture, &generator)
      }
    }
    for i in 0..<store.count { store.average[i] = store.weights[i] }
  }

  /// Weights fall with the distance of the tap, and those on the values of one colour sum to zero,
  /// so that brightness alone moves nothing.
  private static func differences(
    _ store: ParameterStore, graph: PixelCNNGraph, generator: inout SplitMix64
  ) {
    let layer = graph.input
    let reach = graph.reach
    let perColour = graph.inputChannelsPerColour
    let width = 2 * reach + 1
    let colours = graph.architecture.colours
    let taps = reach * width + reach
    let hasValue = graph.architecture.inputKinds.contains(.value)
    // A 1-bit image has no small differences.
    let gain: Float = graph.architecture.head == .sigmoid ? 0.1 : 0.4
    for o in 0..<layer.outputs {
      func index(_ k: Int) -> Int { layer.weightOffset + k * layer.outputs + o }
      var sums = [Float](repeating: 0, count: colours)
      for tap in 0...taps {
        let dr = Float(tap / width - reach)
        let dc = Float(tap % width - reach)
        let distance = max(dr * dr + dc * dc, 1).squareRoot()
        for channel in 0..<colours * perColour {
          let i = index(tap * colours * perColour + channel)
          store.weights[i] =
            store.mask[i] * generator.normal() * gain / (distance * distance.squareRoot())
          if hasValue && channel % perColour == 0 { sums[channel / perColour] += store.weights[i] }
        }
      }
      guard hasValue else { continue }
      for colour in 0..<colours {
        let prediction = index(
          (taps + 1) * colours * perColour + colour * graph.predictionChannels)
        let left = index((taps - 1) * colours * perColour + colour * perColour)
        let sees = graph.predictionChannels > 0 && store.mask[prediction] > 0
        store.weights[sees ? prediction : left] -= sums[colour]
      }
    }
  }

  /// Rows of `headOutput` start smooth in the symbol, the bias as a heavy-tailed peak at symbol 0.
  private static func output(
    _ store: ParameterStore, _ layer: DenseLayer, centred architecture: Architecture,
    _ generator: inout SplitMix64
  ) {
    let raw = architecture.symbolCentre == .raw
    for k in 0..<layer.inputs {
      let slope = generator.normal() * 0.02
      let width = generator.normal() * 0.15
      for s in 0..<256 {
        let distance = Float(s < 128 ? s : s - 256)
        let magnitude = distance < 0 ? -distance : distance
        let i = layer.weightOffset + k * 256 + s
        store.weights[i] =
          raw
          ? generator.normal() * 0.05
          : slope * distance / (1 + magnitude / 16) - width * magnitude / (4 + magnitude)
      }
    }
    guard !raw else { return }
    for s in 0..<256 {
      let distance = Float(s < 128 ? s : 256 - s)
      var x: Float = 1 + distance / 3
      x = x * x
      // log(1 / x) by the standard library's series would need Foundation; the exponent suffices.
      store.weights[layer.biasOffset + s] =
        -0.6931472 * Float(x.exponent) - (x.significand - 1) * 0.69
    }
  }
}
