import Foundation
import ImagePlanes
import PNGFile
import TestSupport
import Testing

/// `prnzip models`, and `--model` in the other commands.
@Suite struct ModelOptionTests {
  private let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  /// The rows of `prnzip models` without the heading, cut into columns.
  private func models() throws -> [[Substring]] {
    let outcome = try sandbox.run("models")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let rows = outcome.text.split(separator: "\n").map {
      $0.split(separator: " ", omittingEmptySubsequences: true)
    }
    #expect(
      rows.first == ["name", "identity", "colours", "bits", "parameters", "multiplications/pixel"])
    return Array(rows.dropFirst())
  }

  @Test func modelsAreListedInColumns() throws {
    let models = try models()
    #expect(!models.isEmpty)
    for row in models {
      try #require(row.count == 6)
      #expect(row[1].count == 32 && row[1].allSatisfy(\.isHexDigit))
      #expect(row[2] == "3" || row[2] == "1")
      #expect(row[3] == "8" || (row[3] == "1" && row[2] == "1"))
      #expect((Int(row[4]) ?? 0) > 0 && (Int(row[5]) ?? 0) > 0)
    }
  }

  @Test func everyModelCanBeNamed() throws {
    try sandbox.write(Samples.png(), to: "3x8.png")
    try sandbox.write(Samples.grayPNG(), to: "1x8.png")
    try sandbox.write(Samples.digitsPNG(), to: "1x1.png")
    // Models of chroma are given luma, which no file is.
    for row in try models() where !row[0].hasPrefix("chroma") {
      let named = try sandbox.run(
        "compress", "\(row[2])x\(row[3]).png", "-o", "-", "--model", String(row[0]), "--tile", "28")
      #expect(named.status == 0)
      try sandbox.write(named.output, to: "a.prn")
      #expect(try sandbox.run("info", "a.prn").text.contains(" network \(row[0]), identity "))
    }
  }

  /// A gray image with a weight file for such, at every effort.
  @Test func grayImagesNeedAModelOfTheirs() throws {
    try sandbox.write(Samples.grayPNG(), to: "a.png")
    try sandbox.write(Samples.grayModel(), to: "gray.prnw")
    for arguments in [["--pure"], ["-e", "fast"], [], ["--effort", "best"]] {
      let compression = try sandbox.start(
        ["compress", "-f", "--verify", "--model", "gray.prnw", "a.png"] + arguments
      ).outcome()
      #expect(compression.status == 0 && !compression.errors.contains("stored"))
      let info = try sandbox.run("info", "--model", "gray.prnw", "a.prn")
      #expect(
        info.text.contains(
          "  geometry  48x40, 1 x 8 bit\n  group     Y: network gray-test, identity "))
      let unpacked = try sandbox.run(
        "decompress", "-f", "--model", "gray.prnw", "a.prn", "-o", "b.png")
      #expect(unpacked.status == 0)
      #expect(try PNGFile.decode(sandbox.read("b.png")) == Samples.grayImage())
      #expect(try sandbox.run("test", "a.prn").errors.hasPrefix("prnzip: a.prn: unknown model: "))
    }
    // It is for no others.
    try sandbox.write(Samples.png(), to: "c.png")
    let other = try sandbox.run("compress", "--model", "gray.prnw", "c.png")
    #expect(other.status == 1)
    #expect(
      other.errors == "prnzip: c.png: the model gray-test is for images of one plane, and not for "
        + "images of three planes\n")
    let chroma = try sandbox.run("compress", "--model", "chroma", "c.png")
    #expect(chroma.errors.contains("the model chroma is for chroma that follows luma"))
    #expect(!(try sandbox.names.contains("c.prn")))
  }

  /// A 1-bit image with a weight file for such, in tiles that share a section.
  @Test func bitsNeedAModelOfTheirs() throws {
    try sandbox.write(Samples.bitPNG(), to: "a.png")
    try sandbox.write(Samples.bitModel(), to: "bits.prnw")
    let compression = try sandbox.run(
      "compress", "--verify", "--tile", "16", "--model", "bits.prnw", "a.png")
    #expect(compression.status == 0 && !compression.errors.contains("stored"))
    let info = try sandbox.run("info", "--model", "bits.prnw", "a.prn")
    #expect(
      info.text.contains(
        "  geometry  64x48, 1 x 1 bit\n  group     Y: network bits-test, identity "))
    #expect(info.text.contains(", mixing none, 12 tiles of 16x16, "))
    let unpacked = try sandbox.run("decompress", "--model", "bits.prnw", "a.prn", "-o", "b.png")
    #expect(unpacked.status == 0)
    #expect(try PNGFile.decode(sandbox.read("b.png")) == Samples.bitImage())
    for tile in ["0", "65536", "x"] {
      #expect(try sandbox.run("compress", "-f", "--tile", tile, "a.png").status == 64)
    }

    // What it draws is black and white.
    let sample = try sandbox.run("sample", "--size", "9x9", "--model", "bits.prnw", "-o", "-")
    let sheet = try PNGFile.decode(sample.output)
    #expect(sheet.colours == 1 && Set(sheet.planes[0].samples) == [0, 128, 255])
    let completion = try sandbox.run(
      "complete", "a.png", "--count", "1", "--model", "bits.prnw", "-o", "-")
    let row = try PNGFile.decode(completion.output)
    #expect(row.width == 3 * 66 + 2 && row.colours == 1)
    let image = try row.crop(TileRectangle(row: 2, column: 134, height: 48, width: 64))
    #expect(image.planes[0].samples == Samples.bitImage().planes[0].samples.map { $0 * 255 })
    // It is for no others.
    try sandbox.write(Samples.grayPNG(), to: "c.png")
    let other = try sandbox.run("complete", "c.png", "--model", "bits.prnw", "-o", "-")
    #expect(other.status == 1 && other.errors.contains("the model bits-test is for 1-bit images"))
  }

  @Test(arguments: ["compress", "decompress", "test", "info"])
  func anUnknownModelIsOneLine(command: String) throws {
    try sandbox.write(Samples.png(), to: "a.png")
    let outcome = try sandbox.run(command, "--model", "nonsense", "a.png")
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(
      outcome.errors == "prnzip: nonsense: neither an embedded model nor a weight file\n")
    #expect(try sandbox.names == ["a.png"])
  }

  @Test func badWeightFilesAreRefused() throws {
    try sandbox.write(Samples.png(), to: "a.png")
    var damaged = try Samples.foreignModel()
    damaged[200] ^= 1
    try sandbox.write(damaged, to: "damaged.prnw")
    for (model, message) in [
      ("a.png", "not a weight file"), ("damaged.prnw", "damaged weight file"),
      (".", "is a directory"),
    ] {
      let outcome = try sandbox.run("compress", "--model", model, "a.png")
      #expect(outcome.status == 1)
      #expect(outcome.errors.hasPrefix("prnzip: \(model): \(message)"))
      #expect(outcome.errors.filter { $0 == "\n" }.count == 1)
    }
    #expect(try sandbox.names == ["a.png", "damaged.prnw"])
  }

  /// What a weight file's model has made can be read with that file alone.
  @Test func aWeightFileIsNeededAgain() throws {
    try sandbox.write(Samples.png(), to: "a.png")
    try sandbox.write(Samples.foreignModel(), to: "foreign.prnw")
    #expect(try sandbox.run("compress", "--model", "foreign.prnw", "a.png").status == 0)
    let refusal = try sandbox.run("decompress", "a.prn", "-o", "b.png")
    #expect(refusal.status == 1)
    #expect(refusal.errors.hasPrefix("prnzip: a.prn: unknown model: "))
    #expect(try sandbox.names == ["a.png", "a.prn", "foreign.prnw"])

    let test = try sandbox.run("test", "-v", "--model", "foreign.prnw", "a.prn")
    #expect(test.status == 0 && test.errors.contains("model foreign"))
    let info = try sandbox.run("info", "--model", "foreign.prnw", "a.prn")
    #expect(info.text.contains(" network foreign, identity "))
    let unpacked = try sandbox.run(
      "decompress", "--model", "foreign.prnw", "a.prn", "-o", "b.png")
    #expect(unpacked.status == 0)
    #expect(try PNGFile.decode(sandbox.read("b.png")) == Samples.image())
  }
}
