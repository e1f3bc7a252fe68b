import PixelNetwork

/// The activations and gradients of some crops of one size, for one thread.
///
/// A map is [row][column][crop][channels], a row having columns + padding columns: the cells behind each row are padding and
/// zero in every map that a neighbour is read in, so the neighbour at (dr, dc) of cell i is cell
/// i + (dr * (columns + padding) + dc) * crops. Such maps have a margin of zero cells in front. The crops of a row are
/// consecutive, so that a step of a recurrent layer, which takes few cells of each, is one product for all.
final class Workspace: @unchecked Sendable {
  let crops: Int
  let rows: Int
  let columns: Int
  /// `PixelCNNGraph.padding`.
  let padding: Int
  var stride: Int { columns + padding }
  /// From a row to the next.
  var rowCells: Int { stride * crops }
  /// Zero cells in front of a map, as many as a block looks back at.
  var marginCells: Int { (stride + 1) * padding * crops }
  var cells: Int { rows * rowCells }
  /// Steps of a Diagonal BiLSTM, and cells from step to step: those behind each step's rows are padding.
  var steps: Int { rows + columns - 1 }
  var stepCells: Int { (rows + 1) * crops }
  /// Cells that go through a layer together: their gathered inputs stay in the second-level cache.
  let chunk: Int

  /// What `load` has taken of the crops: [crop][as in the sample], and [colour][cell] and [cell].
  let inputs, predictions, weights: UnsafeMutablePointer<Float>
  let symbols: UnsafeMutablePointer<UInt8>
  let inputCount, predictionCount: Int

  let stream, streamGradient, skipSum: UnsafeMutablePointer<Float>
  let hidden, hiddenGradient: UnsafeMutablePointer<Float>
  /// relu(stream) before each block and before the head; a PixelRNN's as it is: [blocks + 1][cells][features].
  let rectified: [UnsafeMutablePointer<Float>]
  /// A block's `a` (with the margin in front) and `b`: [cells][bottleneck]. A Row LSTM's states and cells; a Diagonal BiLSTM's
  /// output is in `contexts`.
  let reduced, contexts: [UnsafeMutablePointer<Float>]
  let reducedGradient, contextGradient, rectifiedGradient: UnsafeMutablePointer<Float>
  /// The gates of each direction of an LSTM layer: [cells][4 bottleneck], of a Diagonal BiLSTM skewed.
  let gates: [UnsafeMutablePointer<Float>]
  /// Of each direction of a Diagonal BiLSTM layer, skewed, with a step and a cell more in front: [step][row][crop][bottleneck].
  let skewedStates, skewedCells: [UnsafeMutablePointer<Float>]
  /// The stream in front of one layer, skewed, and the gradient of one direction's states.
  let skewedStream, skewedGradient: UnsafeMutablePointer<Float>
  /// What a small image is turned into; nil if there is none. There is only one crop then.
  let upsampling: UpsamplingMaps?
  /// [chunk][gathered inputs], and the logits of a colour of as many cells.
  let gathered, logits: UnsafeMutablePointer<Float>
  /// The sum of the gradients of all crops this thread has seen in a step: [parameters].
  let gradient: UnsafeMutablePointer<Float>
  private var owned: [UnsafeMutablePointer<Float>] = []

  /// - Parameters:
  ///   - crops: how many at once.
  ///   - rows: of each.
  ///   - columns: of each.
  ///   - graph: the network.
  ///   - keeps: whether there will be a backward pass; without one, LSTM layers share their room.
  init(crops: Int = 1, rows: Int, columns: Int, graph: PixelCNNGraph, keeps: Bool = true) {
    precondition(crops == 1 || graph.upsampling.isEmpty)
    self.crops = crops
    self.rows = rows
    self.columns = columns
    padding = graph.padding
    let cells = rows * (columns + padding) * crops
    let architecture = graph.architecture
    let margin = (columns + padding + 1) * padding * crops
    var all: [UnsafeMutablePointer<Float>] = []
    func zeros(_ n: Int) -> UnsafeMutablePointer<Float> {
      let p = UnsafeMutablePointer<Float>.allocate(capacity: max(n, 1))
      p.initialize(repeating: 0, count: max(n, 1))
      all.append(p)
      return p
    }
    let colours = architecture.colours
    let reach = graph.reach
    inputCount = (rows + reach) * (columns + 2 * reach) * colours * graph.inputChannelsPerColour
    predictionCount = rows * columns * colours * graph.predictionChannels
    inputs = zeros(crops * inputCount)
    predictions = zeros(crops * predictionCount)
    weights = zeros(cells)
    symbols = .allocate(capacity: max(colours * cells, 1))
    symbols.initialize(repeating: 0, count: max(colours * cells, 1))

    let features = architecture.features
    let h = architecture.bottleneck
    let isDiagonal = architecture.body == .diagonalBiLSTM
    stream = zeros(cells * features)
    streamGradient = zeros(cells * features)
    skipSum = zeros(cells * architecture.headFeatures)
    hidden = zeros(cells * architecture.headFeatures)
    hiddenGradient = zeros(cells * architecture.headFeatures)
    // A Row LSTM looks at the cell on the left.
    rectified = (0...architecture.blocks).map { _ in
      zeros((cells + crops) * features) + crops * features
    }
    rectifiedGradient = zeros((cells + crops) * features) + crops * features
    reduced = (0..<(isDiagonal ? 0 : architecture.blocks)).map { _ in
      zeros((cells + margin) * h) + margin * h
    }
    contexts = (0..<architecture.blocks).map { _ in zeros(cells * h) }
    reducedGradient = zeros((cells + margin) * h) + margin * h
    contextGradient = zeros(cells * h)

    let stepCells = (rows + 1) * crops
    let skewedCells = isDiagonal ? (rows + columns - 1) * stepCells : 0
    let front = isDiagonal ? stepCells + crops : 0
    let directions = graph.directions.count
    func forEachDirection(
      _ count: Int, _ make: () -> UnsafeMutablePointer<Float>
    ) -> [UnsafeMutablePointer<Float>] {
      guard keeps else { return count > 0 ? Array(repeating: make(), count: count) : [] }
      return (0..<count).map { _ in make() }
    }
    func skewed() -> UnsafeMutablePointer<Float> {
      zeros((front + skewedCells) * h) + front * h
    }
    self.gates = forEachDirection(directions) { zeros((isDiagonal ? skewedCells : cells) * 4 * h) }
    skewedStates = forEachDirection(isDiagonal ? directions : 0, skewed)
    self.skewedCells = forEachDirection(isDiagonal ? directions : 0, skewed)
    skewedStream = zeros(skewedCells * features)
    skewedGradient = skewed()

    let gates = graph.directions.first?.gates
    let widest = max(
      graph.input.inputs, graph.blocks.first?.context.inputs ?? 0,
      (gates?.inputs ?? 0) + (gates?.outputs ?? 0), graph.upsampling.map(\.inputs).max() ?? 0)
    chunk = min(max(256, 65536 / widest), 1024)
    gathered = zeros(chunk * widest)
    logits = zeros(chunk * graph.outputCount)
    gradient = zeros(graph.parameterCount)
    upsampling =
      graph.upsampling.isEmpty
      ? nil : UpsamplingMaps(rows: rows, columns: columns, chunk: chunk, graph: graph)
    owned = all
  }

  /// How many crops a thread that has `share` of them in a step should take at once, a divisor of it: small ones make for
  /// small products, and so do a recurrent layer's steps.
  /// Of a multi-scale network one.
  static func crops(of share: Int, side: Int, _ architecture: Architecture) -> Int {
    if share < 2 || architecture.scale > 1 { return 1 }
    if architecture.body.isRecurrent { return share }
    let most = max(1, 1024 / (side * (side + 1)))
    return (1...share).last { share % $0 == 0 && $0 <= most } ?? 1
  }

  deinit {
    for p in owned { p.deallocate() }
    symbols.deallocate()
  }

  /// Takes the samples in, as many as there are crops, all of this size.
  func load(_ samples: [TrainingSample], colours: Int) {
    precondition(samples.count == crops)
    for (crop, sample) in samples.enumerated() {
      precondition(sample.rows == rows && sample.columns == columns)
      sample.inputs.withUnsafeBufferPointer {
        guard let source = $0.baseAddress else { return }
        (inputs + crop * inputCount).update(from: source, count: inputCount)
      }
      sample.predictions.withUnsafeBufferPointer {
        guard let source = $0.baseAddress else { return }
        (predictions + crop * predictionCount).update(from: source, count: predictionCount)
      }
      for i in 0..<sample.cells {
        weights[i * crops + crop] = sample.weights[i]
        for colour in 0..<colours {
          symbols[(colour * sample.cells + i) * crops + crop] =
            sample.symbols[colour * sample.cells + i]
        }
      }
    }
  }

  /// Sets the padding cells behind each row of a [cells][channels] map to zero.
  func clearPadding(_ map: UnsafeMutablePointer<Float>, channels: Int) {
    for r in 0..<rows {
      (map + (r * stride + columns) * crops * channels).update(
        repeating: 0, count: padding * crops * channels)
    }
  }
}
