import ColourLattices
import Container
import Foundation
import ImagePlanes
import Mixing
import ModelStore
import PNGFile
import TestSupport
import Testing

@testable import PRNZip

/// Parts of images of which no more is decoded than they need.
@Suite struct RegionTests {
  private static let regions = [
    PixelRegion(x: 0, y: 0, width: 1, height: 1), PixelRegion(x: 69, y: 60, width: 1, height: 1),
    PixelRegion(x: 17, y: 30, width: 20, height: 5), PixelRegion(x: 30, y: 0, width: 3, height: 61),
    PixelRegion(x: 0, y: 45, width: 70, height: 9), PixelRegion(x: 0, y: 0, width: 70, height: 61),
  ]

  /// Counts the tiles that are decoded.
  private final class Tiles: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [TileRectangle] = []
    var count: Int { lock.withLock { list.count } }

    func add(_ tile: TileRectangle) { lock.withLock { list.append(tile) } }
  }

  /// Parts of a file are those of the whole image.
  ///
  /// - Returns: how many tiles each region took.
  @discardableResult
  private static func expectParts(
    _ prn: [UInt8], _ regions: [PixelRegion] = regions, _ comment: String = "",
    location: SourceLocation = #_sourceLocation
  ) throws -> [Int] {
    let decompressor = try decompressor(threads: 2)
    let image = try PNGFile.decode(decompressor.decompress(prn))
    return try regions.map { region in
      let tiles = Tiles()
      var options = decompressor.options
      options.onTile = { tiles.add($0) }
      let part = try Decompressor(options).part(of: prn, region, nil).image
      #expect(
        try part == image.crop(region.rectangle), "\(comment), \(region)", sourceLocation: location)
      return tiles.count
    }
  }

  @Test(arguments: PixelFormat.ofPNG, [Effort.instant, .fast])
  func everyKind(_ format: PixelFormat, effort: Effort) throws {
    let compressor = try makeCompressor(effort: effort, isPure: false, tileLimit: 16)
    for (kind, isInterlaced) in [
      (SampleKind.graphics, false), (.gradient, true), (.random, false), (.equal, false),
    ] {
      let image = formatImage(format, kind, width: 70, height: 61)
      let chunks =
        format.channels == .palette ? RoundTripTests.palette(1 << format.depth, alpha: 2) : []
      let png = try PNGFile.encode(
        image, metadata: chunks + [.imageDataMark], isInterlaced: isInterlaced)
      try Self.expectParts(compressor.compress(png), Self.regions, "\(format), \(kind)")
    }
  }

  @Test(arguments: LatticeTests.lattices) func lattices(_ lattice: ColourLattice) throws {
    for tileLimit in [16, 1024] {
      let planes = LatticeTests.planes(lattice, width: 70, height: 61, isCorrected: true)
      let options = try makeCompressor(isPure: false, tileLimit: tileLimit).options
      let coded = try #require(try GroupEncoder(options: options, heldBytes: 0).encode(planes, nil))
      let prn = try modelledFile(
        LatticeTests.image(planes), Metadata([]), coded.groups, lattice: coded.lattice)
      let counts = try Self.expectParts(prn, Self.regions, "\(lattice)")
      // Less for a corner than for all: tiles of luma, of chroma, and corrections.
      if tileLimit == 16 { #expect(counts[0] <= 8 && counts[5] >= 25, "\(counts)") }
    }
  }

  @Test(arguments: MultiScaleModel.allCases, [MixingLevel.pure, .standard])
  func multiScaleModels(_ model: MultiScaleModel, mixing: MixingLevel) throws {
    guard mixing == .pure || model.architecture.symbolCentre.isAdaptive else { return }
    let image = model.image(width: 70, height: 61)
    for sectionPixels in [1, 1000] {
      var options = Compressor.Options()
      options.store = try store([model.weights()])
      (options.tileLimit, options.sectionPixels) = (16, sectionPixels)
      let network = try #require(try options.store.model(named: "multi"))
      let prn = try Compressor(options).encode(
        image, metadata: Metadata(), with: network, mixing: mixing)
      var decoding = Decompressor.Options()
      decoding.store = options.store
      for region in Self.regions {
        let part = try Decompressor(decoding).part(of: prn, region, nil).image
        #expect(try part == image.crop(region.rectangle), "\(region)")
      }
    }
  }

  /// The tiles that have some of the region, and no others.
  @Test func otherTilesAreNotDecoded() throws {
    let image = smoothImage(width: 70, height: 61)
    let laplace = try #require(try photoStore().model(named: "laplace"))
    let compressor = try makeCompressor(tileLimit: 16)
    let prn = try compressor.encode(image, metadata: Metadata(), with: laplace, mixing: .fast)
    // 5 tiles of 14 columns across, 4 of 16 rows down.
    let regions = [
      PixelRegion(x: 14, y: 16, width: 14, height: 16),
      PixelRegion(x: 13, y: 15, width: 2, height: 2),
      PixelRegion(x: 0, y: 0, width: 70, height: 1), PixelRegion(x: 0, y: 0, width: 70, height: 61),
    ]
    #expect(try Self.expectParts(prn, regions) == [1, 4, 5, 20])
    // Linear predictors have tiles of 1024 columns and 2^18 pixels at most: here two by three.
    let options = try makeCompressor(effort: .instant, isPure: false).options
    let linear = try Compressor(options).compress(
      PNGFile.encode(smoothImage(width: 1100, height: 1000)))
    #expect(try Header.decode(linear).header.groups[0].codec == .linear)
    let ofLinear = [
      PixelRegion(x: 0, y: 0, width: 100, height: 100),
      PixelRegion(x: 500, y: 300, width: 100, height: 100),
      PixelRegion(x: 0, y: 0, width: 1100, height: 1000),
    ]
    #expect(try Self.expectParts(linear, ofLinear) == [1, 4, 6])
  }

  @Test func patchesAreKnown() throws {
    // A photo in a flat picture.
    var image = formatImage(.rgb8, .flat, width: 400, height: 300)
    image.paste(
      try PNGFile.decode(testImage("city")).crop(.init(row: 9, column: 9, height: 128, width: 160)),
      row: 64, column: 96)
    let options = Compressor.Options()
    let varying = try #require(VaryingChannels(image, ImageTraits(image)))
    let codec = varying.graphicsCodec(options)
    let plan = varying.graphics(codec)
    let encoder = GroupEncoder(options: options, heldBytes: 0)
    let costs = try #require(try encoder.costs(plan, codec)).costs
    let model = try #require(try options.store.model(named: "photo-fast"))
    let coded = try #require(
      try encoder.encode(
        plan, costs,
        patchesWith: NetworkPlan(model: model, mixings: [MixingParameters(.fast)])))
    let prn = try modelledFile(image, .init(), [coded])
    #expect(try Header.decode(prn).header.groups.contains { $0.codec == .patches })
    var decoding = Decompressor.Options()
    decoding.threads = 2
    for region in [
      PixelRegion(x: 90, y: 60, width: 9, height: 7),
      PixelRegion(x: 200, y: 150, width: 90, height: 70),
      PixelRegion(x: 0, y: 290, width: 400, height: 10),
      PixelRegion(x: 3, y: 1, width: 400 - 3, height: 60),
    ] {
      let part = try Decompressor(decoding).part(of: prn, region, nil).image
      #expect(try part == image.crop(region.rectangle), "\(region)")
    }
  }

  /// Strips without any of the region are not decoded; those with all of them are verified.
  @Test func strips() throws {
    var options = try makeCompressor(effort: .instant, isPure: false).options
    (options.wholePixels, options.stripPixels) = (0, 1 << 16)
    let png = try PNGFile.encode(formatImage(.rgb8, .graphics, width: 512, height: 300))
    let prn = try Compressor(options).compress(png)
    #expect(try FileInformation(prn).stripCount == 3)
    let regions = [
      PixelRegion(x: 9, y: 5, width: 80, height: 99),
      PixelRegion(x: 9, y: 127, width: 80, height: 2),
      PixelRegion(x: 0, y: 100, width: 512, height: 200),
      PixelRegion(x: 0, y: 0, width: 512, height: 300),
    ]
    #expect(try Self.expectParts(prn, regions) == [1, 2, 3, 3])
  }

  /// Damage is found where it is decoded, and by the checksum of its section elsewhere.
  @Test func damageIsRefused() throws {
    let image = smoothImage(width: 70, height: 61)
    let laplace = try #require(try photoStore().model(named: "laplace"))
    let prn = try makeCompressor(tileLimit: 16).encode(
      image, metadata: Metadata(), with: laplace, mixing: .fast)
    let decompressor = try decompressor()
    let region = PixelRegion(x: 20, y: 20, width: 5, height: 5)
    for index in stride(from: 0, to: prn.count, by: 7) {
      var damaged = prn
      damaged[index] ^= 0x21
      #expect(
        prnzipError { () throws(PRNZipError) in try decompressor.pixels(of: damaged, region: region)
        }
          != nil, "\(index)")
    }
  }

  /// The palette and what says what colours are stay; what is of the whole goes.
  @Test func chunksOfARegion() throws {
    let format = PixelFormat(.palette, depth: 4)
    let chunks =
      [PNGChunk(type: Array("gAMA".utf8), data: [0, 0, 1, 2])]
      + RoundTripTests.palette(16, alpha: 2)
      + [
        PNGChunk(type: Array("tEXt".utf8), data: Array("a\0b".utf8)), .imageDataMark,
        PNGChunk(type: Array("tIME".utf8), data: [1, 2, 3, 4, 5, 6, 7]),
      ]
    let image = formatImage(format, .graphics, width: 70, height: 61)
    let prn = try makeCompressor(isPure: false).compress(
      PNGFile.encode(image, metadata: chunks, isInterlaced: true, trailing: [7]))
    let region = PixelRegion(x: 3, y: 4, width: 50, height: 20)
    let png = try decompressor().decompress(prn, region: region)
    #expect(try PNGFile.decode(png) == image.crop(region.rectangle))
    let information = try PNGFile.inspect(png)
    #expect(information.metadata.map(\.name) == ["gAMA", "PLTE", "tRNS", "IDAT"])
    #expect(!information.isInterlaced && information.trailing.isEmpty)
  }
}
