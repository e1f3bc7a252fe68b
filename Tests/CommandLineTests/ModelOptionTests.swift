import Foundation
import PNGFile
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
    #expect(rows.first == ["name", "identity", "colours", "parameters", "multiplications/pixel"])
    return Array(rows.dropFirst())
  }

  @Test func modelsAreListedInColumns() throws {
    let models = try models()
    #expect(!models.isEmpty)
    for row in models {
      try #require(row.count == 5)
      #expect(row[1].count == 32 && row[1].allSatisfy(\.isHexDigit))
      #expect(row[2] == "3" || row[2] == "1")
      #expect((Int(row[3]) ?? 0) > 0 && (Int(row[4]) ?? 0) > 0)
    }
  }

  @Test func everyModelCanBeNamed() throws {
    try sandbox.write(Samples.png(), to: "3.png")
    try sandbox.write(Samples.grayPNG(), to: "1.png")
    for row in try models() {
      let named = try sandbox.run("compress", "\(row[2]).png", "-o", "-", "--model", String(row[0]))
      #expect(named.status == 0)
      try sandbox.write(named.output, to: "a.prn")
      #expect(try sandbox.run("info", "a.prn").text.contains("  model     \(row[0]), identity "))
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
      #expect(info.text.contains("  geometry  48x40, 1 x 8 bit\n  model     gray-test, identity "))
      let unpacked = try sandbox.run(
        "decompress", "-f", "--model", "gray.prnw", "a.prn", "-o", "b.png")
      #expect(unpacked.status == 0)
      #expect(try PNGFile.decode8(sandbox.read("b.png")) == Samples.grayImage())
      #expect(try sandbox.run("test", "a.prn").errors.hasPrefix("prnzip: a.prn: unknown model: "))
    }
    // It is for no others.
    try sandbox.write(Samples.png(), to: "c.png")
    let other = try sandbox.run("compress", "--model", "gray.prnw", "c.png")
    #expect(other.status == 0 && other.errors.hasSuffix(", stored\n"))
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
    #expect(info.text.contains("  model     foreign, identity "))
    let unpacked = try sandbox.run(
      "decompress", "--model", "foreign.prnw", "a.prn", "-o", "b.png")
    #expect(unpacked.status == 0)
    #expect(try PNGFile.decode8(sandbox.read("b.png")) == Samples.image())
  }
}
