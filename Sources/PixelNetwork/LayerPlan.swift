import CNetwork

/// Where a layer finds its inputs in the planes of one evaluation.
///
/// Plain memory, so that threads running it count no references.
struct LayerPlan {
  /// A segment: of which plane, and how far away from the pixel.
  struct Source {
    let plane: SkewedPlane
    let diagonalOffset: Int
    let rowOffset: Int
    let channels: Int32
  }

  struct Group {
    let sources: UnsafeMutableBufferPointer<Source>
    let weights: UnsafePointer<Int16>
    let bias: UnsafePointer<Int32>
  }

  let shift: Int32
  /// Output channels of a group: a multiple of 8.
  let outputs: Int
  let groups: UnsafeMutableBufferPointer<Group>
  /// At least the segments of any layer: 24 taps of the 7x7 kernel, the pixel itself and its predictions.
  static let mostSegments = 26

  /// - Parameters:
  ///   - layer: kept alive by its model.
  ///   - inputs: the plane of values and residuals.
  ///   - other: the plane of anything else that the layer reads.
  ///   - states: the plane of the states that it reads, if any.
  ///   - context: that of the context map, if any.
  ///   - shear: of the planes.
  init(
    _ layer: PackedLayer, inputs: SkewedPlane, other: SkewedPlane, states: SkewedPlane?,
    context: SkewedPlane?, shear: Int
  ) {
    shift = layer.shift
    outputs = layer.outputs
    groups = .allocate(capacity: layer.groups.count)
    for (index, group) in layer.groups.enumerated() {
      let sources = layer.segments[index].map { segment in
        let plane =
          switch segment.plane {
          case .inputs: inputs
          case .states: states ?? other
          case .contextMap: context ?? other
          case .predictions, .activations, .outputs, .smallValues: other
          }
        return Source(
          plane: plane,
          diagonalOffset: shear * segment.rowOffset + segment.columnOffset,
          rowOffset: segment.rowOffset, channels: Int32(truncatingIfNeeded: segment.channels))
      }
      let stored = UnsafeMutableBufferPointer<Source>.allocate(capacity: sources.count)
      _ = stored.initialize(from: sources)
      groups.initializeElement(
        at: index,
        to: Group(
          sources: stored, weights: UnsafePointer(group.weights), bias: UnsafePointer(group.bias)))
    }
  }

  func deallocate() {
    for group in groups { group.sources.deallocate() }
    groups.deallocate()
  }

  /// accumulators [pixels][outputs] of `group` on the pixels of `diagonal` from `row` on; in planes of one cell for each
  /// diagonal, on that many diagonals. They are the scratch's own unless others are given.
  @inline(__always)
  func run(
    _ kernels: prn_kernels, group: Int, diagonal: Int, row: Int, pixels: Int, scratch: Scratch,
    accumulators: UnsafeMutablePointer<Int32>? = nil
  ) {
    let group = groups[group]
    for (index, source) in group.sources.enumerated() {
      let cell = source.plane.cell(
        diagonal: diagonal &+ source.diagonalOffset, row: row &+ source.rowOffset)
      scratch.segments[index] = prn_segment(
        source: cell, pixel_stride: source.plane.cellStride, channels: source.channels)
    }
    kernels.masked_convolution(
      scratch.segments, Int32(truncatingIfNeeded: group.sources.count), group.weights, group.bias,
      Int32(truncatingIfNeeded: outputs), Int32(truncatingIfNeeded: pixels),
      accumulators ?? scratch.accumulators)
  }
}

/// Working memory of one thread.
public final class Scratch: @unchecked Sendable {
  /// Sums of one layer on a few pixels: small enough for the first-level cache.
  static let accumulatorCount = 4096
  /// However wide a group is, as many pixels: a register tile of the kernels for AVX2.
  static let fewestPixels = 6
  /// The channels of a gray network's widest layer, all in one group: the gates of an LSTM.
  private static let widestGroup = 4 * 1536
  let accumulators: UnsafeMutablePointer<Int32>
  let segments: UnsafeMutablePointer<prn_segment>

  /// Memory for one thread.
  public init() {
    let count = max(Self.accumulatorCount, Self.fewestPixels * Self.widestGroup)
    accumulators = .allocate(capacity: count)
    accumulators.initialize(repeating: 0, count: count)
    segments = .allocate(capacity: LayerPlan.mostSegments)
    segments.initialize(repeating: prn_segment(), count: LayerPlan.mostSegments)
  }

  deinit {
    accumulators.deallocate()
    segments.deallocate()
  }
}
