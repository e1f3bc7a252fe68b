import Bytes
import ImagePlanes
import PNGFile
import TestSupport
import Testing

/// Image data that is deflated in blocks, several at a time.
@Suite struct ImageDataTests {
  /// Several blocks: rows of noise, which do not become fewer bytes, and of repeats, which do.
  private static func image(_ format: PixelFormat) -> Image {
    // Of one bit, as many bytes take more pixels.
    let (width, height) = format.depth < 8 ? (3000, 2000) : (700, 500)
    var image = formatImage(format, .random, width: width, height: height)
    for k in image.planes.indices {
      for index in 0..<width * height / 3 { image.planes[k].samples[index] &= 3 }
    }
    return image
  }

  @Test(arguments: [PixelFormat.rgb8, .gray1, PixelFormat(.grayAlpha, depth: 16)], [false, true])
  func threadsMakeNoDifference(_ format: PixelFormat, isInterlaced: Bool) throws {
    let image = Self.image(format)
    let files = try [1, 2, 7].map { threads in
      try PNGFile.encode(
        image, isInterlaced: isInterlaced, level: 6, filters: .tried, threads: threads)
    }
    #expect(files[1] == files[0] && files[2] == files[0])
    #expect(try PNGFile.decode(files[0]) == image)
  }

  /// Rows that are longer than a block, and than a sample.
  @Test(arguments: [(400_000, 5), (1_100_000, 3)])
  func longRowsMakeNoDifference(width: Int, height: Int) throws {
    let image = formatImage(.gray8, .graphics, width: width, height: height)
    let files = try [1, 3].map { threads in
      try PNGFile.encode(image, level: nil, filters: .tried, threads: threads)
    }
    #expect(files[0] == files[1])
    #expect(try PNGFile.decode(files[0]) == image)
  }

  /// In strips, whose rows end anywhere in a block.
  @Test(arguments: [0, 1]) func stripsMakeNoDifference(level: Int) throws {
    let image = Self.image(.rgb8)
    let whole = try PNGFile.encode(image, level: level)
    let sink = ArraySink()
    let writer = try PNGStripWriter(
      .rgb8, width: image.width, height: image.height, level: level, threads: 3, to: sink)
    for row in stride(from: 0, to: image.height, by: 77) {
      let height = min(77, image.height - row)
      try writer.write(
        image.crop(TileRectangle(row: row, column: 0, height: height, width: image.width)))
    }
    #expect(
      pngError { () throws(PNGError) in try writer.write(image) }
        == .unsupported("more rows than the image has"))
    try writer.finish()
    #expect(sink.bytes == whole)
    #expect(try PNGFile.decode(whole) == image)
  }

  @Test func missingRowsAreAnError() throws {
    let writer = try PNGStripWriter(.rgb8, width: 5, height: 5, to: ArraySink())
    let missing = PNGError.unsupported("fewer rows than the image has")
    #expect(pngError { () throws(PNGError) in try writer.finish() } == missing)
    try writer.write(Image(width: 5, height: 4))
    #expect(pngError { () throws(PNGError) in try writer.finish() } == missing)
  }

  /// Matches reach into the block before: else each block of this picture would be noise again.
  @Test func blocksKnowWhatWasBefore() throws {
    var image = formatImage(.gray8, .random, width: 1000, height: 600)
    let noise = image.planes[0].samples[..<16_000]
    for start in stride(from: 0, to: 600_000, by: 16_000) {
      let end = min(start + 16_000, 600_000)
      image.planes[0].samples.replaceSubrange(start..<end, with: noise.prefix(end - start))
    }
    let png = try PNGFile.encode(
      Image(PixelFormat(.palette, depth: 8), planes: image.planes),
      metadata: [
        PNGChunk(type: Array("PLTE".utf8), data: [UInt8](repeating: 0, count: 768)),
        .imageDataMark,
      ], level: 6)
    #expect(try PNGFile.decode(png).planes == image.planes)
    #expect(png.count < 16_000 + 10_000)
  }
}
