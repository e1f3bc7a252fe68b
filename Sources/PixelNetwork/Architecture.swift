import CNetwork
import ImagePlanes
import Prediction

/// What the first convolution sees of each pixel (FORMAT.md, section 5.2).
public struct InputKinds: OptionSet, Sendable, Hashable {
  /// The bits as in the weight file.
  public let rawValue: UInt8

  /// The set with these bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// 16 (x - 128) of the neighbours and the earlier colours; 16 (255 x - 128) in 1-bit images.
  public static let value = InputKinds(rawValue: 1)
  /// 16 (x - prediction) of the same.
  public static let residual = InputKinds(rawValue: 2)
  /// 16 (prediction - 128) of the pixel itself.
  public static let prediction = InputKinds(rawValue: 4)

  /// Channels of the input plane for each colour: 1 or 2.
  public var channelsPerColour: Int { (contains(.value) ? 1 : 0) + (contains(.residual) ? 1 : 0) }
}

/// The connections around the residual blocks (van den Oord et al. 2016, figure 5 and table 1).
public struct Connections: OptionSet, Sendable, Hashable {
  /// The bits as in the weight file.
  public let rawValue: UInt8

  /// The set with these bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Each block adds to the stream instead of replacing it.
  public static let residual = Connections(rawValue: 1)
  /// Each block adds to the hidden features of the head.
  public static let skip = Connections(rawValue: 2)
}

/// What stands between the first convolution and the head (van den Oord et al. 2016, sections 3.1
/// to 3.3).
public enum Body: UInt8, CaseIterable, Sendable, Hashable {
  /// Residual blocks of masked convolutions.
  case pixelCNN
  /// Row LSTM layers: a row's states follow from those of the row above.
  case rowLSTM
  /// Diagonal BiLSTM layers: one direction from the left, one from the right.
  case diagonalBiLSTM

  /// Whether a layer's features depend on those of the same layer at other pixels, so that an
  /// encoder cannot evaluate several diagonals at once, layer by layer.
  public var isRecurrent: Bool { self != .pixelCNN }

  /// Whether the code order goes row by row, so that no two pixels of a tile can be evaluated at
  /// the same time.
  public var isSequential: Bool { self == .diagonalBiLSTM }
}

/// What the network gives for a value.
public enum Head: UInt8, CaseIterable, Sendable, Hashable {
  /// 256 logits, one a symbol.
  case softmax
  /// One logit, that a 1-bit value is 1.
  case sigmoid
  /// 64 logits, one a class of symbols (Goodman 2001, arXiv:cs/0108006): those near 0 are classes
  /// of their own, and far ones share a logit.
  case classes

  /// Logits of each colour: 256, 64 or 1.
  public var logitCount: Int {
    switch self {
    case .softmax: 256
    case .sigmoid: 1
    case .classes: Int(PRN_CLASSES)
    }
  }
  /// Bits of the values that it is for: 8 or 1.
  public var sampleDepth: Int { self == .sigmoid ? 1 : 8 }
  /// What values are multiplied by, so that the input planes have the same range: 1 or 255.
  public var valueScale: Int { self == .sigmoid ? 255 : 1 }
}

/// The shape of a network: all that its weight file says before the weights (FORMAT.md, section 4).
///
///     let architecture = Architecture(
///       symbolCentre: .colourMED, inputKinds: [.residual, .prediction], kernelSize: 7,
///       features: 96, bottleneck: 48, blocks: 3, connections: [.residual, .skip],
///       headFeatures: 48, activationMaximum: 32767)
///     try architecture.validate()
///
/// Source: van den Oord, Kalchbrenner, Kavukcuoglu, "Pixel Recurrent Neural Networks", 2016
/// (arXiv:1601.06759), table 1.
public struct Architecture: Sendable, Hashable {
  /// Colours of an image: 3, or 1 for gray ones. As many are the slices of every layer's outputs.
  public var colours: Int
  /// The kind of the layers between the first convolution and the head.
  public var body: Body
  /// What the network gives for a value.
  public var head: Head
  /// What a symbol is the distance from.
  public var symbolCentre: SymbolCentre
  /// What the first convolution sees.
  public var inputKinds: InputKinds
  /// Width and height of the first convolution: 3, 5 or 7.
  public var kernelSize: Int
  /// 2h, the channels of the residual stream: a multiple of 8 `colours`, up to 1536.
  public var features: Int
  /// h, the channels inside a block: a multiple of 8 `colours`, up to 1536.
  public var bottleneck: Int
  /// The number of residual blocks: 0 to 64.
  public var blocks: Int
  /// A PixelCNN's 3x3 convolutions and a Row LSTM's state-to-state ones are dilated by 1, 2, 4,
  /// ..., and after as many blocks by 1 again: 1 (none) to 5. A Row LSTM's must be below the shear
  /// of its code order, which is 4 if the centre is adaptive.
  public var dilationCycle: Int
  /// The connections around the blocks.
  public var connections: Connections
  /// The channels of the head's hidden layer: a multiple of 8 `colours`, up to 1536.
  public var headFeatures: Int
  /// Where activations are clipped, in 256ths: 255 to 32767.
  public var activationMaximum: Int
  /// s: the network is given every s-th pixel of every s-th row, the small image, at the start: 1
  /// (nothing), 2 or 4.
  public var scale: Int
  /// c, the channels of the conditioning map that is made of the small image: 0 if `scale` is 1,
  /// else a multiple of 8, 8 to 256.
  public var conditioningChannels: Int

  /// An architecture with these fields, not yet validated.
  public init(
    colours: Int = 3, body: Body = .pixelCNN, head: Head = .softmax, symbolCentre: SymbolCentre,
    inputKinds: InputKinds, kernelSize: Int,
    features: Int,
    bottleneck: Int, blocks: Int, dilationCycle: Int = 1, connections: Connections,
    headFeatures: Int, activationMaximum: Int, scale: Int = 1, conditioningChannels: Int = 0
  ) {
    self.colours = colours
    self.body = body
    self.head = head
    self.symbolCentre = symbolCentre
    self.inputKinds = inputKinds
    self.kernelSize = kernelSize
    self.features = features
    self.bottleneck = bottleneck
    self.blocks = blocks
    self.dilationCycle = dilationCycle
    self.connections = connections
    self.headFeatures = headFeatures
    self.activationMaximum = activationMaximum
    self.scale = scale
    self.conditioningChannels = conditioningChannels
  }

  /// How far the first convolution looks up, left and right.
  public var reach: Int { (kernelSize - 1) / 2 }

  /// How far a block's 3x3 convolution looks up, left and right, and a Row LSTM's state-to-state
  /// one left and right: 1, 2, 4, 8 or 16 (Yu and Koltun 2015, arXiv:1511.07122).
  public func dilation(block: Int) -> Int { 1 << (block % dilationCycle) }

  /// The largest of all blocks.
  public var largestDilation: Int { 1 << (min(dilationCycle, max(blocks, 1)) - 1) }

  /// The code order of a tile (FORMAT.md, section 2).
  ///
  /// A Diagonal BiLSTM's direction from the right needs whole rows. So its order is row by row: a
  /// diagonal has one pixel or none, and there are as many empty ones between two rows as columns
  /// beside a row that are looked at. (FORMAT.md counts no empty ones there: the order is the same,
  /// the numbers of the diagonals are not.)
  public func order(rows: Int, columns: Int) -> CodeOrder {
    CodeOrder(
      rows: rows, columns: columns, shear: body.isSequential ? max(columns, 1) + reach : shear)
  }

  /// Columns by which a row lags behind the one above, unless the order goes row by row. A Row
  /// LSTM's states on the right, one row up, must be earlier.
  private var shear: Int {
    if symbolCentre.isAdaptive { return AdaptivePrediction.shear }
    return max(reach, body == .rowLSTM ? largestDilation : 0) + 1
  }

  /// Largest magnitudes of the channels that the first convolution sees of each colour's
  /// prediction.
  public var predictionMagnitudes: [Int] {
    if !inputKinds.contains(.prediction) { return [] }
    guard let breadth = symbolCentre.breadth else { return [2048] }
    let predictors = AdaptivePrediction.predictorCount(breadth)
    return [2048, 1024] + Array(repeating: 2047, count: predictors)
      + Array(repeating: 1536, count: predictors)
  }

  /// Checks every field against FORMAT.md, section 4.
  ///
  /// - Throws: `WeightFileError.illegalField` for the first field with an illegal value.
  public func validate() throws(WeightFileError) {
    func check(_ legal: Bool, _ field: String, _ value: Int) throws(WeightFileError) {
      if !legal { throw .illegalField(name: field, value: value) }
    }
    // The kernels work on 8 channels of a slice at a time.
    func isWidth(_ n: Int) -> Bool { n >= 1 && n <= 1536 && n % (8 * colours) == 0 }
    try check(colours == 1 || colours == 3, "colours", colours)
    // With a code order row by row, adaptive prediction and mixing would not have the neighbours
    // they count on.
    try check(
      !body.isSequential || !symbolCentre.isAdaptive, "symbolCentre",
      Int(symbolCentre.rawValue))
    let isBinary = colours == 1 && symbolCentre == .raw && inputKinds == .value
    // Classes are of symbols that are counted from a prediction.
    let suitsHead =
      switch head {
      case .softmax: true
      case .sigmoid: isBinary
      case .classes: symbolCentre != .raw
      }
    try check(suitsHead, "head", Int(head.rawValue))
    try check(
      inputKinds.rawValue < 8 && inputKinds.channelsPerColour > 0, "inputKinds",
      Int(inputKinds.rawValue))
    try check([3, 5, 7].contains(kernelSize), "kernelSize", kernelSize)
    try check(isWidth(features), "features", features)
    try check(isWidth(bottleneck), "bottleneck", bottleneck)
    try check((0...64).contains(blocks), "blocks", blocks)
    let mostDilations = body.isSequential ? 1 : 5
    try check(
      (1...mostDilations).contains(dilationCycle)
        && (body == .pixelCNN || largestDilation < shear), "dilationCycle", dilationCycle)
    try check(connections.rawValue < 4, "connections", Int(connections.rawValue))
    try check(isWidth(headFeatures), "headFeatures", headFeatures)
    try check(
      (255...32767).contains(activationMaximum), "activationMaximum", activationMaximum)
    try check([1, 2, 4].contains(scale), "scale", scale)
    try check(
      scale == 1
        ? conditioningChannels == 0
        : (8...256).contains(conditioningChannels) && conditioningChannels % 8 == 0,
      "conditioningChannels", conditioningChannels)
  }
}
