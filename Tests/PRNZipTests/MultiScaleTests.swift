import Platform
import Mixing
import Prediction
import Container
import EntropyCoding
import Foundation
import ImagePlanes
import PNGFile
import PixelNetwork
import TestSupport
import Testing

@testable import PRNZip

@Suite struct MultiScaleTests {
  static let architectures = [
    Architecture(
      symbolCentre: .colourMED, inputKinds: [.residual, .prediction], kernelSize: 5, features: 24,
      bottleneck: 24, blocks: 2, connections: [.residual, .skip], headFeatures: 24,
      activationMaximum: 32767, scale: 2, contextChannels: 8),
    Architecture(
      symbolCentre: .adaptive, inputKinds: [.residual, .prediction], kernelSize: 3, features: 24,
      bottleneck: 24, blocks: 1, connections: [.residual], headFeatures: 24,
      activationMaximum: 16383, scale: 4, contextChannels: 24),
    Architecture(
      colours: 1, body: .rowLSTM, symbolCentre: .colourMED, inputKinds: [.value], kernelSize: 7,
      features: 24, bottleneck: 24, blocks: 1, connections: [.skip], headFeatures: 24,
      activationMaximum: 32767, scale: 4, contextChannels: 16),
    Architecture(
      symbolCentre: .adaptiveWide, inputKinds: [.residual], kernelSize: 3, features: 24,
      bottleneck: 24, blocks: 0, connections: [], headFeatures: 24, activationMaximum: 255,
      scale: 2, contextChannels: 8),
    Architecture(
      body: .diagonalBiLSTM, symbolCentre: .colourMED, inputKinds: [.value, .prediction],
      kernelSize: 5, features: 24, bottleneck: 24, blocks: 2, connections: [.residual, .skip],
      headFeatures: 24, activationMaximum: 16383, scale: 4, contextChannels: 8),
    Architecture(
      colours: 1, body: .diagonalBiLSTM, head: .sigmoid, symbolCentre: .raw, inputKinds: [.value],
      kernelSize: 3, features: 16, bottleneck: 8, blocks: 1, connections: [.residual],
      headFeatures: 8, activationMaximum: 16383, scale: 2, contextChannels: 8),
  ]

  static func weights(_ index: Int, seed: UInt64 = 1, small: WeightFile? = nil) throws -> [UInt8] {
    try WeightFile.random(
      architecture: architectures[index], seed: seed, name: "multi", small: small
    ).serialized
  }

  private static func registry(_ index: Int) throws -> ModelRegistry {
    var registry = ModelRegistry()
    try registry.add(weights(index))
    return registry
  }

  private static func decoder(_ index: Int, threads: Int = 1) throws -> Decompressor {
    var options = Decompressor.Options()
    options.registry = try registry(index)
    options.threads = threads
    return Decompressor(options)
  }

  private static func file(
    _ index: Int, _ image: Image, mixing: MixingLevel = .pure, threads: Int = 1, tileLimit: Int,
    sectionPixels: Int = 1, metadata: Metadata = Metadata()
  ) throws -> [UInt8] {
    var options = Compressor.Options()
    options.sectionPixels = sectionPixels
    options.tileLimit = tileLimit
    options.threads = threads
    let model = try #require(registry(index).model(named: "multi"))
    return try Compressor(options).encode(image, metadata: metadata, with: model, mixing: mixing)
  }

  private static func image(_ index: Int, rows: Int, columns: Int) -> Image {
    TileCodecTests.image(rows: rows, columns: columns, for: architectures[index])
  }

  private func error<Value>(_ body: () throws(PRNZipError) -> Value) -> PRNZipError? {
    prnzipError(body)
  }

  // MARK: Tiles

  @Test(
    arguments: [
      (1, 1), (1, 2), (2, 1), (3, 3), (1, 37), (37, 1), (2, 2), (4, 5), (3, 50), (50, 3), (21, 26),
      (600, 2),
    ])
  func tilesRoundTrip(_ rows: Int, _ columns: Int) throws {
    for (index, architecture) in Self.architectures.enumerated() {
      let model = try PixelCNN(weightFile: Self.weights(index))
      let tile = Self.image(index, rows: rows, columns: columns)
      let small = try tile.subsampled(by: architecture.scale)
      let levels = architecture.symbolCentre.isAdaptive ? MixingLevel.allCases : [.pure]
      for level in levels {
        let codec = TileCodec(model: model, mixing: level, threads: 2)
        let bytes = try codec.encode(tile)
        #expect(try codec.decode(bytes, rows: rows, columns: columns, small: small) == tile)
        if rows <= architecture.scale && columns <= architecture.scale && rows * columns == 1 {
          #expect(try codec.decode([], rows: 1, columns: 1, small: small) == tile)
        }
      }
    }
  }

  @Test(arguments: architectures.indices)
  func bytesDoNotDependOnThreadsAndKernels(_ index: Int) throws {
    let model = try PixelCNN(weightFile: Self.weights(index))
    let tile = Self.image(index, rows: 45, columns: 54)
    let small = try tile.subsampled(by: Self.architectures[index].scale)
    let levels: [MixingLevel] =
      Self.architectures[index].symbolCentre.isAdaptive ? [.pure, .standard] : [.pure]
    for level in levels {
      let expected = try TileCodec(model: model, mixing: level, threads: 1).encode(tile)
      for instructions in InstructionSet.supported {
        for threads in [1, 2, 5] {
          let codec = TileCodec(
            model: model, mixing: level, threads: threads, instructions: instructions)
          #expect(try codec.encode(tile) == expected, "\(instructions), \(threads) threads")
          let decoded = try codec.decode(expected, rows: 45, columns: 54, small: small)
          #expect(decoded == tile, "\(instructions), \(threads) threads")
        }
      }
    }
  }

  /// Two lanes, with known pixels in both.
  @Test func lanesRoundTrip() throws {
    let model = try PixelCNN(weightFile: Self.weights(3))
    let tile = Self.image(3, rows: 257, columns: 512)
    let bytes = try TileCodec(model: model, mixing: .fast, threads: 2).encode(tile)
    let one = TileCodec(model: model, mixing: .fast, threads: 1)
    #expect(
      try one.decode(bytes, rows: 257, columns: 512, small: try tile.subsampled(by: 2)) == tile)
  }

  /// The context map tells more than the known pixels themselves: another small image, other probabilities.
  @Test func anotherSmallImageDecodesToSomethingElse() throws {
    for index in [0, 1, 2] {
      let model = try PixelCNN(weightFile: Self.weights(index))
      let tile = Self.image(index, rows: 20, columns: 20)
      var other = try tile.subsampled(by: Self.architectures[index].scale)
      other.planes[0].samples[other.planes[0].samples.count - 1] ^= 0x40
      let codec = TileCodec(model: model, threads: 1)
      let bytes = try codec.encode(tile)
      let decoded = try? codec.decode(bytes, rows: 20, columns: 20, small: other)
      #expect(
        try decoded?.crop(TileRectangle(row: 0, column: 0, height: 16, width: 16))
          != tile.crop(TileRectangle(row: 0, column: 0, height: 16, width: 16)))
    }
  }

  @Test func memoryCountsTheContextMap() throws {
    var plain = Self.architectures[1]
    (plain.scale, plain.contextChannels) = (1, 0)
    func memory(_ architecture: Architecture, _ side: Int) -> Int {
      PixelCNNEvaluation.memory(
        architecture: architecture, rows: side, columns: side, bandLength: 1,
        keepsDistributions: true)
    }
    // A quarter of the pixels, in 24 channels of two bytes.
    let more = memory(Self.architectures[1], 1024) - memory(plain, 1024)
    #expect(more > 1024 * 1024 / 4 * 24 * 2 && more < 1024 * 1024 / 4 * 24 * 2 * 5 / 4)
    #expect(memory(Self.architectures[1], 65535) > 65535 * 65535 * 12)
  }

  // MARK: Files

  /// Width, height, tile limit: also images smaller than the scale, and tiles that are no multiples of it.
  @Test(
    arguments: [
      (1, 1, 1024), (2, 1, 1024), (3, 2, 1024), (4, 4, 1024), (1, 61, 10), (61, 1, 10),
      (31, 37, 1024),
      (33, 32, 16), (19, 23, 1), (53, 27, 20), (66, 5, 33),
    ])
  func filesRoundTrip(_ width: Int, _ height: Int, _ tileLimit: Int) throws {
    for (index, architecture) in Self.architectures.enumerated() {
      let scale = architecture.scale
      let image = Self.image(index, rows: height, columns: width)
      let metadata = Metadata(beforeImage: [.init(type: Array("gAMA".utf8), data: [0, 1, 2, 3])])
      let mixing: MixingLevel = index == 1 ? .fast : .pure
      let content = Decompressor.Content.modelled(image, metadata)
      let prn = try Self.file(
        index, image, mixing: mixing, tileLimit: tileLimit, metadata: metadata)
      for threads in [2, 3] {
        let same = try Self.file(
          index, image, mixing: mixing, threads: threads, tileLimit: tileLimit, metadata: metadata)
        #expect(same == prn)
      }
      for threads in [1, 3] {
        let decompressor = try Self.decoder(index, threads: threads)
        #expect(try decompressor.decode(prn) == content)
        #expect(try decompressor.smallImage(prn) == image.subsampled(by: scale))
      }
      let information = try FileInformation(prn, registry: Self.registry(index))
      let tileWidth = try #require(information.tileWidth)
      #expect(tileWidth % scale == 0 && tileWidth <= max(tileLimit, scale))
      let small = try image.subsampled(by: scale)
      #expect(information.smallWidth == small.width && information.smallHeight == small.height)
      let sections = information.sections.filter { $0.kind == "smallTile" }
      let grid = TileGrid(
        width: small.width, height: small.height, tileWidth: tileWidth,
        tileHeight: information.tileHeight ?? 1)
      #expect(sections.count == grid.count)
      #expect(information.smallImageBytes == sections.reduce(0) { $0 + $1.size })
      #expect(try FileInformation(prn, registry: ModelRegistry()).smallWidth == nil)
      // Tiles that share sections, and so do those of the small image.
      let shared = try Self.file(
        index, image, mixing: mixing, tileLimit: tileLimit, sectionPixels: 70, metadata: metadata)
      #expect(try PRNFile(shared).smallTiles.count <= sections.count)
      let decompressor = try Self.decoder(index, threads: 2)
      #expect(try decompressor.decode(shared) == content)
      #expect(try decompressor.smallImage(shared) == small)
    }
  }

  /// From a PNG file and back, at every effort.
  @Test(arguments: Effort.allCases) func pngFilesRoundTrip(_ effort: Effort) throws {
    var options = Compressor.Options()
    options.registry = ModelRegistry()
    let architecture = TestModels.architecture()
    var multi = architecture
    (multi.scale, multi.contextChannels) = (2, 8)
    let layers = multi.layers.map { shape in
      MaskedConvolution(
        shift: 1,
        groups: (0..<shape.groupCount).map { group in
          MaskedConvolution.Group(
            bias: (0..<shape.outputsPerGroup).map { output in
              shape.kind == .headOutput ? Int32(-64 * min(output, 256 - output)) : 0
            },
            weights: [Int16](
              repeating: 0, count: shape.inputCount(group: group) * shape.outputsPerGroup))
        })
    }
    let small = try WeightFile(parsing: TestModels.laplace())
    let file = try WeightFile(name: "multi", architecture: multi, layers: layers, small: small)
    try options.registry.add(file.serialized)
    options.effort = effort
    options.verify = true
    let image = smoothImage(width: 61, height: 45)
    let png = plainPNG(image)
    let prn = try Compressor(options).compress(png)
    #expect(try FileInformation(prn).isModelled && prn.count < png.count)
    var decoding = Decompressor.Options()
    decoding.registry = options.registry
    let decompressor = Decompressor(decoding)
    #expect(try PNGFile.decode(decompressor.decompress(prn)) == image)
    #expect(try PNGFile.decode(decompressor.preview(prn)) == image.subsampled(by: 2))
    #expect(try Compressor(options).sizeWithoutNetwork(png) > 0)
  }

  // MARK: Preview

  /// Of any part of the file that holds the small image, and of no shorter one.
  @Test func thePreviewReadsNothingBehindTheSmallImage() throws {
    let image = Self.image(1, rows: 21, columns: 40)
    let metadata = Metadata(beforeImage: [.init(type: Array("gAMA".utf8), data: [0, 1, 2, 3])])
    let prn = try Self.file(1, image, mixing: .fast, tileLimit: 8, metadata: metadata)
    let file = try PRNFile(prn)
    #expect(file.smallTiles.count == 2 && file.tiles.count == 15)
    let end = try #require(file.smallTiles.last).payload.upperBound + 4
    let decompressor = try Self.decoder(1, threads: 2)
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
    let bits = Self.image(5, rows: 9, columns: 14)
    let bitPNG = try Self.decoder(5).preview(Self.file(5, bits, tileLimit: 1024))
    #expect(try PNGFile.decode(bitPNG) == bits.subsampled(by: 2))
    #expect(try PNGFile.inspect(png).metadata.filter { $0 != .imageDataMark }.isEmpty)
  }

  @Test func otherFilesHaveNoPreview() throws {
    let plain = try makeCompressor(effort: .fast).compress(
      plainPNG(smoothImage(width: 20, height: 20)))
    let stored = try makeCompressor().compress(
      PNGMaker(width: 3, height: 2, colourType: 6).file([1, 2]))
    for prn in [plain, stored] {
      let decompressor = try decompressor()
      #expect(throws: PRNZipError.noPreview) { try decompressor.preview(prn) }
    }
    let multi = try Self.file(0, Self.image(0, rows: 5, columns: 5), tileLimit: 8)
    let known = try decompressor()
    guard case .unknownModel = error({ () throws(PRNZipError) in try known.preview(multi) }) else {
      Issue.record("a model that is not there")
      return
    }
    #expect(throws: PRNZipError.container(.notAPRNFile)) { try known.preview([1, 2, 3]) }
  }

  // MARK: Refusals

  @Test func everyFlippedByteAndEveryTruncationIsRefused() throws {
    let prn = try Self.file(0, Self.image(0, rows: 9, columns: 11), tileLimit: 6)
    let decompressor = try Self.decoder(0)
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

  /// Past the checksums: small tiles changed, cut, exchanged, left out, too many, or in the file of another model.
  @Test func smallTilesThatAreNotTheEncodersAreRefused() throws {
    let prn = try Self.file(0, Self.image(0, rows: 21, columns: 22), tileLimit: 6)
    let file = try PRNFile(prn)
    let small = file.smallTiles.map { Array(prn[$0.payload]) }
    let tiles = file.tiles.map { Array(prn[$0.payload]) }
    #expect(small.count == 4 && tiles.count == 16)
    let decoder = try Self.decoder(0)
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
    header.modelling?.tileWidth = 7
    guard case .container(.corrupt) = try refusal(small, header: header) else {
      Issue.record("tiles of 7 columns")
      return
    }
    // A small image in the file of a model that knows none.
    let plain = try makeCompressor().encode(
      smoothImage(width: 6, height: 5), metadata: Metadata(),
      with: try #require(TestModels.registry().model(named: "noise")))
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
    let prn = try Self.file(0, Self.image(0, rows: 9, columns: 11), tileLimit: 6)
    var header = try PRNFile(prn).header
    header.width = 1 << 15
    header.height = 1 << 15
    header.modelling?.tileWidth = 2
    header.modelling?.tileHeight = 2
    let many = try header.encoded()
    let decompressor = try Self.decoder(0)
    guard
      case .container(.truncated) = error({ () throws(PRNZipError) in
        try decompressor.preview(many)
      })
    else {
      Issue.record("2^26 small tiles")
      return
    }
    header.width = 1 << 20
    let large = try header.encoded()
    #expect(throws: PRNZipError.limitExceeded(what: "pixels", value: 1 << 35, limit: 1 << 30)) {
      try decompressor.preview(large)
    }
    var options = Decompressor.Options()
    options.registry = try Self.registry(0)
    options.limits.maximumTileBytes = 1000
    let small = Decompressor(options)
    guard
      case .limitExceeded("bytes for a tile", _, 1000) = error({ () throws(PRNZipError) in
        try small.preview(prn)
      })
    else {
      Issue.record("1000 bytes of memory")
      return
    }
  }

  // MARK: Sampling

  private func sampler(_ weights: [UInt8], threads: Int = 1) throws -> Sampler {
    var options = Sampler.Options()
    options.registry = ModelRegistry()
    options.model = try options.registry.add(weights).name
    options.threads = threads
    return Sampler(options)
  }

  /// The small image is drawn first, from its own model: another conditional network changes only the rest.
  // Of 1-bit images, random weights draw values that are all the same.
  @Test(arguments: architectures.indices.filter { architectures[$0].head == .softmax })
  func theSmallImageIsDrawnFirst(_ index: Int) throws {
    let scale = Self.architectures[index].scale
    let small = try #require(try WeightFile(parsing: Self.weights(index)).small)
    let images = try sampler(Self.weights(index, small: small)).sample(
      width: 13, height: 10, count: 2, seed: 5)
    for threads in [2, 3] {
      #expect(
        try sampler(Self.weights(index, small: small), threads: threads).sample(
          width: 13, height: 10, count: 2, seed: 5) == images)
    }
    let others = try sampler(Self.weights(index, seed: 9, small: small)).sample(
      width: 13, height: 10, count: 2, seed: 5)
    for (image, other) in zip(images, others) {
      #expect(image != other)
      #expect(try image.subsampled(by: scale) == other.subsampled(by: scale))
    }
    #expect(try images[0].subsampled(by: scale) != images[1].subsampled(by: scale))
    // Its random numbers are not those of the image's first values.
    let alone = try sampler(small.serialized).sample(
      width: (12 + scale) / scale, height: (9 + scale) / scale, count: 1, seed: 5)
    #expect(try alone[0] != images[0].subsampled(by: scale))
  }

  @Test(arguments: [0, 1, 2]) func completionsKeepWhatIsVisible(_ index: Int) throws {
    let image = Self.image(index, rows: 11, columns: 14)
    let visible = try Occlusion.bottomHalf.visible(width: 14, height: 11)
    let completions = try sampler(Self.weights(index), threads: 2).complete(
      image, .bottomHalf, count: 3, seed: 1)
    #expect(Set(completions.map(\.interleaved)).count == 3)
    var other = image
    for colour in 0..<image.colours {
      for (pixel, isVisible) in visible.enumerated() {
        if isVisible {
          for completion in completions {
            #expect(
              completion.planes[colour].samples[pixel] == image.planes[colour].samples[pixel])
          }
        } else {
          other.planes[colour].samples[pixel] = 77
        }
      }
    }
    // Other pixels under the mask, also in the small image: the same completions.
    #expect(
      try sampler(Self.weights(index)).complete(other, .bottomHalf, count: 3, seed: 1)
        == completions)
  }
}
