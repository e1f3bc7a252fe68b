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
      if !recipe.start.isEmpty { try grow(from: folder + "/\(recipe.start).checkpoint") }
    }
  }

  /// Takes over the averaged weights of a smaller network of the same widths: its layers and its blocks, behind which
  /// the new blocks start by adding nothing. So the network computes what the smaller one does (Chen,
  /// Goodfellow, Shlens 2016, arXiv:1511.05641).
  ///
  /// - Throws: `TrainingError.file` or `.checkpoint`.
  private func grow(from path: String) throws {
    guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int else {
      throw TrainingError.file(path: path, "cannot be read")
    }
    for blocks in (0...recipe.architecture.blocks).reversed() {
      var architecture = recipe.architecture
      architecture.blocks = blocks
      let smaller = PixelCNNGraph(architecture: architecture)
      guard Checkpoint.size(count: smaller.parameterCount) == size else { continue }
      let weights = try Checkpoint(path: path, count: smaller.parameterCount).average
      func copy(_ source: DenseLayer, _ target: DenseLayer) {
        for i in 0..<source.weightCount + source.outputs {
          store.weights[target.weightOffset + i] = weights[source.weightOffset + i]
        }
      }
      func silence(_ layer: DenseLayer) {
        for i in layer.weightOffset..<layer.end { store.weights[i] = 0 }
      }
      copy(smaller.input, graph.input)
      copy(smaller.headHidden, graph.headHidden)
      for (source, target) in zip(smaller.headOutput, graph.headOutput) { copy(source, target) }
      for (i, block) in graph.blocks.enumerated() {
        if i < blocks {
          let source = smaller.blocks[i]
          copy(source.reduce, block.reduce)
          copy(source.context, block.context)
          copy(source.expand, block.expand)
          if let from = source.skip, let to = block.skip { copy(from, to) }
        } else {
          silence(block.expand)
          if let skip = block.skip { silence(skip) }
        }
      }
      for i in 0..<store.count { store.average[i] = store.weights[i] }
      return
    }
    throw TrainingError.checkpoint(path: path, "not of a network that this one could grow from")
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
