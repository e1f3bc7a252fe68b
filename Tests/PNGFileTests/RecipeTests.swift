import Bytes
import ImagePlanes
import Testing

@testable import PNGFile

/// Recipes that are found, and give the file back.
@Suite struct RecipeTests {
  /// The recipe of a file that has one; checks that it gives the file back, also as bytes.
  @discardableResult
  private func recipe(
    of png: [UInt8], _ what: String = "", sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> PNGRecipe {
    let recipe = try #require(
      try PNGRecipe.find(png), "\(what)", sourceLocation: sourceLocation)
    let information = try PNGFile.inspect(png)
    let again = try PNGFile.encode(
      PNGFile.decode(png), metadata: information.metadata, recipe: recipe,
      trailing: information.trailing)
    #expect(again == png, "\(what)", sourceLocation: sourceLocation)
    #expect(try PNGRecipe(decoding: recipe.encoded()) == recipe, sourceLocation: sourceLocation)
    return recipe
  }

  private func text(_ count: Int) -> [UInt8] {
    let words = ["red", "green", "dark", "light", "blue", "to", "from", "and", "grey"]
    var generator = SplitMix64(seed: 9)
    var bytes: [UInt8] = []
    while bytes.count < count { bytes += words[Int(generator.next() % 9)].utf8 }
    return Array(bytes.prefix(count))
  }

  /// An image of some repetition, and some noise.
  private func mixed(_ format: PixelFormat, width: Int, height: Int) -> Image {
    let mask = UInt8(1 << min(format.depth, 8) - 1)
    var generator = SplitMix64(seed: 3)
    let bytes = text(width * height)
    return Image(
      format,
      planes: (0..<format.planeCount).map { k in
        var plane = Plane(width: width, height: height)
        for i in plane.samples.indices {
          let isNoise = generator.next() % 7 == 0
          plane.samples[i] =
            (isNoise ? UInt8(generator.next() >> 56) : bytes[(i * (k + 1)) % bytes.count]) & mask
        }
        return plane
      })
  }

  // MARK: Files of libpng

  @Test(arguments: 1...9, [false, true])
  func everyLevelOfTheWriterIsFound(level: Int, isInterlaced: Bool) throws {
    for format in [.gray1, .gray8, .rgb8, PixelFormat(.rgba, depth: 16)] as [PixelFormat] {
      let large = format == .rgb8 ? [(231, 150)] : []
      for (width, height) in [(1, 1), (2, 9), (40, 30)] + large {
        let image = mixed(format, width: width, height: height)
        let png = try PNGFile.encode(image, isInterlaced: isInterlaced, level: level)
        let recipe = try recipe(of: png, "\(format) \(width) x \(height)")
        #expect(recipe.isInterlaced == isInterlaced && recipe.patches.isEmpty)
        #expect(recipe.encoded().count < 12)
      }
    }
  }

  @Test func filesOfPngSuiteAreGivenBack() throws {
    var bytes = 0
    let names = try pngSuiteNames().filter { !$0.hasPrefix("x") }
    for name in names { bytes += try recipe(of: pngSuiteFile(name), name).encoded().count }
    #expect(bytes < 8 * names.count)
  }

  @Test func chunksAndTrailingBytesAreGivenBack() throws {
    let metadata = [
      PNGChunk(type: Array("tEXt".utf8), data: Array("Title\0one".utf8)), .imageDataMark,
      PNGChunk(type: Array("fdAT".utf8), data: [0, 0, 0, 1, 2]),
    ]
    let png = try PNGFile.encode(
      slopes(width: 20, height: 10), metadata: metadata, trailing: [1, 2, 3])
    try recipe(of: png)
  }

  // MARK: Streams

  /// A file of one row type and one stream.
  private func file(_ image: Image, filter: UInt8 = 0, stream: ([UInt8]) throws -> [UInt8]) throws
    -> RawPNG
  {
    var file = RawPNG(
      width: image.width, height: image.height, colourType: image.format.channels.pngColourType,
      samples: image.interleaved)
    let rowBytes = image.planes.count * image.width
    let rows = stride(from: 0, to: image.interleaved.count, by: rowBytes).flatMap {
      [filter] + image.interleaved[$0..<$0 + rowBytes]
    }
    file.chunks[1].data = try stream(rows)
    return file
  }

  /// A file with all of its image data in chunk 1.
  private func whole(_ png: [UInt8]) -> RawPNG {
    var file = RawPNG(png)
    let data = file.chunks.filter { $0.type == Array("IDAT".utf8) }.flatMap(\.data)
    file.chunks = [file.chunks[0], RawPNG.Chunk("IDAT", data), RawPNG.Chunk("IEND")]
    return file
  }

  private func stream(_ method: DeflateMethod, _ data: [UInt8]) throws -> [UInt8] {
    var stream = method.header
    let sink: DeflateWriter.Sink = { bytes in
      stream += bytes
      return true
    }
    let writer = try DeflateWriter(method, size: data.count)
    try data.withUnsafeBufferPointer { data in _ = try writer.give(data, sink) }
    _ = try writer.finish(sink)
    return stream
  }

  /// Settings that a stream need not tell apart make the same file.
  @Test(arguments: 0...4, [1, 4, 6, 9])
  func settingsAreFound(strategy: Int, level: Int) throws {
    let image = mixed(.rgb8, width: 150, height: 120)
    for (windowBits, memoryLevel) in [(15, 8), (15, 9), (12, 8), (9, 4), (15, 1)] {
      let settings = DeflateSettings(
        level: level, windowBits: windowBits, memoryLevel: memoryLevel, strategy: strategy)
      let file = try file(image) { try stream(.zlib(settings, .none), $0) }
      let recipe = try recipe(of: file.bytes, "\(settings)")
      #expect(recipe.encoded().count <= 7 && recipe.patches.isEmpty)
      guard case .zlib(let found, _) = recipe.method else {
        Issue.record("\(settings)")
        continue
      }
      #expect(found.memoryLevel == memoryLevel)
    }
  }

  @Test(arguments: 1...3) func flushesAreFound(kind: Int) throws {
    let settings = DeflateSettings(level: 6, windowBits: 15, memoryLevel: 8, strategy: 0)
    let image = mixed(.rgb8, width: 300, height: 60)
    let size = 901 * 60
    for positions in [
      [901], [5000, 30000], (1..<60).map { 901 * $0 }, (1..<7).map { 8192 * $0 }, [size],
    ] {
      let flushes = Flushes(kind: kind, positions: positions, size: size)
      let file = try file(image) { try stream(.zlib(settings, flushes), $0) }
      let recipe = try recipe(of: file.bytes, "\(positions)")
      guard case .zlib(_, let found) = recipe.method else {
        Issue.record("\(positions)")
        continue
      }
      #expect(
        found.interval == flushes.interval
          && found.positions
            == positions.filter { _ in
              flushes.interval == 0
            }
      )
    }
  }

  @Test func storedBlocksAreFound() throws {
    let image = mixed(.rgb8, width: 300, height: 200)
    let size = 901 * 200
    for length in [65535, 32768, 16383, 8192, 901] {
      var runs = [DeflateMethod.Run(length: length, count: size / length)]
      if size % length > 0 { runs.append(.init(length: size % length, count: 1)) }
      let file = try file(image) { try stream(.stored(runs), $0) }
      let recipe = try recipe(of: file.bytes, "\(length)")
      #expect(recipe.method == .stored(runs))
    }
    // An empty block ends it.
    let runs = [DeflateMethod.Run(length: 901, count: 200), .init(length: 0, count: 1)]
    try recipe(of: file(image) { try stream(.stored(runs), $0) }.bytes)
  }

  @Test func chunkLengthsAreFound() throws {
    let png = try whole(PNGFile.encode(mixed(.rgb8, width: 100, height: 80)))
    let data = png.chunks[1].data
    for (lengths, size) in [
      ([1000], 7), ([1], 6), ([data.count], 5), ([data.count - 1], 7), ([0, 1000, 0, 7], nil),
      ([2000, 1000], nil),
    ] as [([Int], Int?)] {
      var chunks: [RawPNG.Chunk] = []
      var rest = data[...]
      for index in 0... where !rest.isEmpty || index == 0 {
        let length = index < lengths.count ? lengths[index] : lengths.last ?? 1
        chunks.append(RawPNG.Chunk("IDAT", Array(rest.prefix(length))))
        rest = rest.dropFirst(length)
        if rest.isEmpty { break }
      }
      var file = png
      file.chunks.replaceSubrange(1..<2, with: chunks)
      let recipe = try recipe(of: file.bytes, "\(lengths)")
      if let size { #expect(recipe.encoded().count <= size, "\(lengths)") }
    }
  }

  // MARK: Differences

  @Test func differencesAreKept() throws {
    let png = try whole(PNGFile.encode(mixed(.rgb8, width: 100, height: 80)))
    let data = png.chunks[1].data
    var files: [[UInt8]] = [data + [0], data + [UInt8](repeating: 9, count: 40)]
    for index in [0, 1] {
      var other = data
      other[index] = index == 0 ? 0x38 : 0x01
      files.append(other)
    }
    for (index, other) in files.enumerated() {
      var file = png
      file.chunks[1].data = other
      // Not all of these are files for libpng, so the image is that of the good one.
      let recipe = try #require(try PNGRecipe.find(file.bytes), "\(index)")
      let again = try PNGFile.encode(
        PNGFile.decode(png.bytes), metadata: [.imageDataMark], recipe: recipe)
      #expect(again == file.bytes)
      #expect(try PNGRecipe(decoding: recipe.encoded()) == recipe)
      #expect(recipe.patches.isEmpty == (index > 1))
    }
    for other in [Array(data.dropLast(4)), Array(data.dropLast(4)) + [1, 2, 3, 4]] {
      var file = png
      file.chunks[1].data = other
      let recipe = try #require(try PNGRecipe.find(file.bytes))
      #expect(
        try PNGFile.encode(
          PNGFile.decode(png.bytes), metadata: [.imageDataMark], recipe: recipe) == file.bytes)
      #expect(!recipe.patches.isEmpty && recipe.encoded().count < 20)
    }
  }

  /// Bits behind the samples of a row that are not 0.
  @Test func paddingIsKept() throws {
    for (depth, width) in [(1, 3), (1, 9), (2, 5), (4, 7)] as [(UInt8, Int)] {
      let file = RawPNG(
        width: width, height: 5, colourType: 0, depth: depth, samples: [0xFF, 0x13, 0xA7])
      let recipe = try recipe(of: file.bytes)
      #expect(recipe.padding.count == 5)
    }
  }

  /// Data that is no image's rows, and streams that nobody understands.
  @Test func otherFilesHaveNone() throws {
    let image = mixed(.rgb8, width: 100, height: 80)
    var file = try whole(PNGFile.encode(image))
    let data = file.chunks[1].data
    for damaged in [Array(data.dropLast(200)), Array(data.prefix(2)), [], [0x78, 1] + data] {
      file.chunks[1].data = damaged + [UInt8](repeating: 0, count: data.count)
      #expect(try PNGRecipe.find(file.bytes) == nil)
    }
    let wrongFilter = try self.file(image, filter: 5) { storedZlib($0) }
    #expect(try PNGRecipe.find(wrongFilter.bytes) == nil)
    #expect(throws: PNGError.notAPNG) { try PNGRecipe.find([1, 2, 3]) }
    let limits = PNGLimits(maximumBytes: 20_000)
    #expect(throws: PNGError.self) { try PNGRecipe.find(PNGFile.encode(image), limits: limits) }
  }
}
