import PixelNetwork

extension Quantizer {
  /// The weight file of these parameters; with the small image's model, if the network's `scale` is
  /// above 1.
  func weightFile(
    name: String, _ parameters: UnsafePointer<Float>, small: WeightFile? = nil
  ) throws -> WeightFile {
    let layers = try layout.families.map { family in
      let shift = try shift(family, parameters)
      return MaskedConvolution(
        shift: shift,
        slices: family.flatMap { layer in
          layer.slices.map { slice(layer, $0, parameters, shift: shift) }
        })
    }
    return try WeightFile(
      name: name, architecture: layout.architecture, layers: layers,
      initialStates: layout.layers.compactMap { initialState($0, parameters) }, small: small)
  }

  /// The integers of a slice, without the inputs that it does not see.
  private func slice(
    _ layer: DenseLayer, _ slice: Int, _ parameters: UnsafePointer<Float>, shift: Int
  ) -> MaskedConvolution.Slice {
    let first = (slice - layer.slices.lowerBound) * layer.outputsPerSlice
    let factors = inputFactors(layer)
    let seen = (0..<layer.inputs).filter { k in
      layout.mask[layer.weightOffset + k * layer.outputs + first] > 0
    }
    var bias: [Int32] = []
    var weights: [Int16] = []
    for o in first..<first + layer.outputsPerSlice {
      let scale = Double(1 << shift) * outputFactor(layer, o)
      bias.append(Int32((Double(parameters[layer.biasOffset + o]) * scale * 256).rounded()))
      for k in seen {
        let weight = Double(parameters[layer.weightOffset + k * layer.outputs + o])
        weights.append(Int16((weight * scale * factors[k]).rounded()))
      }
    }
    return MaskedConvolution.Slice(bias: bias, weights: weights)
  }
}
