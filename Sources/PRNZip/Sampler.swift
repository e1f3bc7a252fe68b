import Mixing
import EntropyCoding
import ImagePlanes
import PixelNetwork

/// Draws images from a model, or what is hidden of an image (van den Oord et al. 2016, figures 1 and 7 to 9).
///
///     let sampler = Sampler(options)
///     let images = try sampler.sample(width: 64, height: 64, count: 16, seed: 1)
///     let completions = try sampler.complete(image, .bottomHalf, count: 4, seed: 1)
///
/// Values are drawn from the network's frequencies, without on-line mixing, in code order: so a hidden value depends on what is
/// visible and earlier, and never on what is visible and later. The same arguments give the same values on every
/// machine and with every number of threads. Of a multi-scale model the small image is drawn first, and then the image given
/// it: so what is visible of the small image counts everywhere.
public struct Sampler: Sendable {
  /// What can be chosen.
  public struct Options: Sendable {
    /// The models to choose from.
    public var registry = ModelRegistry.embedded
    /// The name of the model; nil for that of `--effort default`.
    public var model: String?
    /// The power of the probabilities that values are drawn with, in `sharpnesses`: 1 draws from the model as it is, more makes
    /// rare values rarer.
    public var sharpness = 1
    /// Threads to use, 1 or more.
    public var threads = 1
    /// What an image may ask for.
    public var limits = Limits()

    /// The defaults.
    public init() {}
  }

  /// The sharpnesses that there are.
  public static let sharpnesses = 1...4

  /// What was chosen.
  public let options: Options

  /// A sampler with these options.
  public init(_ options: Options = Options()) { self.options = options }

  /// Draws images from nothing.
  ///
  /// Complexity: O(count * pixels * multiplications per pixel).
  ///
  /// - Parameters:
  ///   - width: 1 to 65535 pixels.
  ///   - height: 1 to 65535 pixels.
  ///   - count: how many images.
  ///   - seed: any.
  /// - Returns: `count` images of the model's colours, with values of `sampleDepth` bits.
  /// - Throws: `PRNZipError.unknownModelName`, `limitExceeded`.
  public func sample(
    width: Int, height: Int, count: Int, seed: UInt64
  ) throws(PRNZipError) -> [Image] {
    let model = try model(ImageKind(colours: 3), isAny: true)
    let black = Image(width: width, height: height, colours: model.colours)
    return try draw(black, visible: nil, with: model, count: count, seed: seed)
  }

  /// Draws what is hidden of an image.
  ///
  /// Complexity: O(count * pixels * multiplications per pixel).
  ///
  /// - Parameters:
  ///   - image: of 3 colours, or 1; at most 65535 x 65535 pixels.
  ///   - sampleDepth: the bits of its values: 8, or 1 where they are 0 and 1.
  ///   - occlusion: what is hidden.
  ///   - count: how many completions.
  ///   - seed: any.
  /// - Returns: `count` images; what is visible is the image's own.
  /// - Throws: `PRNZipError.unknownModelName`, `unsuitableModel`, `unsuitableMask`, `limitExceeded`.
  public func complete(
    _ image: Image, sampleDepth: Int = 8, _ occlusion: Occlusion, count: Int, seed: UInt64
  ) throws(PRNZipError) -> [Image] {
    let visible = try occlusion.visible(width: image.width, height: image.height)
    let model = try model(ImageKind(colours: image.colours, sampleDepth: sampleDepth))
    return try draw(image, visible: visible, with: model, count: count, seed: seed)
  }

  /// Bits of the values of what `sample` draws: 8, or 1, which makes them 0 and 1.
  ///
  /// - Throws: `PRNZipError.unknownModelName`.
  public func sampleDepth() throws(PRNZipError) -> Int {
    try model(ImageKind(colours: 3), isAny: true).sampleDepth
  }

  /// The chosen model; else the default one for images of this kind.
  private func model(
    _ kind: ImageKind, isAny: Bool = false
  ) throws(PRNZipError) -> Model {
    let name = options.model ?? Effort.default.modelName(kind)
    guard let model = options.registry.model(named: name) else { throw .unknownModelName(name) }
    guard isAny || model.kind == kind else {
      throw .unsuitableModel(
        name: name, kind: model.kind.description, image: kind.description)
    }
    return model
  }

  private func draw(
    _ image: Image, visible: [Bool]?, with model: Model, count: Int, seed: UInt64
  ) throws(PRNZipError) -> [Image] {
    try options.limits.check(width: image.width, height: image.height)
    let grid = TileGrid(
      width: image.width, height: image.height, limit: max(image.width, image.height))
    try options.limits.check(tileOf: model.network, [MixingParameters(.pure)], grid)
    let small = SmallImage(of: model.network, grid, tilesPerSection: 1)
    if let small {
      try options.limits.check(tileOf: small.network, [MixingParameters(.pure)], small.grid)
    }
    let images = Collected(
      [Image](repeating: image, count: max(count, 0)), total: 1, progress: nil)
    try TileSchedule(
      count: max(count, 0), threads: options.threads,
      sharesTiles: !model.network.architecture.body.isSequential
    ).run {
      (index, threads) throws(PRNZipError) in
      let samples = TileSamples(image, colours: model.colours)
      let coder = SymbolSampler(
        numbers: DrawnNumbers(seed: seed, image: index),
        sharpness: min(max(options.sharpness, 1), Self.sharpnesses.upperBound),
        columns: image.width, visible: visible)
      if let small {
        let given = TileSamples(image.subsampled(by: model.scale), colours: model.colours)
        let smallCoder = coder.ofSmallImage(scale: model.scale, of: image)
        try Self.draw(given, small.network, smallCoder, index: index, threads: threads)
        samples.place(small: given.image(), scale: model.scale)
      }
      try Self.draw(samples, model.network, coder, index: index, threads: threads)
      images.add(pixels: 0) { $0[index] = samples.image() }
    }
    return images.take(leaving: [])
  }

  /// Draws the values of one image, or small image.
  private static func draw(
    _ samples: TileSamples, _ network: PixelCNN, _ coder: SymbolSampler, index: Int, threads: Int
  ) throws(PRNZipError) {
    var coder = coder
    guard
      let evaluation = PixelCNNEvaluation(
        model: network, samples: samples, bandLength: 1, keepsDistributions: true,
        instructions: .current)
    else { throw .corruptTile(index: index, .outOfMemory) }
    do {
      try PixelLoop(evaluation, threads: threads).run(&coder)
    } catch {
      throw PRNZipError(tile: index, error)
    }
  }
}

/// A third side of the loop, beside those of the range coder: it draws the values.
struct SymbolSampler: SymbolCoder {
  static let knowsValues = false
  let numbers: DrawnNumbers
  /// The power of the frequencies, 1 to 4.
  let sharpness: Int
  let columns: Int
  /// [row * columns + column]: the values to keep; nil for none.
  let visible: [Bool]?
  /// The place of the first value among the image's random numbers.
  var firstPlace = 0

  /// That of the small image of `image`, whose random numbers are behind those of the image.
  func ofSmallImage(scale: Int, of image: Image) -> SymbolSampler {
    let small = visible.map { visible in
      stride(from: 0, to: image.height, by: scale).flatMap { row in
        stride(from: 0, to: image.width, by: scale).map { visible[row * image.width + $0] }
      }
    }
    return SymbolSampler(
      numbers: numbers, sharpness: sharpness, columns: (columns + scale - 1) / scale,
      visible: small, firstPlace: image.width * image.height * image.colours)
  }

  mutating func code(
    diagonal: Int, colour: Int, rows: Range<Int>, in evaluation: PixelCNNEvaluation
  ) throws(EntropyCodingError) {
    for row in rows {
      let pixel = row * columns + evaluation.diagonals.column(diagonal: diagonal, row: row)
      if let visible, visible[pixel] { continue }
      if evaluation.isKnown(diagonal: diagonal, row: row) { continue }
      let place = firstPlace + pixel * evaluation.colours + colour
      let weights = evaluation.frequencies(row: row).map(weight)
      var rest = numbers.number(at: place, below: weights.reduce(0, &+))
      var symbol = 0
      while symbol < 255, rest >= weights[symbol] {
        rest -= weights[symbol]
        symbol += 1
      }
      evaluation.decode(
        symbol: UInt8(truncatingIfNeeded: symbol), diagonal: diagonal, colour: colour, row: row)
    }
    evaluation.record(diagonal: diagonal, colour: colour, rows: rows)
  }

  /// A frequency, at most 2^22 + 1, to the power; as many bits less as keep 256 of them within 63 bits.
  private func weight(_ frequency: UInt32) -> UInt64 {
    let f = UInt64(frequency)
    switch sharpness {
    case 1: return f
    case 2: return f * f
    case 3: return (f >> 4) * (f >> 4) * (f >> 4)
    default: return (f >> 9) * (f >> 9) * (f >> 9) * (f >> 9)
    }
  }
}

/// Random numbers of an image, each a function of the seed, the image's number and the value's place alone, so that threads
/// cannot change them.
///
/// With mix, the output function of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014), and
/// gamma = 9E3779B97F4A7C15h, mod 2^64:
///
///     stream    = mix(mix(seed) + gamma * (image + 1))
///     number(i) = (mix(stream + gamma * (i + 1)) * total) >> 64
struct DrawnNumbers: Sendable {
  private static let gamma: UInt64 = 0x9E37_79B9_7F4A_7C15
  private let stream: UInt64

  /// - Parameters:
  ///   - seed: any.
  ///   - image: its number, from 0.
  init(seed: UInt64, image: Int) {
    stream = Self.mix(
      Self.mix(seed) &+ Self.gamma &* (UInt64(truncatingIfNeeded: image) &+ 1))
  }

  /// The number of place `index`, in 0 ..< `total`; the probabilities of any two differ by 2^-64.
  ///
  /// - Parameters:
  ///   - index: (row * columns + column) * colours + colour.
  ///   - total: at least 1.
  /// - Returns: the number.
  func number(at index: Int, below total: UInt64) -> UInt64 {
    let random = Self.mix(stream &+ Self.gamma &* (UInt64(truncatingIfNeeded: index) &+ 1))
    return random.multipliedFullWidth(by: total).high
  }

  private static func mix(_ state: UInt64) -> UInt64 {
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
