import CNetwork
import PixelNetwork

/// Starts a network from a trained one that is narrower, shallower or both, so that it computes
/// what that does (Chen, Goodfellow, Shlens 2016, arXiv:1511.05641).
///
/// What is new has its random weights, but nothing that was there before sees it yet: new blocks
/// add nothing to the stream, and old channels have weights of 0 for new ones.
enum Growth {
  /// Takes over the averaged weights in the checkpoint at `path`, of a network of the shape that
  /// the recipe tells. Where it tells none, widths are the same and the number of blocks follows
  /// from the number of parameters.
  ///
  /// - Throws: `TrainingError.file` or `.checkpoint`.
  static func grow(
    _ weights: inout [Float], _ layout: ParameterLayout, from path: String, recipe: Recipe
  ) throws {
    var candidates = (0...recipe.architecture.blocks).reversed().map { blocks in
      var architecture = recipe.architecture
      architecture.blocks = blocks
      return architecture
    }
    if let shape = recipe.startShape { candidates = [shape] }
    if recipe.architecture.head == .classes {
      // A class begins as the mean of its symbols.
      candidates += candidates.map { candidate in
        var architecture = candidate
        architecture.head = .softmax
        return architecture
      }
    }
    let file = try CheckpointFile(path: path)
    for architecture in candidates {
      let smaller = ParameterLayout(architecture: architecture, mixture: recipe.mixture)
      guard smaller.parameterCount == file.parameterCount else { continue }
      copy(try Checkpoint(file, smaller).parameters.average, of: smaller, to: &weights, layout)
      return
    }
    throw TrainingError.checkpoint(path: path, "not of a network that this one could grow from")
  }

  /// Layers are matched by kind, block and slice.
  private static func copy(
    _ old: [Float], of smaller: ParameterLayout, to weights: inout [Float],
    _ layout: ParameterLayout
  ) {
    for target in layout.layers {
      let source = smaller.layers.first {
        ($0.kind, $0.layer.block) == (target.kind, target.layer.block)
          && $0.slices == target.slices
      }
      if let source {
        copy(old, source, to: &weights, target)
      } else if [.expand, .skip].contains(target.kind) {
        for i in target.weightOffset..<target.end { weights[i] = 0 }
      }
    }
  }

  private static func copy(
    _ old: [Float], _ source: DenseLayer, to weights: inout [Float], _ target: DenseLayer
  ) {
    let inputs = self.inputs(source, target)
    let gates = source.kind.isGates ? 4 : 1
    var outputs = places(source.outputs, target.outputs, parts: gates * source.slices.count)
      .enumerated().map { (target: $1, sources: [$0]) }
    if source.kind == .headOutput, source.outputs > target.outputs {
      outputs = (0..<target.outputs).map { k in
        (target: k, sources: (0..<source.outputs).filter { Int(prn_class_of(UInt8($0))) == k })
      }
    }
    func mean(_ sources: [Int], from first: Int) -> Float {
      sources.reduce(0) { $0 + old[first + $1] } / Float(sources.count)
    }
    for output in outputs {
      for k in 0..<target.inputs {
        weights[target.weightOffset + k * target.outputs + output.target] = 0
      }
      for (k, targetInput) in inputs.enumerated() {
        weights[target.weightOffset + targetInput * target.outputs + output.target] =
          mean(output.sources, from: source.weightOffset + k * source.outputs)
      }
      weights[target.biasOffset + output.target] = mean(output.sources, from: source.biasOffset)
    }
    // States and cells, each colour by colour.
    let states = places(2 * source.units, 2 * target.units, parts: 2 * source.slices.count)
    for (k, place) in states.enumerated() {
      weights[target.initialRange.lowerBound + place] = old[source.initialRange.lowerBound + k]
    }
  }

  /// Where the inputs of `source` are among those of `target`, tap by tap: the channels of a sliced
  /// plane colour by colour, any other's in their order.
  private static func inputs(_ source: DenseLayer, _ target: DenseLayer) -> [Int] {
    var firsts: [Int] = []
    target.forEachTap { _, first, _ in firsts.append(first) }
    var inputs: [Int] = []
    source.forEachTap { tap, _, count in
      let plane = source.layer.taps[tap].plane
      // A matrix of one slice sees the colours up to its own.
      let colours = source.slices.count > 1 ? source.layer.sliceCount : source.slices.upperBound
      inputs += places(count, target.channels[tap], parts: plane.isSliced ? colours : 1)
        .map { firsts[tap] + $0 }
    }
    return inputs
  }

  /// Where `old` channels in equal parts are among `new` ones in as many parts.
  private static func places(_ old: Int, _ new: Int, parts: Int) -> [Int] {
    (0..<old).map { $0 / (old / parts) * (new / parts) + $0 % (old / parts) }
  }
}
