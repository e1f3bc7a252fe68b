import ImagePlanes

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
  func solve() -> [Plane] {
    let extent = lattice.chromaExtent(width: known.width, height: known.height)
    var cells = (0..<2).map { _ in Plane(width: extent.width, height: extent.height) }
    let targets = [target.first.values, target.second.values]
    for (solver, target) in zip(solvers, targets) { solver.start(target) }
    for passes in Self.passes {
      for k in 0..<2 {
        solvers[k].improve(targets[k], where: target.isKnown.values, passes: passes)
        cells[k].samples.withUnsafeMutableBufferPointer {
          if let cells = $0.baseAddress { solvers[k].round(to: cells) }
        }
      }
      if !retarget(cells) { break }
    }
    return lattice.transform.withInverter { inverter in
      colours.withSamples { red, green, blue in
        var (first, second) = (cells[0], cells[1])
        first.samples.withUnsafeMutableBufferPointer { first in
          second.samples.withUnsafeMutableBufferPointer { second in
            guard let first = first.baseAddress, let second = second.baseAddress else { return }
            let isKnown = known.isKnown.values
            refiners[0].refine(first, to: known.first.values, where: isKnown, rounds: 6)
            refiners[1].refine(second, to: known.second.values, where: isKnown, rounds: 6)
            CutOffRefiner(
              colours: (red, green, blue), inverter: inverter, first: refiners[0],
              second: refiners[1]
            ).refine(where: isKnown, rounds: 4)
          }
        }
        return [first, second]
      }
    }
  }

  /// Sets the targets of pixels whose chroma is not known to the nearest that give their colour, if
  /// what they have does not. Tells whether there are any such.
  private func retarget(_ cells: [Plane]) -> Bool {
    let (width, height) = (known.width, known.height)
    var upsampler = ChromaUpsampler(lattice, width: width, height: height)
    var first = [UInt8](repeating: 0, count: width)
    var second = first
    var count = 0
    lattice.transform.withInverter { inverter in
      colours.withSamples { red, green, blue in
        for row in 0..<height {
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
    return count > 0
  }
}
