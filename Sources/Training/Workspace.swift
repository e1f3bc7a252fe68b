import PixelNetwork

/// The activations and gradients of some crops of one size, for one thread.
final class Workspace: @unchecked Sendable {
  let geometry: MapGeometry
  /// Cells that go through a layer together: their gathered inputs stay in the second-level cache.
  let chunk: Int

  /// What `load` has taken of the crops: [crop][as in the sample], and [colour][cell] and [cell].
  let inputs, predictions, weights: UnsafeMutablePointer<Float>
  let symbols: UnsafeMutablePointer<UInt8>
  let inputCount, predictionCount: Int

  /// The stream behind the blocks so far, and the gradient of that in front of the ones to come:
  /// [cells][features].
  let stream, streamGradient: UnsafeMutablePointer<Float>
  /// What the head's hidden layer sees, and what it makes: [cells][features],
  /// [cells][headFeatures].
  let rectified, hidden: UnsafeMutablePointer<Float>
  /// Of `hidden`, and so of each block's skip.
  let hiddenGradient: UnsafeMutablePointer<Float>
  let skipSum: UnsafeMutablePointer<Float>
  /// The blocks, with the maps of their own.
  let body: any BodyPass
  /// What a small image is turned into; nil if there is none. There is only one crop then.
  let conditioning: ConditioningMaps?
  /// [chunk][gathered inputs], and the logits of a colour of as many cells.
  let gathered, logits: UnsafeMutablePointer<Float>
  /// What a dropout leaves of a block's last features: [chunk][bottleneck].
  let dropped: UnsafeMutablePointer<Float>
  /// The sum of the gradients of all crops this thread has seen in a step: [parameters].
  let gradient: UnsafeMutablePointer<Float>
  private let memory: FloatMemory

  /// - Parameters:
  ///   - crops: how many at once.
  ///   - rows: of each.
  ///   - columns: of each.
  ///   - layout: the network.
  ///   - keeps: whether there will be a backward pass; without one, LSTM layers share their room.
  init(crops: Int = 1, rows: Int, columns: Int, layout: ParameterLayout, keeps: Bool = true) {
    precondition(crops == 1 || layout.architecture.scale == 1)
    let geometry = MapGeometry(crops: crops, rows: rows, columns: columns, padding: layout.padding)
    self.geometry = geometry
    let memory = FloatMemory()
    self.memory = memory
    let architecture = layout.architecture
    let (cells, colours) = (geometry.cells, architecture.colours)
    let reach = layout.reach
    inputCount = (rows + reach) * (columns + 2 * reach) * colours * layout.inputChannelsPerColour
    predictionCount = rows * columns * colours * layout.predictionChannels
    inputs = memory.zeros(crops * inputCount)
    predictions = memory.zeros(crops * predictionCount)
    weights = memory.zeros(cells)
    symbols = .allocate(capacity: max(colours * cells, 1))
    symbols.initialize(repeating: 0, count: max(colours * cells, 1))

    stream = memory.zeros(cells * architecture.features)
    streamGradient = memory.zeros(cells * architecture.features)
    rectified = memory.zeros(cells * architecture.features)
    hidden = memory.zeros(cells * architecture.headFeatures)
    hiddenGradient = memory.zeros(cells * architecture.headFeatures)
    skipSum = memory.zeros(cells * architecture.headFeatures)
    body = architecture.body.pass.init(layout, geometry, memory: memory, keeps: keeps)

    // Inputs of more than one tap are gathered; behind those of an LSTM is the gates' gradient.
    let widest =
      layout.layers.filter { $0.layer.taps.count > 1 }
      .map { $0.inputs + ($0.kind.isGates ? $0.outputs : 0) }.max() ?? 1
    chunk = min(max(256, 65536 / widest), 1024)
    gathered = memory.zeros(chunk * widest)
    logits = memory.zeros(chunk * layout.outputCount)
    dropped = memory.zeros(chunk * architecture.bottleneck)
    gradient = memory.zeros(layout.parameterCount)
    conditioning =
      architecture.scale == 1
      ? nil
      : ConditioningMaps(geometry, chunk: chunk, layout: layout, memory: memory)
  }

  /// How many crops a thread that has `share` of them in a step should take at once, a divisor of
  /// it: small ones make for small products, and so do a recurrent layer's steps. Of a multi-scale
  /// network one.
  static func crops(of share: Int, side: Int, _ architecture: Architecture) -> Int {
    if share < 2 || architecture.scale > 1 { return 1 }
    if architecture.body.isRecurrent { return share }
    let most = max(1, 1024 / (side * (side + 1)))
    return (1...share).last { share % $0 == 0 && $0 <= most } ?? 1
  }

  deinit { symbols.deallocate() }

  /// Takes the samples in, as many as there are crops, all of this size.
  func load(_ samples: [TrainingSample], colours: Int) {
    let crops = geometry.crops
    precondition(samples.count == crops)
    for (crop, sample) in samples.enumerated() {
      precondition(sample.rows == geometry.rows && sample.columns == geometry.columns)
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
}
