import Bytes
import Container
import ImagePlanes
import PNGFile
import TestSupport
import Testing

@testable import PRNZip

/// Animated PNG files: their frames are coded as images.
@Suite struct FilmTests {
  private static func compressor(_ change: (inout Compressor.Options) -> Void = { _ in })
    -> Compressor
  {
    var options = Compressor.Options()
    options.effort = .instant
    options.verify = true
    change(&options)
    return Compressor(options)
  }

  private static let sizes = [(40, 30), (40, 30), (25, 30), (40, 12), (1, 1)]

  private static func images(_ format: PixelFormat) -> [Image] {
    different(sizes, format)
  }

  /// Pictures of these sizes, no two alike.
  private static func different(_ sizes: [(Int, Int)], _ format: PixelFormat) -> [Image] {
    sizes.enumerated().map { index, size in
      var image = formatImage(format, .graphics, width: size.0, height: size.1)
      image.planes[0].samples[index % (size.0 * size.1)] ^= 1
      return image
    }
  }

  private static func file(
    _ format: PixelFormat = .rgb8, isInterlaced: Bool = false
  ) throws -> [UInt8] {
    let palette =
      format.channels == .palette
      ? (0..<3 << format.depth).map { UInt8(truncatingIfNeeded: 37 * $0) } : []
    return try AnimatedPNG.file(
      images(format), palette: palette, isInterlaced: isInterlaced, pieces: 2)
  }

  private static func sections(_ prn: [UInt8]) throws -> [SectionKind] {
    try PRNFile(prn).sections.map(\.kind)
  }

  @Test(arguments: PixelFormat.ofPNG, [false, true])
  func framesComeBack(format: PixelFormat, isInterlaced: Bool) throws {
    let png = try Self.file(format, isInterlaced: isInterlaced)
    let prn = try Self.compressor().compress(png)
    #expect(try Self.sections(prn).contains(.film))
    let back = try Decompressor().decompress(prn)
    let comparison = try FileComparison(ArraySource(png), ArraySource(back))
    #expect(comparison.isLossless && !comparison.bytesAreEqual)
    let information = try FileInformation(prn)
    #expect(information.frameCount == 4)
    let pixels = Self.sizes.reduce(0) { $0 + $1.0 * $1.1 }
    #expect(information.sampleCount == Double(pixels * format.channels.count))
    // One frame, one bit.
    var broken = try PNGFile.inspect(back)
    let animation = try #require(Animation(broken))
    let frame = try animation.image(of: animation.frames[1], broken)
    var other = Self.images(format)
    #expect(frame == other[2])
    other[2].planes[0].samples[5] ^= 1
    let changed = try AnimatedPNG.file(
      other,
      palette: broken.metadata.first { $0.name == "PLTE" }?.data ?? [],
      isInterlaced: isInterlaced)
    broken = try PNGFile.inspect(changed)
    #expect(try !FileComparison(ArraySource(png), ArraySource(changed)).chunksAreEqual)
  }

  /// Several films hold the frames of one animation.
  @Test func longAnimationsHaveSeveralFilms() throws {
    let sizes = [(300, 2), (300, 300)] + [(Int, Int)](repeating: (1, 300), count: 3)
    let png = try AnimatedPNG.file(Self.different(sizes, .rgb8))
    let prn = try Self.compressor().compress(png)
    #expect(try Self.sections(prn).count { $0 == .film } == 2)
    let back = try Decompressor().decompress(prn)
    #expect(try FileComparison(ArraySource(png), ArraySource(back)).isLossless)
  }

  /// An exact file, and an animation that is none, keep their chunks.
  @Test func otherChunksAreKept() throws {
    let png = try Self.file()
    let exact = try Self.compressor { $0.isExact = true }.compress(png)
    #expect(try !Self.sections(exact).contains(.film))
    #expect(try Decompressor().decompress(exact) == png)
    var chunks = try PNGFile.inspect(png).metadata
    let last = try #require(chunks.lastIndex { $0.name == "fdAT" })
    chunks[last] = PNGChunk(type: chunks[last].type, data: Array(chunks[last].data.dropLast(3)))
    let broken = try PNGFile.encode(Self.images(.rgb8)[0], metadata: chunks)
    let prn = try Self.compressor().compress(broken)
    #expect(try !Self.sections(prn).contains(.film))
    #expect(try PNGFile.inspect(Decompressor().decompress(prn)).metadata == chunks)
  }

  /// Frames that were there before, and those that are the image, are not coded again.
  @Test func repeatsAreNotCodedAgain() throws {
    let noise = (0..<3).map {
      formatImage(.rgb8, .random, width: 50, height: 40, seed: UInt64($0 + 1))
    }
    let order = [0, 1, 2, 1, 0, 1, 2, 1, 0]
    let small = formatImage(.rgb8, .random, width: 9, height: 5)
    let png = try AnimatedPNG.file(order.map { noise[$0] } + [small, small])
    let prn = try Self.compressor { $0.effort = .fast }.compress(png)
    #expect(prn.count < 3 * (3 * 50 * 40 + 9 * 5) + 1200)
    let information = try FileInformation(prn)
    #expect(information.frameCount == 10)
    let back = try Decompressor().decompress(prn)
    #expect(try FileComparison(ArraySource(png), ArraySource(back)).isLossless)
    // Nothing but the image, over and over.
    let still = try AnimatedPNG.file([Image](repeating: noise[0], count: 6))
    let file = try Self.compressor { $0.effort = .fast }.compress(still)
    #expect(try PRNFile(file).header.filmCount == 0)
    #expect(
      try FileComparison(ArraySource(still), ArraySource(Decompressor().decompress(file)))
        .isLossless)
    #expect(try FileInformation(file).frameCount == 5)
  }

  /// Many small frames that are alike may take fewer bytes as they are.
  @Test func smallerChunksAreKept() throws {
    let noise = (0..<2).map {
      formatImage(.rgb8, .random, width: 16, height: 16, seed: UInt64($0 + 1))
    }
    // Each a little different, and so none a repeat.
    let frames = (0..<60).map { index in
      var frame = noise[index % 2]
      frame.planes[0].samples[0] = UInt8(index)
      return frame
    }
    let png = try AnimatedPNG.file(frames)
    let metadata = Metadata(try PNGFile.inspect(png))
    let kept = try MetadataCoding.encode(metadata).payload.count
    let prn = try Self.compressor { $0.effort = .fast }.compress(png)
    #expect(prn.count < kept + 1500)
  }

  /// Where there is too little memory for a film, the chunks are kept.
  @Test func filmsOverTheLimitAreNone() throws {
    let images = [(8, 8), (300, 200), (300, 200)].map {
      formatImage(.rgb8, .gradient, width: $0, height: $1)
    }
    let png = try AnimatedPNG.file(images)
    let limited = Self.compressor {
      $0.effort = .fast
      $0.limits.maximumBytes = 4 << 20
    }
    let prn = try limited.compress(png)
    #expect(try !Self.sections(prn).contains(.film))
    #expect(try PNGFile.inspect(Decompressor().decompress(prn)) == PNGFile.inspect(png))
  }

  @Test func limitsCountFrames() throws {
    let png = try Self.file()
    let pixels = Self.sizes.reduce(0) { $0 + $1.0 * $1.1 }
    let prn = try Self.compressor().compress(png)
    var options = Decompressor.Options()
    // The film is as wide as its widest frame.
    options.limits.maximumPixels = 40 * 30 + 40 * 73 - 1
    #expect(
      throws: PRNZipError.limitExceeded(
        what: "pixels", value: 4120, limit: options.limits.maximumPixels)
    ) {
      try Decompressor(options).decompress(prn)
    }
    // Frames that come again are written again.
    let image = Self.images(.rgb8)[0]
    let repeated = try Self.compressor().compress(
      AnimatedPNG.file([Image](repeating: image, count: 10)))
    options.limits.maximumPixels = 9 * 1200
    #expect(
      throws: PRNZipError.limitExceeded(what: "pixels", value: 12000, limit: 10800)
    ) {
      try Decompressor(options).decompress(repeated)
    }
    options.limits.maximumPixels = 12000
    #expect(throws: Never.self) { try Decompressor(options).decompress(repeated) }
    // Then the chunks are kept.
    let kept = try Self.compressor { $0.limits.maximumPixels = pixels }.compress(png)
    #expect(try !Self.sections(kept).contains(.film))
  }

  /// A damaged film costs the animation, not the image.
  @Test func damageToAFilmCostsTheFrames() throws {
    let png = try Self.file()
    let prn = try Self.compressor().compress(png)
    let film = try #require(PRNFile(prn).films.first)
    var damaged: [[UInt8]] = []
    var bytes = prn
    bytes[film.payload.lowerBound + film.payload.count / 2] ^= 1
    damaged.append(bytes)
    bytes = prn
    bytes.removeSubrange(film.payload.lowerBound..<film.payload.lowerBound + 20)
    damaged.append(bytes)
    // Cut off with all of it.
    let size = Section.size(payload: film.payload.count)
    damaged.append(Array(prn.dropLast(size)))
    for bytes in damaged {
      #expect(throws: PRNZipError.self) { try Decompressor().decompress(bytes) }
      let salvage = try Decompressor().salvage(bytes)
      #expect(salvage.missing.isEmpty && !salvage.problems.isEmpty)
      #expect(try PNGFile.decode(salvage.file) == PNGFile.decode(png))
      #expect(try PNGFile.inspect(salvage.file).metadata == [.imageDataMark])
    }
    // From a tile into the film: sections within the film are none of the image.
    let first = try #require(PRNFile(prn).groups.last?.tiles.last)
    bytes = prn
    for index in first.payload.lowerBound - 2..<film.payload.lowerBound + 30 { bytes[index] = 0 }
    let both = try Decompressor().salvage(bytes)
    #expect(both.missing.count == 1 && both.problems.count == 1)
    // Films that nobody has written.
    let still = try Self.compressor().compress(PNGFile.encode(Self.images(.rgb8)[0]))
    var header = try Header.decode(still).header
    header.filmCount = 1 << 40
    let none = try header.encoded() + still.dropFirst(Header.decode(still).end)
    #expect(throws: PRNZipError.self) { try Decompressor().decompress(none) }
    let lacking = try Decompressor().salvage(none)
    #expect(lacking.problems.count == 1)
    // What is damaged elsewhere leaves the frames.
    let tile = try #require(PRNFile(prn).groups.last?.tiles.last)
    bytes = prn
    bytes[tile.payload.lowerBound] ^= 1
    let salvage = try Decompressor().salvage(bytes)
    #expect(!salvage.missing.isEmpty)
    let information = try PNGFile.inspect(salvage.file)
    let animation = try #require(Animation(information))
    #expect(try animation.image(of: animation.frames[0], information) == Self.images(.rgb8)[1])
  }

  /// Files that break a rule of films.
  @Test func hostileFilmsAreRefused() throws {
    let png = try Self.file()
    let prn = try Self.compressor().compress(png)
    let file = try PRNFile(prn)
    let film = try Array(prn[#require(file.films.first).payload])
    let metadata = try MetadataCoding.decode(prn, #require(file.metadata))
    let groups = file.groups.map {
      PRNFile.GroupPayloads(tiles: $0.tiles.map { Array(prn[$0.payload]) })
    }
    func refuses(
      _ films: [[UInt8]], _ metadata: Metadata, _ reason: String, line: Int = #line
    ) throws {
      let (payload, kind) = try MetadataCoding.encode(metadata)
      var header = file.header
      header.filmCount = films.count
      let bytes = try PRNFile.encode(
        header, metadata: payload, metadataKind: kind, groups: groups, films: films)
      let error = prnzipError { () throws(PRNZipError) in try Decompressor().decompress(bytes) }
      #expect(error == .container(.corrupt(reason: reason)), "line \(line): \(error)")
      #expect(try !Decompressor().salvage(bytes).isWhole)
    }
    try refuses([film], Metadata(), "films of no animation")
    try refuses([film, film], metadata, "film 1 has frames of another size")
    var fewer = metadata
    fewer.behindImage.removeLast(2)
    try refuses([film], fewer, "film 0 has frames of another size")
    var more = metadata
    more.behindImage += metadata.behindImage.suffix(2)
    try refuses([film], more, "fewer frames in films than in the metadata")
    // Repeats of what is not there, of another size, or in more bytes than one number.
    for (index, data) in [(0, [2]), (1, [3]), (3, [1]), (2, [0]), (0, [1, 0])] as [(Int, [UInt8])] {
      let all = (0..<4).map { $0 == index ? data : [] }
      var other = Metadata(Animation.replacing(metadata.chunks, with: all))
      other.trailing = metadata.trailing
      try refuses([film], other, "films of no animation")
    }
    // A film of another format, with a film, and none at all.
    let gray = try Self.compressor().compress(Self.file(.gray8))
    let other = try #require(PRNFile(gray).films.first)
    try refuses(
      [Array(gray[other.payload])], metadata, "film 0: corrupt file: pixels of another kind")
    try refuses([prn], metadata, "film 0: corrupt file: pixels of another kind")
    var plain = file.header
    plain.filmCount = nil
    let still = try PRNFile.encode(
      plain, metadata: MetadataCoding.encode(metadata).payload, groups: groups)
    var single = metadata
    single.behindImage = Array(metadata.behindImage.prefix(2))
    try refuses([still], single, "film 0: corrupt file: metadata of its own")
    try refuses([[]], metadata, "film 0: not a prn file")
    var header = film
    header[header.count / 2] ^= 8
    let bytes = try PRNFile.encode(
      file.header, metadata: MetadataCoding.encode(metadata).payload, groups: groups,
      films: [header])
    guard
      case .container = prnzipError({ () throws(PRNZipError) in
        try Decompressor().decompress(bytes)
      })
    else {
      Issue.record("a damaged film is taken")
      return
    }
  }

  /// Parts of an image, pixels and thumbnails are those of the image alone.
  @Test func partsAreOfTheImage() throws {
    let png = try Self.file()
    let prn = try Self.compressor().compress(png)
    let part = try Decompressor().decompress(
      prn, region: PixelRegion(x: 3, y: 4, width: 20, height: 10))
    let image = try PNGFile.decode(png)
    #expect(
      try PNGFile.decode(part)
        == image.crop(TileRectangle(row: 4, column: 3, height: 10, width: 20)))
    #expect(try PNGFile.inspect(part).isPlain)
    #expect(try Decompressor().pixels(of: prn).width == 40)
  }
}
