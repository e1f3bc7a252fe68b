import Bytes
import Container
import ImagePlanes
import ModelStore
import PNGFile
import TestSupport
import Testing

@testable import PRNZip

/// Images that are coded in strips of rows.
@Suite struct StripsTests {
  private static func compressor(
    effort: Effort = .instant, threads: Int = 1, verify: Bool = false
  ) throws -> Compressor {
    var options = try makeCompressor(effort: effort, isPure: false, threads: threads).options
    options.verify = verify
    (options.wholePixels, options.stripPixels) = (0, 1 << 16)
    return Compressor(options)
  }

  private static let chunks = [
    PNGChunk(type: Array("gAMA".utf8), data: [0, 1, 2, 3]), .imageDataMark,
  ]

  /// A picture of 300 rows: strips of 128, 128 and 44.
  private static func png(_ format: PixelFormat, _ kind: SampleKind = .graphics) throws -> [UInt8] {
    var chunks = format.channels == .palette ? RoundTripTests.palette(16, alpha: 3) : chunks
    if !chunks.contains(.imageDataMark) { chunks.append(.imageDataMark) }
    return try PNGFile.encode(
      formatImage(format, kind, width: 512, height: 300), metadata: chunks, trailing: [1, 2])
  }

  @Test(arguments: [
    PixelFormat.rgb8, .gray8, .gray1, PixelFormat(.palette, depth: 4),
    PixelFormat(.rgba, depth: 8), PixelFormat(.gray, depth: 16),
  ])
  func everyKindRoundTrips(format: PixelFormat) throws {
    let png = try Self.png(format)
    // In a hurry, so few bits take more than in the PNG file.
    let effort = format.depth == 1 ? Effort.fast : .instant
    let prn = try Self.compressor(effort: effort, verify: true).compress(png)
    let information = try FileInformation(prn)
    #expect(information.stripCount == 3 && information.isModelled && !information.isExact)
    try expectRoundTrip(prn, png, decompressor())
    try decompressor().test(prn)
  }

  /// A photo by linear predictors and by a network, with any number of threads.
  @Test(arguments: [Effort.instant, .fast]) func threadsAndSinksDoNotMatter(effort: Effort) throws {
    let png = try testImage("city")
    let files = try [1, 3].map { try Self.compressor(effort: effort, threads: $0).compress(png) }
    #expect(files[0] == files[1])
    let sink = ArraySink(), back = ArraySink()
    try Self.compressor(effort: effort).compress(ArraySource(png), to: sink)
    #expect(sink.bytes == files[0])
    try decompressor(threads: 3).decompress(ArraySource(files[0]), to: back)
    #expect(try PNGFile.decode(back.bytes) == PNGFile.decode(png))
    let information = try FileInformation(files[0])
    #expect(information.stripCount > 1)
    // Alike in all strips but the last, whose tiles may be of another size.
    #expect(information.groups.count <= 2 && information.groups[0].tileCount > 1)
    #expect(
      information.sections.reduce(information.headerSize) { $0 + $1.size } == files[0].count)
  }

  @Test func noiseIsStored() throws {
    let png = try PNGFile.encode(
      formatImage(PixelFormat(.gray, depth: 16), .random, width: 512, height: 300), level: 1)
    let prn = try Self.compressor().compress(png)
    #expect(try prn == storedFile(png))
  }

  @Test func interlacedAndExactImagesAreInOnePiece() throws {
    let image = formatImage(.rgb8, .graphics, width: 512, height: 300)
    let interlaced = try PNGFile.encode(image, isInterlaced: true)
    #expect(try FileInformation(Self.compressor().compress(interlaced)).stripCount == 1)
    var options = try Self.compressor().options
    options.isExact = true
    let exact = try Compressor(options).compress(Self.png(.rgb8))
    #expect(try FileInformation(exact).stripCount == 1)
  }

  @Test func heights() {
    func height(_ width: Int, _ height: Int, tileLimit: Int = 2048) -> Int? {
      var options = Compressor.Options()
      options.tileLimit = tileLimit
      return options.stripHeight(width: width, height: height)
    }
    #expect(height(8192, 4096) == nil && height(8192, 4097) == 2048)
    #expect(height(1 << 26, 1) == nil && height(1 << 25, 2) == 1)
    #expect(height(32768, 32768) == 512 && height(10_000, 6000) == 1500)
    #expect(height(100, 1 << 20) == 81 * 2048)
    #expect(height(8192, 6000, tileLimit: 700) == 1400)
  }

  /// What is damaged is refused, and no other pixels are given.
  @Test func damageIsRefused() throws {
    let png = try Self.png(PixelFormat(.palette, depth: 4), .flat)
    let prn = try Self.compressor().compress(png)
    #expect(prn.count < 500)
    let decompressor = try decompressor()
    for index in prn.indices {
      var damaged = prn
      damaged[index] ^= 0x11
      #expect(
        prnzipError { () throws(PRNZipError) in try decompressor.test(damaged) } != nil,
        "\(index)")
      let cut = Array(prn[..<index])
      #expect(
        prnzipError { () throws(PRNZipError) in try decompressor.decompress(cut) } != nil)
    }
  }

  /// Each strip has a digest of its own.
  @Test func aStripWithAnotherDigestIsRefused() throws {
    let png = try Self.png(.rgb8)
    var file = try PRNStrips(ArraySource(Self.compressor().compress(png)))
    var bytes = try PRNStrips.start(file.header, metadata: [])
    while let strip = try file.next() {
      var header = strip.file.header
      if strip.row == 128 { header.digest[0] ^= 1 }
      bytes += try PRNStrips.strip(
        header, row: strip.row,
        groups: strip.file.groups.map { group in
          PRNFile.GroupPayloads(tiles: group.tiles.map { Array(strip.bytes[$0.payload]) })
        })
    }
    let decompressor = try decompressor()
    guard
      case .digestMismatch = prnzipError({ () throws(PRNZipError) in
        try decompressor.test(bytes)
      })
    else {
      Issue.record("another digest")
      return
    }
  }

  @Test func limitsHoldForTheImageAndForEachStrip() throws {
    let png = try Self.png(.rgb8)
    var options = try Self.compressor().options
    options.limits.maximumPixels = 512 * 300 - 1
    #expect(throws: PRNZipError.self) { try Compressor(options).compress(png) }
    let prn = try Self.compressor().compress(png)
    let decompressor = try decompressor(limits: options.limits)
    #expect(
      prnzipError { () throws(PRNZipError) in try decompressor.test(prn) }
        == .limitExceeded(what: "pixels", value: 512 * 300, limit: 512 * 300 - 1))
    options.limits = Limits(maximumBytes: 1 << 17)
    guard
      case .limitExceeded = prnzipError({ () throws(PRNZipError) in
        try Compressor(options).compress(png)
      })
    else {
      Issue.record("128 KiB for a strip of 192")
      return
    }
  }
}
