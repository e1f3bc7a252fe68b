import CNetwork

/// A map with a margin of one cell around it, which is zero: [row][column][channel].
struct MarginedMap {
  let rows: Int
  let columns: Int
  /// Channels from cell to cell: even, so that pairs can be read.
  let cellStride: Int
  /// Channels from row to row.
  let rowStride: Int
  private let base: UnsafeMutablePointer<Int16>
  /// Keeps the memory.
  let arena: Arena

  /// A map of zeros; nil where memory is short.
  init?(rows: Int, columns: Int, channels: Int) {
    self.rows = rows
    self.columns = columns
    cellStride = (channels + 1) & ~1
    rowStride = (columns + 2) * cellStride
    let count = (rows + 2) * rowStride
    guard let arena = Arena(bytes: Arena.bytes(count, of: Int16.self)) else { return nil }
    self.arena = arena
    base = arena.take(count, of: Int16.self)
  }

  /// Bytes that such a map takes.
  static func memory(rows: Int, columns: Int, channels: Int) -> Int {
    Arena.bytes((rows + 2) * (columns + 2) * ((channels + 1) & ~1), of: Int16.self)
  }

  /// The first channel of the cell in `row` (-1 ... rows) and `column` (-1 ... columns).
  @inline(__always)
  func cell(_ row: Int, _ column: Int) -> UnsafeMutablePointer<Int16> {
    base + ((row &+ 1) &* rowStride &+ (column &+ 1) &* cellStride)
  }
}

/// A layer `upsample` and the map that it reads (FORMAT.md, section 5.6).
struct UpsamplingPlan {
  private struct Phase {
    let weights: UnsafePointer<Int16>
    let bias: UnsafePointer<Int32>
  }

  let map: MarginedMap
  private let shift: Int32
  private let outputs: Int
  private let channels: Int32
  private let maximum: Int32
  private let phases: [Phase]

  /// - Parameters:
  ///   - layer: kept alive by its network.
  ///   - map: of the layer's inputs.
  ///   - maximum: the largest activation.
  init(_ layer: PackedLayer, map: MarginedMap, maximum: Int32) {
    self.map = map
    self.maximum = maximum
    shift = layer.shift
    outputs = layer.shape.outputsPerSlice
    channels = Int32(truncatingIfNeeded: layer.shape.taps[0].channels)
    phases = layer.slices.map {
      Phase(weights: UnsafePointer($0.weights), bias: UnsafePointer($0.bias))
    }
  }

  /// Outputs of one phase, whose rows and columns in the finer map are even or odd as those of the
  /// first are.
  ///
  /// - Parameters:
  ///   - kernels: any version.
  ///   - row: of the first output, in the finer map.
  ///   - column: of the first output, in the finer map.
  ///   - step: the way, in the coarser map, from the cell of one output to that of the next.
  ///   - count: outputs.
  ///   - target: where the first output's channels go.
  ///   - targetStep: the way from there to the next one's.
  ///   - scratch: the thread's.
  func run(
    _ kernels: prn_kernels, row: Int, column: Int, step: Int, count: Int,
    target: UnsafeMutablePointer<Int16>, targetStep: Int, scratch: Scratch
  ) {
    let (rowPhase, columnPhase) = (row & 1, column & 1)
    let phase = phases[2 &* rowPhase &+ columnPhase]
    let first = map.cell((row >> 1) &- 1 &+ rowPhase, (column >> 1) &- 1 &+ columnPhase)
    let most = max(Scratch.accumulatorCount / outputs / 12 * 12, Scratch.fewestPixels)
    var done = 0
    while done < count {
      let pixels = min(most, count &- done)
      for tap in 0..<4 {
        let offset = (tap >> 1) &* map.rowStride &+ (tap & 1) &* map.cellStride
        scratch.segments[tap] = prn_segment(
          source: first + (done &* step &+ offset), pixel_stride: step, channels: channels)
      }
      kernels.masked_convolution(
        scratch.segments, 4, phase.weights, phase.bias, Int32(truncatingIfNeeded: outputs),
        Int32(truncatingIfNeeded: pixels), scratch.accumulators)
      kernels.rectify(
        scratch.accumulators, Int32(truncatingIfNeeded: pixels),
        Int32(truncatingIfNeeded: outputs), shift, nil, 0, target + done &* targetStep,
        targetStep, maximum)
      done &+= pixels
    }
  }
}
