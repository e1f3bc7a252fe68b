import CTraining
import PixelNetwork

/// Row LSTM layers, forward and backward through time: a step is a row of all crops (van den Oord
/// et al. 2016, section 3.1).
final class RowLSTMBody: BodyPass {
  private struct Block {
    let lstm: LSTMBlock
    let gateLayer: DenseLayer
    let dilation: Int
    /// The stream in front, with a cell of each crop more before it: [cells][features].
    let stream: UnsafeMutablePointer<Float>
    /// States, with a margin in front, their padding zero, and cells: [cells][bottleneck].
    let states, cells: UnsafeMutablePointer<Float>
    /// [cells][4 bottleneck].
    let gates: UnsafeMutablePointer<Float>
  }

  private let blocks: [Block]
  private let geometry: MapGeometry
  private let features, h: Int
  private let streamGradient, stateGradient: UnsafeMutablePointer<Float>
  /// Of one row: [columns][crop][bottleneck].
  private let cellGradient: UnsafeMutablePointer<Float>

  static func startGain(_ kind: Layer.Kind) -> Float { LSTMBlock.startGain(kind) }

  init(_ layout: ParameterLayout, _ geometry: MapGeometry, memory: FloatMemory, keeps: Bool) {
    self.geometry = geometry
    let (features, h) = (layout.architecture.features, layout.architecture.bottleneck)
    (self.features, self.h) = (features, h)
    func streamMap() -> UnsafeMutablePointer<Float> {
      memory.zeros(geometry.cells * features, margin: geometry.crops * features)
    }
    func stateMap() -> UnsafeMutablePointer<Float> {
      memory.zeros(geometry.cells * h, margin: geometry.marginCells * h)
    }
    let shared = keeps ? nil : memory.zeros(geometry.cells * 4 * h)
    blocks = (0..<layout.architecture.blocks).compactMap { block in
      guard let lstm = LSTMBlock(layout, block: block), let gateLayer = lstm.gates.first else {
        return nil
      }
      return Block(
        lstm: lstm, gateLayer: gateLayer, dilation: layout.architecture.dilation(block: block),
        stream: streamMap(), states: stateMap(), cells: memory.zeros(geometry.cells * h),
        gates: shared ?? memory.zeros(geometry.cells * 4 * h))
    }
    streamGradient = streamMap()
    stateGradient = stateMap()
    cellGradient = memory.zeros(geometry.columns * geometry.crops * h)
  }

  func forward(block: Int, in pass: NetworkPass) {
    let block = blocks[block]
    block.stream.update(from: pass.space.stream, count: geometry.cells * features)
    geometry.clearPadding(block.stream, channels: features)
    for row in 0..<geometry.rows {
      forEachPart(ofRow: row, in: pass) { start, n in
        gather(block, row: row, start: start, n: n, in: pass)
        pass.step(
          block.gateLayer, block.gates + start * 4 * h,
          before: cellsBefore(block, row: row, start: start, in: pass),
          beforeStride: row == 0 ? 0 : h, cells: block.cells + start * h,
          states: block.states + start * h, n: n)
      }
    }
    block.lstm.raise(block.states, in: pass)
  }

  func backward(block: Int, in pass: NetworkPass) {
    let block = blocks[block]
    let layer = block.gateLayer
    let width = layer.inputs
    let initialGradient = pass.space.gradient + layer.initialRange.lowerBound
    block.lstm.unraise(block.states, stateGradient, in: pass)
    streamGradient.update(repeating: 0, count: geometry.cells * features)
    cellGradient.update(repeating: 0, count: geometry.columns * geometry.crops * h)
    for row in (0..<geometry.rows).reversed() {
      forEachPart(ofRow: row, in: pass) { start, n in
        let dc = cellGradient + (start - row * geometry.rowCells) * h
        prn_lstm_backward(
          block.gates + start * 4 * h, cellsBefore(block, row: row, start: start, in: pass),
          row == 0 ? 0 : h, block.cells + start * h, stateGradient + start * h,
          pass.gateGradient(layer), dc, pass.space.gradient + layer.biasOffset, n,
          pass.architecture.colours, layer.matrixOutputs)
        gather(block, row: row, start: start, n: n, in: pass)
        pass.unapplyGates(layer, n: n)
        // On the left of the first column is padding, which is cleared in the end.
        for tap in 0..<2 {
          prn_add_columns(
            pass.space.gathered + tap * features, width,
            streamGradient + streamCell(tap, start) * features, features, features, n)
        }
        for tap in 0..<3 {
          let target = stateGradient + stateCell(tap, block, start) * h
          prn_add_columns(
            pass.space.gathered + 2 * features + tap * h, width,
            row == 0 ? initialGradient : target, row == 0 ? 0 : h, h, n)
        }
        pass.scatterConditioning(layer, start: start, step: 1, n: n)
        if row == 0 { prn_add_columns(dc, h, initialGradient + h, 0, h, n) }
      }
    }
    block.lstm.addToStream(streamGradient, in: pass)
  }

  /// The cells of a row that go through the layer together.
  private func forEachPart(
    ofRow row: Int, in pass: NetworkPass, _ body: (_ start: Int, _ n: Int) -> Void
  ) {
    pass.forEachChunk(
      of: geometry.columns * geometry.crops, from: row * geometry.rowCells, body)
  }

  /// The cell of the stream that tap 0 or 1 reads for the cell `start`: on the left, or itself.
  private func streamCell(_ tap: Int, _ start: Int) -> Int { start + (tap - 1) * geometry.crops }

  /// The cell of the states above that tap 0, 1 or 2 reads.
  private func stateCell(_ tap: Int, _ block: Block, _ start: Int) -> Int {
    start - geometry.rowCells + (tap - 1) * block.dilation * geometry.crops
  }

  private func cellsBefore(
    _ block: Block, row: Int, start: Int, in pass: NetworkPass
  ) -> UnsafePointer<Float> {
    row == 0
      ? pass.initialCells(block.gateLayer)
      : UnsafePointer(block.cells + (start - geometry.rowCells) * h)
  }

  /// The stream on the left of n cells of a row and at them, the three states above, two of them
  /// `dilation` columns to the sides (above the first row the initial ones), and the conditioning
  /// map.
  private func gather(_ block: Block, row: Int, start: Int, n: Int, in pass: NetworkPass) {
    let width = block.gateLayer.inputs
    for tap in 0..<2 {
      prn_copy_columns(
        block.stream + streamCell(tap, start) * features, features,
        pass.space.gathered + tap * features, width, features, n)
    }
    for tap in 0..<3 {
      let source = UnsafePointer(block.states + stateCell(tap, block, start) * h)
      prn_copy_columns(
        row == 0 ? pass.initialStates(block.gateLayer) : source, row == 0 ? 0 : h,
        pass.space.gathered + 2 * features + tap * h, width, h, n)
    }
    pass.gatherConditioning(block.gateLayer, start: start, step: 1, n: n)
  }
}
