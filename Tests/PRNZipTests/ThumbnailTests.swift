import Bytes
import ImagePlanes
import PNGFile
import TestSupport
import Testing

@testable import PRNZip

/// Pictures that are scaled down.
@Suite struct ThumbnailTests {
  @Test func meansAreThoseOfThePixels() throws {
    let pixels = try PixelBuffer(
      width: 4, height: 2, kind: .gray, depth: 8, bytes: [0, 10, 100, 101, 20, 30, 102, 103])
    #expect(
      try pixels.reduced(toFit: 2)
        == PixelBuffer(width: 2, height: 1, kind: .gray, depth: 8, bytes: [15, 102]))
    #expect(try pixels.reduced(toFit: 4) == pixels && pixels.reduced(toFit: 9) == pixels)
    #expect(try pixels.reduced(toFit: 1).bytes == [58])
    #expect(
      prnzipError { () throws(PRNZipError) in try pixels.reduced(toFit: 0) }
        == .unsuitablePixels("a side of 0 of them"))
  }

  /// What nobody sees has no colour.
  @Test func transparentPixelsHaveNoPart() throws {
    let pixels = try PixelBuffer(
      width: 2, height: 1, kind: .rgba, depth: 8, bytes: [200, 100, 50, 255, 0, 0, 0, 0])
    #expect(try pixels.reduced(toFit: 1).bytes == [200, 100, 50, 128])
    let deep = try PixelBuffer(width: 1, height: 1, kind: .gray, depth: 16, bytes: [77, 200])
    #expect(try deep.reduced(toFit: 3).bytes == [77])
  }

  @Test func theFileIsAPNGThatFits() throws {
    let image = testImage(rows: 60, columns: 90)
    let prn = try Compressor().compress(PNGFile.encode(image))
    let png = try Decompressor().thumbnail(of: prn, side: 32)
    let small = try PNGFile.decode(png)
    #expect((small.width, small.height) == (32, 21) && small.format == .rgb8)
  }

  /// Of strips, whose rows end anywhere in those of the small picture, no more than one is held.
  @Test(arguments: [PixelFormat.rgb8, PixelFormat(.rgba, depth: 16), PixelFormat(.gray, depth: 4)])
  func stripsAreScaledOneByOne(format: PixelFormat) throws {
    let png = try PNGFile.encode(formatImage(format, .graphics, width: 1024, height: 700))
    var options = Compressor.Options()
    options.effort = .instant
    (options.wholePixels, options.stripPixels) = (0, 1 << 17)
    let prn = try Compressor(options).compress(png)
    #expect(try FileInformation(prn).stripCount > 3)
    for side in [1, 37, 300, 700, 2000] {
      let small = try PNGFile.decode(Decompressor().thumbnail(of: prn, side: side))
      let whole = try Decompressor().pixels(of: prn).reduced(toFit: side)
      #expect(try small == whole.image(rows: 0..<whole.height), "\(side)")
    }
  }

  /// What is held is a strip and the result, and counts for the limit.
  @Test func limitsAreThoseOfAStrip() throws {
    let png = try PNGFile.encode(formatImage(.rgb8, .graphics, width: 4096, height: 3000))
    var options = Compressor.Options()
    options.effort = .instant
    (options.wholePixels, options.stripPixels) = (0, 1 << 17)
    let prn = try Compressor(options).compress(png)
    var few = Decompressor.Options()
    few.limits.maximumBytes = 4096 * 3000 * 3 - 1
    let decompressor = Decompressor(few)
    _ = try decompressor.thumbnail(of: prn, side: 64)
    for error in [
      prnzipError({ () throws(PRNZipError) in try decompressor.pixels(of: prn) }),
      prnzipError({ () throws(PRNZipError) in try decompressor.thumbnail(of: prn, side: 9999) }),
    ] {
      guard case .limitExceeded("bytes of memory", _, _)? = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }
}
