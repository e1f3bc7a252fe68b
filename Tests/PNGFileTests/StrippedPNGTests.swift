import Bytes
import ImagePlanes
import PNGFile
import Testing

@Suite struct StrippedPNGTests {
  private static func chunk(_ type: String, _ data: [UInt8]) -> PNGChunk {
    PNGChunk(type: Array(type.utf8), data: data)
  }

  /// A file with chunks on both sides of the image, and bytes behind the end.
  private static func file() throws -> [UInt8] {
    let chunks = [
      chunk("sRGB", [0]), chunk("zzZz", [UInt8](repeating: 3, count: 700)), chunk("tEXt", [65, 0]),
      .imageDataMark, chunk("tEXt", [66, 0]),
    ]
    return try PNGFile.encode(Image(width: 9, height: 5, colours: 3), metadata: chunks) + [1, 2]
  }

  @Test func whatIsLeftIsAGoodFile() throws {
    let source = ArraySource(try Self.file())
    for (selection, names, trailing) in [
      (ChunkSelection.all, ["sRGB", "zzZz", "tEXt", "tEXt"], [1, 2]), (.safe, ["sRGB"], []),
      (.none, [], []), (.only(["tEXt"]), ["tEXt", "tEXt"], []),
      (.allBut(["tEXt"]), ["sRGB", "zzZz"], [1, 2]),
    ] as [(ChunkSelection, [String], [UInt8])] {
      let stripped = try StrippedPNG(source, keeping: selection)
      let bytes = try stripped.all()
      #expect(bytes.count == stripped.count)
      let information = try PNGFile.inspect(bytes)
      #expect(information.metadata.filter { $0 != .imageDataMark }.map(\.name) == names)
      #expect(information.trailing == trailing)
      #expect(try PNGFile.decode(bytes) == Image(width: 9, height: 5, colours: 3))
      // Wherever a range begins and ends.
      for start in stride(from: 0, to: bytes.count, by: 13) {
        let range = start..<min(start + 57, bytes.count)
        #expect(try stripped.bytes(range) == Array(bytes[range]))
      }
    }
  }

  /// None of an animation's chunks is of use without the others.
  @Test func animationsAreWholeOrNone() throws {
    let types = ["acTL", "fcTL", "fdAT", "tEXt"]
    let chunks = types.map { Self.chunk($0, [0, 0, 0, 1]) } + [.imageDataMark]
    let source = ArraySource(
      try PNGFile.encode(Image(width: 9, height: 5, colours: 3), metadata: chunks))
    for (selection, names) in [
      (.allBut(["acTL"]), ["tEXt"]), (.allBut(["fdAT"]), ["tEXt"]),
      (.allBut(["tEXt"]), ["acTL", "fcTL", "fdAT"]), (.only(["fcTL"]), ["acTL", "fcTL", "fdAT"]),
      (.only(["tEXt"]), ["tEXt"]),
    ] as [(ChunkSelection, [String])] {
      let bytes = try StrippedPNG(source, keeping: selection).all()
      let found = try PNGFile.inspect(bytes).metadata
      #expect(found.filter { $0 != .imageDataMark }.map(\.name) == names)
    }
  }

  /// Who reads the rest finds out what is wrong.
  @Test func damagedFilesStayAsTheyAre() throws {
    let file = try Self.file()
    for count in stride(from: 0, to: file.count, by: 7) {
      let stripped = try StrippedPNG(ArraySource(Array(file[..<count])), keeping: .none)
      #expect(stripped.count <= count)
      let whole = try StrippedPNG(ArraySource(Array(file[..<count])), keeping: .all)
      #expect(try whole.all() == Array(file[..<count]))
    }
    // A PNM file, whose samples could be a chunk.
    let pnm = Array("P4 9 9\n".utf8) + [0, 0, 0, 0, 0] + Array("abcd".utf8) + Array(1...30)
    #expect(try StrippedPNG(ArraySource(pnm), keeping: .none).all() == pnm)
    var long = file
    long[33] = 0x7F
    #expect(try StrippedPNG(ArraySource(long), keeping: .none).all() == long)
  }
}
