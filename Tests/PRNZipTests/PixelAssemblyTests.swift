import ImagePlanes
import PNGFile
import TestSupport
import Testing

@testable import PRNZip

/// What becomes of palettes, few bits and transparent colours.
@Suite struct PixelAssemblyTests {
  private static func pixels(
    _ format: PixelFormat, _ planes: [[UInt8]], _ chunks: [(String, [UInt8])]
  ) throws -> PixelBuffer {
    let image = Image(
      format,
      planes: planes.map { samples in
        var plane = Plane(width: samples.count, height: 1)
        plane.samples = samples
        return plane
      })
    let metadata = chunks.map { PNGChunk(type: Array($0.0.utf8), data: $0.1) } + [.imageDataMark]
    let png = try PNGFile.encode(image, metadata: metadata)
    let prn = try makeCompressor(isPure: false).compress(png)
    let pixels = try decompressor().pixels(of: prn)
    // Stored or not.
    #expect(try decompressor().pixels(of: storedFile(png)) == pixels)
    #expect(pixels.width == planes[0].count && pixels.height == 1)
    return pixels
  }

  @Test func palettesAreLookedUp() throws {
    let plte: [UInt8] = [1, 2, 3, 40, 50, 60, 255, 254, 253]
    let format = PixelFormat(.palette, depth: 2)
    let opaque = try Self.pixels(format, [[2, 0, 1]], [("PLTE", plte)])
    #expect(opaque.kind == .rgb && opaque.depth == 8)
    #expect(opaque.bytes == [255, 254, 253, 1, 2, 3, 40, 50, 60])
    let clear = try Self.pixels(format, [[2, 0, 1]], [("PLTE", plte), ("tRNS", [7, 0])])
    #expect(clear.kind == .rgba && clear.depth == 8)
    #expect(clear.bytes == [255, 254, 253, 255, 1, 2, 3, 7, 40, 50, 60, 0])
  }

  @Test func fewBitsAreSpread() throws {
    for (depth, values, bytes) in [
      (1, [0, 1, 0], [0, 255, 0]), (2, [0, 1, 2, 3], [0, 85, 170, 255]),
      (4, [0, 1, 14, 15], [0, 17, 238, 255]),
    ] as [(Int, [UInt8], [UInt8])] {
      let pixels = try Self.pixels(PixelFormat(.gray, depth: depth), [values], [])
      #expect(pixels.kind == .gray && pixels.depth == 8 && pixels.bytes == bytes)
    }
  }

  @Test func coloursAreTransparent() throws {
    // The bits above those of a sample do not count.
    let two = try Self.pixels(PixelFormat(.gray, depth: 2), [[0, 1, 2]], [("tRNS", [9, 0xF5])])
    #expect(two.kind == .grayAlpha && two.bytes == [0, 255, 85, 0, 170, 255])
    let rgb = try Self.pixels(
      .rgb8, [[1, 1], [2, 2], [3, 4]], [("tRNS", [0, 1, 0, 2, 0, 3])])
    #expect(rgb.kind == .rgba && rgb.bytes == [1, 2, 3, 0, 1, 2, 4, 255])
    let deep = try Self.pixels(
      PixelFormat(.gray, depth: 16), [[1, 1, 2], [2, 3, 2]], [("tRNS", [1, 3])])
    #expect(deep.kind == .grayAlpha && deep.depth == 16)
    #expect(deep.bytes == [1, 2, 255, 255, 1, 3, 0, 0, 2, 2, 255, 255])
    let colours = try Self.pixels(
      PixelFormat(.rgb, depth: 16), [[1, 1], [2, 2], [3, 3], [4, 4], [5, 5], [6, 7]],
      [("tRNS", [1, 2, 3, 4, 5, 7])])
    #expect(colours.bytes == [1, 2, 3, 4, 5, 6, 255, 255, 1, 2, 3, 4, 5, 7, 0, 0])
  }

  /// Each strip in its place.
  @Test func stripsArePutTogether() throws {
    let image = formatImage(.rgb8, .gradient, width: 10, height: 9)
    var assembly = try PixelAssembly(image.format, .init(), width: 10, height: 9, limit: 270)
    for (row, height) in [(4, 5), (0, 2), (2, 2)] {
      assembly.add(
        try image.crop(.init(row: row, column: 0, height: height, width: 10)), row: row)
    }
    #expect(assembly.finish().bytes == image.interleaved)
    #expect(throws: PRNZipError.limitExceeded(what: "bytes of memory", value: 270, limit: 269)) {
      _ = try PixelAssembly(image.format, .init(), width: 10, height: 9, limit: 269)
    }
  }
}
