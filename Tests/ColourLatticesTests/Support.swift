import Bytes
import ImagePlanes

@testable import ColourLattices

/// Every lattice that is valid.
let allLattices = ColourTransform.allCases.flatMap { transform in
  ChromaSampling.allCases.flatMap { sampling in
    (0..<4).map {
      ColourLattice(
        transform: transform, sampling: sampling, rowPhase: $0 >> 1, columnPhase: $0 & 1)
    }
  }
}.filter { $0.isValid }

/// A plane of random bytes.
func noise(_ width: Int, _ height: Int, _ numbers: inout SplitMix64) -> Plane {
  var plane = Plane(width: width, height: height)
  for i in plane.samples.indices { plane.samples[i] = UInt8(truncatingIfNeeded: numbers.next()) }
  return plane
}

/// A plane of hills around `centre`, up to about `height` high, with a little noise.
func hills(
  _ width: Int, _ rows: Int, around centre: Int, height: Int, grain: Int,
  _ numbers: inout SplitMix64
) -> Plane {
  var plane = Plane(width: width, height: rows)
  // Bilinear between random knots, 8 apart.
  let knots = width / 8 + 2
  let heights = (0..<knots * (rows / 8 + 2)).map { _ in numbers.next(in: height) }
  for row in 0..<rows {
    for column in 0..<width {
      let (i, j, y, x) = (row / 8, column / 8, row % 8, column % 8)
      let above = (8 - x) * heights[i * knots + j] + x * heights[i * knots + j + 1]
      let below = (8 - x) * heights[(i + 1) * knots + j] + x * heights[(i + 1) * knots + j + 1]
      let value = centre + ((8 - y) * above + y * below) / 64 + numbers.next(in: grain)
      plane.samples[row * width + column] = UInt8(min(max(value, 0), 255))
    }
  }
  return plane
}

/// Red, green and blue that come from a lattice, without corrections, and the planes they are of.
func picture(
  _ lattice: ColourLattice, width: Int, height: Int, luma: Int = 60, grain: Int = 2,
  _ numbers: inout SplitMix64
) -> (planes: LatticePlanes, colours: [Plane]) {
  let extent = lattice.chromaExtent(width: width, height: height)
  let centres = lattice.transform == .photoCD ? (100, 156, 137) : (125, 128, 128)
  let zero = Plane(width: width, height: height)
  let planes = LatticePlanes(
    lattice: lattice,
    luma: hills(width, height, around: centres.0, height: luma, grain: 8, &numbers),
    chroma: [centres.1, centres.2].map {
      hills(extent.width, extent.height, around: $0, height: 20, grain: grain, &numbers)
    },
    corrections: [zero, zero, zero])
  return (planes, planes.colours())
}

extension LatticePlanes {
  /// The planes of red, green and blue, of any sizes.
  static func find(_ colours: [Plane], threads: Int = 1) -> LatticePlanes? {
    find(colours[0], colours[1], colours[2], threads: threads)
  }

  static func find(_ colours: [Plane], lattice: ColourLattice) -> LatticePlanes? {
    find(colours[0], colours[1], colours[2], lattice: lattice)
  }
}
