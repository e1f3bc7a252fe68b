import Bytes
import ImagePlanes

extension LatticePlanes {
  /// The part of the pixels, 0...1, that may have corrections, by how the chroma was kept.
  private static let mostCorrected = (subsampled: 0.06, full: 0.1)

  /// The planes of an image whose colours come from a lattice.
  ///
  /// Complexity: a few thousand steps where there is none, else O(pixels).
  ///
  /// - Parameters:
  ///   - red: samples of 8 bits, as those of the others, which are of the same size.
  ///   - green: of each pixel.
  ///   - blue: of each pixel.
  ///   - threads: to work on, 1 or more; what is found does not depend on it.
  /// - Returns: nil if no lattice explains nearly all colours, or memory is short.
  public static func find(
    _ red: Plane, _ green: Plane, _ blue: Plane, threads: Int = 1
  ) -> LatticePlanes? {
    let colours = [red, green, blue]
    guard isLegal(colours), let transform = TransformDetector.find(colours),
      let chroma = RecoveredChroma(colours, transform, threads: threads)
    else { return nil }
    if let lattice = SamplingDetector(chroma, threads: threads)?.find(transform),
      let planes = planes(colours, lattice, chroma, threads),
      planes.correctedPart <= mostCorrected.subsampled
    {
      return planes
    }
    let full = ColourLattice(transform: transform, sampling: .full)
    guard let planes = planes(colours, full, chroma, threads),
      planes.correctedPart <= mostCorrected.full
    else { return nil }
    return planes
  }

  /// The planes of an image with a lattice that is given, whatever corrections that takes.
  ///
  /// Complexity: O(pixels).
  ///
  /// - Parameters:
  ///   - red: samples of 8 bits, as those of the others, which are of the same size.
  ///   - green: of each pixel.
  ///   - blue: of each pixel.
  ///   - lattice: where the colours came from.
  ///   - threads: to work on, 1 or more; what is found does not depend on it.
  /// - Returns: nil if the planes are not of one size or have no pixels, the lattice is not valid,
  ///   or memory is short.
  public static func find(
    _ red: Plane, _ green: Plane, _ blue: Plane, lattice: ColourLattice, threads: Int = 1
  ) -> LatticePlanes? {
    let colours = [red, green, blue]
    guard isLegal(colours), lattice.isValid,
      let chroma = RecoveredChroma(colours, lattice.transform, threads: threads)
    else { return nil }
    return planes(colours, lattice, chroma, threads)
  }

  /// Whether these are whole planes of one size, which have pixels.
  private static func isLegal(_ colours: [Plane]) -> Bool {
    let (width, height) = (colours[0].width, colours[0].height)
    return width > 0 && height > 0
      && colours.allSatisfy {
        $0.width == width && $0.height == height && $0.samples.count == width * height
      }
  }

  private static func planes(
    _ colours: [Plane], _ lattice: ColourLattice, _ chroma: RecoveredChroma, _ threads: Int
  ) -> LatticePlanes? {
    // Luma, chroma and corrections.
    guard Memory.canAllocate(6 * chroma.width * chroma.height),
      let cells =
        lattice.sampling == .full
        ? chroma.planes : SubsampledChroma(lattice, of: colours, chroma)?.solve(threads: threads)
    else { return nil }
    return LatticePlanes(lattice, of: colours, chroma: cells, threads: threads)
  }
}
