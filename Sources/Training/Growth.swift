import Foundation
import PixelNetwork

/// Starts a network from a trained one that is narrower, shallower or both, so that it computes what that does
/// (Chen, Goodfellow, Shlens 2016, arXiv:1511.05641).
///
/// What is new has its random weights, but nothing that was there before sees it yet: new blocks add nothing to the
/// stream, and old channels have weights of 0 for new ones.
enum Growth {
  /// Takes over the averaged weights in the checkpoint at `path`, of a network of the shape that the recipe tells.
  /// Where it tells none, widths are the same and the number of blocks follows from the checkpoint's size.
  ///
  /// - Throws: `TrainingError.file` or `.checkpoint`.
  static func grow(
    _ store: ParameterStore, _ graph: PixelCNNGraph, from path: String, recipe: Recipe
  ) throws {
    guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int else {
      throw TrainingError.file(path: path, "cannot be read")
    }
    var candidates = (0...recipe.architecture.blocks).reversed().map { blocks in
      var architecture = recipe.architecture
      architecture.blocks = blocks
      return architecture
    }
    if let shape = recipe.startShape { candidates = [shape] }
    for architecture in candidates {
      let smaller = PixelCNNGraph(architecture: architecture, mixture: recipe.mixture)
      guard Checkpoint.size(count: smaller.parameterCount) == size else { continue }
      let weights = try Checkpoint(path: path, count: smaller.parameterCount).average
      copy(weights, of: smaller, to: store, graph)
      for i in 0..<store.count { store.average[i] = store.weights[i] }
      return
    }
    throw TrainingError.checkpoint(path: path, "not of a network that this one could grow from")
  }

  private static func copy(
    _ weights: [Float], of smaller: PixelCNNGraph, to store: ParameterStore, _ graph: PixelCNNGraph
  ) {
    let colours = graph.architecture.colours
    let from = smaller.architecture
    let to = graph.architecture
    /// Where the channels of `old` ones in groups are among `new` ones in as many groups.
    func grouped(_ old: Int, _ new: Int, groups: Int = colours) -> [Int] {
      (0..<old).map { $0 / (old / groups) * (new / groups) + $0 % (old / groups) }
    }
    func copy(_ source: DenseLayer, _ target: DenseLayer, inputs: [Int], outputs: [Int]) {
      for o in outputs {
        for k in 0..<target.inputs {
          store.weights[target.weightOffset + k * target.outputs + o] = 0
        }
      }
      for (o, targetOutput) in outputs.enumerated() {
        for (k, targetInput) in inputs.enumerated() {
          store.weights[target.weightOffset + targetInput * target.outputs + targetOutput] =
            weights[source.weightOffset + k * source.outputs + o]
        }
        store.weights[target.biasOffset + targetOutput] = weights[source.biasOffset + o]
      }
    }
    func silence(_ layer: DenseLayer) {
      for i in layer.weightOffset..<layer.end { store.weights[i] = 0 }
    }
    let features = grouped(from.features, to.features)
    let bottleneck = grouped(from.bottleneck, to.bottleneck)
    let head = grouped(from.headFeatures, to.headFeatures)
    let taps =
      (0..<5).flatMap { tap in bottleneck.map { tap * to.bottleneck + $0 } }
      + (0..<to.contextChannels).map { 5 * to.bottleneck + $0 }
    let symbols = Array(0..<smaller.outputCount)
    for (source, target) in zip(smaller.upsampling, graph.upsampling) {
      copy(
        source, target, inputs: Array(0..<source.inputs), outputs: Array(0..<source.outputs))
    }
    copy(smaller.input, graph.input, inputs: Array(0..<smaller.input.inputs), outputs: features)
    copy(smaller.headHidden, graph.headHidden, inputs: features, outputs: head)
    for (colour, (source, target)) in zip(smaller.headOutput, graph.headOutput).enumerated() {
      let seen = grouped(source.inputs, target.inputs, groups: colour + 1)
      copy(source, target, inputs: seen, outputs: symbols)
    }
    for (i, block) in graph.blocks.enumerated() {
      if i < smaller.blocks.count {
        let source = smaller.blocks[i]
        copy(source.reduce, block.reduce, inputs: features, outputs: bottleneck)
        copy(source.context, block.context, inputs: taps, outputs: bottleneck)
        copy(source.expand, block.expand, inputs: bottleneck, outputs: features)
        if let old = source.skip, let new = block.skip {
          copy(old, new, inputs: bottleneck, outputs: head)
        }
      } else {
        silence(block.expand)
        if let skip = block.skip { silence(skip) }
      }
    }
    // Of the gates: [tap of the stream][feature], [tap of the states][unit], [channel of the context map]; outputs are
    // [group][gate][unit].
    let streamTaps = to.body == .rowLSTM ? 2 : 1
    let stateTaps = to.body == .rowLSTM ? 3 : 2
    let states = streamTaps * to.features
    let context = states + stateTaps * to.bottleneck
    var seen: [Int] = []
    for tap in 0..<streamTaps { seen += features.map { tap * to.features + $0 } }
    for tap in 0..<stateTaps { seen += bottleneck.map { states + tap * to.bottleneck + $0 } }
    seen += (0..<to.contextChannels).map { context + $0 }
    let gates = grouped(4 * from.bottleneck, 4 * to.bottleneck, groups: 4 * colours)
    for (i, layer) in graph.lstmLayers.enumerated() {
      guard i < smaller.lstmLayers.count else {
        silence(layer.expand)
        if let skip = layer.skip { silence(skip) }
        continue
      }
      let source = smaller.lstmLayers[i]
      for (old, new) in zip(source.directions, layer.directions) {
        copy(old.gates, new.gates, inputs: seen, outputs: gates)
        copy(
          old.initial, new.initial, inputs: [],
          outputs: bottleneck + bottleneck.map { to.bottleneck + $0 })
      }
      copy(source.expand, layer.expand, inputs: bottleneck, outputs: features)
      if let old = source.skip, let new = layer.skip {
        copy(old, new, inputs: bottleneck, outputs: head)
      }
    }
  }
}
