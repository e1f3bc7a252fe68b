import ImagePlanes
import PNGFile
import TestSupport
import Testing

@testable import PRNZip

/// Pixels in memory to a prn file and back, without a PNG file.
@Suite struct PixelBufferTests {
  /// Pixels that are those of a test image.
  static func pixels(
    _ kind: PixelBuffer.Kind, depth: Int = 8, _ samples: SampleKind = .graphics, width: Int,
    height: Int
  ) throws -> PixelBuffer {
    let format = PixelFormat(kind.channels, depth: depth)
    let image = formatImage(format, samples, width: width, height: height)
    return try PixelBuffer(
      width: width, height: height, kind: kind, depth: depth, bytes: image.interleaved)
  }

  /// The part of some pixels in a region, byte by byte.
  static func crop(_ pixels: PixelBuffer, _ region: PixelRegion) throws -> PixelBuffer {
    var bytes: [UInt8] = []
    for row in region.y..<region.y + region.height {
      let first = (row * pixels.width + region.x) * pixels.bytesPerPixel
      bytes += pixels.bytes[first..<first + region.width * pixels.bytesPerPixel]
    }
    return try PixelBuffer(
      width: region.width, height: region.height, kind: pixels.kind, depth: pixels.depth,
      bytes: bytes)
  }

  @Test(arguments: PixelBuffer.Kind.allCases, [8, 16])
  func everyKindRoundTrips(kind: PixelBuffer.Kind, depth: Int) throws {
    let compressor = try makeCompressor(effort: .fast, isPure: false, verify: true)
    let decompressor = try decompressor()
    for samples in SampleKind.allCases {
      for (width, height) in [(1, 1), (5, 3), (40, 30)] {
        let pixels = try Self.pixels(kind, depth: depth, samples, width: width, height: height)
        let prn = try compressor.compress(pixels)
        #expect(try decompressor.pixels(of: prn) == pixels, "\(samples), \(width) x \(height)")
        let image = try PNGFile.decode(decompressor.decompress(prn))
        #expect(image == formatImage(pixels.format, samples, width: width, height: height))
        // No larger than what a PNG file of them becomes.
        let png = try PNGFile.encode(image, level: 9)
        #expect(try prn.count <= storedFile(png).count)
        let region = PixelRegion(
          x: width / 3, y: height / 2, width: (width + 1) / 2, height: (height + 1) / 2)
        let part = try decompressor.pixels(of: prn, region: region)
        #expect(try part == Self.crop(pixels, region))
      }
    }
  }

  @Test func samplesAreBigEndianAndInterleaved() throws {
    let pixels = try PixelBuffer(
      width: 1, height: 2, kind: .grayAlpha, depth: 16, bytes: [1, 2, 3, 4, 5, 6, 7, 8])
    let png = try decompressor().decompress(makeCompressor().compress(pixels))
    let image = try PNGFile.decode(png)
    #expect(image.planes.map(\.samples) == [[1, 5], [2, 6], [3, 7], [4, 8]])
  }

  /// A PNG file is made where nothing pays, of small images and of large ones.
  @Test(arguments: [false, true]) func noiseIsStored(inStrips: Bool) throws {
    var options = try makeCompressor(effort: .instant, isPure: false).options
    if inStrips { (options.wholePixels, options.stripPixels) = (0, 1 << 16) }
    let pixels = try Self.pixels(.gray, depth: 16, .random, width: 512, height: 300)
    let prn = try Compressor(options).compress(pixels)
    #expect(try !FileInformation(prn).isModelled && prn.count < pixels.bytes.count + 1000)
    #expect(try decompressor().pixels(of: prn) == pixels)
    let region = PixelRegion(x: 3, y: 150, width: 77, height: 20)
    #expect(
      try decompressor().pixels(of: prn, region: region) == Self.crop(pixels, region))
  }

  @Test(arguments: PixelBuffer.Kind.allCases) func largeImagesAreInStrips(
    kind: PixelBuffer.Kind
  ) throws {
    var options = try makeCompressor(effort: .instant, isPure: false, verify: true).options
    (options.wholePixels, options.stripPixels) = (0, 1 << 16)
    let pixels = try Self.pixels(kind, width: 512, height: 300)
    let compressor = Compressor(options)
    let prn = try compressor.compress(pixels)
    #expect(try FileInformation(prn).stripCount == 3)
    // The very file of a PNG file without chunks.
    let png = try PNGFile.encode(formatImage(pixels.format, .graphics, width: 512, height: 300))
    #expect(try compressor.compress(png) == prn)
    #expect(try decompressor().pixels(of: prn) == pixels)
    for region in [
      PixelRegion(x: 100, y: 120, width: 50, height: 170),
      PixelRegion(x: 0, y: 130, width: 512, height: 1),
    ] {
      #expect(
        try decompressor().pixels(of: prn, region: region) == Self.crop(pixels, region))
    }
  }

  @Test func sizesAreChecked() {
    func error(
      _ width: Int, _ height: Int, depth: Int = 8, bytes: Int
    ) -> PRNZipError? {
      prnzipError { () throws(PRNZipError) in
        try PixelBuffer(
          width: width, height: height, kind: .rgb, depth: depth,
          bytes: [UInt8](repeating: 0, count: bytes))
      }
    }
    #expect(error(2, 3, bytes: 18) == nil && error(2, 3, depth: 16, bytes: 36) == nil)
    #expect(
      error(2, 3, bytes: 17) == .unsuitablePixels("17 bytes for 2 x 3 of 3 bytes each"))
    #expect(
      error(2, 3, depth: 7, bytes: 18) == .unsuitablePixels("samples of 7 bits, not 8 or 16"))
    #expect(error(0, 3, bytes: 0) == .unsuitablePixels("0 x 3 of them"))
    #expect(error(1, -1, bytes: 0) == .unsuitablePixels("1 x -1 of them"))
    #expect(error(1 << 31, 1, bytes: 0) != nil)
    #expect(error(1 << 30, 1 << 30, depth: 16, bytes: 0) != nil)
  }

  @Test func regionsAreChecked() throws {
    let pixels = try Self.pixels(.rgb, width: 9, height: 7)
    let prn = try makeCompressor(isPure: false).compress(pixels)
    let decompressor = try decompressor()
    for (x, y, width, height) in [
      (0, 0, 10, 1), (0, 0, 1, 8), (9, 0, 1, 1), (0, 7, 1, 1), (-1, 0, 1, 1), (0, -1, 1, 1),
      (0, 0, 0, 1), (0, 0, 1, 0), (.max, 0, 1, 1), (1, 1, .max, .max), (0, .min, 1, 1),
    ] {
      let region = PixelRegion(x: x, y: y, width: width, height: height)
      #expect(
        prnzipError { () throws(PRNZipError) in try decompressor.pixels(of: prn, region: region) }
          == .unsuitableRegion(region, width: 9, height: 7))
    }
  }

  @Test func limitsHold() throws {
    let pixels = try Self.pixels(.rgb, .gradient, width: 100, height: 100)
    var options = try makeCompressor(effort: .instant, isPure: false).options
    let prn = try Compressor(options).compress(pixels)
    options.limits.maximumPixels = 9999
    var error = prnzipError { () throws(PRNZipError) in try Compressor(options).compress(pixels) }
    #expect(error == .limitExceeded(what: "pixels", value: 10_000, limit: 9999))
    options.limits = Limits(maximumBytes: 59_999)
    error = prnzipError { () throws(PRNZipError) in try Compressor(options).compress(pixels) }
    #expect(error == .limitExceeded(what: "bytes of memory", value: 60_000, limit: 59_999))
    let decompressor = try decompressor(limits: Limits(maximumBytes: 30_000))
    guard
      case .limitExceeded = prnzipError({ () throws(PRNZipError) in
        try decompressor.pixels(of: prn)
      })
    else {
      Issue.record("30 KB")
      return
    }
  }
}
