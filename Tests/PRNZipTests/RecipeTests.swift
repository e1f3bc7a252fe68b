import Bytes
import Container
import ImagePlanes
import PNGFile
import TestSupport
import Testing

@testable import PRNZip

/// Exact files: the very PNG file comes back, or an error, and never another file.
@Suite struct RecipeTests {
  static func compressor(_ limits: Limits = Limits()) throws -> Compressor {
    var options = try makeCompressor(isPure: false, verify: true).options
    options.isExact = true
    options.limits = limits
    return Compressor(options)
  }

  static func pixelDecompressor() throws -> Decompressor {
    var options = try decompressor().options
    options.pixelsOnly = true
    return Decompressor(options)
  }

  /// Compresses a file, which has a recipe, and expects it back, and its pixels alone, too.
  ///
  /// - Returns: the exact file.
  @discardableResult
  func expectExact(
    _ png: [UInt8], _ what: String = "", location: SourceLocation = #_sourceLocation
  ) throws -> [UInt8] {
    let prn = try Self.compressor().compress(png)
    let header = try PRNFile(prn).header
    #expect(header.contentKind == .exact, "\(what)", sourceLocation: location)
    #expect(
      header.fileDigest == Array(Digest.of(png).prefix(8)), "\(what)", sourceLocation: location)
    let information = try FileInformation(prn)
    #expect(information.isExact && information.isModelled, sourceLocation: location)
    let decompressor = try decompressor(threads: 2)
    #expect(try decompressor.decompress(prn) == png, "\(what)", sourceLocation: location)
    try decompressor.test(prn)
    let pixels = try Self.pixelDecompressor().decompress(prn)
    #expect(
      try PNGFile.decode(pixels) == PNGFile.decode(png), "\(what)", sourceLocation: location)
    #expect(
      try PNGFile.inspect(pixels) == PNGFile.inspect(png), "\(what)", sourceLocation: location)
    return prn
  }

  private static func palette(of format: PixelFormat) -> [PNGChunk] {
    format.channels == .palette ? RoundTripTests.palette(1 << format.depth, alpha: 2) : []
  }

  /// The file with other image data; it has no chunks but these three kinds.
  ///
  /// - Parameters:
  ///   - png: a file.
  ///   - stream: of the image data.
  ///   - lengths: of the IDAT chunks, of which the last has the rest.
  /// - Returns: the other file.
  static func replacing(
    _ png: [UInt8], with stream: [UInt8], lengths: [Int] = []
  ) -> [UInt8] {
    func big(_ value: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }
    var bytes = Array(png.prefix(33))
    var rest = stream[...]
    for length in lengths + [stream.count - lengths.reduce(0, +)] {
      let chunk = Array("IDAT".utf8) + rest.prefix(length)
      rest = rest.dropFirst(length)
      bytes += big(UInt32(length)) + chunk + big(crc32(chunk[...]))
    }
    return bytes + png.suffix(12)
  }

  /// The image data of a file of three chunks.
  static func stream(of png: [UInt8]) -> [UInt8] { Array(png.dropFirst(41).dropLast(16)) }

  /// An RGB file whose filters differ from row to row, with one IDAT chunk and no other chunks.
  static func filtered(level: Int = 9) throws -> [UInt8] {
    let image = formatImage(PixelFormat(.rgb, depth: 8), .gradient, width: 40, height: 30)
    return try PNGFile.encode(image, level: level)
  }

  // MARK: Round trips

  /// Slopes are stored where PNG's filters leave next to nothing of them.
  @Test(arguments: PixelFormat.ofPNG, [false, true])
  func everyKindComesBack(_ format: PixelFormat, isInterlaced: Bool) throws {
    for kind in [SampleKind.graphics, .gradient] {
      let image = formatImage(format, kind, width: 43, height: 30)
      for level in [1, 6, 9] {
        let png = try PNGFile.encode(
          image, metadata: Self.palette(of: format) + [.imageDataMark],
          isInterlaced: isInterlaced, level: level)
        guard kind == .gradient else {
          try expectExact(png, "\(format), level \(level)")
          continue
        }
        let prn = try Self.compressor().compress(png)
        #expect(try decompressor().decompress(prn) == png, "\(format), level \(level)")
        #expect(try PNGRecipe.find(png) != nil, "\(format), level \(level)")
        // The recipe and the digest of the file take less than 40 bytes.
        let modelled = try makeCompressor(isPure: false).compress(png)
        #expect(try FileInformation(prn).isModelled || modelled.count + 40 > png.count)
      }
    }
  }

  /// Whether they are exact or stored.
  @Test(arguments: PixelFormat.ofPNG) func smallFilesComeBack(_ format: PixelFormat) throws {
    let (compressor, decompressor) = (try Self.compressor(), try decompressor())
    for (width, height) in RoundTripTests.sizes {
      for kind in SampleKind.allCases {
        let image = formatImage(format, kind, width: width, height: height)
        for isInterlaced in [false, true] {
          let png = try PNGFile.encode(
            image, metadata: Self.palette(of: format) + [.imageDataMark],
            isInterlaced: isInterlaced)
          let prn = try compressor.compress(png)
          let what = "\(format), \(kind), \(width) x \(height), \(isInterlaced)"
          #expect(try decompressor.decompress(prn) == png, "\(what)")
          #expect(try FileInformation(prn).isExact && prn.count <= storedFile(png).count)
        }
      }
    }
  }

  @Test(arguments: [1, 6, 9]) func chunksAndTrailingBytesComeBack(level: Int) throws {
    let image = photoLikeImage(rows: 45, columns: 60)
    let metadata = [
      PNGChunk(type: Array("gAMA".utf8), data: [0, 0, 0xB1, 0x8F]),
      PNGChunk(type: Array("tEXt".utf8), data: Array("Title\0one".utf8)), .imageDataMark,
      PNGChunk(type: Array("tIME".utf8), data: [7, 0xE8, 1, 2, 3, 4, 5]),
    ]
    let png = try PNGFile.encode(image, metadata: metadata, trailing: [1, 2, 3], level: level)
    try expectExact(png)
  }

  /// Of stored blocks, and of rows with bits behind their samples.
  @Test func plainFilesComeBack() throws {
    for (colourType, depth) in [(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (4, 8), (6, 16)] {
      var maker = PNGMaker(width: 37, height: 21, colourType: colourType, depth: depth)
      maker.before = [("tEXt", Array("a\0b".utf8))]
      maker.trailing = [9]
      try expectExact(maker.file([0xFF, 0x13, 0xFF]), "\(colourType), \(depth)")
    }
    let palette = PNGMaker(width: 37, height: 21, colourType: 3, depth: 2)
    try expectExact(palette.file([0x1B, 0xE4]))
  }

  /// Other headers of the stream, cuts of it, and bytes behind it.
  @Test func oddStreamsComeBack() throws {
    let png = try Self.filtered()
    let stream = Self.stream(of: png)
    #expect(Self.replacing(png, with: stream) == png)
    try expectExact(Self.replacing(png, with: [0x78, 0x01] + stream.dropFirst(2)))
    try expectExact(Self.replacing(png, with: stream + [1, 2, 3]))
    for lengths in [[40, 40], [1], [0, 7, 0, 20]] {
      try expectExact(Self.replacing(png, with: stream, lengths: lengths), "\(lengths)")
    }
  }

  /// A stream that zlib does not make: blocks of 20 and 21 bytes in turn.
  @Test func aFileWithoutARecipeIsStored() throws {
    let plain = plainPNG(smoothImage(width: 60, height: 40))
    let stream = Self.stream(of: plain)
    var rows = stream.dropFirst(7).dropLast(4)
    var other: [UInt8] = [0x78, 0x01]
    var size: UInt8 = 20
    while !rows.isEmpty {
      let block = rows.prefix(Int(size))
      rows = rows.dropFirst(block.count)
      let count = UInt8(block.count)
      other += [rows.isEmpty ? 1 : 0, count, 0, ~count, 0xFF] + block
      size = 41 - size
    }
    let png = Self.replacing(plain, with: other + stream.suffix(4))
    let prn = try Self.compressor().compress(png)
    #expect(try FileInformation(prn).isModelled == false && FileInformation(prn).isExact)
    #expect(try decompressor().decompress(prn) == png)
    #expect(try Self.pixelDecompressor().decompress(prn) == png)
    // Where pixels are enough, it is modelled.
    let modelled = try makeCompressor(isPure: false).compress(png)
    #expect(try FileInformation(modelled).isModelled && !FileInformation(modelled).isExact)
  }

  @Test func pixelsOnlyWritesANewFile() throws {
    let png = try Self.filtered(level: 1)
    let prn = try expectExact(png)
    let pixels = try Self.pixelDecompressor().decompress(prn)
    #expect(pixels != png)
    #expect(pixels == (try PNGFile.encode(PNGFile.decode(png), level: 6, filters: .tried)))
  }
}
