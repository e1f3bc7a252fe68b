import Bytes
import ImagePlanes
import PNGFile
import Testing

/// Adam7, animations and bytes behind the end.
@Suite struct InterlaceTests {
  private static let formats = Channels.allCases.flatMap { channels in
    [1, 2, 4, 8, 16].compactMap { PixelFormat(pngColourType: channels.pngColourType, depth: $0) }
  }

  private func metadata(_ format: PixelFormat) -> [PNGChunk] {
    let palette = PNGChunk(type: Array("PLTE".utf8), data: Array(0..<48))
    return format.channels == .palette ? [palette, .imageDataMark] : [.imageDataMark]
  }

  @Test func thereAreFifteenFormats() { #expect(Self.formats.count == 15) }

  /// Widths below 5 and heights below 5 have passes without pixels.
  @Test(arguments: formats, [false, true])
  func everySizeRoundTrips(format: PixelFormat, isInterlaced: Bool) throws {
    var generator = SplitMix64(seed: 7)
    for width in 1...9 {
      for height in 1...9 {
        let image = noise(format, width: width, height: height, &generator)
        let png = try PNGFile.encode(
          image, metadata: metadata(format), isInterlaced: isInterlaced)
        try PNGFile.validate(png)
        let information = try PNGFile.inspect(png)
        #expect(information.isInterlaced == isInterlaced && information.isPlain != isInterlaced)
        #expect(try PNGFile.decode(png) == image, "\(format), \(width) x \(height)")
      }
    }
  }

  @Test(arguments: [(1, 200), (200, 1), (3, 70), (131, 77)])
  func largerSizesRoundTrip(width: Int, height: Int) throws {
    var generator = SplitMix64(seed: 8)
    for format in [.gray1, .rgb8, PixelFormat(.rgba, depth: 16)] as [PixelFormat] {
      let image = noise(format, width: width, height: height, &generator)
      let png = try PNGFile.encode(image, isInterlaced: true)
      #expect(try PNGFile.decode(png) == image)
    }
  }

  /// Samples that planes lack are 0, as in images that are not interlaced.
  @Test func missingSamplesAreZero() throws {
    var image = slopes(width: 9, height: 7)
    let whole = image
    image.planes[1].samples.removeLast(30)
    let decoded = try PNGFile.decode(PNGFile.encode(image, isInterlaced: true))
    #expect(decoded.planes[0] == whole.planes[0] && decoded.planes[2] == whole.planes[2])
    #expect(
      decoded.planes[1].samples
        == whole.planes[1].samples.dropLast(30) + [UInt8](repeating: 0, count: 30))
  }

  /// The rows and columns of each pass, as pixels of their own value.
  @Test func pixelsHaveTheirPlace() throws {
    var file = RawPNG(width: 3, height: 3, colourType: 0, samples: [0])
    file.chunks[0].data[12] = 1
    // Passes 1, 4, 5, 6 and 7 have 1x1, 1x1, 2x1, 1x2 and 3x1 pixels.
    file.chunks[1].data = storedZlib([0, 1, 0, 2, 0, 3, 4, 0, 5, 0, 6, 0, 7, 8, 9])
    #expect(try PNGFile.decode(file.bytes).planes[0].samples == [1, 5, 2, 7, 8, 9, 3, 6, 4])
  }

  @Test(arguments: [false, true]) func bytesBehindTheEndAreKept(isInterlaced: Bool) throws {
    let image = slopes(width: 8, height: 5)
    for trailing in [[0], Array("trailer".utf8), [UInt8](repeating: 7, count: 100_000)] {
      let png = try PNGFile.encode(image, isInterlaced: isInterlaced, trailing: trailing)
      try PNGFile.validate(png)
      let information = try PNGFile.inspect(png)
      #expect(information.trailing == trailing && !information.isPlain)
      #expect(Array(png.suffix(trailing.count)) == trailing)
      #expect(try PNGFile.decode(png) == image)
      let limits = PNGLimits(maximumBytes: trailing.count - 1)
      #expect(throws: PNGError.self) { try PNGFile.inspect(png, limits: limits) }
    }
  }

  /// An animation is its first image and chunks as any other.
  @Test(arguments: [false, true]) func animationsKeepTheirChunks(isInterlaced: Bool) throws {
    func chunk(_ type: String, _ data: [UInt8]) -> PNGChunk {
      PNGChunk(type: Array(type.utf8), data: data)
    }
    let control = bigEndian(8) + bigEndian(5) + bigEndian(0) + bigEndian(0) + [0, 1, 0, 9, 0, 0]
    let metadata = [
      chunk("acTL", bigEndian(2) + bigEndian(0)), chunk("fcTL", bigEndian(0) + control),
      .imageDataMark, chunk("fcTL", bigEndian(1) + control),
      chunk("fdAT", bigEndian(2) + storedZlib([UInt8](repeating: 0, count: 5 * 25))),
      chunk("fdAT", bigEndian(3)), chunk("tEXt", Array("Title\0x".utf8)),
    ]
    let image = slopes(width: 8, height: 5)
    let png = try PNGFile.encode(image, metadata: metadata, isInterlaced: isInterlaced)
    try PNGFile.validate(png)
    let information = try PNGFile.inspect(png)
    #expect(information.isAnimated && !information.isPlain)
    #expect(information.metadata == metadata)
    #expect(try PNGFile.decode(png) == image)
  }
}
