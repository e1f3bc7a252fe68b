import Prediction
import PixelNetwork

/// A training recipe: lines of `key = value`, of which an indented line goes on with the value; #
/// begins a comment. docs/Training.md lists the keys.
public struct Recipe: Equatable, Sendable {
  /// The model's name, and its architecture.
  public let name: String
  /// The network to train.
  public let architecture: Architecture
  /// Folders of PNGs, and single ones, relative to the data folder.
  public let train: [String], valid: [String]
  /// Side of a crop in pixels, and crops in a step.
  public let crop: Int, batch: Int
  /// Logistics in a mixture that stands in for the softmax (Salimans et al. 2017), for comparison
  /// only; 0 for none.
  public let mixture: Int
  /// Side of the tiles that the images are mosaics of, each an image of its own and a crop; 0 where
  /// images are whole.
  public let tile: Int
  /// The rule of the updates.
  public let optimizer: OptimizerKind
  /// The learning rate at its height, the steps of its rise, all steps, and the share of them in
  /// which it falls to 0.
  public let learningRate: Double, warmup: Int, steps: Int, decay: Double
  /// The share of each block's last features that a step leaves out, at random.
  public let dropout: Double
  /// The last share of the steps runs with rounded weights and activations.
  public let quantize: Double
  /// Largest norm of a step's gradient, and decay of the moving average of the weights.
  public let clip: Double, average: Double
  /// Crops may be mirrored left to right, top to bottom, or along the diagonal.
  public let mirror: Set<String>
  /// Steps that a region serves a place in the batch.
  public let reuse: Int
  /// Every how many pixels, and rows, of the images there are: the recipe of a small image's model
  /// has 2 or 4.
  public let subsample: Int
  /// The recipe of the small image's model, whose weights go into the weight file; empty if `scale`
  /// is 1.
  public let small: String
  /// The share of regions that get any processing (`Processing.varied`).
  public let processing: Double
  /// What colours the model is for.
  public let planes: ColourKind
  /// The recipe whose trained weights this one starts from; empty for random ones. It may be of a
  /// smaller shape.
  public let start: String
  /// That recipe's architecture, where its widths are not this one's.
  public let startShape: Architecture?
  /// Where the random numbers start.
  public let seed: UInt64

  private static let defaults: [String: String] = [
    "centre": "colourMED", "inputs": "value residual prediction", "kernel-size": "7",
    "connections": "residual skip", "dilation-cycle": "1", "activation-maximum": "16383",
    "valid": "", "crop": "64",
    "batch": "8", "optimizer": "adam", "learning-rate": "0.002", "warmup": "300", "decay": "0.4",
    "dropout": "0", "quantize": "0.1",
    "clip": "1", "average": "0.999", "mirror": "horizontal", "reuse": "16", "start": "",
    "start-shape": "",
    "colours": "3", "body": "pixelCNN", "head": "softmax", "tile": "0", "mixture": "0",
    "processing": "0", "seed": "1", "subsample": "1", "scale": "1", "conditioning-channels": "24",
    "small": "", "planes": "samples",
  ]
  private static let required = [
    "name", "features", "bottleneck", "blocks", "head-features", "train", "steps",
  ]

  /// Parses the text of a recipe; throws `TrainingError.recipe` or `.missingKey`.
  public init(text source: String) throws {
    var values = Recipe.defaults
    var lines: [String: Int] = [:]
    var last: String?
    for (i, line) in source.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let content = line.prefix { $0 != "#" }
      if content.allSatisfy(\.isWhitespace) { continue }
      // An indented line without a key goes on with the value before.
      if let last, content.first == " ", !content.contains("=") {
        values[last, default: ""] += " " + content.split(separator: " ").joined(separator: " ")
        continue
      }
      let parts = content.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { throw TrainingError.recipe(line: i + 1, "no key = value") }
      let key = parts[0].split(separator: " ").joined()
      guard Recipe.defaults[key] != nil || Recipe.required.contains(key) else {
        throw TrainingError.recipe(line: i + 1, "unknown key \(key)")
      }
      guard lines[key] == nil else { throw TrainingError.recipe(line: i + 1, "\(key) again") }
      values[key] = parts[1].split(separator: " ").joined(separator: " ")
      lines[key] = i + 1
      last = key
    }
    func text(_ key: String) throws -> String {
      guard let value = values[key] else { throw TrainingError.missingKey(key) }
      return value
    }
    func number(_ key: String, _ range: ClosedRange<Double>) throws -> Double {
      guard let value = Double(try text(key)), range.contains(value) else {
        throw TrainingError.recipe(
          line: lines[key] ?? 0, "\(key) must be a number in \(range), is \(try text(key))")
      }
      return value
    }
    func integer(_ key: String, _ range: ClosedRange<Int>) throws -> Int {
      guard let value = Int(try text(key)), range.contains(value) else {
        throw TrainingError.recipe(
          line: lines[key] ?? 0, "\(key) must be an integer in \(range), is \(try text(key))")
      }
      return value
    }
    func words(_ key: String, _ legal: [String]) throws -> [String] {
      let words = try text(key).split(separator: " ").map(String.init).filter { $0 != "none" }
      for word in words where !legal.contains(word) {
        throw TrainingError.recipe(line: lines[key] ?? 0, "\(key): \(word) is none of \(legal)")
      }
      return words
    }
    func folders(_ key: String) throws -> [String] {
      try text(key).split(separator: " ").map(String.init)
    }
    name = try text("name")
    var kinds: InputKinds = []
    for word in try words("inputs", ["value", "residual", "prediction"]) {
      kinds.insert(word == "value" ? .value : word == "residual" ? .residual : .prediction)
    }
    var connections: Connections = []
    for word in try words("connections", ["residual", "skip"]) {
      connections.insert(word == "skip" ? .skip : .residual)
    }
    let body = try words("body", Body.allCases.map { "\($0)" }).first
    let head = try words("head", Head.allCases.map { "\($0)" }).first
    let centre = try words("centre", SymbolCentre.allCases.map { "\($0)" }).first
    let scale = try integer("scale", 1...4)
    architecture = Architecture(
      colours: try integer("colours", 1...3),
      body: Body.allCases.first { "\($0)" == body } ?? .pixelCNN,
      head: Head.allCases.first { "\($0)" == head } ?? .softmax,
      symbolCentre: SymbolCentre.allCases.first { "\($0)" == centre } ?? .colourMED,
      inputKinds: kinds,
      kernelSize: try integer("kernel-size", 3...7), features: try integer("features", 8...1536),
      bottleneck: try integer("bottleneck", 8...1536), blocks: try integer("blocks", 0...64),
      dilationCycle: try integer("dilation-cycle", 1...5), connections: connections,
      headFeatures: try integer("head-features", 8...1536),
      activationMaximum: try integer("activation-maximum", 255...32767), scale: scale,
      conditioningChannels: scale == 1 ? 0 : try integer("conditioning-channels", 8...256))
    mixture = try integer("mixture", 0...32)
    if mixture > 0, architecture.head != .softmax || architecture.symbolCentre != .raw {
      throw TrainingError.recipe(
        line: lines["mixture"] ?? 0, "mixture: only in place of a softmax, with centre = raw")
    }
    do {
      try architecture.validate()
    } catch {
      throw TrainingError.recipe(line: 0, "\(error)")
    }
    train = try folders("train")
    valid = try folders("valid")
    tile = try integer("tile", 0...1024)
    if tile > 0, lines["crop"] == nil { values["crop"] = "\(tile)" }
    crop = try integer("crop", 8...1024)
    subsample = try integer("subsample", 1...4)
    small = scale == 1 ? "" : try text("small")
    if subsample == 3 {
      throw TrainingError.recipe(line: lines["subsample"] ?? 0, "subsample must be 1, 2 or 4")
    }
    if subsample > 1 && scale > 1 {
      throw TrainingError.recipe(line: lines["scale"] ?? 0, "a small image has none of its own")
    }
    planes =
      try words("planes", ColourKind.allCases.map(\.rawValue)).first
      .flatMap(ColourKind.init(rawValue:)) ?? .samples
    if planes == .chroma, architecture.colours != 3 || subsample > 1 || scale > 1 {
      throw TrainingError.recipe(
        line: lines["planes"] ?? 0, "luma and chroma are three planes without a small image")
    }
    if crop % scale > 0 {
      throw TrainingError.recipe(line: lines["crop"] ?? 0, "crop must be a multiple of scale")
    }
    batch = try integer("batch", 1...4096)
    optimizer =
      try words("optimizer", OptimizerKind.allCases.map(\.rawValue)).first
      .flatMap(OptimizerKind.init(rawValue:)) ?? .adam
    learningRate = try number("learning-rate", 0...1)
    warmup = try integer("warmup", 0...1_000_000)
    steps = try integer("steps", 1...1_000_000_000)
    decay = try number("decay", 0...1)
    dropout = try number("dropout", 0...0.9)
    quantize = try number("quantize", 0...1)
    clip = try number("clip", 0...1e9)
    average = try number("average", 0...0.999999)
    mirror = Set(try words("mirror", ["horizontal", "vertical", "diagonal"]))
    start = try text("start")
    startShape = try Recipe.shape(
      text("start-shape"), within: architecture, line: lines["start-shape"] ?? 0)
    reuse = try integer("reuse", 1...1_000_000)
    processing = try number("processing", 0...1)
    if tile > 0, crop != tile || processing > 0 {
      throw TrainingError.recipe(
        line: lines["tile"] ?? 0, "tile: crops are whole tiles, and there is no processing")
    }
    if tile > 0, scale > 1 || subsample > 1 {
      throw TrainingError.recipe(
        line: lines["tile"] ?? 0, "tile: no scale or subsample above 1")
    }
    seed = UInt64(try integer("seed", 0...Int.max))
  }

  /// `architecture` with the features, bottleneck, blocks and head features of `text`; nil if that
  /// is empty.
  private static func shape(
    _ text: String, within architecture: Architecture, line: Int
  ) throws(TrainingError) -> Architecture? {
    if text.isEmpty { return nil }
    let numbers = text.split(separator: " ").map { Int($0) ?? -1 }
    var shape = architecture
    guard numbers.count == 4 else {
      throw .recipe(line: line, "start-shape must be features bottleneck blocks head-features")
    }
    (shape.features, shape.bottleneck) = (numbers[0], numbers[1])
    (shape.blocks, shape.headFeatures) = (numbers[2], numbers[3])
    let fits =
      shape.features <= architecture.features && shape.bottleneck <= architecture.bottleneck
      && shape.blocks <= architecture.blocks && shape.headFeatures <= architecture.headFeatures
    guard fits, (try? shape.validate()) != nil else {
      throw .recipe(line: line, "start-shape \(text) is no shape that this one could grow from")
    }
    return shape
  }

  /// The learning rate at `step`: a linear rise, a plateau, a linear fall to 0.
  public func learningRate(step: Int) -> Double {
    let rise = warmup > 0 ? min(1, Double(step + 1) / Double(warmup)) : 1
    let falling = decay * Double(steps)
    let fall = falling > 0 ? min(1, Double(steps - step) / falling) : 1
    return learningRate * min(rise, max(fall, 0))
  }

  /// A code length of a tile in nats.
  ///
  /// - Parameter bits: for each subpixel.
  /// - Returns: nats; nil where there are no tiles.
  public func natsPerTile(bitsPerDimension bits: Double) -> Double? {
    tile > 0 ? bits * Double(architecture.colours * tile * tile) * 0.6931471805599453 : nil
  }

  /// Whether `step` runs with rounded weights and activations.
  public func isQuantized(step: Int) -> Bool { Double(step) >= Double(steps) * (1 - quantize) }
}
