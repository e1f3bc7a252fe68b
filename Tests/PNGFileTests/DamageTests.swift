import PNGFile
import Testing

/// Damaged and hostile files: a typed error or a clean result, never a trap.
@Suite struct DamageTests {
  private static let limits = PNGLimits(maximumPixels: 100_000, maximumBytes: 1 << 20)

  private static let files = [
    RawPNG(width: 5, height: 4, samples: [1, 200, 3, 77]).inserting(
      .init("tEXt", Array("Title\0x".utf8)), at: 1),
    RawPNG(width: 6, height: 3, colourType: 3, depth: 2, samples: [0x1B, 0xE4]).inserting(
      .init("PLTE", Array(0..<12)), .init("tRNS", [3, 4]), at: 1),
    RawPNG(width: 3, height: 3, colourType: 6, depth: 16, samples: Array(0..<71)),
    RawPNG(width: 7, height: 4, colourType: 0, samples: [9, 0, 255]).inserting(
      .init("tRNS", [0, 9]), at: 1),
  ]

  /// Whether a file is accepted; what `decode` says of it must fit.
  private func isAccepted(_ bytes: [UInt8]) -> Bool {
    let refusal = pngError { () throws(PNGError) in
      try PNGFile.validate(bytes, limits: Self.limits)
    }
    let decoding = pngError { () throws(PNGError) in
      try PNGFile.decode(bytes, limits: Self.limits)
    }
    #expect(refusal == nil || decoding != nil)
    return refusal == nil
  }

  /// A file that is decoded and has a recipe is given back.
  private func checkRecipe(of bytes: [UInt8]) {
    guard let recipe = try? PNGRecipe.find(bytes, limits: Self.limits),
      let image = try? PNGFile.decode(bytes, limits: Self.limits),
      let information = try? PNGFile.inspect(bytes)
    else { return }
    let again = try? PNGFile.encode(
      image, metadata: information.metadata, recipe: recipe, trailing: information.trailing)
    #expect(again == bytes)
  }

  @Test(arguments: files.indices)
  func everyFlipIsFound(file: Int) {
    let bytes = Self.files[file].bytes
    #expect(isAccepted(bytes))
    for index in bytes.indices {
      for mask in [0x01, 0x20, 0x80, 0xFF] as [UInt8] {
        var damaged = bytes
        damaged[index] ^= mask
        #expect(!isAccepted(damaged), "byte \(index), mask \(mask)")
      }
    }
  }

  @Test(arguments: files.indices)
  func everyTruncationIsFound(file: Int) {
    let bytes = Self.files[file].bytes
    for length in bytes.indices { #expect(!isAccepted(Array(bytes[..<length]))) }
  }

  /// Damage of a stream that zlib made.
  @Test func damagedStreamsAreSurvived() throws {
    for isInterlaced in [false, true] {
      let png = try PNGFile.encode(slopes(width: 9, height: 7), isInterlaced: isInterlaced)
      let file = RawPNG(png)
      checkRecipe(of: png)
      for index in file.chunks[1].data.indices {
        for mask in [0x01, 0x10, 0xFF] as [UInt8] {
          var damaged = file
          damaged.chunks[1].data[index] ^= mask
          checkRecipe(of: damaged.bytes)
        }
        var damaged = file
        damaged.chunks[1].data.removeSubrange(index...)
        checkRecipe(of: damaged.bytes)
      }
    }
  }

  /// With the CRC made good again the damage gets through to libpng and zlib.
  @Test(arguments: files.indices)
  func flipsBehindAGoodCRCAreSurvived(file: Int) {
    var accepted = 0
    let png = Self.files[file]
    for chunk in png.chunks.indices {
      for index in png.chunks[chunk].data.indices {
        for mask in [0x01, 0x02, 0x10, 0x80, 0xFF] as [UInt8] {
          var damaged = png
          damaged.chunks[chunk].data[index] ^= mask
          if isAccepted(damaged.bytes) { accepted += 1 }
          checkRecipe(of: damaged.bytes)
        }
      }
    }
    // The text, the palette and what is transparent are as good as they were before.
    #expect(accepted > 0 || file == 2)
  }

  @Test(arguments: files.indices)
  func chunksWithoutTheirEndAreSurvived(file: Int) {
    let png = Self.files[file]
    for chunk in png.chunks.indices {
      for length in png.chunks[chunk].data.indices {
        var damaged = png
        damaged.chunks[chunk].data.removeSubrange(length...)
        let isCritical = ["IHDR", "IDAT"].map { Array($0.utf8) }.contains(png.chunks[chunk].type)
        #expect(!isAccepted(damaged.bytes) || !isCritical)
      }
    }
  }

  /// A chunk of every known type with a length of nearly 4 GiB and no data.
  @Test func hugeChunksAreRefused() {
    let png = Self.files[0]
    for name in [
      "PLTE", "bKGD", "cHRM", "eXIf", "gAMA", "hIST", "iCCP", "iTXt", "pCAL", "pHYs", "sCAL",
      "sPLT", "sRGB", "sTER", "tEXt", "tIME", "tRNS", "zTXt", "juNK", "juNk", "IDAT", "IEND",
    ] {
      for length in [0x7FFF_FFFF, 0xFFFF_FFFF] {
        var bytes = Array(png.bytes.prefix(33))
        bytes += bigEndian(length) + Array(name.utf8) + [0, 0, 0, 0]
        #expect(!isAccepted(bytes))
        #expect(throws: PNGError.truncated(offset: 33)) { try PNGFile.inspect(bytes) }
      }
    }
  }

  /// Known ancillary chunks that are empty or of garbage do no harm to the image.
  @Test func ancillaryGarbageIsKept() throws {
    let names = [
      "bKGD", "cHRM", "eXIf", "gAMA", "hIST", "iCCP", "iTXt", "pCAL", "pHYs", "sBIT", "sCAL",
      "sPLT", "sRGB", "sTER", "tEXt", "tIME", "tRNS", "zTXt",
    ]
    for data in [[], [0], Array(0..<100)] as [[UInt8]] {
      for name in names {
        for file in [Self.files[0], Self.files[3]] {
          let png = file.inserting(.init(name, data), .init(name, data), at: 1).bytes
          let image = try PNGFile.decode(png)
          let metadata = try PNGFile.inspect(png).metadata
          let again = try PNGFile.encode(image, metadata: metadata)
          #expect(try PNGFile.inspect(again).metadata == metadata)
          #expect(try PNGFile.decode(again) == image)
        }
      }
    }
  }

  @Test func imageDataMustBeWhole() {
    let png = Self.files[0]
    let data = png.chunks[1 + 1].data
    for damaged in [
      Array(data.dropLast(4)) + [0, 0, 0, 0], [], [0x78], Array(data.dropLast(12)),
      [0x78, 0x01] + [UInt8](repeating: 0xFF, count: 60),
    ] {
      var file = png
      file.chunks[2].data = damaged
      #expect(!isAccepted(file.bytes), "\(damaged.count) bytes")
    }
  }

  @Test func unknownCriticalChunksAreRefused() {
    let file = Self.files[0].inserting(.init("CgBI", [1, 2, 3, 4]), at: 1)
    #expect(!isAccepted(file.bytes))
  }

  @Test func paletteImagesNeedAPalette() {
    var file = Self.files[1]
    file.chunks.remove(at: 1)
    #expect(!isAccepted(file.bytes))
    for data in [[], [1, 2], [UInt8](repeating: 1, count: 15)] as [[UInt8]] {
      file = Self.files[1]
      file.chunks[1].data = data
      #expect(!isAccepted(file.bytes) || data.count > 3)
    }
  }
}
