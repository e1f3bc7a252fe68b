import Container
import Foundation
import ImagePlanes
import Mixing
import ModelStore
import PNGFile
import PixelNetwork
import Platform
import TestSupport
import Testing

@testable import PRNZip

@Suite struct CompressorTests {
  /// Width, height, tile limit: single pixels, lines, primes, more than a tile each way.
  static let sizes = [
    (1, 1, 1024), (2, 1, 1024), (1, 2, 1024), (1, 97, 1024), (97, 1, 1024), (1, 97, 10),
    (97, 1, 10), (31, 37, 1024), (61, 7, 16), (7, 61, 16), (33, 32, 32), (64, 64, 32), (19, 23, 1),
    (53, 47, 20), (130, 3, 64),
  ]

  @Test(arguments: sizes.indices)
  func everySizeRoundTrips(index: Int) throws {
    let (width, height, tileLimit) = Self.sizes[index]
    let image = smoothImage(width: width, height: height)
    let metadata = Metadata(behindImage: [.init(type: Array("tIME".utf8), data: [1, 2])])
    for model in try photoStore().all() {
      let compressor = try makeCompressor(tileLimit: tileLimit)
      let prn = try compressor.encode(image, metadata: metadata, with: model)
      #expect(try decompressor().decode(prn) == .modelled(image, metadata, isInterlaced: false))
      let information = try FileInformation(prn)
      let group = try #require(information.network)
      #expect(group.tileWidth <= tileLimit && group.tileHeight <= tileLimit)
    }
  }

  @Test func aPlainImageIsModelled() throws {
    let image = smoothImage(width: 60, height: 40)
    let png = plainPNG(image)
    let prn = try makeCompressor(verify: true).compress(png)
    #expect(prn.count < png.count / 2)
    #expect(try FileInformation(prn).isModelled)
    let again = try decompressor().decompress(prn)
    #expect(try PNGFile.decode(again) == image)
    try decompressor().test(prn)
  }

  @Test func ancillaryChunksSurviveInOrder() throws {
    let image = smoothImage(width: 20, height: 20)
    var maker = PNGMaker(width: 20, height: 20)
    maker.before = [
      ("gAMA", [0, 0, 0xB1, 0x8F]), ("tEXt", Array("Title\0one".utf8)), ("prVt", []),
      ("PLTE", [1, 2, 3]), ("tEXt", Array("Title\0two".utf8)),
    ]
    maker.behind = [("tEXt", Array("Title\0three".utf8)), ("tIME", [7, 0xE8, 1, 2, 3, 4, 5])]
    let png = maker.file(image.interleaved)
    let prn = try makeCompressor().compress(png)
    #expect(try FileInformation(prn).isModelled)
    let again = try decompressor().decompress(prn)
    #expect(try PNGFile.inspect(again) == PNGFile.inspect(png))
    #expect(try PNGFile.inspect(again).metadata.count == 8)
  }

  /// Every kind that has no network: colour types, depths, interlaced, animated, trailing bytes.
  @Test func allKindsAreModelled() throws {
    var makers = [
      PNGMaker(width: 1, height: 1, colourType: 0, depth: 1, interlaced: true),
      PNGMaker(width: 30, height: 30, colourType: 0, depth: 1, trailing: [1]),
    ]
    for (colourType, depths) in [
      (0, [2, 4, 16]), (2, [16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16]),
    ] {
      for depth in depths {
        makers.append(PNGMaker(width: 9, height: 5, colourType: colourType, depth: depth))
      }
    }
    makers.append(PNGMaker(width: 1, height: 1, interlaced: true))
    var animated = PNGMaker(width: 30, height: 30)
    animated.before = [("acTL", [0, 0, 0, 1, 0, 0, 0, 0])]
    makers.append(animated)
    makers.append(PNGMaker(width: 30, height: 30, trailing: [1]))
    for maker in makers {
      let png = maker.file([0])
      let prn = try makeCompressor().compress(png)
      try expectRoundTrip(prn, png, decompressor())
      let information = try FileInformation(prn)
      #expect(information.isModelled && information.isInterlaced == maker.interlaced)
      #expect(information.groups.map(\.codec) == ["constant"])
      #expect(information.width == maker.width && information.height == maker.height)
      #expect(information.colourType == maker.colourType)
      #expect(information.sampleDepth == maker.depth)
    }
  }

  /// Noise does not get smaller with the model of noise; then the PNG file's own bytes are kept.
  @Test func theSmallerOneWins() throws {
    var image = Image(width: 30, height: 30)
    var state: UInt32 = 1
    for colour in 0..<3 {
      for i in 0..<900 {
        state = state &* 1_664_525 &+ 1_013_904_223
        image.planes[colour].samples[i] = UInt8(state >> 24)
      }
    }
    let png = plainPNG(image)
    let prn = try makeCompressor(model: "noise").compress(png)
    #expect(try !FileInformation(prn).isModelled)
    #expect(prn.count < png.count + 64)
    #expect(try decompressor().decompress(prn) == png)
  }

  @Test(arguments: Effort.allCases, [false, true])
  func grayImagesAreModelled(effort: Effort, isPure: Bool) throws {
    let image = grayImage(width: 50, height: 40)
    var maker = PNGMaker(width: 50, height: 40, colourType: 0)
    maker.before = [("gAMA", [0, 0, 0xB1, 0x8F])]
    let png = maker.file(image.interleaved)
    let prn = try makeCompressor(model: "gray", effort: effort, isPure: isPure, verify: true)
      .compress(png)
    let information = try FileInformation(prn, store: wholeStore())
    #expect(information.isModelled && information.colourType == 0 && information.channels == 1)
    #expect(information.network?.modelName == "gray" && prn.count < png.count)
    #expect((information.network?.mixing == .pure) == isPure)
    let again = try decompressor(threads: 2).decompress(prn)
    #expect(try PNGFile.decode(again) == image)
    #expect(try PNGFile.inspect(again) == PNGFile.inspect(png))
  }

  /// A 1-bit image is coded with a network that is asked for, if it is for such.
  @Test func bitsAreModelled() throws {
    let image = bitImage(width: 203, height: 90)
    var maker = PNGMaker(width: 203, height: 90, colourType: 0, depth: 1)
    maker.behind = [("tEXt", Array("Title\0one".utf8))]
    let png = try PNGFile.encode(image, metadata: [.imageDataMark], level: 1)
    for effort in Effort.allCases {
      let prn = try makeCompressor(model: "bits", effort: effort, isPure: false, verify: true)
        .compress(bitPNG(image))
      let information = try FileInformation(prn, store: wholeStore())
      #expect(information.network?.modelName == "bits" && information.network?.mixing == .pure)
      #expect(information.colourType == 0 && information.sampleDepth == 1)
      let again = try decompressor(threads: 2).decompress(prn)
      #expect(try PNGFile.decode(again) == image)
      #expect(try PNGFile.inspect(again) == PNGFile.inspect(bitPNG(image)))
    }
    #expect(try PNGFile.decode(png) == image)
    let noise = maker.file((0..<999).map { UInt8(truncatingIfNeeded: $0 * $0 * 31 >> 3) })
    for (model, file) in [(nil, noise), ("bits", noise), ("gray", png)]
      as [(String?, [UInt8])]
    {
      let prn = try makeCompressor(model: model, isPure: false).compress(file)
      #expect(try FileInformation(prn).network == nil || model == "bits")
      try expectRoundTrip(prn, file, decompressor())
    }
    var options = Compressor.Options()
    options.store = try photoStore()
    let prn = try Compressor(options).compress(png)
    #expect(try FileInformation(prn).network == nil)
    try expectRoundTrip(prn, png, decompressor())
  }

  /// Every number of tiles in a section gives the same image back, in the same bytes for every
  /// number of threads.
  @Test(arguments: [MixingLevel.pure, .fast, .full])
  func smallTilesShareSections(_ mixing: MixingLevel) throws {
    let image = smoothImage(width: 41, height: 30)
    let model = try #require(try photoStore().model(named: "noise"))
    let metadata = Metadata(behindImage: [.init(type: Array("tIME".utf8), data: [1, 2])])
    // 5 x 3 tiles of 9 x 10 pixels.
    var sizes: [Int] = []
    for (pixels, share) in [(1, 1), (90, 1), (91, 2), (360, 4), (1 << 18, 15)] {
      let files = try [1, 3].map { threads in
        try makeCompressor(threads: threads, tileLimit: 10, sectionPixels: pixels).encode(
          image, metadata: metadata, with: model, mixing: mixing,
          adaptation: mixing == .pure ? 0 : 1)
      }
      #expect(files[0] == files[1])
      let file = try PRNFile(files[0])
      #expect(file.header.network?.tilesPerSection == share)
      #expect(file.tiles.count == (15 + share - 1) / share)
      for threads in [1, 2, 5] {
        #expect(
          try decompressor(threads: threads).decode(files[0])
            == .modelled(image, metadata, isInterlaced: false))
      }
      sizes.append(files[0].count)
    }
    // A section costs 6 bytes and more, the coder's end up to 2.
    #expect(sizes[0] == sizes[1] && sizes[1] > sizes[2] + 5 * 7 && sizes[3] > sizes[4] + 6)
  }

  /// The code lengths of the tiles are what a coder comes to.
  @Test func codeLengthsAreTheFilesSize() throws {
    let image = bitImage(width: 200, height: 120)
    var compressor = try makeCompressor(tileLimit: 40, sectionPixels: 1 << 18)
    var lengths = try compressor.codeLengths(bitPNG(image))
    #expect(lengths.count == 15)
    let ones = image.planes[0].samples.reduce(0.0) { $0 + Double($1) }
    let expected = ones * log2(9) + (24000 - ones) * log2(9.0 / 8)
    #expect(abs(lengths.reduce(0, +) - expected) < 0.001 * expected)
    let model = try #require(try compressor.options.store.model(named: "bits"))
    let prn = try compressor.encode(image, metadata: Metadata(), with: model)
    let payload = try PRNFile(prn).tiles.reduce(0) { $0 + $1.payload.count }
    #expect(abs(Double(payload) - lengths.reduce(0, +) / 8) < 4)

    compressor = try makeCompressor(model: "noise", threads: 3, tileLimit: 30)
    let photo = smoothImage(width: 61, height: 20)
    lengths = try compressor.codeLengths(plainPNG(photo))
    let noise = try #require(try compressor.options.store.model(named: "noise"))
    let tiles = try PRNFile(compressor.encode(photo, metadata: Metadata(), with: noise)).tiles
    #expect(lengths.count == tiles.count)
    for (length, tile) in zip(lengths, tiles) {
      #expect(abs(length / 8 - Double(tile.payload.count)) < 4)
    }
    #expect(try compressor.codeLengths(bitPNG(image)) == [])
  }

  /// A model for other colours does not fit: no network is used.
  /// Whoever names a model expects that it is used; RGB images that are gray are no mistake.
  @Test func modelsOfOtherColoursAreRefused() throws {
    let gray = plainPNG(grayImage(width: 30, height: 30))
    let colour = plainPNG(smoothImage(width: 30, height: 30))
    for (model, png) in [("laplace", gray), ("noise", gray), ("gray", colour)] {
      let compressor = try makeCompressor(model: model, isPure: false)
      let error = prnzipError { () throws(PRNZipError) in try compressor.compress(png) }
      guard case .unsuitableModel(model, _, _) = error else {
        Issue.record("\(model): \(error.map { "\($0)" } ?? "no error")")
        continue
      }
    }
    var grayRGB = smoothImage(width: 30, height: 30)
    grayRGB.planes = Array(repeating: grayRGB.planes[0], count: 3)
    let png = plainPNG(grayRGB)
    try expectRoundTrip(
      makeCompressor(model: "laplace", isPure: false).compress(png), png, decompressor())
  }

  /// A higher effort tries what the lower ones do, too.
  @Test(arguments: [false, true])
  func higherEffortsNeverGiveLargerFiles(isPure: Bool) throws {
    let city = try PNGFile.decode(testImage("city"))
      .crop(TileRectangle(row: 90, column: 80, height: 40, width: 50))
    let night = testImage(rows: 33, columns: 35)
    let flat = Image(width: 40, height: 30)
    let images = [
      city, night, flat, smoothImage(width: 60, height: 30), grayImage(width: 40, height: 40),
    ]
    for image in images {
      let sizes = try Effort.allCases.map { effort in
        let prn = try makeCompressor(effort: effort, isPure: isPure).compress(plainPNG(image))
        #expect(try FileInformation(prn).width == image.width)
        return prn.count
      }
      #expect(Effort.allCases == [.instant, .fast, .default, .best])
      #expect(sizes == sizes.sorted(by: >))
    }
  }

  /// Effort instant takes linear predictors for photographs, beside alpha, and runs for pictures;
  /// graphics, too, where they are tiny.
  @Test func instantHasNoNetworks() throws {
    func groups(_ image: Image) throws -> [Group] {
      let png = try PNGFile.encode(image, metadata: [.imageDataMark], level: 1)
      let prn = try makeCompressor(effort: .instant, isPure: false, verify: true).compress(png)
      try expectRoundTrip(prn, png, decompressor(threads: 2))
      return try Header.decode(prn).header.groups
    }
    let city = try PNGFile.decode(testImage("city"))
    let gray = Image(.gray8, planes: [city.planes[1]])
    for photo in [city, gray] {
      let found = try groups(photo)
      #expect(found.map(\.codec) == [.linear] && found[0].tiling?.tileWidth == 576, "\(found)")
    }
    var alpha = Plane(width: city.width, height: city.height)
    for i in alpha.samples.indices { alpha.samples[i] = i % 576 < 100 ? 0 : 255 }
    let found = try groups(Image(PixelFormat(.rgba, depth: 8), planes: city.planes + [alpha]))
    #expect(found.map(\.codec) == [.linear, .runs] && found.map(\.channels) == [7, 8])
    let screen = try PNGFile.decode(testImage("screen-graph"))
    #expect(try groups(screen).map(\.codec) == [.runs])
    let tiny = formatImage(.rgb8, .graphics, width: 40, height: 40)
    #expect(try groups(tiny).map(\.codec) == [.graphics])
    let windows = try makeCompressor(effort: .instant, isPure: false).compress(
      testImage("screen-windows95"))
    let group = try Header.decode(windows).header.groups[0]
    #expect(group.parameters == .runs(colours: 14) && group.tiling == nil)
  }

  /// Each way of coding is tried once; the effort's own models are taken where they are known.
  @Test func plansFollowFromTheEffort() throws {
    var options = Compressor.Options()
    options.store = try wholeStore()
    func plans(_ effort: Effort, colours: Int = 3, bits: Int = 8) throws -> [String] {
      options.effort = effort
      return try options.networkPlans(PixelFormat(colours == 1 ? .gray : .rgb, depth: bits)).map {
        ([$0.model.name] + $0.mixings.map { "\($0.level.rawValue).\($0.adaptation)" })
          .joined(separator: " ")
      }
    }
    #expect(try plans(.instant) == [])
    #expect(try plans(.fast) == ["laplace 1.0"])
    #expect(try plans(.default) == ["laplace 2.0 1.0"])
    #expect(try plans(.best) == ["laplace 2.0 3.0 3.1 1.0"])
    #expect(try plans(.default, colours: 1) == ["gray 2.0 1.0"])
    #expect(try plans(.best, colours: 1, bits: 1) == ["bits 0.0"])
    options.model = "laplace"
    #expect(try plans(.instant) == ["laplace 1.0"])
    options.model = "fixed"
    #expect(try plans(.best) == ["fixed 0.0"])
    #expect(try plans(.best, colours: 1) == [])
    #expect(try plans(.best, colours: 1, bits: 1) == [])
    options.model = nil
    options.isPure = true
    #expect(try plans(.best) == ["laplace 0.0"])
    options.isPure = false
    try options.store.add(TestModels.laplace(name: "photo-fast"))
    #expect(try plans(.default) == ["laplace 2.0", "photo-fast 1.0"])
  }

  @Test func theSmallestMixingIsKept() throws {
    let model = try #require(try photoStore().model(named: "laplace"))
    let plan = NetworkPlan(model: model, mixings: Effort.best.mixings)
    #expect(plan.choice(of: [1001, 1000, 1002]) == 1)
    #expect(plan.choice(of: [1000, 1000, 999]) == 2)
    #expect(plan.choice(of: [1000, 1000, 1000]) == 0)
    #expect(NetworkPlan(model: model, mixings: [MixingParameters(.pure)]).choice(of: [7]) == 0)
  }

  @Test func withoutModelsNoNetworkIsUsed() throws {
    var options = Compressor.Options()
    options.store = ModelStore()
    let png = plainPNG(smoothImage(width: 20, height: 20))
    let prn = try Compressor(options).compress(png)
    #expect(try FileInformation(prn).groups.map(\.codec) == ["linear"])
    try expectRoundTrip(prn, png, Decompressor())
  }

  @Test func theModelIsChosenByName() throws {
    let png = plainPNG(smoothImage(width: 20, height: 20))
    let store = try photoStore()
    let prn = try makeCompressor(model: "laplace").compress(png)
    #expect(try FileInformation(prn, store: store).network?.modelName == "laplace")
    #expect(throws: PRNZipError.unknownModelName("other")) {
      try makeCompressor(model: "other").compress(png)
    }
  }

  @Test func damagedPNGFilesAreRefused() throws {
    let rgb = plainPNG(smoothImage(width: 6, height: 5))
    let gray = PNGMaker(width: 6, height: 5, colourType: 0).file([3])
    for png in [rgb, gray] {
      for index in png.indices {
        var damaged = png
        damaged[index] ^= 0x10
        guard
          case .png = prnzipError({ () throws(PRNZipError) in
            try compressor(damaged)
          })
        else {
          Issue.record("byte \(index)")
          continue
        }
      }
      for length in png.indices {
        #expect(throws: PRNZipError.self) { try compressor(Array(png[..<length])) }
      }
    }
  }

  private func compressor(_ png: [UInt8]) throws(PRNZipError) -> [UInt8] {
    try Compressor(Compressor.Options()).compress(png)
  }

  @Test func tooManyPixelsAreRefused() throws {
    var options = Compressor.Options()
    options.store = try photoStore()
    options.limits.maximumPixels = 399
    let png = plainPNG(smoothImage(width: 20, height: 20))
    #expect(throws: PRNZipError.limitExceeded(what: "pixels", value: 400, limit: 399)) {
      try Compressor(options).compress(png)
    }
  }

  /// Identical files for every number of threads and every instruction set.
  @Test func theFileDependsOnTheImageAlone() throws {
    let image = smoothImage(width: 75, height: 50)
    let model = try #require(try photoStore().model(named: "noise"))
    let files = try [1, 2, 3, 4, 7, 20].map {
      try makeCompressor(threads: $0, tileLimit: 30).encode(
        image, metadata: Metadata(), with: model)
    }
    for file in files.dropFirst() { #expect(file == files[0]) }
    for threads in [2, 5] {
      #expect(
        try decompressor(threads: threads).decode(files[0])
          == .modelled(image, Metadata(), isInterlaced: false))
    }
    let file = try PRNFile(files[0])
    #expect(file.tiles.count == 6)
    for instructions in InstructionSet.supported {
      var options = Compressor.Options()
      options.tileLimit = 30
      options.sectionPixels = 1
      options.instructions = instructions
      let same = try Compressor(options).encode(image, metadata: Metadata(), with: model)
      #expect(same == files[0], "\(instructions)")
    }
  }

  @Test func progressRisesToOne() throws {
    let recorder = Recorder()
    let png = plainPNG(smoothImage(width: 40, height: 40))
    let prn = try makeCompressor(threads: 3, tileLimit: 8).compress(png) { recorder.add($0) }
    #expect(recorder.values.count >= 26)
    #expect(recorder.values == recorder.values.sorted())
    #expect(recorder.values.last == 1)
    _ = try decompressor().decompress(prn) { recorder.add($0) }
    #expect(recorder.values.last == 1)
  }

  /// Images that come with the program, whole, with its own models.
  static let wholeImages: [(name: String, share: Double)] = [
    ("city", 0.75), ("night", 0.5), ("screen-graph", 0.6), ("screen-windows95", 0.6),
  ]

  /// They are modelled, photos with the network, and so smaller than this share of the PNG file.
  /// Half a photo, half text: no network is as good for the text as graphics.
  @Test func largePicturesAreNotOneOrTheOther() throws {
    var image = try Image(.rgb8, width: 1000, height: 400)
    for (name, column) in [("city", 0), ("screen-terminal", 500)] {
      let part = TileRectangle(row: 0, column: 0, height: 400, width: 500)
      try image.paste(PNGFile.decode(testImage(name)).crop(part), row: 0, column: column)
    }
    var options = Compressor.Options()
    (options.effort, options.threads, options.transform) = (.fast, 2, .none)
    let information = try FileInformation(Compressor(options).compress(PNGFile.encode(image)))
    #expect(information.groups.map(\.codec) == ["patches"])
  }

  @Test(arguments: wholeImages) func testImagesAreModelled(name: String, share: Double) throws {
    let png = try testImage(name)
    var options = Compressor.Options()
    options.effort = .fast
    options.threads = 2
    options.tileLimit = 300
    let prn = try Compressor(options).compress(png)
    let information = try FileInformation(prn)
    #expect(information.isModelled)
    if !name.hasPrefix("screen") {
      #expect(information.network?.mixing == .fast)
      #expect(information.network?.modelName == "photo-fast")
    } else {
      #expect(information.groups.allSatisfy { ["graphics", "bilevel"].contains($0.codec) })
    }
    #expect(Double(prn.count) < share * Double(png.count), "\(prn.count) of \(png.count)")
    var decoding = Decompressor.Options()
    decoding.threads = 2
    let again = try Decompressor(decoding).decompress(prn)
    #expect(try PNGFile.decode(again) == PNGFile.decode(png))
    #expect(try PNGFile.inspect(again) == PNGFile.inspect(png))
  }

  /// What prediction and contexts do alone: more bytes than with the network, and fewer than the
  /// PNG file has.
  @Test(arguments: ["city", "night"], [MixingLevel.fast, .standard, .full])
  func theNetworkIsWorthSomething(name: String, level: MixingLevel) throws {
    let part = TileRectangle(row: 40, column: 60, height: 120, width: 160)
    let image = try PNGFile.decode(testImage(name)).crop(part)
    let png = try PNGFile.encode(image, level: 9)
    var options = Compressor.Options()
    options.effort = .fast
    options.threads = 2
    let compressor = Compressor(options)
    let without = try compressor.sizeWithoutNetwork(png, level: level)
    let model = try #require(try ModelStore.embedded.model(named: "photo-fast"))
    let with = try compressor.encode(image, metadata: Metadata(), with: model, mixing: level).count
    #expect(without > with + with / 500, "\(with), without it \(without)")
    #expect(without < png.count * 9 / 10, "\(without), as PNG \(png.count)")
    if level == .fast { #expect(try compressor.sizeWithoutNetwork(png) == without) }
    // Where no network fits there is none to leave out.
    let other = PNGMaker(width: 3, height: 2, colourType: 6).file([1, 2])
    #expect(try compressor.sizeWithoutNetwork(other) == storedFile(other).count)
  }
}

/// Collects progress from several threads.
private final class Recorder: @unchecked Sendable {
  private let lock = NSLock()
  private var list: [Double] = []
  var values: [Double] { lock.withLock { list } }
  func add(_ value: Double) { lock.withLock { list.append(value) } }
}
