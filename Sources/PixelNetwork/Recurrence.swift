import CNetwork

/// States and cells of a Row LSTM's layers on the last diagonals of a tile (FORMAT.md, section 5.4).
struct Recurrence {
  /// One layer's planes, `bottleneck` channels a cell.
  struct Layer {
    let states: SkewedPlane
    let cells: SkewedPlane
    let initial: InitialState

    var planes: [SkewedPlane] { [states, cells] }
  }

  let layers: [Layer]
  let shear: Int
  /// Units of each colour group.
  let units: Int

  /// - Parameters:
  ///   - model: a Row LSTM.
  ///   - depths: diagonals that must be readable at the same time, of each layer.
  ///   - rows: of the tile.
  ///   - shear: of the code order.
  init(_ model: PixelCNN, depths: [Int], rows: Int, shear: Int) {
    self.shear = shear
    let architecture = model.architecture
    units = architecture.bottleneck / architecture.colours
    layers = zip(model.initialStates, depths).enumerated().map { block, layer in
      func plane() -> SkewedPlane {
        SkewedPlane(
          depth: layer.1, rows: rows, channels: architecture.bottleneck,
          reach: architecture.dilation(block: block), shear: shear)
      }
      return Layer(states: plane(), cells: plane(), initial: layer.0)
    }
    for t in 0..<(depths.max() ?? 0) { setInitial(diagonal: t) }
  }

  func deallocate() {
    for layer in layers { for plane in layer.planes { plane.deallocate() } }
  }

  /// Starts a diagonal: what lies beside it, in a row of the tile, reads as zero, and above the tile as the initial state.
  func begin(diagonal t: Int, rows: Range<Int>) {
    for layer in layers {
      layer.states.clearBorders(diagonal: t, rows: rows)
      layer.cells.clearBorders(diagonal: t, rows: rows)
    }
    if rows.lowerBound == 0 { setInitial(diagonal: t) }
  }

  private func setInitial(diagonal t: Int) {
    for layer in layers {
      layer.states.set(layer.initial.states, diagonal: t, row: -1)
      layer.cells.set(layer.initial.cells, diagonal: t, row: -1)
    }
  }

  /// The states and cells of some pixels of a diagonal.
  ///
  /// - Parameters:
  ///   - layer: from 0.
  ///   - group: the colour.
  ///   - t: the diagonal.
  ///   - row: the first.
  ///   - pixels: how many.
  ///   - accumulators: of the gates, [pixels][4 * units].
  ///   - shift: of the layer.
  @inline(__always)
  func step(
    layer: Int, group: Int, diagonal t: Int, row: Int, pixels: Int,
    accumulators: UnsafePointer<Int32>, shift: Int32
  ) {
    let (states, cells) = (layers[layer].states, layers[layer].cells)
    let channel = group &* units
    prn_gates(
      accumulators, Int32(truncatingIfNeeded: pixels),
      Int32(truncatingIfNeeded: units), shift,
      cells.cell(diagonal: t &- shear, row: row &- 1) + channel,
      cells.cell(diagonal: t, row: row) + channel,
      states.cell(diagonal: t, row: row) + channel, cells.cellStride)
  }
}
