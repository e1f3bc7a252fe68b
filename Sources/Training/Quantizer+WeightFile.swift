import PixelNetwork

extension Quantizer {
  /// The weight file of these parameters; with the small image's model, if the network's `scale` is above 1.
  func weightFile(
    name: String, _ parameters: UnsafePointer<Float>, small: WeightFile? = nil
  ) throws -> WeightFile {
    var layers: [MaskedConvolution] = []
    for (shape, family) in zip(graph.architecture.layers, families) {
      let shift = try shift(family, parameters)
      var groups: [MaskedConvolution.Group] = []
      for group in 0..<shape.groupCount {
        // headOutput is one matrix for each group; any other layer one matrix of all groups (or phases).
        let layer = isOutput(family[0]) ? family[group] : family[0]
        let first = isOutput(family[0]) ? 0 : group * shape.outputsPerGroup
        let seen = (0..<layer.inputs).filter { k in
          graph.mask[layer.weightOffset + k * layer.outputs + first] > 0
        }
        var groupBias: [Int32] = []
        var groupWeights: [Int16] = []
        for o in first..<first + shape.outputsPerGroup {
          let scale = Double(1 << shift) * outputFactor(layer, o)
          groupBias.append(
            Int32((Double(parameters[layer.biasOffset + o]) * scale * 256).rounded()))
          for k in seen {
            let w =
              Double(parameters[layer.weightOffset + k * layer.outputs + o]) * scale
              * inputFactor(layer, k)
            groupWeights.append(Int16(w.rounded()))
          }
        }
        groups.append(MaskedConvolution.Group(bias: groupBias, weights: groupWeights))
      }
      layers.append(MaskedConvolution(shift: shift, groups: groups))
    }
    return try WeightFile(
      name: name, architecture: graph.architecture, layers: layers,
      initialStates: graph.directions.map { initialState($0, parameters) }, small: small)
  }
}
