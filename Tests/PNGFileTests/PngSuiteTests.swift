import ImagePlanes
import PNGFile
import TestSupport
import Testing

/// PngSuite, the conformance suite by Willem van Schaik (PngSuite/README.md).
@Suite struct PngSuiteTests {
  /// The plain 8-bit RGB and gray files, with the CRC-32 of their samples as another decoder,
  /// Pillow, gives them.
  static let samples: [(name: String, crc: UInt32)] = [
    ("PngSuite", 0xF2A8_C0CF),
    ("basn0g08", 0x784B_4A4E),
    ("basn2c08", 0x7855_B9BF),
    ("ccwn2c08", 0x61B6_9E8E),
    ("cdfn2c08", 0x99AF_40A3),
    ("cdhn2c08", 0x84A4_EF40),
    ("cdsn2c08", 0x82B2_6DAF),
    ("cdun2c08", 0xEE50_E3CA),
    ("cs5n2c08", 0x1B16_D169),
    ("cs8n2c08", 0x7306_351C),
    ("exif2c08", 0x1A50_22EF),
    ("f00n0g08", 0x1F18_265F),
    ("f00n2c08", 0x3F1D_66AD),
    ("f01n0g08", 0x1868_217F),
    ("f01n2c08", 0x11C1_B27E),
    ("f02n0g08", 0x79B9_C9DE),
    ("f02n2c08", 0x7F1C_A785),
    ("f03n0g08", 0xA373_C644),
    ("f03n2c08", 0x3164_5D89),
    ("f04n0g08", 0xB800_6228),
    ("f04n2c08", 0x7705_6A6F),
    ("g03n2c08", 0x3633_021F),
    ("g04n2c08", 0xAE82_4F12),
    ("g05n2c08", 0x3C16_8B7D),
    ("g07n2c08", 0x6D9B_8873),
    ("g10n2c08", 0xFA14_2827),
    ("g25n2c08", 0xE591_4131),
    ("ps1n0g08", 0x784B_4A4E),
    ("ps2n0g08", 0x784B_4A4E),
    ("tbrn2c08", 0xE519_CFF0),
    ("tp0n0g08", 0xC3DD_A42E),
    ("tp0n2c08", 0xB426_B350),
    ("z00n2c08", 0xF8F7_D651),
    ("z03n2c08", 0xF8F7_D651),
    ("z06n2c08", 0xF8F7_D651),
    ("z09n2c08", 0xF8F7_D651),
  ]

  @Test func theSuiteIsComplete() throws {
    let names = try pngSuiteNames()
    #expect(names.count == 176)
    #expect(names.filter { $0.hasPrefix("x") }.count == 14)
  }

  @Test func corruptFilesAreRefused() throws {
    for name in try pngSuiteNames().filter({ $0.hasPrefix("x") }) {
      let bytes = try pngSuiteFile(name)
      #expect(throws: PNGError.self, "\(name)") { try PNGFile.validate(bytes) }
      #expect(throws: PNGError.self, "\(name)") { try PNGFile.decode(bytes) }
    }
  }

  /// What each corrupt file is refused for.
  @Test func corruptFilesHaveTheirReasons() throws {
    func reason(_ name: String) throws -> PNGError? {
      let bytes = try pngSuiteFile(name)
      return pngError { () throws(PNGError) in try PNGFile.validate(bytes) }
    }
    for name in ["xs1n0g01", "xs2n0g01", "xs4n0g01", "xs7n0g01", "xcrn0g04", "xlfn0g04"] {
      #expect(try reason(name) == .notAPNG)
    }
    for (name, type) in [("xhdn0g08", "IHDR"), ("xcsn0g01", "IDAT")] {
      guard case .damagedChunk(type, _) = try reason(name) else {
        Issue.record("\(name)")
        continue
      }
    }
    for (name, colourType, depth) in [
      ("xc1n0g08", 1, 8), ("xc9n2c08", 9, 8), ("xd0n2c08", 2, 0), ("xd3n2c08", 2, 3),
      ("xd9n2c08", 2, 99),
    ] {
      #expect(
        try reason(name) == .structure("illegal colour type \(colourType) with \(depth) bits"))
    }
    #expect(try reason("xdtn0g01") == .structure("it has no IDAT"))
  }

  /// Every other file is accepted, and its header says what its name says.
  @Test func goodFilesAreAccepted() throws {
    for name in try pngSuiteNames().filter({ !$0.hasPrefix("x") }) {
      let bytes = try pngSuiteFile(name)
      #expect(throws: Never.self, "\(name)") { try PNGFile.validate(bytes) }
      let information = try PNGFile.inspect(bytes)
      guard name != "PngSuite" else { continue }
      let letters = Array(name)
      #expect(information.isInterlaced == (letters[3] == "i"))
      let format = information.pixelFormat
      #expect(Int(format.channels.pngColourType) == letters[4].wholeNumberValue)
      #expect(format.depth == Int(String(letters[6...])))
      #expect(!information.isAnimated && information.trailing.isEmpty)
    }
  }

  @Test func metadataIsRead() throws {
    for (name, chunks) in [
      ("cm7n0g04", "gAMA tIME IDAT"), ("ccwn2c08", "gAMA cHRM IDAT"), ("exif2c08", "eXIf IDAT"),
      ("ctzn0g04", "gAMA tEXt tEXt zTXt zTXt zTXt zTXt IDAT"), ("oi4n2c16", "gAMA IDAT"),
      ("pp0n2c16", "gAMA PLTE IDAT"),
    ] {
      let metadata = try PNGFile.inspect(pngSuiteFile(name)).metadata
      #expect(metadata.map(\.name).joined(separator: " ") == chunks)
    }
  }

  @Test(arguments: samples)
  func pixelsAreThoseOfAnotherDecoder(name: String, crc: UInt32) throws {
    let image = try PNGFile.decode(pngSuiteFile(name))
    #expect(crc32(image.interleaved) == crc)
    #expect(image.format == (name.hasSuffix("0g08") ? .gray8 : .rgb8))
  }

  @Test func theListOfSamplesIsComplete() throws {
    let names = try pngSuiteNames().filter {
      guard !$0.hasPrefix("x"), case let information = try PNGFile.inspect(pngSuiteFile($0)) else {
        return false
      }
      return information.isPlain && [.gray8, .rgb8].contains(information.pixelFormat)
    }
    #expect(names == Self.samples.map(\.name))
  }

  /// Every kind that PNG has: the same pixels and the same chunks, palettes and tRNS among them.
  @Test func goodFilesRoundTrip() throws {
    var formats: Set<PixelFormat> = []
    var interlaced = 0
    for name in try pngSuiteNames().filter({ !$0.hasPrefix("x") }) {
      let bytes = try pngSuiteFile(name)
      let information = try PNGFile.inspect(bytes)
      let image = try PNGFile.decode(bytes)
      #expect(image.format == information.pixelFormat)
      #expect(image.planes.count == image.format.planeCount)
      let largest = UInt8(1 << min(image.format.depth, 8) - 1)
      #expect(image.planes.allSatisfy { $0.samples.allSatisfy { $0 <= largest } })
      let again = try PNGFile.encode(
        image, metadata: information.metadata, isInterlaced: information.isInterlaced)
      try PNGFile.validate(again)
      #expect(try PNGFile.inspect(again) == information, "\(name)")
      #expect(try PNGFile.decode(again) == image, "\(name)")
      formats.insert(image.format)
      if information.isInterlaced { interlaced += 1 }
    }
    #expect(formats.count == 15 && interlaced > 20)
  }

  /// The suite has some images twice, with Adam7 and without.
  @Test func interlacedFilesAreTheSameImages() throws {
    var pairs = 0
    let names = try pngSuiteNames()
    for name in names.filter({ $0.hasPrefix("bas") || $0.hasPrefix("s") }) {
      let other = String(name.prefix(3)) + "n" + name.dropFirst(4)
      guard Array(name)[3] == "i", names.contains(other) else { continue }
      pairs += 1
      let (image, plain) = try (
        PNGFile.decode(pngSuiteFile(name)), PNGFile.decode(pngSuiteFile(other))
      )
      #expect(image == plain, "\(name)")
    }
    #expect(pairs > 15)
  }
}
