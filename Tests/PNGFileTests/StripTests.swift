import Bytes
import ImagePlanes
import PNGFile
import TestSupport
import Testing

/// PNG files that are read and written in strips of rows.
@Suite struct StripTests {
  private static let chunks = [
    PNGChunk(type: Array("gAMA".utf8), data: [0, 1, 2, 3]), .imageDataMark,
    PNGChunk(type: Array("tEXt".utf8), data: Array("a\0b".utf8)),
  ]

  @Test(arguments: [1, 7, 50, 100]) func stripsMakeTheSameImageAndFile(rows: Int) throws {
    for format in [PixelFormat.rgb8, .gray1, PixelFormat(.grayAlpha, depth: 16)] {
      let image = formatImage(format, .gradient, width: 33, height: 50)
      let png = try PNGFile.encode(image, metadata: Self.chunks, trailing: [9, 9])
      let source = ArraySource(png)
      let information = try PNGFile.inspect(source)
      let reader = try PNGStripReader(source, information)
      let sink = ArraySink()
      let writer = try PNGStripWriter(
        format, width: 33, height: 50, metadata: Self.chunks, trailing: [9, 9], to: sink)
      for row in stride(from: 0, to: 50, by: rows) {
        let strip = try reader.next(rows: rows)
        let height = min(rows, 50 - row)
        let part = TileRectangle(row: row, column: 0, height: height, width: 33)
        #expect(try strip == image.crop(part))
        try writer.write(strip)
      }
      try reader.finish()
      try writer.finish()
      #expect(sink.bytes == png)
    }
  }

  @Test func interlacedImagesHaveNoStrips() throws {
    let image = formatImage(.rgb8, .gradient, width: 9, height: 9)
    let png = try PNGFile.encode(image, isInterlaced: true)
    let information = try PNGFile.inspect(png)
    let error = pngError { () throws(PNGError) in
      try PNGStripReader(ArraySource(png), information)
    }
    #expect(error == .unsupported("strips of an interlaced image"))
  }

  /// A source and a sink that fail at some byte.
  private final class Broken: ByteSource, ByteSink, @unchecked Sendable {
    private let bytes: [UInt8]
    private let end: Int
    private var written = 0

    init(_ bytes: [UInt8], end: Int) {
      self.bytes = bytes
      self.end = end
    }

    var count: Int { bytes.count }

    func read(
      at offset: Int, into target: UnsafeMutableRawBufferPointer
    ) throws(TransferError) {
      guard offset + target.count <= end else { throw .system(5) }
      try ArraySource(bytes).read(at: offset, into: target)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(TransferError) {
      written += bytes.count
      if written > end { throw .system(28) }
    }

    func restart() {}
  }

  @Test func errorsOfTheSystemAreTold() throws {
    let image = formatImage(.rgb8, .random, width: 300, height: 200)
    let png = try PNGFile.encode(image)
    let information = try PNGFile.inspect(png)
    for end in [0, 20, 1000, 100_000] {
      let broken = Broken(png, end: end)
      #expect(
        pngError { () throws(PNGError) in try PNGFile.inspect(broken) } == .reading(.system(5)))
      let reading = pngError { () throws(PNGError) in
        let reader = try PNGStripReader(broken, information)
        _ = try reader.next(rows: 200)
        try reader.finish()
      }
      #expect(reading == .reading(.system(5)), "\(end)")
      let writing = pngError { () throws(PNGError) in
        let writer = try PNGStripWriter(.rgb8, width: 300, height: 200, to: broken)
        try writer.write(image)
        try writer.finish()
      }
      #expect(writing == .writing(.system(28)), "\(end)")
    }
  }
}
