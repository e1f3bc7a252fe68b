import Foundation
import PNGFile
import Testing

@Suite struct DecompressCommandTests {
  private let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  /// PNG files that are not modelled come back byte for byte.
  @Test func storedFilesComeBackAsTheyWere() throws {
    let png = try Samples.storedPNG()
    try sandbox.write(png, to: "gray.png")
    let compression = try sandbox.run("compress", "gray.png")
    #expect(compression.status == 0 && compression.errors.hasSuffix(", stored\n"))
    #expect(try sandbox.read("gray.prn").count < png.count + 64)
    try FileManager.default.removeItem(atPath: sandbox.path("gray.png"))
    #expect(try sandbox.run("decompress", "gray.prn").status == 0)
    #expect(try sandbox.read("gray.png") == png)
  }

  @Test(arguments: [("a.PRN", "a.png"), ("a.b.prn", "a.b.png"), ("a", "a.png")])
  func theDefaultNameHasTheExtensionReplaced(input: String, output: String) throws {
    try sandbox.write(
      sandbox.run("compress", "-", input: Samples.storedPNG()).output, to: input)
    #expect(try sandbox.run("decompress", input).status == 0)
    #expect(try sandbox.names == [input, output].sorted())
  }

  @Test func anOutputIsNotOverwrittenUnlessForced() throws {
    try sandbox.write(sandbox.run("compress", "-", input: Samples.png()).output, to: "a.prn")
    try sandbox.write([7], to: "a.png")
    let outcome = try sandbox.run("decompress", "a.prn")
    #expect(outcome.status == 1)
    #expect(outcome.errors == "prnzip: a.png: exists already; -f overwrites it\n")
    #expect(try sandbox.read("a.png") == [7])
    #expect(try sandbox.run("decompress", "--force", "a.prn").status == 0)
    #expect(try PNGFile.decode(sandbox.read("a.png")) == Samples.image())
    #expect(try sandbox.names == ["a.png", "a.prn"])
  }

  /// A damaged file leaves nothing behind, and what was there stays.
  @Test func aFailureLeavesNothing() throws {
    var prn = try sandbox.run("compress", "-", input: Samples.png()).output
    prn[prn.count - 6] ^= 1
    try sandbox.write(prn, to: "a.prn")
    #expect(try sandbox.run("decompress", "a.prn").status == 1)
    #expect(try sandbox.names == ["a.prn"])
    try sandbox.write([7], to: "a.png")
    #expect(try sandbox.run("decompress", "-f", "a.prn").status == 1)
    #expect(try sandbox.read("a.png") == [7])
    #expect(try sandbox.names == ["a.png", "a.prn"])
    let piped = try sandbox.run("decompress", "-", input: prn)
    #expect(piped.status == 1 && piped.output.isEmpty)
    #expect(piped.errors.hasPrefix("prnzip: -: "))
  }

  @Test func compressingAgainGivesTheSameFile() throws {
    let first = try sandbox.run("compress", "-", input: Samples.png()).output
    let png = try sandbox.run("decompress", "-", input: first).output
    #expect(try sandbox.run("compress", "-", input: png).output == first)
  }

  /// A byte of the last section is another: what is left is written, and what is missing said.
  @Test func damagedFilesAreSalvaged() throws {
    var prn = try sandbox.run("compress", "-", input: Samples.png()).output
    prn[prn.count - 6] ^= 1
    try sandbox.write(prn, to: "a.prn")
    let outcome = try sandbox.run("decompress", "--salvage", "a.prn")
    #expect(outcome.status == 1)
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("a.prn: missing: rows 0 to 39, columns 0 to 47: "))
    #expect(lines[1].hasPrefix("prnzip: a.prn: salvaged: 1 rectangle is missing"))
    #expect(try PNGFile.decode(sandbox.read("a.png")).width == 48)
    prn[prn.count - 6] ^= 1
    try sandbox.write(prn, to: "a.prn")
    #expect(try sandbox.run("decompress", "-f", "--salvage", "a.prn").status == 0)
    #expect(try PNGFile.decode(sandbox.read("a.png")) == Samples.image())
  }

  @Test func levelsGiveTheSamePixels() throws {
    try sandbox.write(sandbox.run("compress", "-", input: Samples.png()).output, to: "a.prn")
    let sizes = try ["0", "1", "9"].map { level in
      #expect(try sandbox.run("decompress", "-f", "--level", level, "a.prn").status == 0)
      #expect(try PNGFile.decode(sandbox.read("a.png")) == Samples.image())
      return try sandbox.read("a.png").count
    }
    #expect(sizes[0] > sizes[1] && sizes[1] >= sizes[2])
    #expect(try sandbox.run("decompress", "--level", "10", "a.prn").status == 64)
  }
}
