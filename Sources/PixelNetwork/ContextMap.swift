import CNetwork
import ImagePlanes

/// The context map of a tile (FORMAT.md, section 5.6): what transposed convolutions make of its small image.
///
/// The maps that are coarser than the tile are computed at the start, the context map itself diagonal by diagonal: so
/// what is kept has a quarter of the tile's cells at most.
struct ContextMap {
  /// The context map of the diagonals in work.
  let plane: SkewedPlane
  private let last: UpsamplingPlan
  private let shear: Int

  /// Computes the coarser maps.
  ///
  /// - Parameters:
  ///   - model: one whose `scale` is above 1.
  ///   - samples: those of the small image are known.
  ///   - plane: for the context map of the diagonals in work; freed by `deallocate()`.
  ///   - shear: of the plane.
  ///   - kernels: any version.
  init(
    _ model: PixelCNN, samples: TileSamples, plane: SkewedPlane, shear: Int, kernels: prn_kernels
  ) {
    let architecture = model.architecture
    let maximum = Int32(truncatingIfNeeded: architecture.activationMaximum)
    let channels = architecture.contextChannels
    self.plane = plane
    self.shear = shear
    var plan = UpsamplingPlan(
      model.upsampling[0], map: Self.smallValues(samples, architecture),
      maximum: maximum)
    let scratch = Scratch()
    for layer in model.upsampling.dropFirst() {
      let coarse = plan.map
      let map = MarginedMap(rows: 2 * coarse.rows, columns: 2 * coarse.columns, channels: channels)
      for row in 0..<map.rows {
        for column in 0..<2 {
          plan.run(
            kernels, row: row, column: column, step: coarse.cellStride, count: coarse.columns,
            target: map.cell(row, column), targetStep: 2 * map.cellStride, scratch: scratch)
        }
      }
      plan.deallocate()
      plan = UpsamplingPlan(layer, map: map, maximum: maximum)
    }
    last = plan
  }

  /// Bytes that it takes at most, without the plane; what is given back after the start included.
  static func memory(architecture: Architecture, rows: Int, columns: Int) -> Int {
    guard architecture.scale > 1 else { return 0 }
    let small = (rows: architecture.smallExtent(rows), columns: architecture.smallExtent(columns))
    return (0..<architecture.upsamplingCount).reduce(0) { sum, level in
      sum
        + MarginedMap.memory(
          rows: small.rows << level, columns: small.columns << level,
          channels: level == 0 ? architecture.colours : architecture.contextChannels)
    }
  }

  func deallocate() {
    plane.deallocate()
    last.deallocate()
  }

  /// 16 (x - 128) of the small image, in 1-bit images 16 (255 x - 128): [row][column][colour].
  private static func smallValues(
    _ samples: TileSamples, _ architecture: Architecture
  ) -> MarginedMap {
    let scale = architecture.scale
    let valueScale = Int16(truncatingIfNeeded: architecture.head.valueScale)
    let map = MarginedMap(
      rows: (samples.rows + scale - 1) / scale, columns: (samples.columns + scale - 1) / scale,
      channels: samples.colours)
    for colour in 0..<samples.colours {
      let plane = samples.plane(colour)
      for row in 0..<map.rows {
        for column in 0..<map.columns {
          let value = plane[scale * (row * samples.columns + column)]
          map.cell(row, column)[colour] = 16 &* (valueScale &* Int16(value) &- 128)
        }
      }
    }
    return map
  }

  /// The context map at some pixels of a diagonal.
  func evaluate(diagonal t: Int, rows: Range<Int>, kernels: prn_kernels, scratch: Scratch) {
    // Two rows on, and 2 * shear columns back: the phase is the same.
    let step = last.map.rowStride &- shear &* last.map.cellStride
    for first in rows.prefix(2) {
      last.run(
        kernels, row: first, column: t &- shear &* first, step: step,
        count: (rows.upperBound &- first &+ 1) / 2, target: plane.cell(diagonal: t, row: first),
        targetStep: 2 &* plane.cellStride, scratch: scratch)
    }
  }
}
