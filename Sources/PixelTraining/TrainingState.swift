import Foundation
import ImagePlanes
import PixelModels

/// A recipe's network as far as it has been trained: what a checkpoint holds.
public final class TrainingState {
  /// The recipe.
  public let recipe: Recipe
  let graph: PixelCNNGraph
  let store: ParameterStore
  /// Steps done.
  public internal(set) var step = 0
  /// Seconds spent on them.
  public internal(set) var seconds = 0.0
  var generator: SeededGenerator

  /// The state in `folder`'s checkpoint, or where there is none, the recipe's start.
  ///
  /// - Throws: `TrainingError.checkpoint` or `.file`.
  public init(recipe: Recipe, folder: String) throws {
    self.recipe = recipe
    graph = PixelCNNGraph(architecture: recipe.architecture)
    store = ParameterStore(mask: graph.mask)
    generator = SeededGenerator(seed: recipe.seed)
    let path = Self.path(of: recipe, in: folder)
    if FileManager.default.fileExists(atPath: path) {
      let checkpoint = try Checkpoint(path: path, count: graph.parameterCount)
      checkpoint.restore(store)
      step = checkpoint.step
      seconds = checkpoint.seconds
      generator = checkpoint.generator
    } else {
      Initializer.fill(store, graph: graph, seed: recipe.seed)
      if !recipe.start.isEmpty {
        try Growth.grow(store, graph, from: folder + "/\(recipe.start).checkpoint", recipe: recipe)
      }
    }
  }

  private static func path(of recipe: Recipe, in folder: String) -> String {
    folder + "/\(recipe.name).checkpoint"
  }

  /// Writes the checkpoint, whole or not at all.
  ///
  /// - Throws: `TrainingError.file`.
  func save(in folder: String) throws {
    try Checkpoint(step: step, generator: generator, seconds: seconds, store: store)
      .write(to: Self.path(of: recipe, in: folder))
  }

  /// The averaged weights, rounded, as a weight file.
  ///
  /// - Returns: the weight file; it carries the recipe's name.
  /// - Throws: `TrainingError.notQuantizable`.
  public func weightFile() throws -> WeightFile {
    try Quantizer(graph: graph).weightFile(name: recipe.name, store.average)
  }

  /// The code length that the averaged weights give, without coding: bits for each subpixel over
  /// `images`, each as one tile.
  ///
  /// - Parameters:
  ///   - images: of the architecture's colours.
  ///   - quantized: with weights and activations rounded as in the integer network.
  ///   - threads: 1 or more.
  /// - Returns: the mean over all subpixels of all images.
  /// - Throws: `TrainingError.notQuantizable`.
  public func bitsPerDimension(
    _ images: [Image], quantized: Bool, threads: Int
  ) throws -> Double {
    try Evaluation(graph: graph).bitsPerDimension(
      images, parameters: store.average, threads: threads, quantize: quantized)
  }
}
