import CNetwork
import ImagePlanes
import Platform

/// A PixelCNN or PixelRNN at work on one tile: the activations of the last diagonals and of those in work.
///
/// The encoder evaluates a band of diagonals at once, phase by phase; the decoder one diagonal and one
/// colour group at a time. Both call the same functions:
///
///     evaluation.begin(band)                                  // one thread
///     evaluation.predict(diagonal: t, colour: c, rows: rows)  // and, where the values are known, record
///     evaluation.evaluate(phase: p, diagonal: t, group: c, rows: rows, scratch: scratch)
///     evaluation.events(...)  or  evaluation.distributions(...)
///
/// Different threads may work on different rows at the same time. What must have come before, for all rows
/// of the tile:
/// * `begin` before everything on that band; all of the band before is finished,
/// * `predict` of a colour: the values of earlier diagonals and colours,
/// * phase 0: `record` of all earlier diagonals and (same rows) of the earlier colours, `predict` (same rows),
/// * phase p: phase p - 1 on all earlier diagonals, and (same rows) for the groups up to this one.
///
/// Memory: `memory(...)`, linear in the rows of the tile; of a Diagonal BiLSTM in rows and columns, of a multi-scale network in
/// its pixels.
public final class PixelCNNEvaluation: @unchecked Sendable {
  /// The tile's values.
  public let samples: TileSamples
  /// The code order.
  public let diagonals: ShearedDiagonals
  /// Diagonals that may be in work at the same time.
  public let bandLength: Int
  let model: PixelCNN
  let kernels: prn_kernels
  let activationMaximum: Int32

  // Planes with neighbours.
  let inputs: SkewedPlane
  /// `a` of each block of a PixelCNN.
  let contexts: [SkewedPlane]
  /// Of a Row LSTM.
  let recurrence: Recurrence?
  /// Of a Diagonal BiLSTM.
  let diagonalRecurrence: DiagonalRecurrence?
  /// Where there is a small image.
  let contextMap: ContextMap?
  /// Of the small image; 1 if there is none.
  let scale: Int

  // Planes that are read at the pixel itself only.
  let predictionInputs: SkewedPlane
  /// Before and after each block. A PixelCNN's are all in one plane.
  let streams: [SkewedPlane]
  /// relu(stream) before the first block of a PixelCNN and after each; in front of the head alone if recurrent.
  let rectified: [SkewedPlane]
  /// `b` of each block of a PixelCNN.
  let expanded: [SkewedPlane]
  let skipSum: SkewedPlane
  let hidden: SkewedPlane

  /// What the symbols are counted from.
  let predictor: PredictionSource
  /// 1 or 3.
  public let colours: Int
  /// The symbol centres: [diagonal mod bandLength][colour][row].
  let predictions: UnsafeMutablePointer<UInt8>
  /// [diagonal mod bandLength][colour][row].
  let results: UnsafeMutablePointer<prn_event>
  /// [row]: of the diagonal and the colour evaluated last. Only where distributions are asked for.
  let distributionResults: UnsafeMutablePointer<prn_distribution>
  let plans: [LayerPlan]

  /// Makes room for `samples`; nothing is evaluated yet. nil where memory is short, or this machine lacks
  /// the instructions.
  ///
  /// - Parameters:
  ///   - model: the network.
  ///   - samples: the tile, kept and read. If the network's `scale` is above 1, the small image's pixels are known.
  ///   - bandLength: diagonals that are begun together, at least 1.
  ///   - keepsDistributions: whether `distributions` will be called.
  ///   - instructions: what the arithmetic uses; all give the same results.
  public init?(
    model: PixelCNN, samples: TileSamples, bandLength: Int, keepsDistributions: Bool,
    instructions: InstructionSet
  ) {
    let architecture = model.architecture
    let rows = samples.rows
    let isRecurrent = architecture.body.isRecurrent
    let band = isRecurrent ? 1 : max(bandLength, 1)
    guard let kernels = prn_kernels_of(instructions.rawValue)?.pointee,
      let predictor = PredictionSource(
        architecture: architecture, samples: samples, instructions: instructions)
    else { return nil }
    self.predictor = predictor
    colours = architecture.colours
    self.model = model
    self.samples = samples
    self.bandLength = band
    self.kernels = kernels
    activationMaximum = Int32(truncatingIfNeeded: architecture.activationMaximum)
    let diagonals = architecture.diagonals(rows: rows, columns: samples.columns)
    let shear = diagonals.shear
    self.diagonals = diagonals

    let depths = Self.depths(architecture, shear: shear, bandLength: band)
    let isDiagonal = architecture.body == .diagonalBiLSTM
    func plane(_ depth: Int, _ channels: Int, reach: Int = 0) -> SkewedPlane {
      isDiagonal
        ? SkewedPlane(depth: depth, channels: channels)
        : SkewedPlane(depth: depth, rows: rows, channels: channels, reach: reach, shear: shear)
    }
    func local(_ channels: Int) -> SkewedPlane { plane(band, channels) }
    let blocks = architecture.blocks
    inputs = plane(
      depths.inputs, colours * architecture.inputKinds.channelsPerColour, reach: architecture.reach)
    contexts = (0..<(isRecurrent ? 0 : blocks)).map { block in
      let reach = architecture.dilation(block: block)
      return SkewedPlane(
        depth: band + Self.lookback(reach, shear: shear), rows: rows,
        channels: architecture.bottleneck, reach: reach, shear: shear)
    }
    recurrence =
      architecture.body == .rowLSTM
      ? Recurrence(
        model, depths: Self.stateDepths(architecture, shear: shear), rows: rows, shear: shear) : nil
    diagonalRecurrence =
      isDiagonal ? DiagonalRecurrence(model, columns: samples.columns, shear: shear) : nil
    scale = architecture.scale
    let contextMap =
      architecture.scale > 1
      ? ContextMap(
        model, samples: samples, plane: plane(depths.contextMap, architecture.contextChannels),
        shear: shear, kernels: kernels) : nil
    self.contextMap = contextMap
    predictionInputs = local(max(1, colours * architecture.predictionMagnitudes.count))
    if isRecurrent {
      streams = (0...blocks).map { _ in plane(depths.stream, architecture.features) }
      rectified = [local(architecture.features)]
      expanded = []
    } else {
      streams = [SkewedPlane](repeating: local(architecture.features), count: blocks + 1)
      rectified = (0...blocks).map { _ in local(architecture.features) }
      expanded = (0..<blocks).map { _ in local(architecture.bottleneck) }
    }
    skipSum = local(architecture.headFeatures)
    hidden = local(architecture.headFeatures)
    predictions = UnsafeMutablePointer.allocate(capacity: band * colours * rows)
    predictions.initialize(repeating: 0, count: band * colours * rows)
    results = UnsafeMutablePointer.allocate(capacity: band * colours * rows)
    results.initialize(repeating: prn_event(), count: band * colours * rows)
    distributionResults = UnsafeMutablePointer.allocate(capacity: keepsDistributions ? rows : 1)
    distributionResults.initialize(
      repeating: prn_distribution(), count: keepsDistributions ? rows : 1)

    // The planes that each layer reads, in the order of the layers.
    var sources = [(other: predictionInputs, states: SkewedPlane?.none)]
    for block in 0..<blocks {
      let last: SkewedPlane
      if let layer = recurrence?.layers[block] {
        sources.append((streams[block], layer.states))
        last = layer.states
      } else if let layer = diagonalRecurrence?.layers[block] {
        sources += [(streams[block], layer.leftStates), (streams[block], layer.rightStates)]
        last = layer.outputs
      } else {
        sources += [(rectified[block], nil), (contexts[block], nil)]
        last = expanded[block]
      }
      let count = architecture.connections.contains(.skip) ? 2 : 1
      sources += Array(repeating: (last, last), count: count)
    }
    sources += [(rectified[rectified.count - 1], nil), (hidden, nil)]
    let inputPlane = inputs
    plans = zip(model.layers, sources).map { layer, source in
      LayerPlan(
        layer, inputs: inputPlane, other: source.other, states: source.states,
        context: contextMap?.plane, shear: shear)
    }
  }

  /// Those that are this object's own.
  private var ownPlanes: [SkewedPlane] {
    [inputs, predictionInputs, skipSum, hidden] + contexts + rectified + expanded
      + (model.architecture.body.isRecurrent ? streams : [streams[0]])
  }

  /// Bytes of all planes, a part of what `memory` counts.
  var planeBytes: Int {
    let planes =
      ownPlanes + (recurrence?.layers.flatMap(\.planes) ?? [])
      + (diagonalRecurrence?.layers.flatMap(\.planes) ?? [])
    return planes.reduce(0) { $0 + $1.bytes }
  }

  deinit {
    for plane in ownPlanes { plane.deallocate() }
    recurrence?.deallocate()
    diagonalRecurrence?.deallocate()
    contextMap?.deallocate()
    predictions.deallocate()
    results.deallocate()
    distributionResults.deallocate()
    for plan in plans { plan.deallocate() }
  }

  /// Phases of the evaluation: one before the first block and one for each block.
  public var phaseCount: Int { model.architecture.blocks + 1 }

  /// Whether no two pixels can be evaluated at the same time.
  public var isSequential: Bool { model.architecture.body.isSequential }

  /// Diagonals that the planes with neighbours must hold: the band and what it looks back at. Of the streams, a Row LSTM reads
  /// the pixel on the left, too; of streams and context map a Diagonal BiLSTM the whole row, when it is complete.
  private static func depths(
    _ architecture: Architecture, shear: Int, bandLength: Int
  ) -> (inputs: Int, stream: Int, contextMap: Int) {
    let isDiagonal = architecture.body == .diagonalBiLSTM
    return (
      inputs: bandLength + lookback(architecture.reach, shear: shear),
      stream: isDiagonal ? shear : bandLength + 1,
      contextMap: isDiagonal ? shear : bandLength
    )
  }

  /// Those of each of a Row LSTM's layers' states: the diagonal in work, and what it looks back at, a row up.
  private static func stateDepths(_ architecture: Architecture, shear: Int) -> [Int] {
    (0..<architecture.blocks).map { 1 + shear + architecture.dilation(block: $0) }
  }

  /// Diagonals before its own that a pixel looks at, as many rows up and columns to the side.
  private static func lookback(_ reach: Int, shear: Int) -> Int { shear * reach + reach }

  /// Bytes that an evaluation of a tile takes, the tile's values included. No overflow for any valid
  /// architecture and a tile of at most 65535 x 65535 pixels.
  public static func memory(
    architecture: Architecture, rows: Int, columns: Int, bandLength: Int,
    keepsDistributions: Bool
  ) -> Int {
    let bandLength = architecture.body.isRecurrent ? 1 : bandLength
    let shear = architecture.diagonals(rows: rows, columns: columns).shear
    let depths = depths(architecture, shear: shear, bandLength: bandLength)
    let blocks = architecture.blocks
    func plane(_ depth: Int, _ channels: Int, reach: Int = 0) -> Int {
      architecture.body == .diagonalBiLSTM
        ? SkewedPlane.memory(depth: depth, channels: channels)
        : SkewedPlane.memory(
          depth: depth, rows: rows, channels: channels, reach: reach, shear: shear)
    }
    let inputs = plane(depths.inputs, 6, reach: architecture.reach)
    let body: Int
    switch architecture.body {
    case .pixelCNN:
      body =
        (0..<blocks).reduce(0) { sum, block in
          let reach = architecture.dilation(block: block)
          let depth = bandLength + lookback(reach, shear: shear)
          return sum + plane(depth, architecture.bottleneck, reach: reach)
        } + blocks * plane(bandLength, architecture.bottleneck)
        + (blocks + 2) * plane(bandLength, architecture.features)
    case .rowLSTM:
      body =
        stateDepths(architecture, shear: shear).enumerated().reduce(0) { sum, layer in
          let reach = architecture.dilation(block: layer.offset)
          return sum + 2 * plane(layer.element, architecture.bottleneck, reach: reach)
        } + (blocks + 2) * plane(depths.stream, architecture.features)
    case .diagonalBiLSTM:
      body =
        DiagonalRecurrence.memory(architecture: architecture, shear: shear)
        + (blocks + 2) * plane(depths.stream, architecture.features)
    }
    let local =
      plane(bandLength, 3 * architecture.predictionMagnitudes.count + 1)
      + 2 * plane(bandLength, architecture.headFeatures)
    let results = bandLength * 3 * rows * (1 + MemoryLayout<prn_event>.stride)
    let distributions = keepsDistributions ? rows * MemoryLayout<prn_distribution>.stride : 0
    let prediction = PredictionSource.memory(
      architecture: architecture, rows: rows, columns: columns)
    let context =
      ContextMap.memory(architecture: architecture, rows: rows, columns: columns)
      + (architecture.scale > 1 ? plane(depths.contextMap, architecture.contextChannels) : 0)
    return 3 * rows * columns + prediction + inputs + body + local + results + distributions
      + context
  }
}
