import CTraining
import PixelNetwork

/// Diagonal BiLSTM layers, forward and backward through time: a step is a diagonal of all crops,
/// which is a column of the skewed map (van den Oord et al. 2016, section 3.2). The direction from
/// the right works on the map with its columns mirrored.
final class DiagonalBiLSTMBody: BodyPass {
  /// One direction of a layer; maps are skewed: [step][row][crop][channels].
  private struct Direction {
    let layer: DenseLayer
    let isFromRight: Bool
    /// [4 bottleneck].
    let gates: UnsafeMutablePointer<Float>
    /// With a step and a cell more in front: [bottleneck].
    let states, cells: UnsafeMutablePointer<Float>
  }

  private struct Block {
    let lstm: LSTMBlock
    let directions: [Direction]
    /// The stream in front: [cells][features].
    let stream: UnsafeMutablePointer<Float>
    /// The sum of the directions' states: [cells][bottleneck].
    let outputs: UnsafeMutablePointer<Float>
  }

  private let blocks: [Block]
  private let geometry: MapGeometry
  private let features, h: Int
  private let streamGradient, outputGradient: UnsafeMutablePointer<Float>
  /// Of one direction, skewed: the stream in front, later its gradient, and that of the states.
  private let skewedStream, stateGradient: UnsafeMutablePointer<Float>
  /// A cell passes its gradient on within its row: [row][crop][bottleneck].
  private let cellGradient: UnsafeMutablePointer<Float>

  /// Cells from step to step of a skewed map: those behind each step's rows are padding.
  private var stepCells: Int { (geometry.rows + 1) * geometry.crops }
  private var steps: Int { geometry.rows + geometry.columns - 1 }
  /// Room in front of a skewed map for what the first steps see outside of the tile.
  private var frontCells: Int { stepCells + geometry.crops }

  static func startGain(_ kind: Layer.Kind) -> Float { LSTMBlock.startGain(kind) }

  init(_ layout: ParameterLayout, _ geometry: MapGeometry, memory: FloatMemory, keeps: Bool) {
    self.geometry = geometry
    let (features, h) = (layout.architecture.features, layout.architecture.bottleneck)
    (self.features, self.h) = (features, h)
    let stepCells = (geometry.rows + 1) * geometry.crops
    let skewed = (geometry.rows + geometry.columns - 1) * stepCells
    func map(_ channels: Int) -> UnsafeMutablePointer<Float> {
      memory.zeros(skewed * channels, margin: (stepCells + geometry.crops) * channels)
    }
    let shared = keeps ? nil : (gates: map(4 * h), states: map(h), cells: map(h))
    blocks = (0..<layout.architecture.blocks).compactMap { block in
      guard let lstm = LSTMBlock(layout, block: block) else { return nil }
      let directions = lstm.gates.enumerated().map { side, layer in
        Direction(
          layer: layer, isFromRight: side == 1, gates: shared?.gates ?? map(4 * h),
          states: shared?.states ?? map(h), cells: shared?.cells ?? map(h))
      }
      return Block(
        lstm: lstm, directions: directions, stream: memory.zeros(geometry.cells * features),
        outputs: memory.zeros(geometry.cells * h))
    }
    streamGradient = memory.zeros(geometry.cells * features)
    outputGradient = memory.zeros(geometry.cells * h)
    skewedStream = memory.zeros(skewed * features)
    stateGradient = map(h)
    cellGradient = memory.zeros(geometry.rows * geometry.crops * h)
  }

  func forward(block: Int, in pass: NetworkPass) {
    let block = blocks[block]
    block.stream.update(from: pass.space.stream, count: geometry.cells * features)
    for direction in block.directions {
      skew(block.stream, direction)
      setOutside(direction, in: pass)
      for t in 0..<steps {
        forEachPart(ofStep: t, in: pass) { start, n in
          gather(direction, start: start, n: n, in: pass)
          pass.step(
            direction.layer, direction.gates + start * 4 * h,
            before: direction.cells + (start - stepCells) * h, beforeStride: h,
            cells: direction.cells + start * h, states: direction.states + start * h, n: n)
        }
      }
      // That from the right is shifted down by one row, so that no later pixel is seen.
      let shift = direction.isFromRight ? 1 : 0
      Skew.unskew(
        direction.states, stepStride: stepCells * h,
        into: block.outputs + shift * geometry.rowCells * h, rowStride: geometry.rowCells * h,
        rows: geometry.rows - shift, columns: geometry.columns, channels: geometry.crops * h,
        mirrored: direction.isFromRight, adding: direction.isFromRight)
    }
    block.lstm.raise(block.outputs, in: pass)
  }

  func backward(block: Int, in pass: NetworkPass) {
    let block = blocks[block]
    block.lstm.unraise(block.outputs, outputGradient, in: pass)
    for direction in block.directions {
      (stateGradient - frontCells * h)
        .update(repeating: 0, count: (frontCells + steps * stepCells) * h)
      let shift = direction.isFromRight ? 1 : 0
      Skew.skew(
        outputGradient + shift * geometry.rowCells * h, rowStride: geometry.rowCells * h,
        into: stateGradient, stepStride: stepCells * h, rows: geometry.rows - shift,
        columns: geometry.columns, channels: geometry.crops * h, mirrored: direction.isFromRight)
      skew(block.stream, direction)
      throughTime(direction, in: pass)
      // The stream's gradient has taken its place.
      Skew.unskew(
        skewedStream, stepStride: stepCells * features, into: streamGradient,
        rowStride: geometry.rowCells * features, rows: geometry.rows, columns: geometry.columns,
        channels: geometry.crops * features, mirrored: direction.isFromRight,
        adding: direction.isFromRight)
    }
    block.lstm.addToStream(streamGradient, in: pass)
  }

  /// From the last step to the first: gradients of the gates' weights, of the initial states and of
  /// the skewed stream.
  private func throughTime(_ direction: Direction, in pass: NetworkPass) {
    let layer = direction.layer
    cellGradient.update(repeating: 0, count: geometry.rows * geometry.crops * h)
    for t in (0..<steps).reversed() {
      forEachPart(ofStep: t, in: pass) { start, n in
        prn_lstm_backward(
          direction.gates + start * 4 * h, direction.cells + (start - stepCells) * h, h,
          direction.cells + start * h, stateGradient + start * h, pass.gateGradient(layer),
          cellGradient + (start - t * stepCells) * h, pass.space.gradient + layer.biasOffset, n,
          pass.architecture.colours, layer.matrixOutputs)
        gather(direction, start: start, n: n, in: pass)
        pass.unapplyGates(layer, n: n)
        let gathered = pass.space.gathered
        prn_copy_columns(
          gathered, layer.inputs, skewedStream + start * features, features, features, n)
        for tap in 0..<2 {
          prn_add_columns(
            gathered + features + tap * h, layer.inputs,
            stateGradient + stateCell(tap, start) * h, h, h, n)
        }
        let (first, step) = diagonal(from: start, direction)
        pass.scatterConditioning(layer, start: first, step: step, n: n)
      }
    }
    let initialGradient = pass.space.gradient + layer.initialRange.lowerBound
    forEachOutside { cell, _ in
      prn_add_columns(stateGradient + cell * h, h, initialGradient, 0, h, geometry.crops)
    }
    prn_add_columns(cellGradient, h, initialGradient + h, 0, h, geometry.rows * geometry.crops)
  }

  // MARK: Pieces

  /// The cells of a step that are in the tile, as many together as may go through a layer.
  private func forEachPart(
    ofStep t: Int, in pass: NetworkPass, _ body: (_ start: Int, _ n: Int) -> Void
  ) {
    let first = max(0, t - geometry.columns + 1)
    let end = min(t, geometry.rows - 1) + 1
    pass.forEachChunk(
      of: (end - first) * geometry.crops, from: t * stepCells + first * geometry.crops, body)
  }

  /// The cells outside of the tile that pixels look at, above it and beside the first of each row.
  private func forEachOutside(_ body: (_ cell: Int, _ isBeside: Bool) -> Void) {
    for t in -1..<steps { body(t * stepCells - geometry.crops, false) }
    for row in 0..<geometry.rows { body((row - 1) * stepCells + row * geometry.crops, true) }
  }

  private func setOutside(_ direction: Direction, in pass: NetworkPass) {
    let crops = geometry.crops
    forEachOutside { cell, isBeside in
      prn_copy_columns(
        pass.initialStates(direction.layer), 0, direction.states + cell * h, h, h, crops)
      guard isBeside else { return }
      prn_copy_columns(
        pass.initialCells(direction.layer), 0, direction.cells + cell * h, h, h, crops)
    }
  }

  private func skew(_ stream: UnsafePointer<Float>, _ direction: Direction) {
    Skew.skew(
      stream, rowStride: geometry.rowCells * features, into: skewedStream,
      stepStride: stepCells * features, rows: geometry.rows, columns: geometry.columns,
      channels: geometry.crops * features, mirrored: direction.isFromRight)
  }

  /// The cell of the states that tap 0 or 1 reads: of the step before, in the row above or the
  /// same.
  private func stateCell(_ tap: Int, _ start: Int) -> Int {
    start - stepCells + (tap - 1) * geometry.crops
  }

  /// Where the cells of a step from one of the skewed map on are in the map, if there is one crop.
  private func diagonal(from cell: Int, _ direction: Direction) -> (start: Int, step: Int) {
    let (t, row) = cell.quotientAndRemainder(dividingBy: stepCells)
    let column = direction.isFromRight ? geometry.columns - 1 - (t - row) : t - row
    return (
      row * geometry.stride + column, geometry.stride + (direction.isFromRight ? 1 : -1)
    )
  }

  /// The stream at n cells of a step, the states of the step before, and the conditioning map.
  private func gather(_ direction: Direction, start: Int, n: Int, in pass: NetworkPass) {
    let (gathered, width) = (pass.space.gathered, direction.layer.inputs)
    prn_copy_columns(skewedStream + start * features, features, gathered, width, features, n)
    for tap in 0..<2 {
      prn_copy_columns(
        direction.states + stateCell(tap, start) * h, h, gathered + features + tap * h, width, h, n)
    }
    let (first, step) = diagonal(from: start, direction)
    pass.gatherConditioning(direction.layer, start: first, step: step, n: n)
  }
}
