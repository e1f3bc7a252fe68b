/// The activations and gradients of one crop, for one thread.
///
/// A map is [cells][channels] with cells = rows * (columns + 1): the cell behind each row is padding and
/// zero in every map that a 3x3 convolution reads, so the neighbour at (dr, dc) of cell i is cell
/// i + dr * (columns + 1) + dc. Such maps have a margin of `columns + 2` zero cells in front.
final class Workspace: @unchecked Sendable {
  let rows: Int
  let columns: Int
  var stride: Int { columns + 1 }
  var cells: Int { rows * (columns + 1) }
  /// Cells that go through a layer together: their gathered inputs stay in the second-level cache.
  static let chunk = 256

  let stream, streamGradient, skipSum, skipGradient: UnsafeMutablePointer<Float>
  let hidden, hiddenGradient: UnsafeMutablePointer<Float>
  /// relu(stream) before each block and before the head: [blocks + 1][cells][features].
  let rectified: [UnsafeMutablePointer<Float>]
  /// A block's `a` (with the margin in front) and `b`: [cells][bottleneck].
  let reduced, contexts: [UnsafeMutablePointer<Float>]
  let reducedGradient, contextGradient, rectifiedGradient: UnsafeMutablePointer<Float>
  /// A Row LSTM layer's gates, whose states are in `reduced` and cells in `contexts`: [cells][4 bottleneck].
  let gates: [UnsafeMutablePointer<Float>]
  /// The gradient of those of one layer.
  let gateGradient: UnsafeMutablePointer<Float>
  /// What a small image is turned into; nil if there is none.
  let upsampling: UpsamplingMaps?
  /// [chunk][gathered inputs], and a block of 256-way logits.
  let gathered, logits: UnsafeMutablePointer<Float>
  /// The sum of the gradients of all crops this thread has seen in a step: [parameters].
  let gradient: UnsafeMutablePointer<Float>
  private var owned: [UnsafeMutablePointer<Float>] = []

  init(rows: Int, columns: Int, graph: PixelCNNGraph) {
    self.rows = rows
    self.columns = columns
    let cells = rows * (columns + 1)
    let architecture = graph.architecture
    let margin = columns + 2
    var all: [UnsafeMutablePointer<Float>] = []
    func zeros(_ n: Int) -> UnsafeMutablePointer<Float> {
      let p = UnsafeMutablePointer<Float>.allocate(capacity: max(n, 1))
      p.initialize(repeating: 0, count: max(n, 1))
      all.append(p)
      return p
    }
    let features = architecture.features
    let h = architecture.bottleneck
    stream = zeros(cells * features)
    streamGradient = zeros(cells * features)
    skipSum = zeros(cells * architecture.headFeatures)
    skipGradient = zeros(cells * architecture.headFeatures)
    hidden = zeros(cells * architecture.headFeatures)
    hiddenGradient = zeros(cells * architecture.headFeatures)
    rectified = (0...architecture.blocks).map { _ in zeros(cells * features) }
    rectifiedGradient = zeros(cells * features)
    reduced = (0..<architecture.blocks).map { _ in zeros((cells + margin) * h) + margin * h }
    contexts = (0..<architecture.blocks).map { _ in zeros(cells * h) }
    reducedGradient = zeros((cells + margin) * h) + margin * h
    contextGradient = zeros(cells * h)
    gates = graph.lstmLayers.map { _ in zeros(cells * 4 * h) }
    gateGradient = zeros(graph.lstmLayers.isEmpty ? 0 : cells * 4 * h)
    upsampling =
      graph.upsampling.isEmpty ? nil : UpsamplingMaps(rows: rows, columns: columns, graph: graph)
    let widest = max(
      graph.input.inputs, graph.blocks.first?.context.inputs ?? 0,
      graph.upsampling.map(\.inputs).max() ?? 0, graph.lstmLayers.isEmpty ? 0 : 2 * features,
      3 * h)
    gathered = zeros(Workspace.chunk * widest)
    logits = zeros(Workspace.chunk * 256)
    gradient = zeros(graph.parameterCount)
    owned = all
  }

  deinit { for p in owned { p.deallocate() } }

  /// Sets the padding cell behind each row of a [cells][channels] map to zero.
  func clearPadding(_ map: UnsafeMutablePointer<Float>, channels: Int) {
    for r in 0..<rows {
      (map + (r * stride + columns) * channels).update(repeating: 0, count: channels)
    }
  }
}
