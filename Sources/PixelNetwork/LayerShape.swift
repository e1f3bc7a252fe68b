/// One masked convolution's place and shape in a network (FORMAT.md, sections 4.1 and 5.2).
public struct LayerShape: Sendable, Hashable {
  /// The layers by their names in FORMAT.md.
  public enum Kind: String, Sendable, Hashable {
    /// A transposed convolution on the way from the small image to the context map.
    case upsample
    /// The first convolution, mask A.
    case inputConvolution
    /// A block's 1x1 from the stream to the bottleneck.
    case reduce
    /// A block's 3x3.
    case context
    /// A Row LSTM layer's input-to-state and state-to-state convolutions: the gates o, f, i and g.
    case gates
    /// A Diagonal BiLSTM layer's gates of the direction from the left.
    case gatesLeft
    /// Those of the direction from the right.
    case gatesRight
    /// A block's 1x1 back to the stream.
    case expand
    /// A block's 1x1 to the head.
    case skip
    /// The head's 1x1 from the stream.
    case headHidden
    /// The logits of each colour: 256, or 1 of a sigmoid.
    case headOutput

    /// Whether the outputs are the gates of an LSTM, whose initial states and cells follow in the weight file.
    var isGates: Bool { self == .gates || self == .gatesLeft || self == .gatesRight }
  }

  /// What a segment's channels are.
  public enum Plane: Sendable, Hashable {
    /// Values and/or residuals, `InputKinds.channelsPerColour` for each colour.
    case inputs
    /// Predictions, one for each colour.
    case predictions
    /// Another layer's outputs.
    case activations
    /// The states of an LSTM layer's direction.
    case states
    /// Values of the small image, one for each colour.
    case smallValues
    /// The context map.
    case contextMap
    /// Their sum over its directions.
    case outputs
  }

  /// Some of the first channels of the cell at a tap: (row + `rowOffset`, column + `columnOffset`).
  public struct Segment: Sendable, Hashable {
    /// What is read.
    public let plane: Plane
    /// -n ... 0, n being (K - 1) / 2 of the first convolution and the block's dilation of `context`; of `upsample` -1 ... 1, in the
    /// coarser map.
    public let rowOffset: Int
    /// -n ... n; where `rowOffset` is 0 not above 0, but for the states on the right of a pixel. Of `upsample` -1 ... 1, of a Row LSTM's
    /// states the block's dilation.
    public let columnOffset: Int
    /// How many channels, from the cell's first on.
    public let channels: Int
  }

  /// Which layer it is.
  public let kind: Kind
  /// The block that it belongs to, or its number of the `upsample` layers, from 0; nil of other layers.
  public let block: Int?
  /// Output channels of each group: a multiple of 8, or the 1 of a sigmoid's logit.
  public let outputsPerGroup: Int
  /// For each group, what its output channels see, in the order of the weights: the segments one after
  /// the other, each with its channels.
  public let segments: [[Segment]]
  private let inputKinds: InputKinds
  private let activationMaximum: Int
  private let predictionMagnitudes: [Int]
  private let largestOutput: Int

  /// For messages: the kind, with the block's number if any ("context2").
  public var name: String { kind.rawValue + (block.map(String.init) ?? "") }

  /// Groups of channels, one for each colour; of `upsample`, one for each phase.
  public var groupCount: Int { segments.count }

  /// Inputs that an output channel of `group` sees.
  public func inputCount(group: Int) -> Int { segments[group].reduce(0) { $0 + $1.channels } }

  /// Weights of the whole layer, without biases.
  public var weightCount: Int {
    (0..<groupCount).reduce(0) { $0 + inputCount(group: $1) * outputsPerGroup }
  }

  /// The largest magnitude A_k of each input that `group` sees, in the weights' order.
  public func inputMagnitudes(group: Int) -> [Int] {
    let perColour = inputKinds.channelsPerColour
    return segments[group].flatMap { segment in
      (0..<segment.channels).map { channel in
        switch segment.plane {
        case .inputs: inputKinds.contains(.value) && channel % perColour == 0 ? 2048 : 4080
        case .predictions: predictionMagnitudes[channel % predictionMagnitudes.count]
        // An LSTM's gates see the stream itself, which is only saturated.
        case .activations: kind.isGates ? 32768 : activationMaximum
        case .contextMap: activationMaximum
        case .states: InitialState.largestState
        case .smallValues: 2048
        case .outputs: largestOutput
        }
      }
    }
  }

  /// A layer whose channels at the pixel itself are those of groups 0...g (mask B), with every channel at
  /// `taps` elsewhere, and `more` segments.
  fileprivate init(
    _ kind: Kind, block: Int? = nil, of architecture: Architecture, plane: Plane = .activations,
    inputs: Int, outputs: Int, taps: [(Int, Int)] = [], more: [Segment] = []
  ) {
    self.init(kind, block: block, of: architecture, outputs: outputs) { group in
      taps.map { tap in
        Segment(plane: plane, rowOffset: tap.0, columnOffset: tap.1, channels: inputs)
      } + [
        Segment(
          plane: plane, rowOffset: 0, columnOffset: 0,
          channels: (group + 1) * inputs / architecture.colours)
      ] + more
    }
  }

  /// `groups` is the number of colours if not given.
  init(
    _ kind: Kind, block: Int? = nil, of architecture: Architecture, groups: Int? = nil,
    outputs: Int, segments: (Int) -> [Segment]
  ) {
    let groups = groups ?? architecture.colours
    self.kind = kind
    self.block = block
    self.outputsPerGroup = outputs / groups
    self.segments = (0..<groups).map(segments)
    self.inputKinds = architecture.inputKinds
    self.activationMaximum = architecture.activationMaximum
    self.predictionMagnitudes = architecture.predictionMagnitudes
    self.largestOutput = architecture.largestOutput
  }
}

extension Architecture {
  /// The layers in the order of the weight file.
  ///
  /// The architecture must be valid. Complexity: O(layers).
  public var layers: [LayerShape] {
    upsamplingLayers + [inputConvolution] + (0..<blocks).flatMap(bodyLayers) + [
      LayerShape(.headHidden, of: self, inputs: features, outputs: headFeatures),
      LayerShape(.headOutput, of: self, inputs: headFeatures, outputs: colours * head.logitCount),
    ]
  }

  /// How many LSTMs there are, each with an initial state.
  var initialStateCount: Int {
    switch body {
    case .pixelCNN: 0
    case .rowLSTM: blocks
    case .diagonalBiLSTM: 2 * blocks
    }
  }

  /// The layers of a block.
  private func bodyLayers(_ block: Int) -> [LayerShape] {
    func layer(
      _ kind: LayerShape.Kind, plane: LayerShape.Plane = .activations, _ inputs: Int,
      _ outputs: Int, taps: [(Int, Int)] = [], more: [LayerShape.Segment] = []
    ) -> LayerShape {
      LayerShape(
        kind, block: block, of: self, plane: plane, inputs: inputs, outputs: outputs, taps: taps,
        more: more)
    }
    // What the block's last features are.
    let last: LayerShape.Plane
    var layers: [LayerShape]
    switch body {
    case .pixelCNN:
      last = .activations
      layers = [
        layer(.reduce, features, bottleneck),
        layer(
          .context, bottleneck, bottleneck, taps: dilatedTaps(block: block), more: contextSegments),
      ]
    case .rowLSTM:
      last = .outputs
      let d = dilation(block: block)
      layers = [gates(.gates, block, stream: [(0, -1)], states: [(-1, -d), (-1, 0), (-1, d)])]
    case .diagonalBiLSTM:
      last = .outputs
      layers = [
        gates(.gatesLeft, block, stream: [], states: [(-1, 0), (0, -1)]),
        gates(.gatesRight, block, stream: [], states: [(-1, 0), (0, 1)]),
      ]
    }
    layers.append(layer(.expand, plane: last, bottleneck, features))
    if connections.contains(.skip) {
      layers.append(layer(.skip, plane: last, bottleneck, headFeatures))
    }
    return layers
  }

  /// Input-to-state and state-to-state convolutions. The stream is seen with mask B: all of it at `stream`, and groups 0...g
  /// at the pixel itself. A Row LSTM's 3x1 sees it on the left, too (its tap on the right is masked), and the three states above;
  /// a Diagonal BiLSTM's state-to-state convolution is a column-wise 2x1 in the skewed map (van den Oord et al. 2016,
  /// sections 3.1 and 3.2).
  private func gates(
    _ kind: LayerShape.Kind, _ block: Int, stream: [(Int, Int)], states: [(Int, Int)]
  ) -> LayerShape {
    LayerShape(kind, block: block, of: self, outputs: 4 * bottleneck) { group in
      stream.map {
        LayerShape.Segment(
          plane: .activations, rowOffset: $0.0, columnOffset: $0.1, channels: features)
      } + [
        LayerShape.Segment(
          plane: .activations, rowOffset: 0, columnOffset: 0,
          channels: (group + 1) * features / colours)
      ]
        + states.map {
          LayerShape.Segment(
            plane: .states, rowOffset: $0.0, columnOffset: $0.1, channels: bottleneck)
        } + contextSegments
    }
  }

  /// The taps (row offset, column offset) before (0, 0), in raster order.
  static func causalTaps(kernelSize: Int) -> [(Int, Int)] {
    let reach = (kernelSize - 1) / 2
    return (-reach...0).flatMap { row in (-reach...reach).map { (row, $0) } }
      .filter { $0 < (0, 0) }
  }

  /// Those of a block's 3x3.
  private func dilatedTaps(block: Int) -> [(Int, Int)] {
    let dilation = dilation(block: block)
    return Self.causalTaps(kernelSize: 3).map { (dilation * $0.0, dilation * $0.1) }
  }

  private var inputConvolution: LayerShape {
    let perColour = inputKinds.channelsPerColour
    return LayerShape(.inputConvolution, of: self, outputs: features) { group in
      var segments = Self.causalTaps(kernelSize: kernelSize).map { tap in
        LayerShape.Segment(
          plane: .inputs, rowOffset: tap.0, columnOffset: tap.1, channels: colours * perColour)
      }
      if group > 0 {
        segments.append(
          LayerShape.Segment(
            plane: .inputs, rowOffset: 0, columnOffset: 0, channels: group * perColour))
      }
      if inputKinds.contains(.prediction) {
        segments.append(
          LayerShape.Segment(
            plane: .predictions, rowOffset: 0, columnOffset: 0,
            channels: (group + 1) * predictionMagnitudes.count))
      }
      return segments
    }
  }
}
