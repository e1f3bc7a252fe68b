import Container
import EntropyCoding
import Foundation
import ImagePlanes
import Mixing
import ModelStore
import PNGFile
import PixelNetwork
import Platform
import TestSupport
import Testing
import TileCoding

@testable import PRNZip

/// Files of multi-scale models, whose small image comes first.
@Suite struct MultiScaleTests {
  private static func models(_ model: MultiScaleModel) throws -> ModelStore {
    try store([model.weights()])
  }

  private static func decoder(_ model: MultiScaleModel, threads: Int = 1) throws -> Decompressor {
    var options = Decompressor.Options()
    options.store = try models(model)
    options.threads = threads
    return Decompressor(options)
  }

  private static func file(
    _ model: MultiScaleModel, _ image: Image, mixing: MixingLevel = .pure, threads: Int = 1,
    tileLimit: Int, sectionPixels: Int = 1, metadata: Metadata = Metadata()
  ) throws -> [UInt8] {
    var options = Compressor.Options()
    options.sectionPixels = sectionPixels
    options.tileLimit = tileLimit
    options.threads = threads
    let model = try #require(try models(model).model(named: "multi"))
    return try Compressor(options).encode(image, metadata: metadata, with: model, mixing: mixing)
  }

  private func error<Value>(_ body: () throws(PRNZipError) -> Value) -> PRNZipError? {
    prnzipError(body)
  }

  // MARK: Tiles

  /// A codec of one tile, which is all of its image.
  private struct OneTile {
    let codec: NetworkTileCodec
    let scale: Int

    init(
      _ model: MultiScaleModel, mixing: MixingLevel = .pure,
      instructions: InstructionSet = .current
    ) throws {
      codec = NetworkTileCodec(
        try Network(weightFile: model.weights()), mixings: [MixingParameters(mixing)],
        instructions: instructions)
      scale = model.architecture.scale
    }

    private func all(_ image: Image) -> [TileRectangle] {
      [TileRectangle(row: 0, column: 0, height: image.height, width: image.width)]
    }

    func encode(_ image: Image, threads: Int = 2) throws -> [UInt8] {
      try codec.encode(image, all(image), threads: threads)[0]
    }

    /// `image` gives the size and, if `small` is nil, the small image.
    func decode(
      _ bytes: [UInt8], like image: Image, small: Image? = nil, threads: Int = 2
    ) throws -> Image {
      var decoded = try Image(image.format, width: image.width, height: image.height)
      try codec.decode(
        bytes[...], all(image), small: small ?? image.subsampled(by: scale), threads: threads
      ) { tile, rectangle in tile.write(to: &decoded, row: rectangle.row, column: rectangle.column)
      }
      return decoded
    }
  }

  @Test(
    arguments: [
      (1, 1), (1, 2), (2, 1), (3, 3), (1, 37), (37, 1), (2, 2), (4, 5), (3, 50), (50, 3), (21, 26),
      (600, 2),
    ])
  func tilesRoundTrip(_ rows: Int, _ columns: Int) throws {
    for model in MultiScaleModel.allCases {
      let tile = model.image(width: columns, height: rows)
      let isAdaptive = model.architecture.symbolCentre.isAdaptive
      for level in isAdaptive ? MixingLevel.allCases : [.pure] {
        let codec = try OneTile(model, mixing: level)
        #expect(try codec.decode(codec.encode(tile), like: tile) == tile)
        // A pixel of the small image is all there is: nothing is coded.
        if rows * columns == 1 { #expect(try codec.decode([], like: tile) == tile) }
      }
    }
  }

  @Test(arguments: MultiScaleModel.allCases)
  func bytesDoNotDependOnThreadsAndInstructions(_ model: MultiScaleModel) throws {
    let tile = model.image(width: 54, height: 45)
    let isAdaptive = model.architecture.symbolCentre.isAdaptive
    for level in isAdaptive ? [MixingLevel.pure, .standard] : [.pure] {
      let expected = try OneTile(model, mixing: level).encode(tile, threads: 1)
      for instructions in InstructionSet.supported {
        let codec = try OneTile(model, mixing: level, instructions: instructions)
        for threads in [1, 2, 5] {
          let bytes = try codec.encode(tile, threads: threads)
          #expect(bytes == expected, "\(instructions), \(threads) threads")
          let decoded = try codec.decode(expected, like: tile, threads: threads)
          #expect(decoded == tile, "\(instructions), \(threads) threads")
        }
      }
    }
  }

  /// Two lanes, with known pixels in both.
  @Test func lanesRoundTrip() throws {
    let codec = try OneTile(.withoutBlocks, mixing: .fast)
    let tile = MultiScaleModel.withoutBlocks.image(width: 512, height: 257)
    #expect(try codec.decode(codec.encode(tile), like: tile, threads: 1) == tile)
  }

  /// The conditioning map tells more than the known pixels themselves: another small image, other
  /// probabilities.
  @Test(arguments: [MultiScaleModel.scale2, .scale4, .grayRowLSTM])
  func anotherSmallImageDecodesToSomethingElse(_ model: MultiScaleModel) throws {
    let tile = model.image(width: 20, height: 20)
    var other = try tile.subsampled(by: model.architecture.scale)
    other.planes[0].samples[other.planes[0].samples.count - 1] ^= 0x40
    let codec = try OneTile(model)
    let decoded = try? codec.decode(codec.encode(tile), like: tile, small: other)
    let part = TileRectangle(row: 0, column: 0, height: 16, width: 16)
    #expect(try decoded?.crop(part) != tile.crop(part))
  }

  @Test func memoryCountsTheConditioningMap() throws {
    let architecture = MultiScaleModel.scale4.architecture
    var plain = architecture
    (plain.scale, plain.conditioningChannels) = (1, 0)
    func memory(_ architecture: Architecture, _ side: Int) throws -> Int {
      let file = try WeightFile.random(architecture: architecture, seed: 1)
      return NetworkTileCodec(try Network(weightFile: file.serialized))
        .memory(rows: side, columns: side)
    }
    // A quarter of the pixels, in 24 channels of two bytes.
    let more = try memory(architecture, 1024) - memory(plain, 1024)
    #expect(more > 1024 * 1024 / 4 * 24 * 2 && more < 1024 * 1024 / 4 * 24 * 2 * 5 / 4)
    #expect(try memory(architecture, 65535) > 65535 * 65535 * 12)
  }

  // MARK: Files

  /// Width, height, tile limit: also images smaller than the scale, and tiles that are no multiples
  /// of it.
  @Test(
    arguments: [
      (1, 1, 1024), (2, 1, 1024), (3, 2, 1024), (4, 4, 1024), (1, 61, 10), (61, 1, 10),
      (31, 37, 1024),
      (33, 32, 16), (19, 23, 1), (53, 27, 20), (66, 5, 33),
    ])
  func filesRoundTrip(_ width: Int, _ height: Int, _ tileLimit: Int) throws {
    for model in MultiScaleModel.allCases {
      let scale = model.architecture.scale
      let image = model.image(width: width, height: height)
      let metadata = Metadata(beforeImage: [.init(type: Array("gAMA".utf8), data: [0, 1, 2, 3])])
      let mixing: MixingLevel = model == .scale4 ? .fast : .pure
      let content = Decompressor.Content.modelled(image, metadata, isInterlaced: false)
      let prn = try Self.file(
        model, image, mixing: mixing, tileLimit: tileLimit, metadata: metadata)
      for threads in [2, 3] {
        let same = try Self.file(
          model, image, mixing: mixing, threads: threads, tileLimit: tileLimit, metadata: metadata)
        #expect(same == prn)
      }
      for threads in [1, 3] {
        let decompressor = try Self.decoder(model, threads: threads)
        #expect(try decompressor.decode(prn) == content)
        #expect(try decompressor.smallImage(prn) == image.subsampled(by: scale))
      }
      let information = try FileInformation(prn, store: Self.models(model))
      let group = try #require(information.network)
      let tileWidth = group.tileWidth
      #expect(tileWidth % scale == 0 && tileWidth <= max(tileLimit, scale))
      let small = try image.subsampled(by: scale)
      #expect(information.smallWidth == small.width && information.smallHeight == small.height)
      let sections = information.sections.filter { $0.kind == "smallTile" }
      let grid = TileGrid(
        width: small.width, height: small.height, tileWidth: tileWidth,
        tileHeight: group.tileHeight)
      #expect(sections.count == grid.count)
      #expect(information.smallImageBytes == sections.reduce(0) { $0 + $1.size })
      #expect(try FileInformation(prn, store: ModelStore()).smallWidth == nil)
      // Tiles that share sections, and so do those of the small image.
      let shared = try Self.file(
        model, image, mixing: mixing, tileLimit: tileLimit, sectionPixels: 70, metadata: metadata)
      #expect(try PRNFile(shared).smallTiles.count <= sections.count)
      let decompressor = try Self.decoder(model, threads: 2)
      #expect(try decompressor.decode(shared) == content)
      #expect(try decompressor.smallImage(shared) == small)
    }
  }

  /// From a PNG file and back, at every effort.
  @Test(arguments: Effort.allCases) func pngFilesRoundTrip(_ effort: Effort) throws {
    var options = Compressor.Options()
    options.store = try store([TestModels.multiScale()])
    options.model = options.store.descriptions[0].name
    options.effort = effort
    options.verify = true
    let image = smoothImage(width: 61, height: 45)
    let png = plainPNG(image)
    let prn = try Compressor(options).compress(png)
    #expect(try FileInformation(prn).isModelled && prn.count < png.count)
    var decoding = Decompressor.Options()
    decoding.store = options.store
    let decompressor = Decompressor(decoding)
    #expect(try PNGFile.decode(decompressor.decompress(prn)) == image)
    #expect(try PNGFile.decode(decompressor.preview(prn)) == image.subsampled(by: 2))
    // The small image has its own network all the same.
    let without = try Compressor(options).sizeWithoutNetwork(png)
    let small = try FileInformation(prn, store: options.store).smallImageBytes
    #expect(without > small && without < png.count / 2, "\(without) of \(png.count), \(small)")
  }

  // MARK: Preview

  /// Of any part of the file that holds the small image, and of no shorter one.
  @Test func thePreviewReadsNothingBehindTheSmallImage() throws {
    let image = MultiScaleModel.scale4.image(width: 40, height: 21)
    let metadata = Metadata(beforeImage: [.init(type: Array("gAMA".utf8), data: [0, 1, 2, 3])])
    let prn = try Self.file(.scale4, image, mixing: .fast, tileLimit: 8, metadata: metadata)
    let file = try PRNFile(prn)
    #expect(file.smallTiles.count == 2 && file.tiles.count == 15)
    let end = try #require(file.smallTiles.last).payload.upperBound + 4
    let decompressor = try Self.decoder(.scale4, threads: 2)
    let expected = try image.subsampled(by: 4)
    for length in 1..<prn.count {
      let part = Array(prn[..<length])
      if length >= end {
        #expect(try decompressor.smallImage(part) == expected)
      } else {
        guard
          case .container(.truncated) = error({ () throws(PRNZipError) in
            try decompressor.preview(part)
          })
        else {
          Issue.record("\(length) bytes")
          continue
        }
      }
    }
    for index in prn.indices {
      var damaged = prn
      damaged[index] ^= 0x21
      let refusal = error { () throws(PRNZipError) in try decompressor.preview(damaged) }
      #expect((refusal == nil) == (index >= end), "byte \(index)")
    }
    let png = try decompressor.preview(prn)
    #expect(try PNGFile.decode(png) == expected)
    let bits = MultiScaleModel.bits.image(width: 14, height: 9)
    let bitPNG = try Self.decoder(.bits).preview(Self.file(.bits, bits, tileLimit: 1024))
    #expect(try PNGFile.decode(bitPNG) == bits.subsampled(by: 4))
    #expect(try PNGFile.inspect(png).metadata.filter { $0 != .imageDataMark }.isEmpty)
  }

  @Test func otherFilesHaveNoPreview() throws {
    let plain = try makeCompressor(effort: .fast).compress(
      plainPNG(smoothImage(width: 20, height: 20)))
    let stored = try storedFile(PNGMaker(width: 3, height: 2, colourType: 6).file([1, 2]))
    for prn in [plain, stored] {
      let decompressor = try decompressor()
      #expect(throws: PRNZipError.noPreview) { try decompressor.preview(prn) }
    }
    let multi = try Self.file(
      .scale2, MultiScaleModel.scale2.image(width: 5, height: 5), tileLimit: 8)
    let known = try decompressor()
    guard case .unknownModel = error({ () throws(PRNZipError) in try known.preview(multi) }) else {
      Issue.record("a model that is not there")
      return
    }
    #expect(throws: PRNZipError.container(.notAPRNFile)) { try known.preview([1, 2, 3]) }
  }

  // MARK: Refusals

  @Test func everyFlippedByteAndEveryTruncationIsRefused() throws {
    let prn = try Self.file(
      .scale2, MultiScaleModel.scale2.image(width: 11, height: 9), tileLimit: 6)
    let decompressor = try Self.decoder(.scale2)
    for index in prn.indices {
      var damaged = prn
      damaged[index] ^= 1 << (index % 8)
      let flipped = error { () throws(PRNZipError) in try decompressor.decompress(damaged) }
      #expect(flipped != nil)
      let cut = error { () throws(PRNZipError) in
        try decompressor.decompress(Array(prn[..<index]))
      }
      #expect(cut != nil)
    }
  }

  /// Past the checksums: small tiles changed, cut, exchanged, left out, too many, or in the file of
  /// another model.
  @Test func smallTilesThatAreNotTheEncodersAreRefused() throws {
    let prn = try Self.file(
      .scale2, MultiScaleModel.scale2.image(width: 22, height: 21), tileLimit: 6)
    let file = try PRNFile(prn)
    let small = file.smallTiles.map { Array(prn[$0.payload]) }
    let tiles = file.tiles.map { Array(prn[$0.payload]) }
    #expect(small.count == 4 && tiles.count == 16)
    let decoder = try Self.decoder(.scale2)
    func refusal(
      _ small: [[UInt8]], header: Header? = nil, tiles changed: [[UInt8]]? = nil
    ) throws -> PRNZipError? {
      let other = try PRNFile.encode(
        header ?? file.header, metadata: Metadata(), smallTiles: small, tiles: changed ?? tiles)
      return error { () throws(PRNZipError) in try decoder.decompress(other) }
    }
    #expect(try refusal(small) == nil)
    for (index, tile) in small.enumerated() {
      for byte in tile.indices {
        var changed = small
        changed[index][byte] ^= 0x81
        switch try refusal(changed) {
        // The image's tiles decode to something else, or their streams do not end as they should.
        case .corruptSmallTile(index, _), .digestMismatch, .corruptTile: break
        case let error: Issue.record("\(index), \(byte): \(String(describing: error))")
        }
      }
      var longer = small
      longer[index] += [0]
      guard case .corruptSmallTile(index, _) = try refusal(longer) else {
        Issue.record("tile \(index) with a byte more")
        continue
      }
    }
    for wrong in [[], Array(small.dropLast()), small + [[1]]] {
      #expect(
        try refusal(wrong)
          == .container(
            .corrupt(reason: "\(wrong.count) sections of a small image instead of 4")))
    }
    var header = file.header
    header.network?.tileWidth = 7
    guard case .container(.corrupt) = try refusal(small, header: header) else {
      Issue.record("tiles of 7 columns")
      return
    }
    // A small image in the file of a model that knows none.
    let plain = try makeCompressor().encode(
      smoothImage(width: 6, height: 5), metadata: Metadata(),
      with: try #require(try photoStore().model(named: "noise")))
    let other = try PRNFile(plain)
    let with = try PRNFile.encode(
      other.header, metadata: Metadata(), smallTiles: [[1]],
      tiles: other.tiles.map { Array(plain[$0.payload]) })
    let known = try decompressor()
    guard
      case .container(.corrupt) = error({ () throws(PRNZipError) in try known.decompress(with) })
    else {
      Issue.record("a small image for another model")
      return
    }
  }

  /// A claim of many small tiles costs nothing, and the small image's memory is limited, too.
  @Test func limitsHold() throws {
    let prn = try Self.file(
      .scale2, MultiScaleModel.scale2.image(width: 11, height: 9), tileLimit: 6)
    var header = try PRNFile(prn).header
    header.width = 1 << 15
    header.height = 1 << 15
    header.digest = [UInt8](repeating: 0, count: header.digestSize)
    header.network?.tileWidth = 2
    header.network?.tileHeight = 2
    let many = try header.encoded()
    let decompressor = try Self.decoder(.scale2)
    guard
      case .container(.truncated) = error({ () throws(PRNZipError) in
        try decompressor.preview(many)
      })
    else {
      Issue.record("2^26 small tiles")
      return
    }
    header.width = 1 << 20
    header.network?.tileWidth = 65534
    header.network?.tileHeight = 65534
    // A small image of 2^19 x 2^14 pixels.
    let large = try PRNFile.encode(
      header, metadata: Metadata(), smallTiles: Array(repeating: [], count: 9),
      tiles: Array(repeating: [], count: header.sectionCount))
    #expect(throws: PRNZipError.limitExceeded(what: "pixels", value: 1 << 33, limit: 1 << 30)) {
      try decompressor.preview(large)
    }
    var options = Decompressor.Options()
    options.store = try Self.models(.scale2)
    options.limits.maximumBytes = 1000
    let small = Decompressor(options)
    guard
      case .limitExceeded("bytes of memory", _, 1000) = error({ () throws(PRNZipError) in
        try small.preview(prn)
      })
    else {
      Issue.record("1000 bytes of memory")
      return
    }
  }
}
