import CTraining
import PixelNetwork

/// From the small image to the context map, forward and backward (van den Oord et al. 2016, section 3.6): transposed
/// convolutions with stride 2 and a 4x4 kernel, as a matrix from 3x3 coarse cells to the 2x2 cells that one becomes.
extension PixelCNNPass {
  /// The finer map that a layer makes: the next one that a layer reads, or the context map.
  private struct Target {
    let values, gradient: UnsafeMutablePointer<Float>
    /// Those that there are: a ring around a coarse map only where the image goes on.
    let rows, columns: Range<Int>
    /// Numbers from row to row, and those in front of row 0.
    let rowStride, start: Int

    init(_ maps: UpsamplingMaps, level: Int, space: Workspace) {
      guard level + 1 < maps.maps.count else {
        values = maps.context
        gradient = maps.contextGradient
        rows = 0..<space.rows
        columns = 0..<space.columns
        rowStride = space.stride * maps.contextChannels
        start = 0
        return
      }
      let (first, map) = (maps.maps[0], maps.maps[level + 1])
      values = map.values
      gradient = map.gradient
      /// As far beside the map's own cells as the small image goes, but one cell at most.
      func extent(_ small: Range<Int>, _ smallCount: Int, _ count: Int) -> Range<Int> {
        min(small.lowerBound, 0)..<count + max(small.upperBound - smallCount, 0)
      }
      rows = extent(maps.smallRows, first.rows, map.rows)
      columns = extent(maps.smallColumns, first.columns, map.columns)
      rowStride = map.index(1, 0) - map.index(0, 0)
      start = map.index(0, 0)
    }
  }

  /// The context map of a crop.
  func upsample(_ sample: TrainingSample) {
    guard let maps = space.upsampling else { return }
    maps.smallRows = sample.smallRows
    maps.smallColumns = sample.smallColumns
    place(sample.small, in: maps.maps[0])
    for (level, layer) in graph.upsampling.enumerated() {
      let target = Target(maps, level: level, space: space)
      // The ring may be another one than that of the crop before.
      if level + 1 < maps.maps.count {
        target.values.update(repeating: 0, count: maps.maps[level + 1].count)
      }
      let count = layer.outputs
      forEachCoarseChunk(maps, level: level) { cells in
        gatherCoarse(maps.maps[level], cells)
        apply(
          layer, space.gathered, xStride: layer.inputs, maps.outputs, n: cells.count,
          accumulate: false)
        rectify(maps.outputs, maps.outputs, cells.count * count)
        forEachFineCell(of: cells, in: target, channels: maps.contextChannels) { from, to in
          (target.values + to).update(from: maps.outputs + from, count: maps.contextChannels)
        }
      }
    }
  }

  /// Adds the gradients of the layers `upsample`, once the body has added its to that of the context map.
  func backwardUpsampling() {
    guard let maps = space.upsampling else { return }
    for (level, layer) in graph.upsampling.enumerated().reversed() {
      let target = Target(maps, level: level, space: space)
      let map = maps.maps[level]
      map.gradient.update(repeating: 0, count: map.count)
      forEachCoarseChunk(maps, level: level) { cells in
        let n = cells.count
        maps.outputs.update(repeating: 0, count: n * layer.outputs)
        maps.outputGradient.update(repeating: 0, count: n * layer.outputs)
        forEachFineCell(of: cells, in: target, channels: maps.contextChannels) { at, from in
          let count = maps.contextChannels
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

  /// Adds what a body layer sees of the context map to its outputs, for cells `start ..< start + n`: by the last of its inputs.
  func addContext(
    _ layer: DenseLayer, to out: UnsafeMutablePointer<Float>, start: Int, n: Int
  ) {
    guard let maps = space.upsampling else { return }
    let channels = maps.contextChannels
    MatrixProducts.forward(
      maps.context + start * channels, xStride: channels,
      weights(layer) + (layer.inputs - channels) * layer.outputs, out, n: n, inputs: channels,
      outputs: layer.outputs, accumulate: true)
  }

  /// The gradient of `addContext`, given that of the layer's outputs.
  func addContextGradient(
    _ layer: DenseLayer, dy: UnsafePointer<Float>, start: Int, n: Int
  ) {
    guard let maps = space.upsampling else { return }
    let channels = maps.contextChannels
    let offset = (layer.inputs - channels) * layer.outputs
    MatrixProducts.weightGradient(
      maps.context + start * channels, xStride: channels, dy,
      space.gradient + layer.weightOffset + offset, n: n, inputs: channels,
      outputs: layer.outputs)
    MatrixProducts.inputGradient(
      dy, weights(layer) + offset, maps.contextGradient + start * channels, dxStride: channels,
      n: n, inputs: channels, outputs: layer.outputs, accumulate: true)
  }

  /// Appends what an LSTM's gates see of the context map to the other inputs of n cells in `gathered`: the first cell is
  /// `start`, and there are `step` from one to the next.
  func gatherContextMap(_ layer: DenseLayer, start: Int, step: Int, n: Int) {
    guard let maps = space.upsampling else { return }
    let channels = maps.contextChannels
    prn_copy_columns(
      maps.context + start * channels, step * channels,
      space.gathered + layer.inputs - channels, layer.inputs, channels, n)
  }

  /// Adds the gradient that has taken its place to that of the context map.
  func scatterContextMap(_ layer: DenseLayer, start: Int, step: Int, n: Int) {
    guard let maps = space.upsampling else { return }
    let channels = maps.contextChannels
    prn_add_columns(
      space.gathered + layer.inputs - channels, layer.inputs,
      maps.contextGradient + start * channels, step * channels, channels, n)
  }

  // MARK: Pieces

  /// The small image and the cells beside it, in the middle of the first map.
  private func place(_ small: [Float], in map: UpsamplingMaps.Map) {
    let count = (map.columns + 2) * map.channels
    small.withUnsafeBufferPointer { small in
      guard let small = small.baseAddress else { return }
      for row in -1...map.rows {
        (map.values + map.index(row, -1)).update(from: small + (row + 1) * count, count: count)
      }
    }
  }

  /// The coarse cells of a layer, a chunk of (row, column) at a time: where it makes a ring, those of the ring too.
  private func forEachCoarseChunk(
    _ maps: UpsamplingMaps, level: Int, _ body: ([(row: Int, column: Int)]) -> Void
  ) {
    let map = maps.maps[level]
    let ring = level + 1 < maps.maps.count ? 1 : 0
    let columns = map.columns + 2 * ring
    let count = (map.rows + 2 * ring) * columns
    for start in stride(from: 0, to: count, by: maps.chunk) {
      body(
        (start..<min(start + maps.chunk, count)).map {
          ($0 / columns - ring, $0 % columns - ring)
        })
    }
  }

  /// `body(where in a chunk's outputs, where in the finer map)` for each of the four cells that a coarse one becomes.
  private func forEachFineCell(
    of cells: [(row: Int, column: Int)], in target: Target, channels: Int,
    _ body: (Int, Int) -> Void
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
  private func gatherCoarse(_ map: UpsamplingMaps.Map, _ cells: [(row: Int, column: Int)]) {
    let count = 3 * map.channels
    var out = space.gathered
    for cell in cells {
      for row in -1...1 {
        out.update(from: map.values + map.index(cell.row + row, cell.column - 1), count: count)
        out += count
      }
    }
  }

  private func scatterCoarse(_ map: UpsamplingMaps.Map, _ cells: [(row: Int, column: Int)]) {
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
