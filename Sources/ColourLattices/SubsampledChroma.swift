import ImagePlanes
import Platform

/// Finds both chroma planes of an image with subsampled chroma.
///
/// What chroma most pixels have is known. For the others, which are cut off or have several chromas
/// that give their colour, the one is looked for that the cells around already come nearest to.
struct SubsampledChroma {
  private let lattice: ColourLattice
  private let colours: [Plane]
  private let known: RecoveredChroma
  /// What the pixels should have, and whether it counts.
  private let target: RecoveredChroma
  private let solvers: [ChromaSolver]
  private let refiners: [ChromaRefiner]

  /// Passes with each target: later targets are near to those before.
  private static let passes = [6, 2, 2]

  /// nil where memory is short.
  ///
  /// - Parameters:
  ///   - lattice: a valid one with subsampled chroma.
  ///   - colours: red, green, blue of one size.
  ///   - known: their chroma.
  init?(_ lattice: ColourLattice, of colours: [Plane], _ known: RecoveredChroma) {
    let (width, height) = (known.width, known.height)
    let whole = TileRectangle(row: 0, column: 0, height: height, width: width)
    guard let target = known.crop(whole),
      let solver = ChromaSolver(lattice, width: width, height: height),
      let other = ChromaSolver(lattice, width: width, height: height),
      let first = ChromaRefiner(lattice, width: width, height: height),
      let second = ChromaRefiner(lattice, width: width, height: height)
    else { return nil }
    (self.lattice, self.colours, self.known, self.target) = (lattice, colours, known, target)
    (solvers, refiners) = ([solver, other], [first, second])
  }

  /// The chroma planes.
  ///
  /// Complexity: O(pixels), with a factor that grows with the pixels that do not fit.
  ///
  /// - Parameter threads: to work on, 1 or more.
  /// - Returns: both, of the lattice's extent.
  func solve(threads: Int) -> [Plane] {
    let extent = lattice.chromaExtent(width: known.width, height: known.height)
    let targets = [target.first, target.second]
    var cells: [Plane] = []
    for (round, passes) in Self.passes.enumerated() {
      cells = SideBySide.map(2, threads: threads) { k in
        if round == 0 { solvers[k].start(targets[k].values) }
        solvers[k].improve(targets[k].values, where: target.isKnown.values, passes: passes)
        var plane = Plane(width: extent.width, height: extent.height)
        plane.samples.withUnsafeMutableBufferPointer {
          if let cells = $0.baseAddress { solvers[k].round(to: cells) }
        }
        return plane
      }
      if !retarget(cells, threads: threads) { break }
    }
    return refined(cells, threads: threads)
  }

  /// The planes with single cells changed, so that more pixels have just their colour.
  private func refined(_ cells: [Plane], threads: Int) -> [Plane] {
    let wanted = [known.first, known.second]
    var planes = SideBySide.map(2, threads: threads) { [cells] k in
      var plane = cells[k]
      plane.samples.withUnsafeMutableBufferPointer {
        guard let cells = $0.baseAddress else { return }
        refiners[k].refine(cells, to: wanted[k].values, where: known.isKnown.values, rounds: 6)
      }
      return plane
    }
    guard planes.count == 2 else { return cells }
    lattice.transform.withInverter { inverter in
      colours.withSamples { red, green, blue in
        var second = planes[1]
        planes[0].samples.withUnsafeMutableBufferPointer { first in
          second.samples.withUnsafeMutableBufferPointer { second in
            guard let first = first.baseAddress, let second = second.baseAddress else { return }
            refiners[0].resume(first)
            refiners[1].resume(second)
            CutOffRefiner(
              colours: (red, green, blue), inverter: inverter, first: refiners[0],
              second: refiners[1]
            ).refine(where: known.isKnown.values, rounds: 4)
          }
        }
        planes[1] = second
      }
    }
    return planes
  }

  /// Rows that a thread works at without a break.
  private static let blockRows = 64

  /// Sets the targets of pixels whose chroma is not known to the nearest that give their colour, if
  /// what they have does not. Tells whether there are any such.
  private func retarget(_ cells: [Plane], threads: Int) -> Bool {
    let blocks = (known.height + Self.blockRows - 1) / Self.blockRows
    // Made once: it knows of all rows and columns.
    let upsampler = ChromaUpsampler(lattice, width: known.width, height: known.height)
    let counts = SideBySide.map(blocks, threads: threads) { block in
      let first = block * Self.blockRows
      return retarget(cells, upsampler, rows: first..<min(first + Self.blockRows, known.height))
    }
    return counts.contains { $0 > 0 }
  }

  /// The same for some rows. Tells how many such pixels there are.
  private func retarget(
    _ cells: [Plane], _ upsampler: ChromaUpsampler, rows: Range<Int>
  ) -> Int {
    let width = known.width
    var upsampler = upsampler
    var first = [UInt8](repeating: 0, count: width)
    var second = first
    var count = 0
    lattice.transform.withInverter { inverter in
      colours.withSamples { red, green, blue in
        for row in rows {
          upsampler.upsample(row: row, of: cells[0], to: &first)
          upsampler.upsample(row: row, of: cells[1], to: &second)
          for column in 0..<width {
            let i = row &* width &+ column
            guard known.isKnown.values[i] == 0 else { continue }
            target.isKnown.values[i] = 0
            let colour = Colour(red: Int32(red[i]), green: Int32(green[i]), blue: Int32(blue[i]))
            let now = Chroma(first: Int32(first[column]), second: Int32(second[column]))
            let range = inverter.lumas(colour, now)
            guard range.low > range.high, let nearest = inverter.nearest(colour, to: now) else {
              continue
            }
            target.first.values[i] = UInt8(truncatingIfNeeded: nearest.first)
            target.second.values[i] = UInt8(truncatingIfNeeded: nearest.second)
            target.isKnown.values[i] = 1
            count &+= 1
          }
        }
      }
    }
    return count
  }
}
