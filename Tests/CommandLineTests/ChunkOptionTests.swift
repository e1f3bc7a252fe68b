import PNGFile
import Testing

/// Chunks that are left out.
@Suite struct ChunkOptionTests {
  private let sandbox: Sandbox
  private static func chunk(_ type: String, _ data: [UInt8]) -> PNGChunk {
    PNGChunk(type: Array(type.utf8), data: data)
  }

  init() throws {
    sandbox = try Sandbox()
    let chunks = [
      Self.chunk("gAMA", [0, 1, 2, 3]), Self.chunk("tEXt", Array("Comment\0none".utf8)),
      .imageDataMark, Self.chunk("tIME", [7, 210, 1, 1, 1, 1, 1]),
    ]
    try sandbox.write(PNGFile.encode(Samples.image(), metadata: chunks) + [5], to: "a.png")
  }

  @Test(
    arguments: [
      (["--strip", "all"], [], false), (["--strip", "safe"], ["gAMA"], false),
      (["--strip", "tEXt,gAMA"], ["tIME"], true), (["--keep", "display"], ["gAMA"], false),
      (["--keep", "tIME"], ["tIME"], false), ([], ["gAMA", "tEXt", "tIME"], true),
    ] as [([String], [String], Bool)])
  func chunksAreLeftOut(options: [String], left: [String], trailing: Bool) throws {
    let outcome = try sandbox.start(["compress", "-c", "a.png"] + options).outcome()
    #expect(outcome.status == 0)
    let png = try sandbox.run("decompress", input: outcome.output).output
    let information = try PNGFile.inspect(png)
    #expect(information.metadata.filter { $0 != .imageDataMark }.map(\.name) == left)
    #expect(information.trailing == (trailing ? [5] : []))
    #expect(try PNGFile.decode(png) == Samples.image())
  }
}
