import Bytes
import Testing

@Suite struct FileFormatTests {
  private static let starts: [(FileFormat, [UInt8])] = [
    (.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]),
    (
      .appleCgBI,
      [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 4, 0x43, 0x67, 0x42, 0x49]
    ),
    (.prn, [0x89, 0x50, 0x52, 0x4E]), (.pnm, Array("P6\n2 2".utf8)), (.pnm, Array("P4#".utf8)),
    (.plainPNM, Array("P1 1".utf8)), (.pfm, Array("Pf\n".utf8)), (.jpeg, [0xFF, 0xD8, 0xFF, 0xE0]),
    (.webP, Array("RIFFxxxxWEBPVP8 ".utf8)), (.gif, Array("GIF89a".utf8)),
    (.bmp, Array("BMxxxx".utf8)), (.tiff, [0x49, 0x49, 0x2A, 0, 8]), (.jpegXL, [0xFF, 0x0A]),
    (.avif, Array("xxxxftypavif".utf8)), (.zip, [0x50, 0x4B, 3, 4]),
  ]

  @Test func signaturesAreKnown() {
    for (format, start) in Self.starts {
      #expect(FileFormat(start: start) == format)
      #expect(FileFormat(start: start + [UInt8](repeating: 7, count: 100)) == format)
    }
  }

  @Test func othersAreNot() {
    for start in [[], [0x89], [0x50], Array("P6".utf8), Array("P8 1".utf8), Array("P66".utf8)]
      + [[UInt8](repeating: 0, count: 100), Array("RIFFxxxxWAVE".utf8)] as [[UInt8]]
    {
      #expect(FileFormat(start: start) == nil, "\(start)")
    }
  }

  @Test func namesHaveTheirArticles() {
    #expect(FileFormat.jpeg.inWords == "a JPEG file" && FileFormat.avif.inWords == "an AVIF file")
    #expect(Set(FileFormat.allCases.map(\.inWords)).count == FileFormat.allCases.count)
  }
}
