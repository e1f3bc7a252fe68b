import PixelNetwork

/// Where each layer of a network lies in the flat parameter array, and which parameters the masks
/// keep.
///
/// The layers and their order are those of the weight file (`Architecture.layers`); `headOutput` is
/// a matrix for each colour, and behind the gates of an LSTM is its initial state.
struct ParameterLayout: Sendable {
  /// The network.
  let architecture: Architecture
  /// Logistics of a mixture, with three numbers each, that stands in for the logits; 0 if there is
  /// none.
  let mixture: Int
  /// How many colours, from the first on, are known, and cost nothing.
  let knownColours: Int
  /// The matrices of each layer of the weight file: one, or of `headOutput` one for each colour.
  let families: [[DenseLayer]]
  /// Every matrix, in order.
  let layers: [DenseLayer]
  /// How many parameters there are.
  let parameterCount: Int
  /// 1 where the mask keeps a parameter, 0 elsewhere: [parameterCount].
  let mask: [Float]

  /// - Parameters:
  ///   - architecture: any valid one.
  ///   - mixture: 0 to 32. Such a network has no weight file.
  ///   - knownColours: fewer than there are.
  init(architecture: Architecture, mixture: Int = 0, knownColours: Int = 0) {
    self.architecture = architecture
    self.mixture = mixture
    self.knownColours = knownColours
    var offset = 0
    func placed(_ layer: DenseLayer) -> DenseLayer {
      offset = layer.end
      return layer
    }
    families = architecture.layers.map { layer in
      guard layer.kind == .headOutput else { return [placed(DenseLayer(layer, at: offset))] }
      let outputs = mixture > 0 ? 3 * mixture : layer.outputsPerSlice
      return (0..<layer.sliceCount).map {
        placed(DenseLayer(layer, slice: $0, outputs: outputs, at: offset))
      }
    }
    layers = families.flatMap { $0 }
    parameterCount = offset
    var mask = [Float](repeating: 1, count: offset)
    for layer in layers {
      for (i, isKept) in layer.isKept.enumerated() where !isKept {
        mask[layer.weightOffset + i] = 0
      }
    }
    self.mask = mask
  }

  /// The matrices of a kind, in their order: block by block, or colour by colour.
  func all(_ kind: Layer.Kind) -> [DenseLayer] { layers.filter { $0.kind == kind } }

  /// The matrix of a block.
  func layer(_ kind: Layer.Kind, block: Int) -> DenseLayer? {
    layers.first { $0.kind == kind && $0.layer.block == block }
  }

  /// The matrices between the first convolution and the last layer.
  var hiddenLayers: [DenseLayer] {
    layers.filter { ![.upsample, .inputConvolution, .headOutput].contains($0.kind) }
  }

  /// Colours that cost something.
  var codedColours: Int { architecture.colours - knownColours }
  /// Logits of a value, or the numbers of its mixture.
  var outputCount: Int { mixture > 0 ? 3 * mixture : architecture.head.logitCount }
  /// Channels of the input plane for each colour: value, residual or both.
  var inputChannelsPerColour: Int { architecture.inputKinds.channelsPerColour }
  /// Channels of each colour's prediction; 0 where they are not seen.
  var predictionChannels: Int { architecture.predictionMagnitudes.count }
  /// How far the first convolution reaches to the left, right and up.
  var reach: Int { architecture.reach }
  /// Columns of zeros behind each row of a map, which stand for those on either side that a block
  /// looks at.
  var padding: Int { architecture.largestDilation }
}
