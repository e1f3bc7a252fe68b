import ColourLattices
import ImagePlanes
import Testing

/// What a part of an image needs of the planes of a lattice.
@Suite struct PartsTests {
  private static let lattices = ChromaSampling.allCases.flatMap { sampling in
    [(0, 0), (0, 1), (1, 0), (1, 1)].map { phases in
      ColourLattice(
        transform: .jfif, sampling: sampling, rowPhase: phases.0, columnPhase: phases.1)
    }
  }.filter(\.isValid)

  private static let sizes = [(1, 1), (2, 5), (9, 8), (12, 11)]
  /// Tops, heights, lefts and widths, of whatever fits.
  private static let parts = [(0, 1, 0, 1), (3, 2, 2, 4), (7, 1, 7, 1), (0, 9, 0, 8), (4, 8, 3, 8)]

  private static func noise(_ width: Int, _ height: Int, _ seed: UInt32) -> Plane {
    var plane = Plane(width: width, height: height)
    var state = seed
    for i in plane.samples.indices {
      state = state &* 1_664_525 &+ 1_013_904_223
      plane.samples[i] = UInt8(state >> 24)
    }
    return plane
  }

  /// A plane with other values outside of a part.
  private static func changed(_ plane: Plane, outside part: TileRectangle) -> Plane {
    var other = plane
    other.samples = other.samples.map { $0 ^ 0x55 }
    other.paste(plane.crop(part), row: part.row, column: part.column)
    return other
  }

  @Test(arguments: lattices) func nothingElseIsLookedAt(_ lattice: ColourLattice) throws {
    for (height, width) in Self.sizes {
      let extent = lattice.chromaExtent(width: width, height: height)
      let luma = Self.noise(width, height, 1)
      let chroma = [2, 3].map { Self.noise(extent.width, extent.height, $0) }
      let zeros = (0..<3).map { _ in Plane(width: width, height: height) }
      func colours(_ chroma: [Plane], _ part: TileRectangle) -> [Plane] {
        LatticePlanes(lattice: lattice, luma: luma, chroma: chroma, corrections: zeros)
          .colours().map { $0.crop(part) }
      }
      for (row, rows, column, columns) in Self.parts
      where row + rows <= height && column + columns <= width {
        let part = TileRectangle(row: row, column: column, height: rows, width: columns)
        let cells = lattice.chroma(of: part, width: width, height: height)
        let others = chroma.map { Self.changed($0, outside: cells) }
        #expect(colours(others, part) == colours(chroma, part))
        #expect(lattice.sampling != .full || cells == part)
        let needed = lattice.luma(of: cells, width: width, height: height)
        #expect(
          lattice.lumaOfChroma(Self.changed(luma, outside: needed)).crop(cells)
            == lattice.lumaOfChroma(luma).crop(cells))
        // No more than the cells around.
        #expect(needed.height <= rows + 6 && needed.width <= columns + 6)
      }
    }
  }
}
