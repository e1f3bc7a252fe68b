import PixelNetwork

/// One masked convolution of the float network as a dense matrix: `weights` [inputs][outputs] and
/// `bias` [outputs] inside the flat parameter array, zeros where the mask forbids.
struct DenseLayer: Sendable {
  let name: String
  let inputs: Int
  let outputs: Int
  let weightOffset: Int
  /// Largest magnitude of each input in units of 1/256, for the quantizer's overflow bound.
  let inputMaximum: [Int]
  /// The inputs that are states of an LSTM, which have 12 fraction bits as integers.
  var stateInputs = 0..<0
  /// If the outputs are an LSTM's gates, o, f, i and g of each colour group: units of a group.
  var gateUnits: Int?
  var weightCount: Int { inputs * outputs }
  var biasOffset: Int { weightOffset + weightCount }
  var biasRange: Range<Int> { biasOffset..<end }
  var end: Int { biasOffset + outputs }
}

/// Where each layer of a PixelCNN or a PixelRNN lies in the flat parameter array, and which weights the masks keep.
///
/// The layers and their order are those of the weight file (FORMAT.md, sections 4 and 5; the paper's
/// table 1). A convolution larger than 1x1 has its inputs in the order tap by tap, channel by channel.
struct PixelCNNGraph: Sendable {
  struct Block: Sendable {
    let reduce: DenseLayer
    let context: DenseLayer
    let expand: DenseLayer
    let skip: DenseLayer?
  }

  /// One direction of an LSTM layer.
  struct Direction: Sendable {
    /// From the stream, the states before and the context map:
    /// [streamTaps * features + stateTaps * bottleneck + contextChannels][4 bottleneck].
    let gates: DenseLayer
    /// No weights; the biases are the initial states and cells, [2 bottleneck].
    let initial: DenseLayer
  }

  /// A Row LSTM layer, of one direction, or a Diagonal BiLSTM layer, of two: from the left and from the right.
  struct LSTMLayer: Sendable {
    let directions: [Direction]
    let expand: DenseLayer
    let skip: DenseLayer?
  }

  let architecture: Architecture
  /// Logistics of a mixture, with three numbers each, that stands in for the logits; 0 if there is none.
  let mixture: Int
  /// From 3x3 cells of the coarser map to the four phases of the finer one, of which each sees 2x2 of them:
  /// [9 channels][4 contextChannels].
  let upsampling: [DenseLayer]
  let input: DenseLayer
  /// Of a PixelCNN.
  let blocks: [Block]
  /// Of a PixelRNN.
  let lstmLayers: [LSTMLayer]
  let headHidden: DenseLayer
  /// One matrix per colour: [(colour + 1) headFeatures / 3][logits].
  let headOutput: [DenseLayer]
  let parameterCount: Int
  /// 1 where the mask keeps a parameter, 0 elsewhere: [parameterCount].
  let mask: [Float]

  /// Logits of a value, or the numbers of its mixture.
  var outputCount: Int { headOutput.first?.outputs ?? 0 }
  /// Channels of the input plane for each colour: value, residual or both.
  let inputChannelsPerColour: Int
  /// Channels of each colour's prediction; 0 where they are not seen.
  let predictionChannels: Int
  /// How far the first convolution reaches to the left, right and up.
  let reach: Int
  /// Columns of zeros behind each row of a map, which stand for those on either side that a block looks at.
  var padding: Int { architecture.largestDilation }

  /// - Parameters:
  ///   - architecture: any valid one.
  ///   - mixture: 0 to 32. Such a network has no weight file.
  init(architecture: Architecture, mixture: Int = 0) {
    self.architecture = architecture
    self.mixture = mixture
    let outputs = mixture > 0 ? 3 * mixture : architecture.head.logitCount
    let kinds = architecture.inputKinds
    let perColour = (kinds.contains(.value) ? 1 : 0) + (kinds.contains(.residual) ? 1 : 0)
    let colours = architecture.colours
    let channels = colours * perColour
    let reach = (architecture.kernelSize - 1) / 2
    let h = architecture.bottleneck
    let hh = architecture.headFeatures
    let features = architecture.features
    let activation = architecture.activationMaximum
    inputChannelsPerColour = perColour
    let predictions = architecture.predictionMagnitudes
    predictionChannels = predictions.count
    self.reach = reach

    var offset = 0
    var mask: [Float] = []
    func layer(
      _ name: String, _ inputs: Int, _ outputs: Int, maximum: [Int], states: Range<Int> = 0..<0,
      gateUnits: Int? = nil, keep: (Int, Int) -> Bool
    ) -> DenseLayer {
      let result = DenseLayer(
        name: name, inputs: inputs, outputs: outputs, weightOffset: offset, inputMaximum: maximum,
        stateInputs: states, gateUnits: gateUnits)
      offset = result.end
      for k in 0..<inputs { for o in 0..<outputs { mask.append(keep(k, o) ? 1 : 0) } }
      mask.append(contentsOf: repeatElement(1, count: outputs))
      return result
    }
    func group(_ channel: Int, of count: Int) -> Int { channel / (count / colours) }

    // From the small image to the context map.
    let context = architecture.contextChannels
    let contextMaximum = Array(repeating: activation, count: context)
    upsampling = (0..<architecture.upsamplingCount).map { level in
      let channels = level == 0 ? colours : context
      return layer(
        "upsample\(level)", 9 * channels, 4 * context,
        maximum: Array(repeating: level == 0 ? 2048 : activation, count: 9 * channels)
      ) { k, o in
        let (tap, phase) = (k / channels, o / context)
        return (0...1).contains(tap / 3 - phase / 2) && (0...1).contains(tap % 3 - phase % 2)
      }
    }

    // The first convolution: mask A.
    let taps = reach * (2 * reach + 1) + reach
    let causal = taps * channels
    let centre = causal + channels
    var maximum: [Int] = []
    for _ in 0..<(taps + 1) * colours {
      if kinds.contains(.value) { maximum.append(2048) }
      if kinds.contains(.residual) { maximum.append(4080) }
    }
    for _ in 0..<colours { maximum += predictions }
    input = layer("inputConvolution", maximum.count, features, maximum: maximum) { k, o in
      let g = group(o, of: features)
      if k < causal { return true }
      if k < centre { return (k - causal) / perColour < g }
      return (k - centre) / predictions.count <= g
    }

    // The residual blocks: mask B.
    func maskB(_ inputs: Int, _ outputs: Int) -> (Int, Int) -> Bool {
      { k, o in group(k, of: inputs) <= group(o, of: outputs) }
    }
    func pointwise(_ name: String, _ inputs: Int, _ outputs: Int) -> DenseLayer {
      layer(
        name, inputs, outputs, maximum: Array(repeating: activation, count: inputs),
        keep: maskB(inputs, outputs))
    }
    let state = InitialState.largestState
    /// From a layer's output, which is the sum of the states of its directions.
    func fromStates(_ name: String, _ outputs: Int) -> DenseLayer {
      layer(
        name, h, outputs, maximum: Array(repeating: architecture.largestOutput, count: h),
        states: 0..<h, keep: maskB(h, outputs))
    }
    // The stream on the left, in a Row LSTM, and at the pixel itself; then the states at each tap.
    let (streamTaps, stateTaps) = architecture.body == .rowLSTM ? (2, 3) : (1, 2)
    func direction(_ suffix: String) -> Direction {
      let seen = streamTaps * features
      let gates = layer(
        "gates" + suffix, seen + stateTaps * h + context, 4 * h,
        // The stream itself, which is only saturated.
        maximum: Array(repeating: 32768, count: seen)
          + Array(repeating: state, count: stateTaps * h) + contextMaximum,
        states: seen..<seen + stateTaps * h, gateUnits: h / colours
      ) { k, o in
        let own = k - (streamTaps - 1) * features
        return own < 0 || k >= seen || group(own, of: features) <= group(o, of: 4 * h)
      }
      return Direction(
        gates: gates,
        initial: layer("initial" + suffix, 0, 2 * h, maximum: [], keep: { _, _ in true }))
    }
    var lstmLayers: [LSTMLayer] = []
    for i in 0..<(architecture.body.isRecurrent ? architecture.blocks : 0) {
      let names = architecture.body == .rowLSTM ? [""] : ["Left", "Right"]
      lstmLayers.append(
        LSTMLayer(
          directions: names.map { direction("\($0)\(i)") },
          expand: fromStates("expand\(i)", features),
          skip: architecture.connections.contains(.skip) ? fromStates("skip\(i)", hh) : nil))
    }
    self.lstmLayers = lstmLayers
    var blocks: [Block] = []
    for i in 0..<(architecture.body == .pixelCNN ? architecture.blocks : 0) {
      let reduce = pointwise("reduce\(i)", features, h)
      let neighbours = layer(
        "context\(i)", 5 * h + context, h,
        maximum: Array(repeating: activation, count: 5 * h) + contextMaximum
      ) { k, o in k < 4 * h || k >= 5 * h || group(k - 4 * h, of: h) <= group(o, of: h) }
      let expand = pointwise("expand\(i)", h, features)
      let skip = architecture.connections.contains(.skip) ? pointwise("skip\(i)", h, hh) : nil
      blocks.append(Block(reduce: reduce, context: neighbours, expand: expand, skip: skip))
    }
    self.blocks = blocks
    headHidden = pointwise("headHidden", features, hh)
    headOutput = (0..<colours).map { colour in
      let inputs = (colour + 1) * hh / colours
      return layer(
        "headOutput\(colour)", inputs, outputs,
        maximum: Array(repeating: activation, count: inputs), keep: { _, _ in true })
    }
    parameterCount = offset
    self.mask = mask
  }

  /// The directions of all LSTM layers, in the order of the weight file.
  var directions: [Direction] { lstmLayers.flatMap(\.directions) }

  /// The layers between the first convolution and the last layer, in the order of the weight file.
  var hiddenLayers: [DenseLayer] {
    layers.filter { $0.weightOffset >= input.end && $0.end <= headHidden.end }
  }

  /// Every layer, in the order of the weight file; `headOutput` as a matrix for each colour.
  var layers: [DenseLayer] {
    var all = upsampling + [input]
    for block in blocks {
      all += [block.reduce, block.context, block.expand]
      if let skip = block.skip { all.append(skip) }
    }
    for layer in lstmLayers {
      all += layer.directions.map(\.gates) + [layer.expand]
      if let skip = layer.skip { all.append(skip) }
    }
    return all + [headHidden] + headOutput
  }
}
