import Bytes
import ImagePlanes
import PNGFile
import Testing

/// What `PNGFile.inspect` refuses, and how it says so.
@Suite struct StructureTests {
  private let png = RawPNG(width: 4, height: 3, samples: [1, 2, 3])

  private func inspection(of png: RawPNG) -> PNGError? { inspection(of: png.bytes) }

  private func inspection(of bytes: [UInt8]) -> PNGError? {
    pngError { () throws(PNGError) in try PNGFile.inspect(bytes) }
  }

  @Test func aGoodFileIsDescribed() throws {
    let information = try PNGFile.inspect(png.bytes)
    #expect(information.width == 4 && information.height == 3)
    #expect(information.pixelFormat == .rgb8)
    #expect(!information.isInterlaced && !information.isAnimated)
    #expect(information.trailing.isEmpty)
    #expect(information.isPlain)
    #expect(information.metadata == [.imageDataMark])
  }

  @Test(
    arguments: [[], [0x89], Array("NG".utf8), Array(repeating: 0, count: 100)] as [[UInt8]])
  func otherFilesAreNotPNG(bytes: [UInt8]) {
    #expect(inspection(of: bytes) == .notAPNG)
  }

  /// What is known is called by its name.
  @Test func otherFormatsAreNamed() {
    #expect(inspection(of: Array("GIF89a".utf8)) == .anotherFormat(.gif))
    #expect(inspection(of: [0x89, 0x50, 0x52, 0x4E, 8]) == .anotherFormat(.prn))
    let apple: [UInt8] = [0, 0, 0, 4, 0x43, 0x67, 0x42, 0x49, 1, 2, 3, 4, 5, 6, 7, 8]
    let bytes = png.bytes[..<8] + apple + png.bytes[8...]
    #expect(inspection(of: Array(bytes)) == .anotherFormat(.appleCgBI))
  }

  @Test func truncationNamesTheChunk() {
    let bytes = png.bytes
    #expect(inspection(of: Array(bytes.prefix(8))) == .truncated(offset: 8))
    #expect(inspection(of: Array(bytes.prefix(32))) == .truncated(offset: 8))
    #expect(inspection(of: Array(bytes.prefix(33))) == .truncated(offset: 33))
    #expect(inspection(of: Array(bytes.dropLast())) == .truncated(offset: bytes.count - 12))
  }

  /// Lengths up to 2^32 - 1, in a file that is much shorter.
  @Test(arguments: [0x41, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFF3, 0xFFFF_FFFF])
  func lengthsBeyondTheFileAreTruncation(length: Int) {
    var bytes = png.bytes
    bytes.replaceSubrange(33..<37, with: bigEndian(length))
    #expect(inspection(of: bytes) == .truncated(offset: 33))
  }

  @Test(arguments: [UInt8(0), 0x20, 0x40, 0x5B, 0x60, 0x7B, 0xC1, 0xFF])
  func chunkTypesAreLetters(byte: UInt8) {
    var file = png.inserting(.init("abcd"), at: 1)
    file.chunks[1].type[2] = byte
    #expect(inspection(of: file) == .illegalChunkType(offset: 33))
  }

  @Test func aWrongCRCNamesItsChunk() {
    let file = png.inserting(.init("tEXt", [1, 2]), at: 1)
    var bytes = file.bytes
    bytes[33 + 9] ^= 1
    #expect(inspection(of: bytes) == .damagedChunk(type: "tEXt", offset: 33))
    bytes = file.bytes
    bytes[bytes.count - 1] ^= 1
    #expect(inspection(of: bytes) == .damagedChunk(type: "IEND", offset: bytes.count - 12))
  }

  @Test func theOrderOfChunksIsChecked() {
    typealias Chunk = RawPNG.Chunk
    let (header, data) = (png.chunks[0], png.chunks[1])
    let cases: [(RawPNG, String)] = [
      (png.inserting(Chunk("tEXt"), at: 0), "it does not begin with IHDR"),
      (png.inserting(header, at: 1), "it has two IHDR"),
      (png.inserting(data, Chunk("tEXt"), at: 1), "IDAT chunks are apart"),
    ]
    for (file, what) in cases { #expect(inspection(of: file) == .structure(what)) }
    var file = png
    file.chunks.remove(at: 1)
    #expect(inspection(of: file) == .structure("it has no IDAT"))
    file = png
    file.chunks[2].data = [0]
    #expect(inspection(of: file) == .structure("IEND has 1 bytes"))
    for length in [0, 12, 14] {
      file = png
      file.chunks[0].data = [UInt8](repeating: 1, count: length)
      #expect(inspection(of: file) == .structure("IHDR has \(length) bytes"))
    }
  }

  /// All colour types and depths: the 15 legal pairs pass.
  @Test func headersAreChecked() {
    let legal: [Int: [Int]] = [
      0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16],
    ]
    for colourType in [0, 1, 2, 3, 4, 5, 6, 7, 8, 255] {
      for depth in [0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 32, 255] {
        var file = png
        file.chunks[0].data[8] = UInt8(depth)
        file.chunks[0].data[9] = UInt8(colourType)
        let isLegal = legal[colourType]?.contains(depth) == true
        let expected = "illegal colour type \(colourType) with \(depth) bits"
        #expect(inspection(of: file) == (isLegal ? nil : .structure(expected)))
      }
    }
    for (offset, value) in [(10, 1), (11, 1), (12, 2), (10, 255), (12, 255)] as [(Int, UInt8)] {
      var file = png
      file.chunks[0].data[offset] = value
      #expect(
        inspection(of: file) == .structure("unknown compression, filter or interlace method"))
    }
  }

  @Test(arguments: [(0, 1), (1, 0), (0, 0), (1 << 31, 1), (1, 0xFFFF_FFFF)])
  func sizesAreChecked(width: Int, height: Int) {
    var file = png
    file.chunks[0].data.replaceSubrange(0..<8, with: bigEndian(width) + bigEndian(height))
    #expect(inspection(of: file) == .structure("illegal size \(width) x \(height)"))
  }

  @Test func errorsAreDifferentLines() {
    let errors: [PNGError] = [
      .notAPNG, .truncated(offset: 8), .illegalChunkType(offset: 8),
      .damagedChunk(type: "IDAT", offset: 8), .structure("x"),
      .tooLarge(width: 2, height: 3, maximumPixels: 5), .unsupported("x"), .illegalMetadata("x"),
      .library("x"), .tooMuchMemory(bytes: 2, maximumBytes: 1),
      .outOfMemory(OutOfMemory(bytes: 7)),
    ]
    let texts = errors.map(\.description)
    #expect(Set(texts).count == texts.count)
    for text in texts { #expect(!text.contains("\n") && text.count < 100) }
  }
}
