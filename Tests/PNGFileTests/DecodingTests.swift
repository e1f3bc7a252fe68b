import ImagePlanes
import PNGFile
import TestSupport
import Testing

@Suite struct DecodingTests {
  @Test(arguments: [(1, 1), (1, 9), (9, 1), (5, 7), (300, 3)])
  func uncompressedFilesDecodeToTheirSamples(width: Int, height: Int) throws {
    let samples = (0..<3 * width * height).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let bytes = RawPNG(width: width, height: height, samples: samples).bytes
    try PNGFile.validate(bytes)
    let image = try PNGFile.decode(bytes)
    #expect(image.width == width && image.height == height)
    #expect(image.interleaved == samples)
    let gray = RawPNG(width: width, height: height, colourType: 0, samples: samples).bytes
    #expect(try PNGFile.inspect(gray).pixelFormat == .gray8)
    let plane = try PNGFile.decode(gray)
    #expect(plane.width == width && plane.height == height && plane.colours == 1)
    #expect(plane.interleaved == Array(samples.prefix(width * height)))
  }

  /// The bits of a row from the highest of its first byte on; those that fill the last byte count
  /// for nothing.
  @Test(arguments: [(1, 1), (1, 9), (7, 3), (8, 2), (13, 4), (2800, 3)])
  func bitsDecodeToTheirSamples(width: Int, height: Int) throws {
    let samples = (0..<977).map { UInt8(truncatingIfNeeded: $0 * $0 * 7 + 1) }
    let bytes = RawPNG(width: width, height: height, colourType: 0, depth: 1, samples: samples)
      .bytes
    let information = try PNGFile.inspect(bytes)
    #expect(information.isPlain && information.pixelFormat == .gray1)
    let image = try PNGFile.decode(bytes)
    #expect(image.width == width && image.height == height && image.format == .gray1)
    let rowBytes = (width + 7) / 8
    let expected = (0..<width * height).map { i in
      let (row, column) = (i / width, i % width)
      return samples[(row * rowBytes + column / 8) % 977] >> (7 - column % 8) & 1
    }
    #expect(image.interleaved == expected)

    let metadata = [
      PNGChunk(type: Array("tEXt".utf8), data: [65, 0, 66]), .imageDataMark,
      PNGChunk(type: Array("prVt".utf8), data: [1]),
    ]
    let again = try PNGFile.encode(image, metadata: metadata)
    try PNGFile.validate(again)
    #expect(try PNGFile.inspect(again).pixelFormat == .gray1)
    #expect(try PNGFile.inspect(again).metadata == metadata)
    #expect(try PNGFile.decode(again) == image)
  }

  @Test func imageDataMayComeInPieces() throws {
    let whole = RawPNG(width: 5, height: 4, samples: Array(0...59))
    var pieces = whole
    let data = whole.chunks[1].data
    let chunks = data.map { RawPNG.Chunk("IDAT", [$0]) } + [RawPNG.Chunk("IDAT")]
    pieces.chunks.replaceSubrange(1..<2, with: chunks)
    try PNGFile.validate(pieces.bytes)
    #expect(try PNGFile.decode(pieces.bytes).interleaved == Array(0...59))
    #expect(try PNGFile.inspect(pieces.bytes).metadata == [.imageDataMark])
  }

  /// The bytes of 16-bit samples go to two planes, the high ones to the first.
  @Test func wideSamplesHaveTwoPlanes() throws {
    for (colourType, channels) in [(0, .gray), (2, .rgb), (4, .grayAlpha), (6, .rgba)]
      as [(UInt8, Channels)]
    {
      let samples = (0..<5 * 3 * 8).map { UInt8(truncatingIfNeeded: $0 * 7 + 1) }
      let file = RawPNG(
        width: 5, height: 3, colourType: colourType, depth: 16, samples: samples
      ).bytes
      let image = try PNGFile.decode(file)
      #expect(image.format == PixelFormat(channels, depth: 16))
      #expect(image.planes.count == 2 * channels.count)
      #expect(image.planes[0].samples[1] == samples[2 * channels.count])
      #expect(image.planes[1].samples[0] == samples[1])
      #expect(image.interleaved == Array(samples.prefix(30 * channels.count)))
      #expect(try PNGFile.decode(PNGFile.encode(image)) == image)
    }
  }

  /// Indices are values as others, also those that the palette has no colour for.
  @Test func paletteIndicesAreKept() throws {
    for depth in [1, 2, 4, 8] as [UInt8] {
      let file = RawPNG(width: 8, height: 2, colourType: 3, depth: depth, samples: [0x1B, 0xE4])
        .inserting(.init("PLTE", [1, 2, 3]), .init("tRNS", [4]), at: 1).bytes
      let image = try PNGFile.decode(file)
      #expect(image.format == PixelFormat(.palette, depth: Int(depth)))
      let bytes = 8 / Int(depth)
      let first = (0..<bytes).map { 0x1B >> (8 - Int(depth) * ($0 + 1)) & (1 << Int(depth) - 1) }
      #expect(image.planes[0].samples.prefix(bytes).map { Int($0) } == first)
      let metadata = try PNGFile.inspect(file).metadata
      let again = try PNGFile.encode(image, metadata: metadata)
      #expect(try PNGFile.inspect(again) == PNGFile.inspect(file))
      #expect(try PNGFile.decode(again) == image)
    }
  }

  @Test func tooManyPixelsAreRefusedBeforeDecoding() {
    let bytes = RawPNG(width: 20, height: 5, samples: [0]).bytes
    let limits = PNGLimits(maximumPixels: 99)
    let expected = PNGError.tooLarge(width: 20, height: 5, maximumPixels: 99)
    #expect(throws: expected) { try PNGFile.inspect(bytes, limits: limits) }
    #expect(throws: expected) { try PNGFile.validate(bytes, limits: limits) }
    #expect(throws: expected) { try PNGFile.decode(bytes, limits: limits) }
    #expect(throws: Never.self) {
      try PNGFile.validate(bytes, limits: PNGLimits(maximumPixels: 100))
    }
  }

  /// A row of what is validated, or all of what is interlaced, and what `decode` gives: with the
  /// two rows that libpng keeps, and the one that `decode` reads.
  @Test func tooMuchMemoryIsRefused() {
    var file = RawPNG(width: 20, height: 5, samples: [0])
    let bytes = file.bytes
    let row = 60
    func limits(_ bytes: Int) -> PNGLimits { PNGLimits(maximumBytes: bytes) }
    #expect(throws: PNGError.tooMuchMemory(bytes: 3 * row, maximumBytes: 3 * row - 1)) {
      try PNGFile.validate(bytes, limits: limits(3 * row - 1))
    }
    #expect(throws: Never.self) { try PNGFile.validate(bytes, limits: limits(3 * row)) }
    #expect(throws: PNGError.tooMuchMemory(bytes: 8 * row, maximumBytes: 8 * row - 1)) {
      try PNGFile.decode(bytes, limits: limits(8 * row - 1))
    }
    #expect(throws: Never.self) { try PNGFile.decode(bytes, limits: limits(8 * row)) }
    file.chunks[0].data[12] = 1
    #expect(throws: PNGError.tooMuchMemory(bytes: 7 * row, maximumBytes: 7 * row - 1)) {
      try PNGFile.validate(file.bytes, limits: limits(7 * row - 1))
    }
  }

  /// A few bytes of a chunk take many bytes of memory.
  @Test func manyChunksAreRefused() {
    var file = RawPNG(width: 20, height: 5, samples: [0])
    file.chunks.insert(
      contentsOf: [RawPNG.Chunk](repeating: .init("teSt"), count: 1000), at: 1)
    let bytes = file.bytes
    guard
      case .tooMuchMemory(let told, 100_000) = #expect(
        throws: PNGError.self,
        performing: {
          try PNGFile.inspect(bytes, limits: PNGLimits(maximumBytes: 100_000))
        })
    else {
      Issue.record("it is not refused")
      return
    }
    #expect(told > 100_000 && told < 101_000)
    #expect(throws: Never.self) { try PNGFile.inspect(bytes) }
  }

  /// Headers that promise far more than deflate could have packed into the file.
  @Test(arguments: [(1 << 15, 1 << 15), (1 << 31 - 1, 1 << 31 - 1), (1 << 30, 1), (1, 1 << 30)])
  func aSmallFileCannotAskForMuchMemory(width: Int, height: Int) {
    for (colourType, depth) in [(0, 8), (2, 8), (6, 16)] as [(UInt8, UInt8)] {
      var file = RawPNG(width: 1, height: 1, colourType: colourType, depth: depth, samples: [0])
      file.chunks[0].data.replaceSubrange(0..<8, with: bigEndian(width) + bigEndian(height))
      let expected = PNGError.structure("its image data is too short for its size")
      #expect(throws: expected) { try PNGFile.inspect(file.bytes) }
      file.chunks[0].data[12] = 1
      #expect(throws: expected) { try PNGFile.validate(file.bytes) }
    }
  }

  /// The most that deflate can do: 8 megapixels of one colour.
  @Test func theBestCompressionPasses() throws {
    for colours in [1, 3] {
      let image = Image(width: 4096, height: 2048, colours: colours)
      let png = try PNGFile.encode(image, level: 9)
      #expect(png.count * 950 < colours * 4096 * 2048)
      #expect(try PNGFile.decode(png) == image)
    }
  }

  /// Chunks larger than libpng's own limit of 8 MB; they are kept apart from it.
  @Test(arguments: ["tEXt", "iTXt", "zTXt", "iCCP", "sPLT", "prVt"])
  func longChunksAreNoError(type: String) throws {
    let data = [UInt8](repeating: 0x61, count: 9_000_000)
    for colourType in [0, 2] as [UInt8] {
      let file = RawPNG(width: 2, height: 2, colourType: colourType, samples: [5])
        .inserting(.init(type, data), at: 1).inserting(.init(type, data), at: 3).bytes
      try PNGFile.validate(file)
      let image = try PNGFile.decode(file)
      let metadata = try PNGFile.inspect(file).metadata
      #expect(metadata.map(\.data.count) == [data.count, 0, data.count])
      #expect(try PNGFile.decode(PNGFile.encode(image, metadata: metadata)) == image)
    }
  }
}
