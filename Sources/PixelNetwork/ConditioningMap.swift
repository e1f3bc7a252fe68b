import CNetwork
import ImagePlanes

/// The conditioning map of a tile (FORMAT.md, section 5.6): what transposed convolutions make of
/// its small image.
///
/// The maps that are coarser than the tile are computed at the start, the conditioning map itself
/// diagonal by diagonal: so what is kept has a quarter of the tile's cells at most.
struct ConditioningMap {
  /// The conditioning map of the diagonals in work.
  private let plane: SkewedPlane
  let last: UpsamplingPlan
  private let shear: Int

  /// Computes the coarser maps.
  /// nil where memory is short.
  ///
  /// - Parameters:
  ///   - network: one whose `scale` is above 1.
  ///   - tile: the values of its small image are known.
  ///   - plane: for the conditioning map of the diagonals in work.
  ///   - shear: of the plane.
  ///   - kernels: any version.
  ///   - scratch: of this thread.
  init?(
    _ network: Network, tile: Tile, plane: SkewedPlane, shear: Int, kernels: prn_kernels,
    scratch: Scratch
  ) {
    let architecture = network.architecture
    let maximum = Int32(truncatingIfNeeded: architecture.activationMaximum)
    self.plane = plane
    self.shear = shear
    guard let small = Self.smallValues(tile, architecture) else { return nil }
    var plan = UpsamplingPlan(network.upsampling[0], map: small, maximum: maximum)
    for layer in network.upsampling.dropFirst() {
      let coarse = plan.map
      guard
        let map = MarginedMap(
          rows: 2 * coarse.rows, columns: 2 * coarse.columns,
          channels: architecture.conditioningChannels)
      else { return nil }
      for row in 0..<map.rows {
        for column in 0..<2 {
          plan.run(
            kernels, row: row, column: column, step: coarse.cellStride, count: coarse.columns,
            target: map.cell(row, column), targetStep: 2 * map.cellStride, scratch: scratch)
        }
      }
      plan = UpsamplingPlan(layer, map: map, maximum: maximum)
    }
    last = plan
  }

  /// Bytes that it takes at most, without the plane; what is given back after the start included.
  static func memory(architecture: Architecture, order: CodeOrder) -> Int {
    let rows = architecture.smallExtent(order.rows)
    let columns = architecture.smallExtent(order.columns)
    return (0..<architecture.upsamplingCount).reduce(0) { sum, level in
      sum
        + MarginedMap.memory(
          rows: rows << level, columns: columns << level,
          channels: level == 0 ? architecture.colours : architecture.conditioningChannels)
    }
  }

  /// 16 (x - 128) of the small image, in 1-bit images 16 (255 x - 128): [row][column][colour].
  private static func smallValues(_ tile: Tile, _ architecture: Architecture) -> MarginedMap? {
    let scale = architecture.scale
    let valueScale = Int16(truncatingIfNeeded: architecture.head.valueScale)
    guard
      let map = MarginedMap(
        rows: architecture.smallExtent(tile.rows), columns: architecture.smallExtent(tile.columns),
        channels: tile.colours)
    else { return nil }
    for colour in 0..<tile.colours {
      let plane = tile.plane(colour)
      for row in 0..<map.rows {
        for column in 0..<map.columns {
          let value = plane[scale * (row * tile.columns + column)]
          map.cell(row, column)[colour] = 16 &* (valueScale &* Int16(value) &- 128)
        }
      }
    }
    return map
  }

  /// The conditioning map at some pixels of a diagonal.
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
