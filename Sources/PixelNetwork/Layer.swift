/// One masked convolution's place and shape in a network (FORMAT.md, sections 4.1 and 5.2).
///
/// A layer's outputs are in slices: one for each colour, or, of `upsample`, one for each phase.
/// What a slice sees of a tap are the tap's first channels: the masks.
public struct Layer: Sendable, Hashable {
  /// The layers by their names in FORMAT.md.
  public enum Kind: String, Sendable, Hashable {
    /// A transposed convolution on the way from the small image to the conditioning map.
    case upsample
    /// The first convolution, mask A.
    case inputConvolution
    /// A block's 1x1 from the stream to the bottleneck.
    case reduce
    /// A block's 3x3.
    case convolve
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
    /// The logits of each colour: 256, 64 of classes, or 1 of a sigmoid.
    case headOutput

    /// Whether the outputs are the gates of an LSTM, whose initial states and cells follow in the
    /// weight file.
    public var isGates: Bool { self == .gates || self == .gatesLeft || self == .gatesRight }
  }

  /// A map that layers read and write. A number is that of the block, or of the `upsample` layer.
  public enum Plane: Sendable, Hashable {
    /// Values and/or residuals, `InputKinds.channelsPerColour` for each colour.
    case inputs
    /// What is seen of the predictions, `predictionMagnitudes.count` channels for each colour.
    case predictions
    /// Values of the small image, one for each colour.
    case smallValues
    /// What an `upsample` layer but the last makes.
    case upsampled(Int)
    /// What the last `upsample` layer makes.
    case conditioningMap
    /// The stream in front of a block, or behind the last; a PixelCNN's is one map, number 0.
    case stream(Int)
    /// The stream, rectified; a PixelRNN's is one map, number 0, behind the last block.
    case rectified(Int)
    /// What `reduce` makes.
    case reduced(Int)
    /// What `convolve` makes.
    case convolved(Int)
    /// States and cells of a Row LSTM layer.
    case states(Int), cells(Int)
    /// States and cells of a Diagonal BiLSTM layer, by direction.
    case leftStates(Int), leftCells(Int), rightStates(Int), rightCells(Int)
    /// The sum of a Diagonal BiLSTM layer's states over its directions.
    case outputs(Int)
    /// The sum of what the blocks' `skip` make.
    case skipSum
    /// What `headHidden` makes.
    case hidden
    /// What `headOutput` makes.
    case logits

    /// Whether the channels are in slices, one for each colour, of an architecture's width.
    public var isSliced: Bool {
      switch self {
      case .inputs, .predictions, .smallValues, .upsampled, .conditioningMap: false
      default: true
      }
    }

    /// Fraction bits of the integers: 12 of an LSTM's states and their sums, else 8.
    public var fractionBits: Int {
      switch self {
      case .states, .leftStates, .rightStates, .outputs: 12
      default: 8
      }
    }
  }

  /// A cell that the layer reads: at (row + `rowOffset`, column + `columnOffset`).
  public struct Tap: Sendable, Hashable {
    /// What is read.
    public let plane: Plane
    /// -n ... 0, n being (K - 1) / 2 of the first convolution and the block's dilation of
    /// `convolve`; of `upsample` -1 ... 1, in the coarser map.
    public let rowOffset: Int
    /// -n ... n; where `rowOffset` is 0 not above 0, but for the states on the right of a pixel. Of
    /// `upsample` -1 ... 1, of a Row LSTM's states the block's dilation.
    public let columnOffset: Int
    /// All channels of the cell.
    public let channels: Int
  }

  /// What a slice sees of a tap: its first channels, at least one.
  public struct Segment: Sendable, Hashable {
    /// The tap.
    public let tap: Tap
    /// How many of the tap's channels, from the first on.
    public let channels: Int
  }

  /// Which layer it is.
  public let kind: Kind
  /// The block that it belongs to, or its number of the `upsample` layers, from 0; nil of other
  /// layers.
  public let block: Int?
  /// Output channels of each slice: a multiple of 8, or the 1 of a sigmoid's logit.
  public let outputsPerSlice: Int
  /// All that any slice may see, in the order of the weights.
  public let taps: [Tap]
  /// How many of a tap's first channels a slice sees: [slice][tap].
  public let visible: [[Int]]

  /// - Parameters:
  ///   - kind: which layer it is.
  ///   - block: the block, if it belongs to one.
  ///   - slices: of the outputs.
  ///   - outputs: of all slices.
  ///   - taps: each with how many of its channels slice 0, 1, ... see.
  init(
    _ kind: Kind, block: Int? = nil, slices: Int, outputs: Int, taps: [(Tap, (Int) -> Int)]
  ) {
    self.kind = kind
    self.block = block
    outputsPerSlice = outputs / slices
    self.taps = taps.map(\.0)
    visible = (0..<slices).map { slice in taps.map { $0.1(slice) } }
  }

  /// For messages: the kind, with the block's number if any ("convolve2").
  public var name: String { kind.rawValue + (block.map(String.init) ?? "") }

  /// Slices of the outputs.
  public var sliceCount: Int { visible.count }

  /// Output channels of all slices.
  public var outputs: Int { sliceCount * outputsPerSlice }

  /// What a slice's output channels see, in the order of the weights: the segments one after the
  /// other, each with its channels.
  public func segments(slice: Int) -> [Segment] {
    zip(taps, visible[slice]).compactMap { $1 > 0 ? Segment(tap: $0, channels: $1) : nil }
  }

  /// Inputs that an output channel of `slice` sees.
  public func inputCount(slice: Int) -> Int { visible[slice].reduce(0, +) }

  /// Weights of the whole layer, without biases.
  public var weightCount: Int {
    (0..<sliceCount).reduce(0) { $0 + inputCount(slice: $1) * outputsPerSlice }
  }
}
