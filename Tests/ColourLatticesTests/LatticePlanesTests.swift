import Bytes
import ImagePlanes
import Testing

@testable import ColourLattices

@Suite struct LatticePlanesTests {
  @Test(arguments: allLattices)
  func anyBytesGiveColours(lattice: ColourLattice) {
    var numbers = SplitMix64(seed: 1)
    for (width, height) in [(1, 1), (2, 1), (1, 3), (5, 4), (6, 7)] {
      let extent = lattice.chromaExtent(width: width, height: height)
      let planes = LatticePlanes(
        lattice: lattice, luma: noise(width, height, &numbers),
        chroma: (0..<2).map { _ in noise(extent.width, extent.height, &numbers) },
        corrections: (0..<3).map { _ in noise(width, height, &numbers) })
      #expect(planes.isWhole)
      #expect(planes.colours().allSatisfy { $0.width == width && $0.height == height })
    }
  }

  @Test func correctionsAreAddedModulo256() {
    let one = { Plane(width: 1, height: 1, repeating: $0) }
    let planes = LatticePlanes(
      lattice: ColourLattice(transform: .jfif, sampling: .full), luma: one(250),
      chroma: [one(128), one(128)], corrections: [one(0), one(10), one(255)])
    #expect(planes.colours() == [one(250), one(4), one(249)])
  }

  @Test func planesThatDoNotFitAreBlack() {
    let lattice = ColourLattice(transform: .jfif, sampling: .halfBothLinear)
    let luma = Plane(width: 4, height: 2, repeating: 9)
    let black = Plane(width: 4, height: 2)
    let small = Plane(width: 2, height: 1, repeating: 9)
    func colours(_ chroma: [Plane], _ corrections: [Plane]) -> [Plane] {
      LatticePlanes(lattice: lattice, luma: luma, chroma: chroma, corrections: corrections)
        .colours()
    }
    let blacks = [black, black, black]
    #expect(colours([small, small], [luma, luma, luma]) != blacks)
    #expect(colours([small], [luma, luma, luma]) == blacks)
    #expect(colours([small, luma], [luma, luma, luma]) == blacks)
    #expect(colours([small, small], [luma, luma]) == blacks)
    #expect(colours([small, small], [luma, luma, small]) == blacks)
    var short = luma
    short.samples.removeLast()
    #expect(colours([small, small], [luma, luma, short]) == blacks)
    let invalid = ColourLattice(transform: .jfif, sampling: .full, rowPhase: 1)
    #expect(
      LatticePlanes(
        lattice: invalid, luma: luma, chroma: [luma, luma], corrections: [luma, luma, luma]
      ).colours() == blacks)
    let empty = Plane(width: 0, height: 0)
    #expect(
      LatticePlanes(
        lattice: lattice, luma: empty, chroma: [empty, empty], corrections: [empty, empty, empty]
      ).colours() == [empty, empty, empty])
  }
}
