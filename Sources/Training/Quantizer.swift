import PixelNetwork

/// Float parameters to integers (FORMAT.md, section 5.3): a layer's shift is the largest at which
/// every weight fits 16 bits and no sum can leave 32.
struct Quantizer {
  let layout: ParameterLayout

  /// What an output and its inputs are multiplied by, besides 2^shift: logits have 6 fraction bits
  /// and are to base 2, the arguments of gates are to base 2 (and those of tanh twice as large),
  /// all else has 8 fraction bits.
  func outputFactor(_ layer: DenseLayer, _ output: Int) -> Double {
    if layer.kind == .headOutput { return Double.bitsPerNat / 4 }
    guard layer.kind.isGates else { return 1 }
    return (output / layer.matrixOutputs % 4 == 3 ? 2 : 1) * Double.bitsPerNat
  }

  /// What the weights of each input are multiplied by, besides: states have 4 more fraction bits.
  func inputFactors(_ layer: DenseLayer) -> [Double] {
    layer.fractionBits.map { 256 / Double(1 << $0) }
  }

  /// The largest shift that suits all of `layers`, which share it.
  func shift(
    _ layers: [DenseLayer], _ parameters: UnsafePointer<Float>
  ) throws(TrainingError) -> Int {
    let inputs = layers.map { (inputFactors($0), $0.magnitudes(layout.architecture)) }
    for shift in (1...16).reversed() {
      var tooLarge: (DenseLayer, Int)?
      for (layer, (factors, magnitudes)) in zip(layers, inputs) where tooLarge == nil {
        let output = (0..<layer.outputs).first { output in
          !fits(layer, output, parameters, shift: shift, factors, magnitudes)
        }
        tooLarge = output.map { (layer, $0) }
      }
      guard let (layer, output) = tooLarge else { return shift }
      if shift == 1 { throw .notQuantizable(layer: layer.name, channel: output) }
    }
    return 1
  }

  /// Whether an output's weights fit 16 bits and its sums 32.
  private func fits(
    _ layer: DenseLayer, _ output: Int, _ parameters: UnsafePointer<Float>, shift: Int,
    _ factors: [Double], _ magnitudes: [Int]
  ) -> Bool {
    let scale = Double(1 << shift) * outputFactor(layer, output)
    let bias = Double(parameters[layer.biasOffset + output]) * scale * 256
    var bound = abs(bias) + 1 + Double(1 << (shift - 1))
    var largest = 0.0
    for k in 0..<layer.inputs {
      let weight = parameters[layer.weightOffset + k * layer.outputs + output]
      let w = abs(Double(weight) * scale * factors[k])
      if w == 0 { continue }
      largest = max(largest, w + 0.5)
      bound += (w + 0.5) * Double(magnitudes[k])
    }
    return largest < 32767 && bound < 2_147_483_000
  }

  /// Writes the parameters as the integer network will see them, as floats, into `out`.
  func round(
    _ parameters: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>
  ) throws(TrainingError) {
    for family in layout.families {
      let shift = try shift(family, parameters)
      for layer in family { round(layer, parameters, shift: shift, into: out) }
    }
  }

  private func round(
    _ layer: DenseLayer, _ parameters: UnsafePointer<Float>, shift: Int,
    into out: UnsafeMutablePointer<Float>
  ) {
    let outputs = (0..<layer.outputs).map { Float(Double(1 << shift) * outputFactor(layer, $0)) }
    for (k, factor) in inputFactors(layer).enumerated() {
      let row = layer.weightOffset + k * layer.outputs
      for o in 0..<layer.outputs {
        let scale = outputs[o] * Float(factor)
        out[row + o] = (parameters[row + o] * scale).rounded() / scale
      }
    }
    for o in 0..<layer.outputs {
      let scale = 256 * outputs[o]
      let i = layer.biasOffset + o
      out[i] = (parameters[i] * scale).rounded() / scale
    }
    guard let state = initialState(layer, parameters) else { return }
    let offset = layer.initialRange.lowerBound
    for (k, value) in state.states.enumerated() { out[offset + k] = Float(value) / 4096 }
    for (k, value) in state.cells.enumerated() {
      out[offset + layer.units + k] = Float(value) / 2048
    }
  }

  /// The integers of the initial state; nil of layers without.
  func initialState(_ layer: DenseLayer, _ parameters: UnsafePointer<Float>) -> InitialState? {
    guard layer.kind.isGates else { return nil }
    func integers(_ first: Int, unit: Float, limit: Float) -> [Int16] {
      (0..<layer.units).map { k in
        let value = (parameters[layer.initialRange.lowerBound + first + k] * unit).rounded()
        return Int16(min(max(value, -limit), limit))
      }
    }
    return InitialState(
      states: integers(0, unit: 4096, limit: Float(InitialState.largestState)),
      cells: integers(layer.units, unit: 2048, limit: 32767))
  }
}
