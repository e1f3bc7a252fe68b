import ImagePlanes
import PNGFile
import Testing

@Suite struct DecodingTests {
  @Test(arguments: [(1, 1), (1, 9), (9, 1), (5, 7), (300, 3)])
  func uncompressedFilesDecodeToTheirSamples(width: Int, height: Int) throws {
    let samples = (0..<3 * width * height).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let bytes = RawPNG(width: width, height: height, samples: samples).bytes
    try PNGFile.validate(bytes)
    let image = try PNGFile.decode8(bytes)
    #expect(image.width == width && image.height == height)
    #expect(image.interleaved == samples)
    let gray = RawPNG(width: width, height: height, colourType: 0, samples: samples).bytes
    #expect(try PNGFile.inspect(gray).isPlainGray8 && !PNGFile.inspect(gray).isPlainRGB8)
    let plane = try PNGFile.decode8(gray)
    #expect(plane.width == width && plane.height == height && plane.colours == 1)
    #expect(plane.interleaved == Array(samples.prefix(width * height)))
  }

  /// The bits of a row from the highest of its first byte on; those that fill the last byte count for nothing.
  @Test(arguments: [(1, 1), (1, 9), (7, 3), (8, 2), (13, 4), (2800, 3)])
  func bitsDecodeToTheirSamples(width: Int, height: Int) throws {
    let samples = (0..<977).map { UInt8(truncatingIfNeeded: $0 * $0 * 7 + 1) }
    let bytes = RawPNG(width: width, height: height, colourType: 0, depth: 1, samples: samples)
      .bytes
    let information = try PNGFile.inspect(bytes)
    #expect(information.isPlainGray1 && !information.isPlainGray8)
    let image = try PNGFile.decode1(bytes)
    #expect(image.width == width && image.height == height && image.colours == 1)
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
    let again = try PNGFile.encode1(image, metadata: metadata)
    try PNGFile.validate(again)
    #expect(try PNGFile.inspect(again).isPlainGray1)
    #expect(try PNGFile.inspect(again).metadata == metadata)
    #expect(try PNGFile.decode1(again) == image)
  }

  @Test func onlyPlainBitsAreDecodedAsSuch() throws {
    let plain = RawPNG(width: 9, height: 2, colourType: 0, depth: 1, samples: [0x5A])
    var interlaced = RawPNG(width: 1, height: 1, colourType: 0, depth: 1, samples: [0x80])
    interlaced.chunks[0].data[12] = 1
    let animated = plain.inserting(.init("acTL", [0, 0, 0, 1, 0, 0, 0, 0]), at: 1)
    var files = [interlaced.bytes, animated.bytes, plain.bytes + [0]]
    for (colourType, depth) in [(0, 2), (0, 4), (0, 8), (0, 16), (2, 8)] as [(UInt8, UInt8)] {
      files.append(
        RawPNG(width: 2, height: 2, colourType: colourType, depth: depth, samples: [1]).bytes)
    }
    for file in files {
      #expect(try !PNGFile.inspect(file).isPlainGray1)
      #expect(throws: PNGError.unsupported("it is not a plain 1-bit gray image")) {
        try PNGFile.decode1(file)
      }
    }
    #expect(throws: PNGError.unsupported("a 1-bit image of 3 planes")) {
      try PNGFile.encode1(Image(width: 2, height: 2))
    }
  }

  @Test func imageDataMayComeInPieces() throws {
    let whole = RawPNG(width: 5, height: 4, samples: Array(0...59))
    var pieces = whole
    let data = whole.chunks[1].data
    let chunks = data.map { RawPNG.Chunk("IDAT", [$0]) } + [RawPNG.Chunk("IDAT")]
    pieces.chunks.replaceSubrange(1..<2, with: chunks)
    try PNGFile.validate(pieces.bytes)
    #expect(try PNGFile.decode8(pieces.bytes).interleaved == Array(0...59))
    #expect(try PNGFile.inspect(pieces.bytes).metadata == [.imageDataMark])
  }

  /// Valid files that are none of `decode8`'s business.
  @Test func otherKindsAreUnsupported() throws {
    let rgb = RawPNG(width: 2, height: 2, samples: [1])
    var interlaced = RawPNG(width: 1, height: 1, samples: [1, 2, 3])
    interlaced.chunks[0].data[12] = 1
    let animated = rgb.inserting(.init("acTL", [0, 0, 0, 1, 0, 0, 0, 0]), at: 1)
    let gray = RawPNG(width: 1, height: 1, colourType: 0, samples: [1])
    var interlacedGray = gray
    interlacedGray.chunks[0].data[12] = 1
    let animatedGray = gray.inserting(.init("acTL", [0, 0, 0, 1, 0, 0, 0, 0]), at: 1)
    var files: [[UInt8]] = [
      interlaced.bytes, animated.bytes, rgb.bytes + [0], interlacedGray.bytes, animatedGray.bytes,
      gray.bytes + [0],
    ]
    for (colourType, depth) in [(0, 1), (0, 4), (0, 16), (2, 16), (4, 8), (6, 8)]
      as [(UInt8, UInt8)]
    {
      files.append(
        RawPNG(width: 2, height: 2, colourType: colourType, depth: depth, samples: [1]).bytes)
    }
    for file in files {
      try PNGFile.validate(file)
      #expect(try !PNGFile.inspect(file).isPlainRGB8 && !PNGFile.inspect(file).isPlainGray8)
      #expect(throws: PNGError.unsupported("it is not a plain 8-bit RGB or gray image")) {
        try PNGFile.decode8(file)
      }
    }
    #expect(try PNGFile.inspect(rgb.bytes + [0, 0]).trailingByteCount == 2)
  }

  @Test func tooManyPixelsAreRefusedBeforeDecoding() {
    let bytes = RawPNG(width: 20, height: 5, samples: [0]).bytes
    let limits = PNGLimits(maximumPixels: 99)
    let expected = PNGError.tooLarge(width: 20, height: 5, maximumPixels: 99)
    #expect(throws: expected) { try PNGFile.inspect(bytes, limits: limits) }
    #expect(throws: expected) { try PNGFile.validate(bytes, limits: limits) }
    #expect(throws: expected) { try PNGFile.decode8(bytes, limits: limits) }
    #expect(throws: Never.self) {
      try PNGFile.validate(bytes, limits: PNGLimits(maximumPixels: 100))
    }
  }

  @Test func tooMuchMemoryIsRefused() {
    let bytes = RawPNG(width: 20, height: 5, samples: [0]).bytes
    #expect(throws: PNGError.library("image needs more memory than allowed")) {
      try PNGFile.validate(bytes, limits: PNGLimits(maximumBytes: 59))
    }
    #expect(throws: Never.self) {
      try PNGFile.validate(bytes, limits: PNGLimits(maximumBytes: 60))
    }
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
      let png = try PNGFile.encode8(image, level: 9)
      #expect(png.count * 950 < colours * 4096 * 2048)
      #expect(try PNGFile.decode8(png) == image)
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
      let image = try PNGFile.decode8(file)
      let metadata = try PNGFile.inspect(file).metadata
      #expect(metadata.map(\.data.count) == [data.count, 0, data.count])
      #expect(try PNGFile.decode8(PNGFile.encode8(image, metadata: metadata)) == image)
    }
  }
}
