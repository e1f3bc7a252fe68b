import Bytes
import CNetwork
import PixelNetwork

/// Starting weights.
enum Initializer {
  /// Weights from `seed`, 0 where the mask forbids: He et al. 2015 (doi:10.1109/ICCV.2015.123) for
  /// the body, a first convolution that sees differences only, and a peaked, smooth output
  /// distribution, which saves the softmax from learning its shape symbol by symbol.
  static func weights(_ layout: ParameterLayout, seed: UInt64) -> [Float] {
    var generator = SplitMix64(seed: seed)
    var weights = [Float](repeating: 0, count: layout.parameterCount)
    for layer in layout.all(.inputConvolution) {
      differences(&weights, layout, layer, &generator)
    }
    for layer in layout.layers {
      switch layer.kind {
      case .inputConvolution: break
      case .headOutput: output(&weights, layout, layer, &generator)
      default:
        he(&weights, layout, layer, gain: gain(layer.layer, layout.architecture), &generator)
        // Gates are open to the past at first.
        guard layer.kind.isGates else { break }
        for o in 0..<layer.outputs where o / layer.matrixOutputs % 4 == 1 {
          weights[layer.biasOffset + o] = 1
        }
      }
    }
    return weights
  }

  /// A layer's share of the deviation that keeps a rectifier's variance.
  private static func gain(_ layer: Layer, _ architecture: Architecture) -> Float {
    let gain = architecture.body.pass.startGain(layer.kind)
    // Each block starts as a small correction, so that depth does not multiply the variance.
    let share = 1 / Float(max(architecture.blocks, 1)).squareRoot()
    switch layer.kind {
    // Values are several times as large as activations.
    case .upsample: return layer.taps.first?.plane == .smallValues ? 0.25 : 1
    case .expand: return architecture.connections.contains(.residual) ? gain * share : 1
    case .skip: return gain * share
    default: return gain
    }
  }

  /// Normal weights, of each output with the deviation gain sqrt(2 / inputs).
  private static func he(
    _ weights: inout [Float], _ layout: ParameterLayout, _ layer: DenseLayer, gain: Float,
    _ generator: inout SplitMix64
  ) {
    for o in 0..<layer.outputs {
      var fan: Float = 0
      for k in 0..<layer.inputs { fan += layout.mask[layer.weightOffset + k * layer.outputs + o] }
      let deviation = gain * (2 / max(fan, 1)).squareRoot()
      for k in 0..<layer.inputs {
        let i = layer.weightOffset + k * layer.outputs + o
        weights[i] = layout.mask[i] * generator.normal() * deviation
      }
    }
  }

  /// Weights fall with the distance of the tap, and those on the values of one colour sum to zero,
  /// so that brightness alone moves nothing.
  private static func differences(
    _ weights: inout [Float], _ layout: ParameterLayout, _ layer: DenseLayer,
    _ generator: inout SplitMix64
  ) {
    let perColour = layout.inputChannelsPerColour
    let colours = layout.architecture.colours
    let hasValue = layout.architecture.inputKinds.contains(.value)
    // A 1-bit image has no small differences.
    let gain: Float = layout.architecture.head == .sigmoid ? 0.1 : 0.4
    let taps = layer.layer.taps
    for o in 0..<layer.outputs {
      func index(_ k: Int) -> Int { layer.weightOffset + k * layer.outputs + o }
      var sums = [Float](repeating: 0, count: colours)
      // Where the first input of the pixel on the left is, and that of the predictions.
      var (left, prediction) = (0, Int?.none)
      layer.forEachTap { tap, first, count in
        guard taps[tap].plane == .inputs else {
          prediction = first
          return
        }
        let (dr, dc) = (Float(taps[tap].rowOffset), Float(taps[tap].columnOffset))
        if (dr, dc) == (0, -1) { left = first }
        let distance = max(dr * dr + dc * dc, 1).squareRoot()
        for channel in 0..<count {
          let i = index(first + channel)
          weights[i] =
            layout.mask[i] * generator.normal() * gain / (distance * distance.squareRoot())
          if hasValue && channel % perColour == 0 { sums[channel / perColour] += weights[i] }
        }
      }
      guard hasValue else { continue }
      for colour in 0..<colours {
        let seen = prediction.map { index($0 + colour * layout.predictionChannels) }
        let target = seen.flatMap { layout.mask[$0] > 0 ? $0 : nil }
        weights[target ?? index(left + colour * perColour)] -= sums[colour]
      }
    }
  }

  private static func output(
    _ weights: inout [Float], _ layout: ParameterLayout, _ layer: DenseLayer,
    _ generator: inout SplitMix64
  ) {
    let mixture = layout.mixture
    if mixture > 0 {
      he(&weights, layout, layer, gain: 0.1, &generator)
      // Side by side over all values, each as wide as there are values between two.
      for k in 0..<mixture {
        let place = (Float(k) + 0.5) / Float(mixture)
        weights[layer.biasOffset + mixture + k] = 8 * place - 4
      }
    } else if layout.architecture.head == .sigmoid {
      he(&weights, layout, layer, gain: 0.1, &generator)
    } else {
      softmax(&weights, layer, layout.architecture, &generator)
    }
  }

  /// Logits start smooth in the symbol, the bias as a heavy-tailed peak at symbol 0; not so those
  /// of raw values. A class starts as the first of its symbols.
  private static func softmax(
    _ weights: inout [Float], _ layer: DenseLayer, _ architecture: Architecture,
    _ generator: inout SplitMix64
  ) {
    let isRaw = architecture.symbolCentre == .raw
    var symbols = Array(0..<256)
    if architecture.head == .classes {
      symbols = symbols.filter {
        $0 == 0 || prn_class_of(UInt8($0)) != prn_class_of(UInt8($0 - 1))
      }
    }
    let count = symbols.count
    for k in 0..<layer.inputs {
      let slope = generator.normal() * 0.02
      let width = generator.normal() * 0.15
      for (i, s) in symbols.enumerated() {
        let distance = Float(s < 128 ? s : s - 256)
        let magnitude = abs(distance)
        weights[layer.weightOffset + k * count + i] =
          isRaw
          ? generator.normal() * 0.05
          : slope * distance / (1 + magnitude / 16) - width * magnitude / (4 + magnitude)
      }
    }
    guard !isRaw else { return }
    for (i, s) in symbols.enumerated() {
      let distance = Float(s < 128 ? s : 256 - s)
      var x: Float = 1 + distance / 3
      x = x * x
      // log(1 / x) by the standard library's series would need Foundation; the exponent suffices.
      weights[layer.biasOffset + i] =
        -0.6931472 * Float(x.exponent) - (x.significand - 1) * 0.69
    }
  }
}
