import CNetwork

/// Where a layer finds its inputs in the planes of one evaluation.
///
/// Plain memory, so that threads running it count no references.
struct LayerPlan {
  /// A segment: of which plane, and how far away from the pixel.
  private struct Source {
    let plane: SkewedPlane
    let diagonalOffset: Int
    let rowOffset: Int
    let channels: Int32
  }

  private struct Slice {
    let sources: UnsafeMutableBufferPointer<Source>
    let weights: UnsafePointer<Int16>
    let bias: UnsafePointer<Int32>
  }

  let shift: Int32
  /// Output channels of a slice: a multiple of 8.
  let outputs: Int
  private let slices: UnsafeMutableBufferPointer<Slice>
  /// At least the segments of any layer: 24 taps of the 7x7 kernel, the pixel itself and its
  /// predictions.
  static let mostSegments = 26

  /// - Parameters:
  ///   - layer: kept alive by its network.
  ///   - shear: of the planes.
  ///   - plane: where each plane is.
  init(_ layer: PackedLayer, shear: Int, plane: (Layer.Plane) -> SkewedPlane) {
    shift = layer.shift
    outputs = layer.outputs
    slices = .allocate(capacity: layer.slices.count)
    for (index, slice) in layer.slices.enumerated() {
      let sources = layer.segments[index].map { segment in
        Source(
          plane: plane(segment.tap.plane),
          diagonalOffset: shear * segment.tap.rowOffset + segment.tap.columnOffset,
          rowOffset: segment.tap.rowOffset, channels: Int32(truncatingIfNeeded: segment.channels))
      }
      let stored = UnsafeMutableBufferPointer<Source>.allocate(capacity: sources.count)
      _ = stored.initialize(from: sources)
      slices.initializeElement(
        at: index,
        to: Slice(
          sources: stored, weights: UnsafePointer(slice.weights), bias: UnsafePointer(slice.bias)))
    }
  }

  func deallocate() {
    for slice in slices { slice.sources.deallocate() }
    slices.deallocate()
  }

  /// accumulators [pixels][outputs] of a slice on the pixels of `diagonal` from `row` on; in planes
  /// of one cell for each diagonal, on that many diagonals. They are the scratch's own unless
  /// others are given.
  @inline(__always)
  func run(
    _ kernels: prn_kernels, slice: Int, diagonal: Int, row: Int, pixels: Int, scratch: Scratch,
    accumulators: UnsafeMutablePointer<Int32>? = nil
  ) {
    let slice = slices[slice]
    for (index, source) in slice.sources.enumerated() {
      let cell = source.plane.cell(
        diagonal: diagonal &+ source.diagonalOffset, row: row &+ source.rowOffset)
      scratch.segments[index] = prn_segment(
        source: cell, pixel_stride: source.plane.cellStride, channels: source.channels)
    }
    kernels.masked_convolution(
      scratch.segments, Int32(truncatingIfNeeded: slice.sources.count), slice.weights, slice.bias,
      Int32(truncatingIfNeeded: outputs), Int32(truncatingIfNeeded: pixels),
      accumulators ?? scratch.accumulators)
  }

  /// Runs a slice on as many pixels at a time as there is room for sums.
  @inline(__always)
  func run(
    _ kernels: prn_kernels, slice: Int, diagonal: Int, rows: Range<Int>, scratch: Scratch,
    body: (_ row: Int, _ pixels: Int) -> Void
  ) {
    // A multiple of the register tiles' 6 (AVX2) or 12 pixels where there is room.
    let room = Scratch.accumulatorCount / outputs
    let most = room >= 12 ? room / 12 * 12 : Scratch.fewestPixels
    var row = rows.lowerBound
    while row < rows.upperBound {
      let pixels = min(most, rows.upperBound &- row)
      run(
        kernels, slice: slice, diagonal: diagonal, row: row, pixels: pixels, scratch: scratch)
      body(row, pixels)
      row &+= pixels
    }
  }
}

/// Working memory of one thread.
package final class Scratch: @unchecked Sendable {
  /// Sums of one layer on a few pixels: small enough for the first-level cache.
  static let accumulatorCount = 4096
  /// However wide a slice is, as many pixels: a register tile of the kernels for AVX2.
  static let fewestPixels = 6
  /// The channels of a gray network's widest layer, all in one slice: the gates of an LSTM.
  private static let widestSlice = 4 * 1536
  private static let room = max(accumulatorCount, fewestPixels * widestSlice)
  /// Bytes of each.
  package static let memory =
    Arena.bytes(room, of: Int32.self) + Arena.bytes(LayerPlan.mostSegments, of: prn_segment.self)
  let arena: Arena
  let accumulators: UnsafeMutablePointer<Int32>
  let segments: UnsafeMutablePointer<prn_segment>

  /// - Returns: nil where memory is short.
  package init?() {
    guard let arena = Arena(bytes: Self.memory) else { return nil }
    self.arena = arena
    accumulators = arena.take(Self.room, of: Int32.self)
    segments = arena.take(LayerPlan.mostSegments, of: prn_segment.self)
  }
}
