import ImagePlanes
import PixelNetwork
import Platform
import Prediction

/// A tile at work: its values, their prediction and the network, as the pixel loop drives them and
/// the coders see them.
///
/// In debug builds it checks the order of the calls (`EvaluationOrder`).
package final class TileEvaluation: @unchecked Sendable {
  package let tile: Tile
  package let order: CodeOrder
  package let predictor: TilePredictor
  /// nil where the predictions alone are wanted.
  package let network: NetworkEvaluation?
  /// Diagonals that may be in work at the same time.
  package let front: Int
  /// Of the small image, whose pixels are known; 1 if there is none.
  package let scale: Int
  /// nil where the order is not looked at.
  private let calls: EvaluationOrder?

  /// What a coder asks of the values.
  package enum Output: Sendable {
    /// All values are known before the first is coded; the network gives the event of each.
    case events
    /// The network gives all frequencies of a value.
    case distributions
  }

  /// A tile before its first diagonal; nil where memory is short.
  ///
  /// - Parameters:
  ///   - network: the network.
  ///   - tile: its values; if the network's `scale` is above 1, the small image's are known.
  ///   - output: what the coder asks for.
  ///   - instructions: the version of the arithmetic.
  ///   - front: the most diagonals in work at the same time; nil for as many as are best.
  ///   - checksOrder: whether a debug build checks the order of the calls. Its lock would keep the
  ///     thread sanitizer from seeing races.
  package convenience init?(
    _ network: Network, tile: Tile, output: Output, instructions: InstructionSet,
    front: Int? = nil, checksOrder: Bool = true
  ) {
    let order = network.architecture.order(rows: tile.rows, columns: tile.columns)
    let front = min(
      front ?? .max, Self.front(network.architecture, order: order, output: output))
    guard
      let scratch = Scratch(),
      let predictor = Self.predictor(
        network.compiled, tile: tile, order: order, front: front, instructions: instructions),
      let evaluation = NetworkEvaluation(
        network, inputs: predictor.inputs, tile: tile, order: order,
        keepsDistributions: output == .distributions, instructions: instructions, scratch: scratch)
    else { return nil }
    self.init(
      tile, order, predictor, evaluation, scale: network.architecture.scale,
      checksOrder: checksOrder)
  }

  /// The predictions of a tile whose values are known, as a network of this architecture is given
  /// them.
  ///
  /// - Returns: nil where memory is short.
  package convenience init?(
    predictionsFor architecture: Architecture, tile: Tile, instructions: InstructionSet
  ) {
    let order = architecture.order(rows: tile.rows, columns: tile.columns)
    guard
      let predictor = Self.predictor(
        CompiledNetwork(architecture), tile: tile, order: order, front: 1,
        instructions: instructions)
    else { return nil }
    self.init(tile, order, predictor, nil, scale: 1, checksOrder: true)
  }

  private init(
    _ tile: Tile, _ order: CodeOrder, _ predictor: TilePredictor, _ network: NetworkEvaluation?,
    scale: Int, checksOrder: Bool
  ) {
    self.tile = tile
    self.order = order
    self.predictor = predictor
    self.network = network
    self.scale = scale
    front = predictor.inputs.front
    calls =
      checksOrder
      ? EvaluationOrder(order, colours: tile.colours, stages: network?.stageCount ?? 0) : nil
  }

  private static func predictor(
    _ network: CompiledNetwork, tile: Tile, order: CodeOrder, front: Int,
    instructions: InstructionSet
  ) -> TilePredictor? {
    guard let inputs = NetworkInputs(network, order: order, front: front) else { return nil }
    return TilePredictor(
      network.architecture, tile: tile, order: order, inputs: inputs, instructions: instructions)
  }

  /// Diagonals that are evaluated at once: for events enough for the threads to be busy, fewer
  /// where they are long. What is coded does not depend on it.
  private static func front(
    _ architecture: Architecture, order: CodeOrder, output: Output
  ) -> Int {
    output == .distributions || architecture.body.isRecurrent
      ? 1 : min(max(16384 / max(order.rows, 1), 1), 16)
  }

  /// Bytes that it takes, the tile included.
  package static func memory(
    _ network: CompiledNetwork, rows: Int, columns: Int, output: Output
  ) -> Int {
    let architecture = network.architecture
    let order = architecture.order(rows: rows, columns: columns)
    let front = front(architecture, order: order, output: output)
    return Tile.memory(rows: rows, columns: columns, colours: architecture.colours)
      + NetworkInputs.memory(network, order: order, front: front)
      + TilePredictor.memory(architecture, order: order)
      + NetworkEvaluation.memory(
        network, order: order, front: front, keepsDistributions: output == .distributions)
      + Scratch.memory
  }

  /// 1 or 3.
  package var colours: Int { tile.colours }

  /// Whether no two pixels can be evaluated at the same time.
  package var isSequential: Bool { network?.network.architecture.body.isSequential ?? false }

  /// Stages of the network's evaluation.
  package var stageCount: Int { network?.stageCount ?? 0 }

  // MARK: The steps, in the order of the calls

  /// Starts a diagonal of the network; all before it are finished but those of the same front.
  package func begin(diagonal t: Int, scratch: Scratch) {
    network?.begin(diagonal: t, scratch: scratch)
    assert(calls?.begin(diagonal: t) ?? true)
  }

  /// Starts the prediction of a diagonal; all before it have been learnt.
  package func beginPrediction(diagonal t: Int) {
    assert(calls?.beginPrediction(diagonal: t) ?? true)
    predictor.begin(diagonal: t)
  }

  /// Predicts a colour of some pixels of a diagonal, in whole bands.
  package func predict(diagonal t: Int, colour: Int, rows: Range<Int>) {
    assert(calls?.predict(diagonal: t, colour: colour, rows: rows) ?? true)
    predictor.predict(diagonal: t, colour: colour, rows: rows)
  }

  /// Takes in the values of a colour of some pixels of a diagonal, which are known now.
  package func record(diagonal t: Int, colour: Int, rows: Range<Int>) {
    assert(calls?.record(diagonal: t, colour: colour, rows: rows) ?? true)
    predictor.record(diagonal: t, colour: colour, rows: rows)
  }

  /// Evaluates a stage of the network for a colour of some pixels of a diagonal.
  package func evaluate(
    stage: Int, diagonal t: Int, colour: Int, rows: Range<Int>, scratch: Scratch
  ) {
    assert(calls?.evaluate(stage: stage, diagonal: t, colour: colour, rows: rows) ?? true)
    network?.evaluate(stage: stage, diagonal: t, colour: colour, rows: rows, scratch: scratch)
  }

  /// Makes what the coder asks for of a colour of some pixels of a diagonal.
  package func finish(
    _ output: Output, diagonal t: Int, colour: Int, rows: Range<Int>, scratch: Scratch
  ) {
    assert(calls?.finish(diagonal: t, colour: colour, rows: rows) ?? true)
    switch output {
    case .events:
      network?.events(
        diagonal: t, colour: colour, rows: rows, values: values(diagonal: t, colour: colour),
        scratch: scratch)
    case .distributions:
      network?.distributions(diagonal: t, colour: colour, rows: rows, scratch: scratch)
    }
  }

  // MARK: What coders see

  /// Where the values of a diagonal's pixels are: that of `row` at [row * step].
  package func values(
    diagonal t: Int, colour: Int
  ) -> (base: UnsafeMutablePointer<UInt8>, step: Int) {
    tile.values(diagonal: t, colour: colour, in: order)
  }

  /// What symbol 0 of a diagonal's pixels stands for: [row].
  package func centres(diagonal t: Int, colour: Int) -> UnsafePointer<UInt8> {
    UnsafePointer(predictor.inputs.centres(diagonal: t, colour: colour))
  }

  /// Whether a pixel of a diagonal is one of the small image, which is known before the tile and is
  /// only recorded.
  package func isKnown(diagonal t: Int, row: Int) -> Bool {
    scale > 1 && (row | order.column(diagonal: t, row: row)) & (scale &- 1) == 0
  }
}
