import CEntropyCoding
import CNetwork
import ImagePlanes
import Platform

/// A network at work on one tile: the activations of the last diagonals and of those in work.
///
/// The encoder evaluates a front of diagonals at once, stage by stage; the decoder one diagonal and
/// one colour at a time. Both make the same calls:
///
///     evaluation.begin(diagonal: t, scratch: scratch)  // one thread, each diagonal in turn
///     evaluation.evaluate(stage: p, diagonal: t, colour: c, rows: rows, scratch: scratch)
///     evaluation.events(...)  or  evaluation.distributions(...)
///
/// Different threads may work on different rows at the same time. What must have come before, for
/// all rows of the tile:
/// * stage 0: the inputs of all earlier diagonals and (same rows) of the earlier colours,
/// * stage p: stage p - 1 on all earlier diagonals, and (same rows) for the colours up to this one.
///
/// Memory: `memory(...)`, linear in the rows of the tile; of a Diagonal BiLSTM in its columns, of a
/// multi-scale network in its pixels.
package final class NetworkEvaluation: @unchecked Sendable {
  /// What is done after a layer's sums.
  enum Action {
    case saturate(addend: SkewedPlane?, target: SkewedPlane, rectified: SkewedPlane?)
    case rectify(addend: SkewedPlane?, target: SkewedPlane)
    case step(RecurrentStep)
  }

  /// A layer that runs with the pixel. Plain memory.
  struct Operation {
    let plan: LayerPlan
    let action: Action
  }

  package let network: Network
  let order: CodeOrder
  let kernels: prn_kernels
  let activationMaximum: Int32
  let inputs: NetworkInputs
  let arena: Arena
  /// Those of stage p are stages[p].
  private let operations: UnsafeMutableBufferPointer<Operation>
  private let stages: [Range<Int>]
  let headOutput: LayerPlan
  /// Planes whose cells beside the tile are zeroed.
  private let borderedPlanes: [SkewedPlane]
  private let recurrentBorders: [RecurrentBorder]
  private let rightDirections: [RightDirection]
  let conditioningMap: ConditioningMap?
  /// [diagonal mod front][colour][row]; empty where distributions are asked for.
  let eventResults: UnsafeMutablePointer<prn_event>
  /// [row]: of the diagonal and the colour evaluated last; empty where events are asked for.
  let distributionResults: UnsafeMutablePointer<prn_distribution>

  /// Makes room for a tile; nothing is evaluated yet.
  /// nil where memory is short.
  ///
  /// - Parameters:
  ///   - network: the network.
  ///   - inputs: what it is given of the tile.
  ///   - tile: if the network's `scale` is above 1, the small image's pixels are known.
  ///   - order: of the tile.
  ///   - keepsDistributions: whether `distributions` will be called, or else `events`.
  ///   - instructions: the version of the arithmetic.
  ///   - scratch: of this thread.
  package init?(
    _ network: Network, inputs: NetworkInputs, tile: Tile, order: CodeOrder,
    keepsDistributions: Bool, instructions: InstructionSet, scratch: Scratch
  ) {
    let compiled = network.compiled
    let architecture = network.architecture
    let front = inputs.front
    guard let kernels = prn_kernels_of(instructions.rawValue),
      let arena = Arena(
        bytes: Self.arenaBytes(
          compiled, order: order, front: front, keepsDistributions: keepsDistributions))
    else { return nil }
    self.network = network
    self.order = order
    self.inputs = inputs
    self.arena = arena
    self.kernels = kernels.pointee
    activationMaximum = Int32(truncatingIfNeeded: architecture.activationMaximum)

    var planes: [Layer.Plane: SkewedPlane] = [
      .inputs: inputs.inputs, .predictions: inputs.predictions,
    ]
    for shape in compiled.planes where planes[shape.plane] == nil {
      let geometry = compiled.shape(of: shape, order: order, front: front)
      planes[shape.plane] = SkewedPlane(
        at: arena.take(geometry.count, of: Int16.self), geometry)
    }
    // Every plane that a layer names is in the compiled network's list.
    let inputPlane = inputs.inputs
    let all = planes
    func plane(_ name: Layer.Plane) -> SkewedPlane {
      assert(all[name] != nil, "plane \(name) is not in the compiled network's list")
      return all[name] ?? inputPlane
    }

    let shear = order.shear
    let units = architecture.bottleneck / architecture.colours
    func step(_ epilogue: CompiledNetwork.Epilogue.Step) -> RecurrentStep {
      RecurrentStep(
        states: plane(epilogue.states), cells: plane(epilogue.cells),
        diagonalOffset: shear * epilogue.before.rowOffset + epilogue.before.columnOffset,
        // A plane of one cell a diagonal has no rows.
        rowOffset: epilogue.before.rowOffset, units: units, sum: epilogue.sum.map(plane),
        other: epilogue.other.map(plane), shear: shear)
    }
    var operations: [Operation] = []
    var ends = [Int](repeating: 0, count: compiled.stageCount)
    var borders: [RecurrentBorder] = []
    var rights: [RightDirection] = []
    var output: LayerPlan?
    var initialStates = network.initialStates[...]
    for (placed, packed) in zip(compiled.layers, network.layers) {
      let action: Action
      switch placed.epilogue {
      case .upsample: continue
      case .logits:
        output = LayerPlan(packed, shear: shear, plane: plane)
        continue
      case .saturate(let addend, let target, let rectified):
        action = .saturate(
          addend: addend.map(plane), target: plane(target), rectified: rectified.map(plane))
      case .rectify(let addend, let target):
        action = .rectify(addend: addend.map(plane), target: plane(target))
      case .step(let epilogue):
        let step = step(epilogue)
        if let initial = initialStates.popFirst() {
          borders.append(RecurrentBorder(step: step, kind: placed.layer.kind, initial: initial))
        }
        guard placed.stage != nil else {
          rights.append(
            RightDirection(
              packed, plan: LayerPlan(packed, shear: shear, plane: plane), step: step,
              sums: arena.take(RightDirection.sumCount(architecture), of: Int32.self)))
          continue
        }
        action = .step(step)
      }
      operations.append(
        Operation(plan: LayerPlan(packed, shear: shear, plane: plane), action: action))
      if let stage = placed.stage { ends[stage] = operations.count }
    }
    self.operations = .allocate(capacity: operations.count)
    _ = self.operations.initialize(from: operations)
    stages = ends.indices.map { ($0 == 0 ? 0 : ends[$0 - 1])..<ends[$0] }
    guard let output else { return nil }
    headOutput = output
    recurrentBorders = borders
    rightDirections = rights
    borderedPlanes = compiled.planes.filter {
      guard $0.hasBorders, $0.plane != .inputs else { return false }
      // The states' borders are those of `RecurrentBorder`.
      switch $0.plane {
      case .states, .cells: return false
      default: return true
      }
    }.map { plane($0.plane) }
    let results = Self.resultCounts(
      architecture, order: order, front: front, keepsDistributions: keepsDistributions)
    eventResults = arena.take(results.events, of: prn_event.self)
    distributionResults = arena.take(results.distributions, of: prn_distribution.self)
    if architecture.scale > 1 {
      guard
        let map = ConditioningMap(
          network, tile: tile, plane: plane(.conditioningMap), shear: shear,
          kernels: kernels.pointee, scratch: scratch)
      else { return nil }
      conditioningMap = map
    } else {
      conditioningMap = nil
    }
    for border in borders { border.begin(order: order) }
  }

  deinit {
    for operation in operations { operation.plan.deallocate() }
    operations.deallocate()
    headOutput.deallocate()
    for right in rightDirections { right.plan.deallocate() }
  }

  private static func resultCounts(
    _ architecture: Architecture, order: CodeOrder, front: Int, keepsDistributions: Bool
  ) -> (events: Int, distributions: Int) {
    keepsDistributions ? (0, order.rows) : (front * architecture.colours * order.rows, 0)
  }

  private static func arenaBytes(
    _ network: CompiledNetwork, order: CodeOrder, front: Int, keepsDistributions: Bool
  ) -> Int {
    let architecture = network.architecture
    let results = resultCounts(
      architecture, order: order, front: front, keepsDistributions: keepsDistributions)
    let sums = network.layers.count { $0.layer.kind == .gatesRight }
    return network.planes.reduce(0) { sum, shape in
      switch shape.plane {
      case .inputs, .predictions: sum
      default:
        sum
          + Arena.bytes(
            network.shape(of: shape, order: order, front: front).count, of: Int16.self)
      }
    } + Arena.bytes(results.events, of: prn_event.self)
      + Arena.bytes(results.distributions, of: prn_distribution.self)
      + sums * Arena.bytes(RightDirection.sumCount(architecture), of: Int32.self)
  }

  /// Bytes that an evaluation of a tile takes, its inputs not included. No overflow for any valid
  /// architecture and a tile of at most 65535 x 65535 pixels.
  package static func memory(
    _ network: CompiledNetwork, order: CodeOrder, front: Int, keepsDistributions: Bool
  ) -> Int {
    arenaBytes(network, order: order, front: front, keepsDistributions: keepsDistributions)
      + ConditioningMap.memory(architecture: network.architecture, order: order)
  }

  /// Stages of the evaluation: one before the first block and one for each block.
  package var stageCount: Int { stages.count }

  /// Starts the next diagonal: what lies beside it reads as zero, or as the initial states. Of a
  /// Diagonal BiLSTM, the states from the right are made of the row that is now complete.
  package func begin(diagonal t: Int, scratch: Scratch) {
    inputs.begin(diagonal: t)
    let rows = order.rowRange(t)
    for plane in borderedPlanes { plane.clearBorders(diagonal: t, rows: rows) }
    if t > 0 && t % order.shear == 0 {
      for right in rightDirections {
        right.run(
          row: t / order.shear - 1, order: order, kernels: kernels,
          scratch: scratch)
      }
    }
    for border in recurrentBorders { border.begin(diagonal: t, order: order) }
  }

  /// Evaluates a stage's layers for one colour of some pixels of a diagonal (FORMAT.md, section
  /// 5.3).
  ///
  /// Stage 0 of the first colour computes the conditioning map, if there is one.
  ///
  /// Complexity: O(weights of these layers) for each pixel.
  package func evaluate(
    stage: Int, diagonal t: Int, colour: Int, rows: Range<Int>, scratch: Scratch
  ) {
    if stage == 0 && colour == 0 {
      conditioningMap?.evaluate(diagonal: t, rows: rows, kernels: kernels, scratch: scratch)
    }
    for index in stages[stage] {
      let operation = operations[index]
      let plan = operation.plan
      let channel = colour &* plan.outputs
      plan.run(kernels, slice: colour, diagonal: t, rows: rows, scratch: scratch) { row, pixels in
        let count = Int32(truncatingIfNeeded: pixels)
        let outputs = Int32(truncatingIfNeeded: plan.outputs)
        switch operation.action {
        case .saturate(let addend, let target, let rectified):
          kernels.saturate(
            scratch.accumulators, count, outputs, plan.shift,
            addend.map { UnsafePointer($0.cell(diagonal: t, row: row) + channel) },
            target.cell(diagonal: t, row: row) + channel,
            rectified.map { $0.cell(diagonal: t, row: row) + channel }, target.cellStride,
            activationMaximum)
        case .rectify(let addend, let target):
          kernels.rectify(
            scratch.accumulators, count, outputs, plan.shift,
            addend.map { UnsafePointer($0.cell(diagonal: t, row: row) + channel) },
            addend?.cellStride ?? 0, target.cell(diagonal: t, row: row) + channel,
            target.cellStride, activationMaximum)
        case .step(let step):
          step.run(
            kernels, colour: colour, diagonal: t, row: row, pixels: pixels,
            accumulators: scratch.accumulators, shift: plan.shift)
        }
      }
    }
  }
}
