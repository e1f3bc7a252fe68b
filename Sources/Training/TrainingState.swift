import Bytes
import Foundation
import ImagePlanes
import PixelNetwork

/// A recipe's network as far as it has been trained: what a checkpoint holds.
public final class TrainingState {
  /// The recipe.
  public let recipe: Recipe
  let layout: ParameterLayout
  var parameters: Parameters
  /// Steps done.
  public internal(set) var step = 0
  /// Seconds spent on them.
  public internal(set) var seconds = 0.0
  var generator: SplitMix64

  /// The state in `folder`'s checkpoint, or where there is none, the recipe's start.
  ///
  /// - Parameters:
  ///   - recipe: whose network it is.
  ///   - folder: where the checkpoint is, and that of the recipe that this one starts from.
  /// - Throws: `TrainingError.checkpoint` or `.file`.
  public init(recipe: Recipe, folder: String) throws {
    self.recipe = recipe
    layout = ParameterLayout(
      architecture: recipe.architecture, mixture: recipe.mixture,
      knownColours: recipe.planes.knownColours)
    let path = Self.path(of: recipe, in: folder)
    if FileManager.default.fileExists(atPath: path) {
      let checkpoint = try Checkpoint(path: path, layout)
      parameters = checkpoint.parameters
      step = checkpoint.step
      seconds = checkpoint.seconds
      generator = checkpoint.generator
      return
    }
    generator = SplitMix64(seed: recipe.seed)
    var weights = Initializer.weights(layout, seed: recipe.seed)
    if !recipe.start.isEmpty {
      let start = folder + "/\(recipe.start).checkpoint"
      try Growth.grow(&weights, layout, from: start, recipe: recipe)
    }
    parameters = Parameters(weights: weights)
  }

  private static func path(of recipe: Recipe, in folder: String) -> String {
    folder + "/\(recipe.name).checkpoint"
  }

  private var checkpoint: Checkpoint {
    Checkpoint(step: step, generator: generator, seconds: seconds, parameters: parameters)
  }

  /// Writes the checkpoint from which a run goes on exactly, whole or not at all.
  ///
  /// - Throws: `TrainingError.file`.
  func save(in folder: String) throws {
    try checkpoint.write(to: Self.path(of: recipe, in: folder), .exact, layout)
  }

  /// Makes the folder of checkpoints and logs, if it is not there.
  ///
  /// - Throws: `TrainingError.file`.
  static func make(_ folder: String) throws(TrainingError) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .file(path: folder, "cannot be made")
    }
  }

  /// Writes the checkpoint that a run begins with, unless there is one.
  ///
  /// - Parameter folder: where checkpoints are; it is made where there is none.
  /// - Returns: whether there was no checkpoint.
  /// - Throws: `TrainingError.file`.
  public func begin(in folder: String) throws -> Bool {
    if FileManager.default.fileExists(atPath: Self.path(of: recipe, in: folder)) { return false }
    try Self.make(folder)
    try save(in: folder)
    return true
  }

  /// Writes a checkpoint to keep, of a quarter of the size or less: weights and average at half
  /// precision, without the optimizer's moments. A run can go on from it, but not exactly.
  ///
  /// - Parameter path: where to; whole or not at all.
  /// - Throws: `TrainingError.file`.
  public func writeCompact(to path: String) throws {
    try checkpoint.write(to: path, .compact, layout)
  }

  /// The averaged weights, rounded, as a weight file.
  ///
  /// - Parameter small: the small image's model, if the recipe's `scale` is above 1.
  /// - Returns: the weight file; it carries the recipe's name.
  /// - Throws: `TrainingError.notQuantizable`, `.noWeightFile`, `.smallModel`.
  public func weightFile(small: TrainingState? = nil) throws -> WeightFile {
    try check(small)
    guard recipe.mixture == 0 else { throw TrainingError.noWeightFile(mixture: recipe.mixture) }
    return try Quantizer(layout: layout).weightFile(
      name: recipe.name, parameters.average, small: small?.weightFile())
  }

  /// The code length that the averaged weights give, without coding: bits for each subpixel over
  /// `images`, which are subsampled as the recipe says, each as one tile. A model of chroma is
  /// shown every second one at half of the size.
  ///
  /// - Parameters:
  ///   - images: of the architecture's colours.
  ///   - quantized: with weights and activations rounded as in the integer network.
  ///   - threads: 1 or more.
  ///   - small: the small image's model, if the recipe's `scale` is above 1; without it, what is
  ///     given of an image costs nothing.
  /// - Returns: the mean over all subpixels of all images.
  /// - Throws: `TrainingError.notQuantizable`, `.smallModel`.
  public func bitsPerDimension(
    _ images: [Image], quantized: Bool, threads: Int, small: TrainingState? = nil
  ) throws -> Double {
    if small != nil { try check(small) }
    let own = try recipe.evaluated(images)
    let bits = try FloatCodeLength(layout: layout).bitsPerDimension(
      own, parameters: parameters.average, threads: threads, quantize: quantized)
    guard let small else { return bits }
    func pixels(_ images: [Image]) -> Double {
      Double(images.reduce(0) { $0 + $1.width * $1.height })
    }
    let ofSmall = try images.map { try $0.subsampled(by: recipe.architecture.scale) }
    let share = pixels(ofSmall) / pixels(own)
    return try bits + share
      * small.bitsPerDimension(images, quantized: quantized, threads: threads)
  }

  /// Whether a network is that of this one's small images.
  ///
  /// - Throws: `TrainingError.smallModel`.
  private func check(_ small: TrainingState?) throws(TrainingError) {
    let scale = recipe.architecture.scale
    guard let small else {
      if scale > 1 { throw .smallModel("is missing") }
      return
    }
    if scale == 1 { throw .smallModel("is not called for") }
    if small.recipe.subsample != scale {
      throw .smallModel("has subsample = \(small.recipe.subsample), where scale = \(scale)")
    }
  }
}
