import PixelNetwork

/// Float parameters to integers (FORMAT.md, section 5.3): a layer's shift is the largest at which every weight
/// fits 16 bits and no sum can leave 32.
struct Quantizer {
  let graph: PixelCNNGraph
  private static let log2e = 1.4426950408889634

  func isOutput(_ layer: DenseLayer) -> Bool { layer.name.hasPrefix("headOutput") }

  /// What an output and its inputs are multiplied by, besides 2^shift: logits have 6 fraction bits and are to base 2, the
  /// arguments of gates are to base 2 (and those of tanh twice as large), all else has 8 fraction bits.
  func outputFactor(_ layer: DenseLayer, _ output: Int) -> Double {
    if isOutput(layer) { return Quantizer.log2e / 4 }
    guard let units = layer.gateUnits else { return 1 }
    return output / units % 4 == 3 ? 2 * Quantizer.log2e : Quantizer.log2e
  }

  /// What an input's weights are multiplied by, besides: states have 4 more fraction bits.
  func inputFactor(_ layer: DenseLayer, _ input: Int) -> Double {
    layer.stateInputs.contains(input) ? 1 / 16 : 1
  }

  /// The largest shift that suits all of `layers`, which share it.
  func shift(_ layers: [DenseLayer], _ parameters: UnsafePointer<Float>) throws(TrainingError)
    -> Int
  {
    var shift = 16
    search: while shift >= 1 {
      for layer in layers {
        for o in 0..<layer.outputs {
          let scale = Double(1 << shift) * outputFactor(layer, o)
          let bias = Double(parameters[layer.biasOffset + o]) * scale * 256
          var bound = abs(bias) + 1 + Double(1 << (shift - 1))
          var largest = 0.0
          for k in 0..<layer.inputs {
            let w = abs(
              Double(parameters[layer.weightOffset + k * layer.outputs + o]) * scale
                * inputFactor(layer, k))
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
        let outputs = (0..<layer.outputs).map {
          Float(Double(1 << shift) * outputFactor(layer, $0))
        }
        for k in 0..<layer.inputs {
          let input = Float(inputFactor(layer, k))
          let row = layer.weightOffset + k * layer.outputs
          for o in 0..<layer.outputs {
            let scale = outputs[o] * input
            out[row + o] = (parameters[row + o] * scale).rounded() / scale
          }
        }
        for o in 0..<layer.outputs {
          let scale = 256 * outputs[o]
          let i = layer.biasOffset + o
          out[i] = (parameters[i] * scale).rounded() / scale
        }
      }
    }
    for direction in graph.directions {
      let state = initialState(direction, parameters)
      let offset = direction.initial.biasOffset
      for (k, value) in state.states.enumerated() { out[offset + k] = Float(value) / 4096 }
      for (k, value) in state.cells.enumerated() {
        out[offset + state.states.count + k] = Float(value) / 2048
      }
    }
  }

  /// The integers of a direction's initial state.
  func initialState(
    _ direction: PixelCNNGraph.Direction, _ parameters: UnsafePointer<Float>
  ) -> InitialState {
    let units = graph.architecture.bottleneck
    func integers(_ first: Int, unit: Float, limit: Float) -> [Int16] {
      (0..<units).map { k in
        let value = (parameters[direction.initial.biasOffset + first + k] * unit).rounded()
        return Int16(min(max(value, -limit), limit))
      }
    }
    return InitialState(
      states: integers(0, unit: 4096, limit: 4096), cells: integers(units, unit: 2048, limit: 32767)
    )
  }
}
