import CTraining
import PixelNetwork

/// From the small image to the conditioning map, forward and backward (van den Oord et al. 2016,
/// section 3.6): transposed convolutions with stride 2 and a 4x4 kernel, as a matrix from 3x3
/// coarse cells to the 2x2 cells that one becomes.
extension NetworkPass {
  /// The conditioning map of a crop.
  func makeConditioningMap(_ sample: TrainingSample) {
    guard let maps = space.conditioning else { return }
    maps.smallRows = sample.smallRows
    maps.smallColumns = sample.smallColumns
    place(sample.small, in: maps.coarse[0])
    for (level, layer) in layout.all(.upsample).enumerated() {
      let target = maps.target(level: level, geometry)
      // The ring may be another one than that of the crop before.
      if level + 1 < maps.coarse.count {
        target.values.update(repeating: 0, count: maps.coarse[level + 1].count)
      }
      forEachCoarseChunk(maps, level: level) { cells in
        gatherCoarse(maps.coarse[level], cells)
        apply(
          layer, space.gathered, xStride: layer.inputs, maps.outputs, n: cells.count,
          accumulate: false)
        rectify(maps.outputs, maps.outputs, cells.count * layer.outputs)
        forEachFineCell(of: cells, in: target, channels: maps.channels) { from, to in
          (target.values + to).update(from: maps.outputs + from, count: maps.channels)
        }
      }
    }
  }

  /// Adds the gradients of the layers `upsample`, once the body has added its to that of the
  /// conditioning map.
  func backwardConditioningMap() {
    guard let maps = space.conditioning else { return }
    let count = maps.channels
    for (level, layer) in layout.all(.upsample).enumerated().reversed() {
      let target = maps.target(level: level, geometry)
      let map = maps.coarse[level]
      map.gradient.update(repeating: 0, count: map.count)
      forEachCoarseChunk(maps, level: level) { cells in
        let n = cells.count
        maps.outputs.update(repeating: 0, count: n * layer.outputs)
        maps.outputGradient.update(repeating: 0, count: n * layer.outputs)
        forEachFineCell(of: cells, in: target, channels: count) { at, from in
          (maps.outputs + at).update(from: target.values + from, count: count)
          (maps.outputGradient + at).update(from: target.gradient + from, count: count)
        }
        prn_relu_backward(maps.outputs, maps.outputGradient, n * layer.outputs, maximum)
        gatherCoarse(map, cells)
        unapply(
          layer, space.gathered, xStride: layer.inputs, dy: maps.outputGradient,
          dx: space.gathered, n: n)
        // The small image is given.
        if level > 0 { scatterCoarse(map, cells) }
      }
    }
  }

  // MARK: What the body sees

  /// Adds what a body layer sees of the conditioning map to its outputs, for cells
  /// `start ..< start + n`: by the last of its inputs.
  func addConditioning(
    _ layer: DenseLayer, to out: UnsafeMutablePointer<Float>, start: Int, n: Int
  ) {
    guard let maps = space.conditioning else { return }
    let channels = maps.channels
    MatrixProducts.forward(
      maps.values + start * channels, xStride: channels,
      weights(layer) + (layer.inputs - channels) * layer.outputs, out, n: n, inputs: channels,
      outputs: layer.outputs, accumulate: true)
  }

  /// The gradient of `addConditioning`, given that of the layer's outputs.
  func addConditioningGradient(_ layer: DenseLayer, dy: UnsafePointer<Float>, start: Int, n: Int) {
    guard let maps = space.conditioning else { return }
    let channels = maps.channels
    let offset = (layer.inputs - channels) * layer.outputs
    MatrixProducts.weightGradient(
      maps.values + start * channels, xStride: channels, dy,
      space.gradient + layer.weightOffset + offset, n: n, inputs: channels,
      outputs: layer.outputs)
    MatrixProducts.inputGradient(
      dy, weights(layer) + offset, maps.gradient + start * channels, dxStride: channels,
      n: n, inputs: channels, outputs: layer.outputs, accumulate: true)
  }

  /// Appends what an LSTM's gates see of the conditioning map to the other inputs of n cells in
  /// `gathered`: the first cell is `start`, and there are `step` from one to the next.
  func gatherConditioning(_ layer: DenseLayer, start: Int, step: Int, n: Int) {
    guard let maps = space.conditioning else { return }
    let channels = maps.channels
    prn_copy_columns(
      maps.values + start * channels, step * channels,
      space.gathered + layer.inputs - channels, layer.inputs, channels, n)
  }

  /// Adds the gradient that has taken its place to that of the conditioning map.
  func scatterConditioning(_ layer: DenseLayer, start: Int, step: Int, n: Int) {
    guard let maps = space.conditioning else { return }
    let channels = maps.channels
    prn_add_columns(
      space.gathered + layer.inputs - channels, layer.inputs,
      maps.gradient + start * channels, step * channels, channels, n)
  }

  // MARK: Pieces

  private typealias Cell = (row: Int, column: Int)

  /// The small image and the cells beside it, in the middle of the first map.
  private func place(_ small: [Float], in map: ConditioningMaps.Map) {
    let count = (map.columns + 2) * map.channels
    small.withUnsafeBufferPointer { small in
      guard let small = small.baseAddress else { return }
      for row in -1...map.rows {
        (map.values + map.index(row, -1)).update(from: small + (row + 1) * count, count: count)
      }
    }
  }

  /// The coarse cells of a layer, a chunk at a time: where it makes a ring, those of the ring too.
  private func forEachCoarseChunk(_ maps: ConditioningMaps, level: Int, _ body: ([Cell]) -> Void) {
    let map = maps.coarse[level]
    let ring = level + 1 < maps.coarse.count ? 1 : 0
    let columns = map.columns + 2 * ring
    let count = (map.rows + 2 * ring) * columns
    for start in stride(from: 0, to: count, by: maps.chunk) {
      body(
        (start..<min(start + maps.chunk, count)).map {
          ($0 / columns - ring, $0 % columns - ring)
        })
    }
  }

  /// `body(where in a chunk's outputs, where in the finer map)` for each of the four cells that a
  /// coarse one becomes.
  private func forEachFineCell(
    of cells: [Cell], in target: ConditioningMaps.Target, channels: Int, _ body: (Int, Int) -> Void
  ) {
    for (i, cell) in cells.enumerated() {
      for phase in 0..<4 {
        let (row, column) = (2 * cell.row + phase / 2, 2 * cell.column + phase % 2)
        guard target.rows.contains(row), target.columns.contains(column) else { continue }
        body(
          (4 * i + phase) * channels, target.start + row * target.rowStride + column * channels)
      }
    }
  }

  /// The 3x3 cells around each into `gathered`.
  private func gatherCoarse(_ map: ConditioningMaps.Map, _ cells: [Cell]) {
    let count = 3 * map.channels
    var out = space.gathered
    for cell in cells {
      for row in -1...1 {
        out.update(from: map.values + map.index(cell.row + row, cell.column - 1), count: count)
        out += count
      }
    }
  }

  private func scatterCoarse(_ map: ConditioningMaps.Map, _ cells: [Cell]) {
    let count = 3 * map.channels
    var from = space.gathered
    for cell in cells {
      for row in -1...1 {
        prn_add(map.gradient + map.index(cell.row + row, cell.column - 1), from, count)
        from += count
      }
    }
  }
}
