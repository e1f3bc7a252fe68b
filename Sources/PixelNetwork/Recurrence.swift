import CNetwork
import ImagePlanes

/// What an LSTM layer's direction reads and writes besides its layer's own segments: its states and
/// cells before and at the pixel (FORMAT.md, sections 5.4 and 5.5).
///
/// Plain memory, so that threads running it count no references.
struct RecurrentStep {
  let states: SkewedPlane
  let cells: SkewedPlane
  /// Where the cells before are: so many diagonals and rows away.
  let diagonalOffset: Int
  let rowOffset: Int
  /// Units of each colour.
  let units: Int
  /// The sum of both directions' states, and the states of the direction from the right, a row of
  /// the code order (`shear` diagonals) before.
  var sum: SkewedPlane?
  var other: SkewedPlane?
  var shear = 0

  /// The states and cells of some pixels of a diagonal.
  ///
  /// - Parameters:
  ///   - kernels: any version.
  ///   - colour: whose units.
  ///   - t: the diagonal.
  ///   - row: the first.
  ///   - pixels: how many.
  ///   - accumulators: of the gates, [pixels][4 * units].
  ///   - shift: of the layer.
  @inline(__always)
  func run(
    _ kernels: prn_kernels, colour: Int, diagonal t: Int, row: Int, pixels: Int,
    accumulators: UnsafePointer<Int32>, shift: Int32
  ) {
    let channel = colour &* units
    let made = states.cell(diagonal: t, row: row) + channel
    kernels.gates(
      accumulators, Int32(truncatingIfNeeded: pixels), Int32(truncatingIfNeeded: units),
      shift, cells.cell(diagonal: t &+ diagonalOffset, row: row &+ rowOffset) + channel,
      cells.cell(diagonal: t, row: row) + channel, made, cells.cellStride)
    guard let sum, let other else { return }
    // One pixel at a time: the code order goes row by row.
    let outputs = sum.cell(diagonal: t, row: row) + channel
    if t < shear {
      outputs.update(from: made, count: units)
    } else {
      let right = other.cell(diagonal: t &- shear, row: row) + channel
      for unit in 0..<units { outputs[unit] = made[unit] &+ right[unit] }
    }
  }
}

/// An LSTM's states and cells where there is no pixel before.
struct RecurrentBorder {
  let step: RecurrentStep
  let kind: Layer.Kind
  let initial: InitialState

  /// Writes the initial states and cells above the tile, on the first diagonals.
  func begin(order: CodeOrder) {
    switch kind {
    case .gates:
      for t in 0..<step.states.depth { set(diagonal: t, row: -1) }
    default:
      for t in 0..<step.states.depth { step.states.set(initial.states, diagonal: t, row: 0) }
    }
  }

  /// Starts a diagonal. A Row LSTM's states beside it are zero, and above the tile the initial
  /// ones; a Diagonal BiLSTM's are the initial ones on the left of a row's first pixel, or on the
  /// right of its last.
  func begin(diagonal t: Int, order: CodeOrder) {
    switch kind {
    case .gates:
      let rows = order.rowRange(t)
      step.states.clearBorders(diagonal: t, rows: rows)
      step.cells.clearBorders(diagonal: t, rows: rows)
      if rows.lowerBound == 0 { set(diagonal: t, row: -1) }
    case .gatesLeft:
      if t % order.shear == 0 { set(diagonal: t &- 1, row: 0) }
    default:
      assert(kind == .gatesRight, "\(kind) has no states")
      if t % order.shear == order.columns { set(diagonal: t, row: 0) }
    }
  }

  private func set(diagonal t: Int, row: Int) {
    step.states.set(initial.states, diagonal: t, row: row)
    step.cells.set(initial.cells, diagonal: t, row: row)
  }
}

/// The direction from the right of a Diagonal BiLSTM layer: the states of a whole row, from its
/// last pixel to its first, made when the row is complete.
///
/// What does not depend on the pixel on the right goes through the kernels for many pixels at once.
struct RightDirection {
  let plan: LayerPlan
  let step: RecurrentStep
  /// For each colour, the weights of the states on the right.
  let stepSlices: [PackedSlice]
  /// Of some pixels of a row, without what lies on their right: [colour][pixel][4 units].
  private let sums: UnsafeMutablePointer<Int32>
  /// Pixels of a row whose sums are made at once.
  static let mostPixels = 24

  /// The direction of a layer; `sums` has room for `sumCount` of them.
  init(
    _ layer: PackedLayer, plan: LayerPlan, step: RecurrentStep, sums: UnsafeMutablePointer<Int32>
  ) {
    self.plan = plan
    self.step = step
    stepSlices = layer.stepSlices
    self.sums = sums
  }

  /// Sums that it needs room for.
  static func sumCount(_ architecture: Architecture) -> Int {
    mostPixels * 4 * architecture.bottleneck
  }

  /// Makes the states of a row; the stream in front of the layer is known in all of it.
  func run(
    row: Int, order: CodeOrder, kernels: prn_kernels,
    scratch: Scratch
  ) {
    let outputs = 4 &* step.units
    let colours = stepSlices.count
    var end = order.columns
    while end > 0 {
      let first = max(0, end &- Self.mostPixels)
      for colour in 0..<colours {
        plan.run(
          kernels, slice: colour, diagonal: row &* order.shear &+ first, row: 0,
          pixels: end &- first, scratch: scratch,
          accumulators: sums + colour &* Self.mostPixels &* outputs)
      }
      for column in (first..<end).reversed() {
        let t = row &* order.shear &+ column
        var onTheRight = prn_segment(
          source: step.states.cell(diagonal: t &+ 1, row: 0), pixel_stride: step.states.cellStride,
          channels: Int32(truncatingIfNeeded: step.units &* colours))
        for colour in 0..<colours {
          kernels.masked_convolution(
            &onTheRight, 1, stepSlices[colour].weights,
            sums + (colour &* Self.mostPixels &+ column &- first) &* outputs,
            Int32(truncatingIfNeeded: outputs), 1, scratch.accumulators)
          step.run(
            kernels, colour: colour, diagonal: t, row: 0, pixels: 1,
            accumulators: scratch.accumulators,
            shift: plan.shift)
        }
      }
      end = first
    }
  }
}
