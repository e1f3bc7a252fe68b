import Bytes
import ImagePlanes
import Testing

@testable import ColourLattices

@Suite struct LatticeFinderTests {
  @Test(arguments: allLattices)
  func everyImageComesBack(lattice: ColourLattice) throws {
    var numbers = SplitMix64(seed: 2)
    for (width, height) in [(1, 1), (2, 1), (1, 2), (1, 9), (7, 2), (5, 5), (16, 11)] {
      let extremes = (0..<3).map { _ in
        var plane = noise(width, height, &numbers)
        for i in plane.samples.indices { plane.samples[i] = plane.samples[i] < 100 ? 0 : 255 }
        return plane
      }
      let images = [
        (0..<3).map { _ in noise(width, height, &numbers) }, extremes,
        (0..<3).map { _ in Plane(width: width, height: height, repeating: 255) },
        picture(lattice, width: width, height: height, &numbers).colours,
      ]
      for image in images {
        let found = try #require(LatticePlanes.find(image, lattice: lattice))
        #expect(found.lattice == lattice && found.isWhole)
        #expect(found.colours() == image)
      }
    }
  }

  @Test(arguments: allLattices)
  func itsOwnLatticeNeedsFewCorrections(lattice: ColourLattice) throws {
    var numbers = SplitMix64(seed: 3)
    for (width, height) in [(48, 33), (31, 40)] {
      let (planes, colours) = picture(
        lattice, width: width, height: height, luma: 30, &numbers)
      let found = try #require(LatticePlanes.find(colours, lattice: lattice))
      #expect(found.colours() == colours)
      #expect(found.correctedPart < 0.01)
      // The chroma is what it was, but for some cells: a few others round to the same pixels.
      let same = zip(found.chroma[0].samples, planes.chroma[0].samples).filter { $0 == $1 }.count
      #expect(Double(same) > 0.9 * Double(planes.chroma[0].samples.count))
    }
  }

  @Test(arguments: allLattices)
  func itFindsEachLattice(lattice: ColourLattice) throws {
    var numbers = SplitMix64(seed: 4)
    let (_, colours) = picture(lattice, width: 80, height: 72, &numbers)
    let found = try #require(LatticePlanes.find(colours))
    #expect(found.lattice == lattice)
    #expect(found.correctedPart < 0.03)
    #expect(found.colours() == colours)
  }

  /// So large that rows and parts are shared, and partly cut off.
  @Test(arguments: [ChromaSampling.full, .halfBothLinear, .photoCD])
  func threadsFindTheSame(_ sampling: ChromaSampling) throws {
    var numbers = SplitMix64(seed: 9)
    let lattice = ColourLattice(
      transform: sampling == .photoCD ? .photoCD : .jfif, sampling: sampling)
    let (_, colours) = picture(lattice, width: 300, height: 166, luma: 190, &numbers)
    let alone = try #require(LatticePlanes.find(colours))
    #expect(alone.lattice == lattice)
    #expect(LatticePlanes.find(colours, threads: 3) == alone)
    #expect(alone.colours(threads: 3) == colours)
  }

  /// Narrower than the edge of a part that does not count, and of more pixels than all parts have.
  @Test(arguments: [(15, 4000), (4000, 15), (2, 33_000), (33_000, 2), (1, 100_000), (60_000, 1)])
  func narrowPicturesOfManyPixels(_ width: Int, _ height: Int) throws {
    var numbers = SplitMix64(seed: 10)
    for sampling in [ChromaSampling.halfBothLinear, .halfWidthRepeated] {
      let lattice = ColourLattice(transform: .jfif, sampling: sampling)
      let (planes, colours) = picture(lattice, width: width, height: height, &numbers)
      #expect(planes.colours(threads: 2) == colours)
      let found = LatticePlanes.find(colours, threads: 2)
      #expect(found.map { $0.colours(threads: 2) } ?? colours == colours)
      let given = try #require(LatticePlanes.find(colours, lattice: lattice))
      #expect(given.colours() == colours)
    }
  }

  @Test func cutOffSamplesTakeTheChromaAround() throws {
    var numbers = SplitMix64(seed: 5)
    let lattice = ColourLattice(transform: .jfif, sampling: .halfBothLinear)
    let (planes, colours) = picture(lattice, width: 96, height: 96, luma: 220, &numbers)
    let found = try #require(LatticePlanes.find(colours))
    let cutOff = planes.luma.samples.filter { $0 == 0 || $0 == 255 }.count
    #expect(cutOff > 500)
    #expect(found.lattice == lattice && found.colours() == colours)
    #expect(found.correctedPart < 0.05)
  }

  @Test func aPastedRectangleIsCorrected() throws {
    var numbers = SplitMix64(seed: 6)
    let lattice = ColourLattice(transform: .jfif, sampling: .halfBothLinear, columnPhase: 1)
    var colours = picture(lattice, width: 128, height: 128, &numbers).colours
    for k in 0..<3 { colours[k].paste(noise(20, 12, &numbers), row: 50, column: 61) }
    let found = try #require(LatticePlanes.find(colours))
    #expect(found.lattice == lattice && found.colours() == colours)
    #expect(found.correctedPart < 0.03)
  }

  @Test func othersHaveNone() {
    var numbers = SplitMix64(seed: 7)
    let noises = (0..<3).map { _ in noise(96, 96, &numbers) }
    #expect(LatticePlanes.find(noises) == nil)
    let smooth = (0..<3).map { _ in
      hills(96, 96, around: 128, height: 90, grain: 3, &numbers)
    }
    #expect(LatticePlanes.find(smooth) == nil)
    let gray = hills(96, 96, around: 128, height: 90, grain: 3, &numbers)
    #expect(LatticePlanes.find([gray, gray, gray]) == nil)
    // All but gray: within a step of it, as many colours come from a lattice as not.
    var tinted = gray
    for i in tinted.samples.indices where numbers.next() & 3 == 0 { tinted.samples[i] ^= 1 }
    #expect(LatticePlanes.find([gray, tinted, gray]) == nil)
    let gradient = (0..<3).map { k in
      var plane = Plane(width: 96, height: 96)
      for i in plane.samples.indices {
        plane.samples[i] = UInt8(20 + 2 * (i % 96) + (k == 1 ? i / 96 / 8 : 0))
      }
      return plane
    }
    #expect(LatticePlanes.find(gradient) == nil)
    for value: UInt8 in [0, 90, 255] {
      let flat = Plane(width: 64, height: 64, repeating: value)
      #expect(LatticePlanes.find([flat, flat, Plane(width: 64, height: 64)]) == nil)
    }
  }

  @Test func planesMustBeOfOneSize() {
    let lattice = ColourLattice(transform: .jfif, sampling: .full)
    let (plane, other) = (Plane(width: 3, height: 2), Plane(width: 2, height: 3))
    let empty = Plane(width: 0, height: 4)
    var short = plane
    short.samples.removeLast()
    for colours in [[plane, plane, other], [plane, short, plane], [empty, empty, empty]] {
      #expect(LatticePlanes.find(colours) == nil)
      #expect(LatticePlanes.find(colours, lattice: lattice) == nil)
    }
    let invalid = ColourLattice(transform: .jfif, sampling: .full, columnPhase: 1)
    #expect(LatticePlanes.find([plane, plane, plane], lattice: invalid) == nil)
  }
}
