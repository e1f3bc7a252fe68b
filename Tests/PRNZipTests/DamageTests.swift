import Bytes
import Container
import ImagePlanes
import PNGFile
import TestSupport
import Testing

@testable import PRNZip

/// Small files of each kind with a byte that is another: a typed error, and never other pixels.
@Suite struct DamageTests {
  enum Kind: String, CaseIterable {
    case graphics, numbered, palette, gray4, networkAndAlpha, doubled, constant, lattice
  }

  private static func png(_ kind: Kind) throws -> [UInt8] {
    let chunks: [PNGChunk]
    var image: Image
    switch kind {
    case .graphics, .numbered:
      image = formatImage(PixelFormat(.rgba, depth: 8), .graphics, width: 12, height: 9)
      chunks = [PNGChunk(type: Array("gAMA".utf8), data: [0, 1, 2, 3])]
    case .palette:
      image = formatImage(PixelFormat(.palette, depth: 8), .graphics, width: 12, height: 9)
      chunks = RoundTripTests.palette(255, alpha: 3)
    case .gray4:
      image = formatImage(PixelFormat(.gray, depth: 4), .gradient, width: 12, height: 9)
      chunks = []
    case .networkAndAlpha:
      image = Image(
        PixelFormat(.rgba, depth: 8), planes: smoothImage(width: 12, height: 9).planes)
      image.planes.append(
        formatImage(PixelFormat(.gray, depth: 8), .graphics, width: 12, height: 9).planes[0])
      chunks = []
    case .lattice:
      image = formatImage(PixelFormat(.rgb, depth: 8), .gradient, width: 12, height: 9)
      image = LatticeTests.image(LatticeTests.planes(image))
      chunks = []
    case .doubled:
      image = formatImage(PixelFormat(.rgb, depth: 16), .equal, width: 12, height: 9)
      chunks = []
    case .constant:
      image = formatImage(PixelFormat(.rgba, depth: 16), .flat, width: 12, height: 9)
      chunks = []
    }
    return try PNGFile.encode(image, metadata: chunks + [.imageDataMark])
  }

  /// A modelled file, however large.
  private static func file(_ kind: Kind, _ png: [UInt8]) throws -> [UInt8] {
    let image = try PNGFile.decode(png)
    let metadata = Metadata(try PNGFile.inspect(png))
    var options = try makeCompressor(isPure: false).options
    if kind == .networkAndAlpha { options.model = "laplace" }
    if kind == .graphics {
      let varying = try #require(VaryingChannels(image, ImageTraits(image)))
      let group = try GroupEncoder(options: options, heldBytes: 0).encode(
        varying.graphics(varying.graphicsCodec(options)))
      return try modelledFile(image, metadata, [group])
    }
    if kind == .lattice {
      let coded = try #require(
        try GroupEncoder(options: options, heldBytes: 0).encode(LatticeTests.planes(image), nil))
      return try modelledFile(image, metadata, coded.groups, lattice: coded.lattice)
    }
    let layouts = Layouts(image, metadata, options, heldBytes: 0)
    let coded = try #require(try layouts.smallest(nil))
    return try modelledFile(image, metadata, coded.groups)
  }

  private func check(_ prn: [UInt8], _ image: Image, _ what: String) throws {
    let decompressor = try decompressor()
    do throws(PRNZipError) {
      guard case .modelled(let content) = try decompressor.decode(prn) else {
        Issue.record("\(what): stored")
        return
      }
      // What is not of the image: whether the file is interlaced, its chunks, unused bits.
      #expect(content.image == image, "\(what): other pixels")
    } catch {
      #expect(!error.description.isEmpty)
    }
  }

  @Test(arguments: Kind.allCases) func everyDamagedByteIsRefused(_ kind: Kind) throws {
    let png = try Self.png(kind)
    let prn = try Self.file(kind, png)
    #expect(prn.count < 1000)
    let decompressor = try decompressor()
    #expect(try PNGFile.decode(decompressor.decompress(prn)) == PNGFile.decode(png))
    for index in prn.indices {
      for mask in [0x01, 0x80, 0xFF] as [UInt8] {
        var damaged = prn
        damaged[index] ^= mask
        let error = prnzipError { () throws(PRNZipError) in try decompressor.decompress(damaged) }
        #expect(error != nil, "byte \(index) ^ \(mask)")
      }
      let cut = prnzipError { () throws(PRNZipError) in
        try decompressor.decompress(Array(prn[..<index]))
      }
      if index > 0 {
        guard case .container(.truncated) = cut else {
          Issue.record("\(index) bytes")
          continue
        }
      }
    }
  }

  /// Past the checksums: every one is made good again.
  @Test(arguments: Kind.allCases) func checksumsAreNotAllThereIs(_ kind: Kind) throws {
    let png = try Self.png(kind)
    let image = try PNGFile.decode(png)
    let prn = try Self.file(kind, png)
    let file = try PRNFile(prn)
    for index in Header.magic.count..<prn.count {
      for mask in [0x01, 0x10, 0x80, 0xFF] as [UInt8] {
        var damaged = prn
        damaged[index] ^= mask
        try check(Self.resealed(damaged, file), image, "\(kind), byte \(index) ^ \(mask)")
      }
    }
  }

  /// The file with the checksums of its header and sections as they ought to be, if these lie where
  /// they lay.
  private static func resealed(_ bytes: [UInt8], _ file: PRNFile) -> [UInt8] {
    var bytes = bytes
    func seal(_ range: Range<Int>) {
      let checksum = crc32(bytes[range])
      for i in 0..<4 {
        bytes[range.upperBound + i] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * i))
      }
    }
    seal(0..<file.headerSize - 4)
    var start = file.headerSize
    for section in file.sections {
      seal(start..<section.payload.upperBound)
      start = section.payload.upperBound + 4
    }
    return bytes
  }

  /// The version before the first release: no byte of it is understood.
  @Test(arguments: 0...4 as ClosedRange<UInt8>) func draftsAreRefused(version: UInt8) throws {
    let mark: [UInt8] = [0x89, 0x50, 0x52, 0x4E, 0x0D, 0x0A, 0x1A, 0x0A, version]
    let decompressor = try decompressor()
    for count in [0, 1, 60] {
      let prn = mark + [UInt8](repeating: 1, count: count)
      #expect(throws: PRNZipError.container(.draftVersion(Int(version)))) {
        try decompressor.decompress(prn)
      }
      #expect(throws: PRNZipError.container(.draftVersion(Int(version)))) {
        try decompressor.preview(prn)
      }
    }
  }
}
