import PixelModels

/// Float parameters to integers (FORMAT.md, section 5.3): a layer's shift is the largest at which every weight
/// fits 16 bits and no sum can leave 32.
struct Quantizer {
  let graph: PixelCNNGraph
  private static let log2e = 1.4426950408889634

  func isOutput(_ layer: DenseLayer) -> Bool { layer.name.hasPrefix("headOutput") }

  /// What a float weight and bias are multiplied by at `shift`: activations have 8 fraction bits, and so have
  /// the results, but logits have 6 and are to base 2.
  func scales(_ layer: DenseLayer, shift: Int) -> (weight: Double, bias: Double) {
    let unit = Double(1 << shift)
    guard isOutput(layer) else { return (unit, unit * 256) }
    return (unit * Quantizer.log2e / 4, unit * Quantizer.log2e * 64)
  }

  /// The largest shift that suits all of `layers`, which share it.
  func shift(_ layers: [DenseLayer], _ parameters: UnsafePointer<Float>) throws(TrainingError)
    -> Int
  {
    var shift = 16
    search: while shift >= 1 {
      for layer in layers {
        let scale = scales(layer, shift: shift)
        for o in 0..<layer.outputs {
          let bias = Double(parameters[layer.biasOffset + o]) * scale.bias
          var bound = abs(bias) + 1 + Double(1 << (shift - 1))
          var largest = 0.0
          for k in 0..<layer.inputs {
            let w = abs(
              Double(parameters[layer.weightOffset + k * layer.outputs + o]) * scale.weight)
            if w == 0 { continue }
            largest = max(largest, w + 0.5)
            bound += (w + 0.5) * Double(layer.inputMaximum[k])
          }
          if !(largest < 32767 && bound < 2_147_483_000) {
            shift -= 1
            if shift == 0 { throw .notQuantizable(layer: layer.name, channel: o) }
            continue search
          }
        }
      }
      break
    }
    return shift
  }

  /// The layers that have one shift together: each its own, but those of `headOutput`.
  var families: [[DenseLayer]] {
    let all = graph.layers
    return all.dropLast(graph.architecture.colours).map { [$0] } + [
      Array(all.suffix(graph.architecture.colours))
    ]
  }

  /// Writes the parameters as the integer network will see them, as floats, into `out`.
  func round(
    _ parameters: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>
  ) throws(TrainingError) {
    for family in families {
      let shift = try shift(family, parameters)
      for layer in family {
        let scale = scales(layer, shift: shift)
        let weight = Float(scale.weight)
        let bias = Float(scale.bias)
        for i in layer.weightOffset..<layer.biasOffset {
          out[i] = (parameters[i] * weight).rounded() / weight
        }
        for i in layer.biasOffset..<layer.end { out[i] = (parameters[i] * bias).rounded() / bias }
      }
    }
  }
}
