import ColourLattices
import Container
import ImagePlanes
import ModelStore
import PNGFile
import Platform
import TestSupport
import Testing

@testable import PRNZip

/// Images whose colours were luma and chroma before.
@Suite struct LatticeTests {
  static let lattices =
    ChromaSampling.allCases.map { ColourLattice(transform: .jfif, sampling: $0) } + [
      ColourLattice(transform: .photoCD, sampling: .photoCD, rowPhase: 1, columnPhase: 0),
      ColourLattice(transform: .webP, sampling: .webP),
    ]

  /// Smooth planes of a lattice; some pixels have corrections.
  static func planes(
    _ lattice: ColourLattice, width: Int, height: Int, isCorrected: Bool = false
  ) -> LatticePlanes {
    let extent = lattice.chromaExtent(width: width, height: height)
    let smooth = smoothImage(width: width, height: height).planes
    let small = smoothImage(width: extent.width, height: extent.height)
    let chroma = small.planes[1...2].map { plane in
      var plane = plane
      plane.samples = plane.samples.map { 118 + $0 / 10 }
      return plane
    }
    var corrections = (0..<3).map { _ in Plane(width: width, height: height) }
    if isCorrected {
      for i in stride(from: 3, to: width * height, by: 7) { corrections[1].samples[i] = 255 }
      corrections[2].samples[0] = 128
    }
    return LatticePlanes(
      lattice: lattice, luma: smooth[0], chroma: Array(chroma), corrections: corrections)
  }

  /// The planes of an image that has a lattice's size, whatever its colours are.
  static func planes(_ image: Image) -> LatticePlanes {
    planes(
      ColourLattice(transform: .jfif, sampling: .halfBothLinear), width: image.width,
      height: image.height, isCorrected: true)
  }

  static func image(_ planes: LatticePlanes) -> Image { Image(.rgb8, planes: planes.colours()) }

  private static func file(
    _ planes: LatticePlanes, instructions: InstructionSet = .current
  ) throws -> [UInt8] {
    var options = try makeCompressor(isPure: false).options
    options.store = try wholeStore()
    options.instructions = instructions
    let coded = try #require(
      try GroupEncoder(options: options, heldBytes: 0).encode(planes, nil))
    return try modelledFile(image(planes), Metadata([]), coded.groups, lattice: coded.lattice)
  }

  @Test(arguments: lattices, [(1, 1), (1, 6), (7, 2), (23, 18)])
  func roundTrip(_ lattice: ColourLattice, _ size: (Int, Int)) throws {
    for isCorrected in [false, true] {
      let planes = Self.planes(
        lattice, width: size.0, height: size.1, isCorrected: isCorrected)
      let file = try Self.file(planes)
      let header = try Header.decode(file).header
      #expect(header.lattice == lattice)
      #expect(header.groups.contains { $0.codec == .constant } || isCorrected)
      for threads in [1, 3] {
        var options = try decompressor(threads: threads).options
        options.store = try wholeStore()
        guard case .modelled(let content) = try Decompressor(options).decode(file) else {
          Issue.record("stored")
          return
        }
        #expect(content.image == Self.image(planes))
      }
    }
  }

  @Test func everyInstructionSetGivesTheSameFile() throws {
    let planes = Self.planes(Self.lattices[2], width: 40, height: 33, isCorrected: true)
    let files = try InstructionSet.supported.map { try Self.file(planes, instructions: $0) }
    #expect(files.allSatisfy { $0 == files[0] })
  }

  @Test func informationTellsTheLattice() throws {
    let lattice = ColourLattice(transform: .photoCD, sampling: .photoCD)
    let file = try Self.file(Self.planes(lattice, width: 23, height: 18, isCorrected: true))
    let information = try FileInformation(file, store: wholeStore())
    #expect(information.transform == "photoCD" && information.chromaSampling == "photoCD")
    #expect(information.groups.map(\.channels) == ["Y", "CC", "r", "gb"])
    #expect(information.groups.map(\.tileWidth) == [23, 12, 23, 23])
    let plain = try FileInformation(makeCompressor().compress(testImage("city")))
    #expect(plain.transform == nil && plain.chromaSampling == nil)
  }

  /// Found in the pixels, and coded as such unless the caller says no; with alpha, too.
  @Test(arguments: [false, true]) func compressorsFindLattices(hasAlpha: Bool) throws {
    let lattice = ColourLattice(transform: .jfif, sampling: .halfBothLinear)
    var planes = Self.planes(lattice, width: 96, height: 80)
    // Chroma that is no smooth function: nothing but the lattice tells it.
    var state: UInt32 = 1
    for k in 0..<2 {
      for i in planes.chroma[k].samples.indices {
        state = state &* 1_664_525 &+ 1_013_904_223
        planes.chroma[k].samples[i] = UInt8(100 + state >> 27)
      }
    }
    var image = Self.image(planes)
    if hasAlpha {
      let alpha = formatImage(PixelFormat(.gray, depth: 8), .graphics, width: 96, height: 80)
      image = Image(PixelFormat(.rgba, depth: 8), planes: image.planes + alpha.planes)
    }
    let png = try PNGFile.encode(image)
    var options = Compressor.Options()
    options.effort = .fast
    options.verify = true
    let found = try Compressor(options).compress(png)
    #expect(try Header.decode(found).header.lattice == lattice)
    options.transform = .none
    let plain = try Compressor(options).compress(png)
    #expect(try Header.decode(plain).header.lattice == nil)
    #expect(found.count < plain.count)
    #expect(try PNGFile.decode(Decompressor().decompress(found)) == image)
  }

  /// A store without a model of gray images, or of three colours, has none for luma, or chroma.
  @Test(arguments: ["laplace", "gray"]) func missingModels(name: String) throws {
    let all = try wholeStore()
    let model = try #require(try all.model(named: name))
    var options = Compressor.Options()
    options.store = ModelStore(model)
    let planes = Self.planes(Self.lattices[2], width: 70, height: 60)
    #expect(try GroupEncoder(options: options, heldBytes: 0).encode(planes, nil) == nil)
    let png = try PNGFile.encode(Self.image(planes))
    let file = try Compressor(options).compress(png)
    #expect(try Header.decode(file).header.lattice == nil)
  }

  /// A network of chroma asks for a model of three colours, however many planes are coded.
  @Test func modelsOfOtherColoursAreRefused() throws {
    let planes = Self.planes(Self.lattices[0], width: 9, height: 7)
    let file = try PRNFile(Self.file(planes))
    var header = file.header
    let identities = header.groups.compactMap { group -> [UInt8]? in
      guard case .network(let identity, _, _) = group.parameters else { return nil }
      return identity
    }
    #expect(identities.count == 2)
    for (index, other) in [(0, 1), (1, 0)] {
      header.groups = file.header.groups
      header.groups[index].parameters = .network(
        modelIdentity: identities[other], mixingLevel: 1, adaptation: 0)
      let bytes = try PRNFile.encode(
        header, groups: header.groups.map { .init(tiles: $0.codec == .constant ? [] : [[]]) })
      var options = Decompressor.Options()
      options.store = try wholeStore()
      let error = prnzipError { () throws(PRNZipError) in try Decompressor(options).test(bytes) }
      guard case .container(.corrupt) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }
}
