import Bytes
import Container
import ImagePlanes
import PNMFile
import TestSupport
import Testing

@testable import PRNZip

/// PNM and PAM files: the very bytes come back.
@Suite struct PNMTests {
  static func pnm(
    _ header: String, _ image: Image, trailing: [UInt8] = []
  ) throws -> [UInt8] {
    let sink = ArraySink()
    let writer = try PNMStripWriter(
      PNMHeader(start: Array(header.utf8)), trailing: trailing, to: sink)
    try writer.write(image)
    try writer.finish()
    return sink.bytes
  }

  private static let kinds: [(String, PixelFormat)] = [
    ("P4\n40 30\n", .gray1), ("P5 # comment\n40 30\n255\n", .gray8),
    ("P5\n40 30\n100\n", .gray8), ("P5\n40 30\n4095\n", PixelFormat(.gray, depth: 16)),
    ("P6\n40\n30 255\n", .rgb8), ("P6\n40 30\n65535\n", PixelFormat(.rgb, depth: 16)),
    (
      "P7\nWIDTH 40\nHEIGHT 30\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n",
      PixelFormat(.rgba, depth: 8)
    ),
    (
      "P7\nWIDTH 40\nHEIGHT 30\nDEPTH 2\nMAXVAL 1000\nENDHDR\n",
      PixelFormat(.grayAlpha, depth: 16)
    ),
  ]

  @Test func theVeryFileComesBack() throws {
    let compressor = try makeCompressor(isPure: false, verify: true)
    for (header, format) in Self.kinds {
      for kind in [SampleKind.graphics, .gradient, .random] {
        for trailing in [[], [0x0A, 1, 2]] as [[UInt8]] {
          let image = formatImage(format, kind, width: 40, height: 30)
          let pnm = try Self.pnm(header, image, trailing: trailing)
          let prn = try compressor.compress(pnm)
          #expect(prn.count < pnm.count + 64)
          #expect(try decompressor().decompress(prn) == pnm, "\(header), \(kind)")
          let information = try FileInformation(prn)
          #expect(information.isPNM && information.isExact)
          if kind == .graphics { #expect(information.isModelled && prn.count < pnm.count / 2) }
          try decompressor().test(prn)
        }
      }
    }
  }

  @Test func extensionsFollowThePixels() throws {
    let names = try Self.kinds.map { header, format in
      let image = formatImage(format, .flat, width: 40, height: 30)
      let prn = try makeCompressor(isPure: false).compress(Self.pnm(header, image))
      return try FileInformation(prn).fileExtension
    }
    #expect(names == ["pbm", "pgm", "pgm", "pgm", "ppm", "ppm", "pam", "pam"])
    // A PAM file stays one, though its colours are those of a PPM or a PGM file; stored, too.
    for (depth, format) in [(1, PixelFormat.gray8), (3, .rgb8)] {
      for kind in [SampleKind.flat, .random] {
        let header = "P7\nWIDTH 40\nHEIGHT 30\nDEPTH \(depth)\nMAXVAL 255\nENDHDR\n"
        let prn = try makeCompressor(isPure: false).compress(
          Self.pnm(header, formatImage(format, kind, width: 40, height: 30)))
        let information = try FileInformation(prn)
        #expect(information.isModelled == (kind == .flat))
        #expect(information.fileExtension == "pam")
        #expect(FileInformation.fileExtension(prn) == "pam")
      }
    }
    let png = try FileInformation(makeCompressor(isPure: false).compress(testImage("digits")))
    #expect(png.fileExtension == "png" && !png.isPNM)
  }

  /// Where --exact finds recipes of PNG files, it has nothing to do.
  @Test func exactnessIsForPNGFiles() throws {
    var options = try makeCompressor(isPure: false).options
    let pnm = try Self.pnm("P5 40 30 255\n", formatImage(.gray8, .graphics, width: 40, height: 30))
    let prn = try Compressor(options).compress(pnm)
    options.isExact = true
    #expect(try Compressor(options).compress(pnm) == prn)
  }

  /// Bits that no pixel has: such a file is stored.
  @Test func strayBitsAreKept() throws {
    let image = formatImage(.gray1, .flat, width: 37, height: 30)
    var pnm = try Self.pnm("P4\n37 30\n", image)
    pnm[pnm.count - 1] |= 1
    let prn = try makeCompressor(isPure: false).compress(pnm)
    #expect(try !FileInformation(prn).isModelled && decompressor().decompress(prn) == pnm)
  }

  @Test func largeImagesAreInStrips() throws {
    var options = try makeCompressor(effort: .instant, isPure: false).options
    options.verify = true
    (options.wholePixels, options.stripPixels) = (0, 1 << 16)
    for (header, format) in [
      ("P6 512 300 255\n", PixelFormat.rgb8), ("P4 512 300\n", .gray1),
      ("P5 512 300 999\n", PixelFormat(.gray, depth: 16)),
    ] {
      let image = formatImage(format, .graphics, width: 512, height: 300)
      let pnm = try Self.pnm(header, image, trailing: [7])
      let prn = try Compressor(options).compress(pnm)
      #expect(try FileInformation(prn).stripCount == 3 && FileInformation(prn).isPNM)
      let sink = ArraySink()
      try decompressor().decompress(ArraySource(prn), to: sink)
      #expect(sink.bytes == pnm)
    }
  }

  /// Bytes behind the samples are held, and count.
  @Test func limitsHold() throws {
    let pnm = try Self.pnm(
      "P5 40 30 255\n", formatImage(.gray8, .graphics, width: 40, height: 30),
      trailing: [UInt8](repeating: 1, count: 1 << 16))
    var options = try makeCompressor(isPure: false).options
    func error() -> PRNZipError? {
      prnzipError { [options] () throws(PRNZipError) in try Compressor(options).compress(pnm) }
    }
    options.limits = Limits(maximumPixels: 1199)
    #expect(error() == .limitExceeded(what: "pixels", value: 1200, limit: 1199))
    options.limits = Limits(maximumBytes: 1 << 16 - 1)
    #expect(
      error() == .limitExceeded(what: "bytes of memory", value: 1 << 16, limit: 1 << 16 - 1))
  }

  @Test func otherFilesAreRefused() throws {
    let compressor = try makeCompressor(isPure: false)
    func error(_ bytes: [UInt8]) -> PRNZipError? {
      prnzipError { () throws(PRNZipError) in try compressor.compress(bytes) }
    }
    #expect(error(Array("P1 1 1 1".utf8)) == .pnm(.isPlain(1)))
    #expect(
      error(Array("P5 2 2 255 abc".utf8)) == .pnm(.truncated(expected: 15, available: 14)))
    #expect(error([0xFF, 0xD8, 0xFF, 0xE0]) == .png(.anotherFormat(.jpeg)))
  }

  /// The header of another PNM file, none, or chunks in its place.
  @Test func metadataHasToFit() throws {
    let image = formatImage(.gray8, .graphics, width: 40, height: 30)
    let prn = try makeCompressor(isPure: false).compress(Self.pnm("P5 40 30 255\n", image))
    let file = try PRNFile(prn)
    func error(_ metadata: Metadata?, _ change: (inout Header) -> Void = { _ in }) throws
      -> PRNZipError?
    {
      var header = file.header
      change(&header)
      let payload = try metadata.map { try MetadataCoding.encode($0).payload } ?? []
      let other = try PRNFile.encode(
        header, metadata: payload,
        groups: file.groups.map { group in
          .init(tiles: group.tiles.map { Array(prn[$0.payload]) })
        })
      let decompressor = try decompressor()
      return prnzipError { () throws(PRNZipError) in try decompressor.decompress(other) }
    }
    func header(_ text: String) -> Metadata {
      Metadata(pnmHeader: Array(text.utf8), trailing: [])
    }
    #expect(try error(header("P5 40 30 255\n")) == nil)
    #expect(try error(header("P5 40 30 254 ")) == nil)
    #expect(try error(header("P5 40 30 255\n")) { $0.isPNM = false } == nil)
    for other in [
      nil, header("P5 30 40 255\n"), header("P5 40 30 256\n"), header("P6 40 30 255\n"),
      header("P4 40 30\n"), header("P5 40 30 255\nx"),
      Metadata(beforeImage: [.init(type: Array("gAMA".utf8), data: [0, 0, 0, 1])]),
    ] {
      guard case .container(.corrupt) = try error(other) else {
        Issue.record("\(String(describing: other)): \(String(describing: try error(other)))")
        continue
      }
    }
  }
}
