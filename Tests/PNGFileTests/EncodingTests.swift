import ImagePlanes
import PNGFile
import TestSupport
import Testing

@Suite struct EncodingTests {
  @Test(arguments: [(1, 1), (1, 40), (40, 1), (13, 11), (257, 3)], [1, 2, 9])
  func everySizeAndLevelRoundTrips(size: (Int, Int), level: Int) throws {
    for colours in [1, 3] {
      let image = slopes(width: size.0, height: size.1, colours: colours)
      let png = try PNGFile.encode(image, level: level)
      try PNGFile.validate(png)
      #expect(try PNGFile.decode(png) == image)
      let information = try PNGFile.inspect(png)
      #expect(information.isPlain && information.pixelFormat == image.format)
    }
  }

  @Test func levelsOutOfRangeAreClamped() throws {
    let image = slopes(width: 30, height: 30)
    for (level, clamped) in [(-5, 0), (10, 9), (Int.max, 9), (Int.min, 0)] {
      #expect(
        try PNGFile.encode(image, level: level) == PNGFile.encode(image, level: clamped))
    }
  }

  @Test func chunksKeepTheirPlaceAndOrder() throws {
    let metadata = [
      PNGChunk(type: Array("gAMA".utf8), data: [0, 0, 0xB1, 0x8F]),
      PNGChunk(type: Array("tEXt".utf8), data: Array("Title\0one".utf8)),
      PNGChunk(type: Array("PLTE".utf8), data: [1, 2, 3]),
      PNGChunk(type: Array("prVt".utf8), data: []),
      PNGChunk(type: Array("tEXt".utf8), data: Array("Title\0two".utf8)),
      .imageDataMark,
      PNGChunk(type: Array("tEXt".utf8), data: Array("Title\0three".utf8)),
      PNGChunk(type: Array("tIME".utf8), data: [7, 0xE8, 1, 2, 3, 4, 5]),
    ]
    let image = slopes(width: 8, height: 8)
    let png = try PNGFile.encode(image, metadata: metadata)
    #expect(try PNGFile.inspect(png).metadata == metadata)
    #expect(try PNGFile.decode(png) == image)
    #expect(
      RawPNG(png).chunks.map { String(decoding: $0.type, as: UTF8.self) } == [
        "IHDR", "gAMA", "tEXt", "PLTE", "prVt", "tEXt", "IDAT", "tEXt", "tIME", "IEND",
      ])
    #expect(RawPNG(png).bytes == png)
  }

  /// One gray value, or one colour, counts as transparent: metadata, as any other ancillary chunk.
  @Test(arguments: [1, 3])
  func transparencyIsMetadata(colours: Int) throws {
    let metadata = [
      PNGChunk(type: Array("gAMA".utf8), data: [0, 0, 0xB1, 0x8F]),
      PNGChunk(type: Array("sBIT".utf8), data: [UInt8](repeating: 8, count: colours)),
      PNGChunk(type: Array("bKGD".utf8), data: [UInt8](repeating: 0, count: 2 * colours)),
      PNGChunk(type: Array("tRNS".utf8), data: [UInt8](repeating: 0, count: 2 * colours)),
      PNGChunk(type: Array("tEXt".utf8), data: Array("Title\0one".utf8)),
      .imageDataMark,
      PNGChunk(type: Array("tEXt".utf8), data: Array("Title\0two".utf8)),
    ]
    let image = slopes(width: 8, height: 8, colours: colours)
    let png = try PNGFile.encode(image, metadata: metadata)
    try PNGFile.validate(png)
    let information = try PNGFile.inspect(png)
    #expect(information.metadata == metadata)
    #expect(information.isPlain && information.pixelFormat == image.format)
    #expect(try PNGFile.decode(png) == image)
  }

  /// A palette has no business in a gray image, but does not harm it.
  @Test func aGrayImageKeepsAPalette() throws {
    let metadata = [PNGChunk(type: Array("PLTE".utf8), data: [1, 2, 3]), .imageDataMark]
    let image = slopes(width: 8, height: 8, colours: 1)
    let png = try PNGFile.encode(image, metadata: metadata)
    try PNGFile.validate(png)
    #expect(try PNGFile.inspect(png).metadata == metadata)
    #expect(try PNGFile.decode(png) == image)
  }

  @Test(arguments: [0, 2, 4])
  func otherNumbersOfPlanesHaveNoFile(count: Int) {
    var image = slopes(width: 2, height: 2)
    image.planes = Array(repeating: Plane(width: 2, height: 2), count: count)
    #expect(throws: PNGError.unsupported("rgb of 8 bits in \(count) planes")) {
      try PNGFile.encode(image)
    }
  }

  /// Depths that PNG does not have, or not with these channels.
  @Test func otherFormatsHaveNoFile() {
    for (channels, depth) in [
      (.gray, 3), (.gray, 12), (.rgb, 4), (.rgba, 1), (.grayAlpha, 2), (.palette, 16),
    ] as [(Channels, Int)] {
      let format = PixelFormat(channels, depth: depth)
      let planes = Array(repeating: Plane(width: 2, height: 2), count: format.planeCount)
      #expect(
        throws: PNGError.unsupported("\(channels) of \(depth) bits in \(planes.count) planes")
      ) { try PNGFile.encode(Image(format, planes: planes)) }
    }
  }

  /// The palette is a chunk as any other, but an image of its indices is none without.
  @Test func paletteIndicesNeedAPalette() throws {
    let image = Image(PixelFormat(.palette, depth: 2), planes: [Plane(width: 3, height: 2)])
    func palette(_ count: Int) -> PNGChunk {
      PNGChunk(type: Array("PLTE".utf8), data: [UInt8](repeating: 7, count: count))
    }
    for metadata in [
      [.imageDataMark], [.imageDataMark, palette(3)], [palette(0), .imageDataMark],
      [palette(4), .imageDataMark], [palette(771), .imageDataMark],
      [palette(3), palette(3), .imageDataMark],
    ] as [[PNGChunk]] {
      guard
        case .illegalMetadata = pngError({ () throws(PNGError) in
          try PNGFile.encode(image, metadata: metadata)
        })
      else {
        Issue.record("\(metadata.map(\.name))")
        continue
      }
    }
    for count in [3, 12, 768] {
      let transparency = PNGChunk(type: Array("tRNS".utf8), data: [0, 1])
      let metadata = [palette(count), transparency, .imageDataMark]
      let png = try PNGFile.encode(image, metadata: metadata)
      #expect(try PNGFile.inspect(png).metadata == metadata)
      #expect(try PNGFile.decode(png) == image)
    }
  }

  /// Values of more bits than the image's depth are cut.
  @Test func largeValuesLoseTheirHighBits() throws {
    for (depth, expected) in [(1, [0, 1, 1, 1]), (2, [0, 1, 2, 3]), (4, [0, 1, 6, 15])]
      as [(Int, [UInt8])]
    {
      var image = Image(width: 4, height: 1, colours: 1, depth: depth)
      image.planes[0].samples = [0, 1, 0xF6, 255]
      #expect(try PNGFile.decode(PNGFile.encode(image)).planes[0].samples == expected)
    }
  }

  @Test func metadataNeedsOneMark() {
    let image = slopes(width: 2, height: 2)
    let text = PNGChunk(type: Array("tEXt".utf8), data: [])
    let full = PNGChunk(type: PNGChunk.imageDataMark.type, data: [1])
    for (metadata, marks) in [
      ([], 0), ([text], 0), ([.imageDataMark, text, .imageDataMark], 2), ([full], 1),
      ([.imageDataMark, full], 2),
    ] as [([PNGChunk], Int)] {
      #expect(throws: PNGError.illegalMetadata("\(marks) marks of the image data")) {
        try PNGFile.encode(image, metadata: metadata)
      }
    }
  }

  @Test(arguments: ["", "abc", "abcde", "ab1d", "ab d", "IHDR", "IEND", "tEX\u{7F}"])
  func chunkTypesAreChecked(name: String) {
    let chunk = PNGChunk(type: Array(name.utf8), data: [1])
    #expect(throws: PNGError.illegalMetadata("chunk \(name) of 1 bytes")) {
      try PNGFile.encode(slopes(width: 2, height: 2), metadata: [.imageDataMark, chunk])
    }
  }

  @Test(arguments: [(0, 0), (0, 4), (4, 0)])
  func emptyImagesHaveNoFile(width: Int, height: Int) {
    #expect(throws: PNGError.unsupported("a size of \(width) x \(height) pixels")) {
      try PNGFile.encode(Image(width: width, height: height))
    }
  }
}
