import CIntegerKernels
import ImagePlanes

/// A PixelCNN at work on one tile: the activations of the last diagonals and of those in work.
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
/// Memory: `memory(...)`, linear in the rows of the tile; of a multi-scale network in its pixels.
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
  /// Where the body is recurrent.
  let recurrence: Recurrence?
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

  /// Makes room for `samples`; nothing is evaluated yet. nil where memory is short.
  ///
  /// - Parameters:
  ///   - model: the network.
  ///   - samples: the tile, kept and read. If the network's `scale` is above 1, the small image's pixels are known.
  ///   - bandLength: diagonals that are begun together, at least 1.
  ///   - keepsDistributions: whether `distributions` will be called.
  ///   - kernels: any version.
  public init?(
    model: PixelCNN, samples: TileSamples, bandLength: Int, keepsDistributions: Bool,
    kernels: IntegerKernels
  ) {
    let architecture = model.architecture
    let rows = samples.rows
    let isRecurrent = architecture.body.isRecurrent
    let band = isRecurrent ? 1 : max(bandLength, 1)
    guard let predictor = PredictionSource(architecture: architecture, samples: samples) else {
      return nil
    }
    self.predictor = predictor
    colours = architecture.colours
    self.model = model
    self.samples = samples
    self.bandLength = band
    self.kernels = kernels.table.pointee
    activationMaximum = Int32(truncatingIfNeeded: architecture.activationMaximum)
    diagonals = ShearedDiagonals(
      rows: rows, columns: samples.columns, shear: architecture.shear)

    let depths = Self.depths(architecture, bandLength: band)
    func local(_ channels: Int) -> SkewedPlane {
      SkewedPlane(depth: band, rows: rows, channels: channels, reach: 0)
    }
    let blocks = architecture.blocks
    inputs = SkewedPlane(
      depth: depths.inputs, rows: rows,
      channels: colours * architecture.inputKinds.channelsPerColour,
      reach: architecture.reach)
    contexts = (0..<(isRecurrent ? 0 : blocks)).map { _ in
      SkewedPlane(depth: depths.context, rows: rows, channels: architecture.bottleneck, reach: 1)
    }
    recurrence =
      isRecurrent
      ? Recurrence(model, depth: depths.context, rows: rows, shear: architecture.shear) : nil
    scale = architecture.scale
    let contextMap =
      architecture.scale > 1
      ? ContextMap(model, samples: samples, depth: band, kernels: kernels.table.pointee) : nil
    self.contextMap = contextMap
    predictionInputs = local(max(1, colours * architecture.predictionMagnitudes.count))
    if isRecurrent {
      // Of which the pixel on the left is read, too.
      streams = (0...blocks).map { _ in
        SkewedPlane(depth: band + 1, rows: rows, channels: architecture.features, reach: 0)
      }
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
      if let recurrence {
        sources.append((streams[block], recurrence.layers[block].states))
      } else {
        sources += [(rectified[block], nil), (contexts[block], nil)]
      }
      let last = (recurrence?.layers[block].states ?? expanded[block])
      let count = architecture.connections.contains(.skip) ? 2 : 1
      sources += Array(repeating: (last, last), count: count)
    }
    sources += [(rectified[rectified.count - 1], nil), (hidden, nil)]
    let inputPlane = inputs
    plans = zip(model.layers, sources).map { layer, source in
      LayerPlan(
        layer, inputs: inputPlane, other: source.other, states: source.states,
        context: contextMap?.plane, shear: architecture.shear)
    }
  }

  deinit {
    let planes =
      [inputs, predictionInputs, skipSum, hidden] + contexts + rectified + expanded
      + (recurrence == nil ? [streams[0]] : streams)
    for plane in planes { plane.deallocate() }
    recurrence?.deallocate()
    contextMap?.deallocate()
    predictions.deallocate()
    results.deallocate()
    distributionResults.deallocate()
    for plan in plans { plan.deallocate() }
  }

  /// Phases of the evaluation: one before the first block and one for each block.
  public var phaseCount: Int { model.architecture.blocks + 1 }

  /// Diagonals that the planes with neighbours must hold: the band and what it looks back at.
  private static func depths(
    _ architecture: Architecture, bandLength: Int
  ) -> (inputs: Int, context: Int) {
    let reach = architecture.reach
    return (
      inputs: bandLength + architecture.shear * reach + reach,
      context: bandLength + architecture.shear + 1
    )
  }

  /// Bytes that an evaluation of a tile takes, the tile's values included. No overflow for any valid
  /// architecture and a tile of at most 65535 x 65535 pixels.
  public static func memory(
    architecture: Architecture, rows: Int, columns: Int, bandLength: Int,
    keepsDistributions: Bool
  ) -> Int {
    let bandLength = architecture.body.isRecurrent ? 1 : bandLength
    let depths = depths(architecture, bandLength: bandLength)
    let blocks = architecture.blocks
    func plane(_ depth: Int, _ channels: Int, reach: Int = 0) -> Int {
      SkewedPlane.memory(depth: depth, rows: rows, channels: channels, reach: reach)
    }
    let inputs = plane(depths.inputs, 6, reach: architecture.reach)
    let body =
      architecture.body.isRecurrent
      ? blocks * 2 * plane(depths.context, architecture.bottleneck, reach: 1)
        + (blocks + 2) * plane(bandLength + 1, architecture.features)
      : blocks
        * (plane(depths.context, architecture.bottleneck, reach: 1)
          + plane(bandLength, architecture.bottleneck))
        + (blocks + 2) * plane(bandLength, architecture.features)
    let local =
      plane(bandLength, 3 * architecture.predictionMagnitudes.count + 1)
      + 2 * plane(bandLength, architecture.headFeatures)
    let results = bandLength * 3 * rows * (1 + MemoryLayout<prn_event>.stride)
    let distributions = keepsDistributions ? rows * MemoryLayout<prn_distribution>.stride : 0
    let prediction = PredictionSource.memory(
      architecture: architecture, rows: rows, columns: columns)
    let context = ContextMap.memory(
      architecture: architecture, rows: rows, columns: columns, depth: bandLength)
    return 3 * rows * columns + prediction + inputs + body + local + results + distributions
      + context
  }
}
