import PixelModels

/// The activations and gradients of one crop, or of several side by side, for one thread.
///
/// A map is [cells][channels], the cells [rows][crops][columns + 1]: the cell behind each row of a crop is padding and
/// zero in every map that a 3x3 convolution reads, so the neighbour at (dr, dc) of cell i is cell
/// i + dr * `stride` + dc. Such maps have a margin of `margin` zero cells in front.
final class Workspace: @unchecked Sendable {
  let rows: Int
  /// Of a crop.
  let columns: Int
  let crops: Int
  /// Cells from row to row.
  var stride: Int { crops * (columns + 1) }
  var cells: Int { rows * stride }
  /// Cells that are looked at in front of the first.
  var margin: Int { stride + 1 }
  /// At least as many cells go through a layer together.
  static let chunk = 256
  /// Cells that go through a layer together: their gathered inputs stay in the second-level cache.
  let chunk: Int

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
  /// [chunk][gathered inputs], and the logits of a colour of as many cells.
  let gathered, logits: UnsafeMutablePointer<Float>
  /// The sum of the gradients of all crops this thread has seen in a step: [parameters].
  let gradient: UnsafeMutablePointer<Float>
  private var owned: [UnsafeMutablePointer<Float>] = []

  init(rows: Int, columns: Int, crops: Int = 1, graph: PixelCNNGraph) {
    self.rows = rows
    self.columns = columns
    self.crops = crops
    let stride = crops * (columns + 1)
    let cells = rows * stride
    let architecture = graph.architecture
    let margin = stride + 1
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
    let widest = max(graph.input.inputs, 5 * h, graph.lstmLayers.isEmpty ? 0 : 2 * features)
    chunk = min(max(Workspace.chunk, 65536 / widest), 1024)
    gathered = zeros(chunk * widest)
    logits = zeros(chunk * architecture.head.logitCount)
    gradient = zeros(graph.parameterCount)
    owned = all
  }

  deinit { for p in owned { p.deallocate() } }

  /// Sets the padding cell behind each row of a crop of a [cells][channels] map to zero.
  func clearPadding(_ map: UnsafeMutablePointer<Float>, channels: Int) {
    for r in 0..<rows * crops {
      (map + (r * (columns + 1) + columns) * channels).update(repeating: 0, count: channels)
    }
  }

  /// How many crops of a size a thread should take side by side: small ones make for small products. A recurrent body
  /// takes one at a time.
  static func crops(rows: Int, columns: Int, architecture: Architecture) -> Int {
    if architecture.body.isRecurrent { return 1 }
    return max(1, fewestCells / (rows * (columns + 1)))
  }
  private static let fewestCells = 1024
}
