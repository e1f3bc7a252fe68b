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
}
