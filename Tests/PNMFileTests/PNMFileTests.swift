import Bytes
import ImagePlanes
import TestSupport
import Testing

@testable import PNMFile

@Suite struct PNMFileTests {
  private static func pam(_ depth: Int, _ maximum: Int, _ more: String = "") -> String {
    "P7\n# a comment\nWIDTH 3\nHEIGHT 2\n\nDEPTH \(depth)\nMAXVAL \(maximum)\n\(more)ENDHDR\n"
  }

  /// Headers of images of 3 x 2 pixels, the format, maximum and bytes of the samples.
  private static let good: [(String, PixelFormat, Int, Int)] = [
    ("P4\n3 2\n", .gray1, 1, 2), ("P4 3 2 ", .gray1, 1, 2), ("P4#x\n3\t2\r", .gray1, 1, 2),
    ("P5\n3 2\n255\n", .gray8, 255, 6), ("P5\n# one\n# two\n3 2 # three\n1\n", .gray8, 1, 6),
    ("P5 3 2 256\n", PixelFormat(.gray, depth: 16), 256, 12),
    ("P5 003 2 65535\n", PixelFormat(.gray, depth: 16), 65535, 12),
    ("P6\n3 2\n200\n", .rgb8, 200, 18),
    ("P6\n3 2\n1023\n", PixelFormat(.rgb, depth: 16), 1023, 36),
    (pam(1, 1, "TUPLTYPE BLACKANDWHITE\n"), .gray8, 1, 6),
    (pam(2, 255, "TUPLTYPE GRAYSCALE_ALPHA\n"), PixelFormat(.grayAlpha, depth: 8), 255, 12),
    (pam(3, 255), .rgb8, 255, 18),
    (pam(4, 4095, "TUPLTYPE RGB_ALPHA\nTUPLTYPE x y\n"), PixelFormat(.rgba, depth: 16), 4095, 48),
  ]

  private static func bytes(_ header: String, _ count: Int, trailing: [UInt8] = []) -> [UInt8] {
    var samples = (0..<count).map { UInt8(truncatingIfNeeded: 37 * $0 + 5) }
    if header.hasPrefix("P4") { samples = samples.map { $0 & 0xE0 } }
    return Array(header.utf8) + samples + trailing
  }

  private func error(_ bytes: [UInt8], maximumPixels: Int = 1 << 30) -> PNMError? {
    do throws(PNMError) {
      _ = try PNMFile.inspect(ArraySource(bytes), maximumPixels: maximumPixels)
      return nil
    } catch {
      return error
    }
  }

  @Test func goodFilesComeBack() throws {
    for (text, format, maximum, count) in Self.good {
      for trailing in [[], [1], Array("P6 1 1 255 abc".utf8)] as [[UInt8]] {
        let bytes = Self.bytes(text, count, trailing: trailing)
        let source = ArraySource(bytes)
        let header = try PNMFile.inspect(source)
        #expect(header.bytes == Array(text.utf8))
        #expect(header.format == format && header.maximum == maximum, "\(text)")
        #expect(header.width == 3 && header.height == 2)
        #expect(try PNMFile.trailing(source, header) == trailing)
        for rows in [1, 2] {
          let reader = PNMStripReader(source, header)
          let sink = ArraySink()
          let writer = try PNMStripWriter(header, trailing: trailing, to: sink)
          for _ in 0..<(2 / rows) { try writer.write(reader.next(rows: rows)) }
          try writer.finish()
          #expect(sink.bytes == bytes && !reader.hasStrayBits)
        }
      }
    }
  }

  /// Black is 0 of an image, and 1 of a PBM file; bits behind the last pixel are noticed.
  @Test func bitsAreTurnedRound() throws {
    let header = try PNMHeader(start: Array("P4\n9 1\n".utf8))
    let reader = PNMStripReader(ArraySource(header.bytes + [0b1010_0000, 0x80]), header)
    #expect(try reader.next(rows: 1).planes[0].samples == [0, 1, 0, 1, 1, 1, 1, 1, 0])
    #expect(!reader.hasStrayBits)
    let stray = PNMStripReader(ArraySource(header.bytes + [0, 1]), header)
    _ = try stray.next(rows: 1)
    #expect(stray.hasStrayBits)
  }

  @Test func badFilesAreRefused() {
    #expect(error([]) == .notAPNM)
    #expect(error(Array("P8 1 1 1 a".utf8)) == .notAPNM && error(Array("P55".utf8)) == .notAPNM)
    for digit in 1...3 {
      #expect(error(Array("P\(digit) 1 1 1".utf8)) == .isPlain(digit))
    }
    #expect(error(Array("P6 2 2 255 abcdefghijk".utf8)) == .truncated(expected: 23, available: 22))
    for text in [
      "P5 0 1 255 ", "P5 1 0 255 ", "P5 1 1 0 ", "P5 1 1 65536 ", "P5 x 1 255 ", "P5 1 1 255x",
      "P4 9999999999999999999999 1 ", "P6 -1 1 255 ", "P7 \nWIDTH 1\n", "P7\nWIDTH 1\nENDHDR\n",
      "P7\nWIDTH 1\nWIDTH 1\n", "P7\nWIDTH 0\n", "P7\nFOO 1\n", "P7\nWIDTH\n", "P7\nWIDTH a\n",
    ] {
      guard case .header = error(Array((text + "abc").utf8)) else {
        Issue.record("\(text): \(String(describing: error(Array(text.utf8))))")
        continue
      }
    }
    guard case .unsupported = error(Array(Self.pam(5, 255).utf8)) else {
      Issue.record("five samples a pixel")
      return
    }
    let bytes = Array("P5 9 9 255 ".utf8) + [UInt8](repeating: 0, count: 81)
    #expect(
      error(bytes, maximumPixels: 80) == .tooLarge(width: 9, height: 9, maximumPixels: 80))
  }

  /// Sizes whose product is no number, and headers that do not end.
  @Test func hugeFilesAreTruncated() {
    let huge = Array(
      "P7\nWIDTH 2147483647\nHEIGHT 2147483647\nDEPTH 4\nMAXVAL 65535\nENDHDR\n".utf8)
    guard case .truncated = error(huge, maximumPixels: .max) else {
      Issue.record("2^65 bytes")
      return
    }
    let comment = Array("P5 #".utf8)
    #expect(error(comment) == .truncated(expected: 5, available: 4))
    guard case .header = error(comment + [UInt8](repeating: 32, count: 1 << 17)) else {
      Issue.record("a header of 128 KiB")
      return
    }
  }

  /// Every length and every changed byte: an error, or a file that comes back.
  @Test func damageIsNoTrap() throws {
    for (text, _, _, count) in Self.good {
      let bytes = Self.bytes(text, count)
      for length in bytes.indices { #expect(error(Array(bytes[..<length])) != nil) }
      for index in text.utf8.indices.enumerated().map(\.offset) {
        for value in [0, 0x0A, 0x20, 0x23, 0x30, 0x39, 0xFF] as [UInt8] {
          var damaged = bytes
          damaged[index] = value
          if let header = try? PNMFile.inspect(ArraySource(damaged)) {
            _ = try PNMStripReader(ArraySource(damaged), header).next(rows: header.height)
          }
        }
      }
    }
  }

  @Test func newHeadersAreRight() throws {
    for format in [
      PixelFormat.gray1, .gray8, .rgb8, PixelFormat(.rgba, depth: 16),
      PixelFormat(.grayAlpha, depth: 8), PixelFormat(.gray, depth: 16),
    ] {
      let header = try PNMHeader(format, width: 7, height: 5)
      #expect(header.format == format && header.width == 7 && header.height == 5)
      #expect(header.maximum == 1 << format.depth - 1)
    }
    #expect(throws: PNMError.self) {
      try PNMHeader(PixelFormat(.palette, depth: 8), width: 1, height: 1)
    }
  }
}
