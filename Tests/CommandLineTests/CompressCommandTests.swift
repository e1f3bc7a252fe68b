import Foundation
import PNGFile
import Testing

@Suite struct CompressCommandTests {
  private let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  @Test func thePixelsAndTheSourceAreKept() throws {
    let png = try Samples.png()
    try sandbox.write(png, to: "a.png")
    let outcome = try sandbox.run("compress", "a.png")
    #expect(outcome.status == 0 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("a.png: \(png.count) -> "))
    #expect(try sandbox.names == ["a.png", "a.prn"])
    #expect(try sandbox.read("a.png") == png)
    #expect(try sandbox.read("a.prn").count < png.count)

    #expect(try sandbox.run("decompress", "a.prn", "-o", "b.png").status == 0)
    #expect(try sandbox.names == ["a.png", "a.prn", "b.png"])
    let again = try sandbox.read("b.png")
    #expect(try PNGFile.decode(again) == Samples.image())
    #expect(try PNGFile.inspect(again) == PNGFile.inspect(png))
  }

  @Test(arguments: [
    ("a.PNG", "a.prn"), ("a.b.png", "a.b.prn"), ("a", "a.prn"), ("a.jpg", "a.jpg.prn"),
    ("a.apng", "a.prn"), (".png", ".png.prn"), ("a b\u{E9}.png", "a b\u{E9}.prn"),
  ])
  func theDefaultNameHasTheExtensionReplaced(input: String, output: String) throws {
    try sandbox.write(Samples.png(), to: input)
    #expect(try sandbox.run("compress", input).status == 0)
    #expect(try sandbox.names == [input, output].sorted())
  }

  @Test func anOutputIsNotOverwrittenUnlessForced() throws {
    try sandbox.write(Samples.png(), to: "a.png")
    try sandbox.write([1, 2, 3], to: "a.prn")
    let outcome = try sandbox.run("compress", "a.png")
    #expect(outcome.status == 1)
    #expect(outcome.errors == "prnzip: a.prn: exists already; -f overwrites it\n")
    #expect(try sandbox.read("a.prn") == [1, 2, 3])
    #expect(try sandbox.names == ["a.png", "a.prn"])
    #expect(try sandbox.run("compress", "-f", "a.png").status == 0)
    #expect(try sandbox.run("test", "a.prn").status == 0)
    #expect(try sandbox.names == ["a.png", "a.prn"])
  }

  @Test func theInputIsNeverOverwritten() throws {
    let png = try Samples.png()
    try sandbox.write(png, to: "a.png")
    for output in ["a.png", "./a.png", sandbox.path("a.png")] {
      let outcome = try sandbox.run("compress", "-f", "a.png", "-o", output)
      #expect(outcome.status == 1)
      #expect(outcome.errors == "prnzip: \(output): is the input itself\n")
    }
    #expect(try sandbox.read("a.png") == png)
    #expect(try sandbox.names == ["a.png"])
  }

  @Test func theOtherFilesAreDoneWhenOneIsBad() throws {
    try sandbox.write(Samples.png(), to: "a.png")
    try sandbox.write([1, 2, 3], to: "b.png")
    try sandbox.write(Samples.png(row: 200), to: "c.png")
    let outcome = try sandbox.run("compress", "-q", "a.png", "b.png", "missing.png", "c.png")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors == """
        prnzip: b.png: not a PNG file
        prnzip: missing.png: No such file or directory

        """)
    #expect(try sandbox.names == ["a.png", "a.prn", "b.png", "c.png", "c.prn"])
    #expect(try sandbox.run("test", "a.prn", "c.prn").status == 0)
  }

  @Test func standardInputGoesToStandardOutput() throws {
    let png = try Samples.png()
    try sandbox.write(png, to: "a.png")
    #expect(try sandbox.run("compress", "a.png").status == 0)
    let piped = try sandbox.run("compress", "-", input: png)
    #expect(piped.status == 0)
    #expect(try piped.output == sandbox.read("a.prn"))
    #expect(try sandbox.run("compress", "a.png", "-o", "-").output == piped.output)
    #expect(try sandbox.run("compress", "-", "-o", "b.prn", input: png).status == 0)
    #expect(try sandbox.read("b.prn") == piped.output)
    let unpacked = try sandbox.run("decompress", "-", input: piped.output)
    #expect(unpacked.status == 0)
    #expect(try PNGFile.decode(unpacked.output) == Samples.image())
    #expect(try sandbox.names == ["a.png", "a.prn", "b.prn"])
  }

  @Test func threadsAndKernelsDoNotChangeTheFile() throws {
    try sandbox.write(Samples.png(width: 120, height: 90), to: "a.png")
    let first = try sandbox.run("compress", "a.png", "-o", "-", "--threads", "1")
    #expect(first.status == 0 && !first.output.isEmpty)
    let second = try sandbox.run("compress", "a.png", "-o", "-", "--threads", "3")
    #expect(second.output == first.output)
    for kernel in ["portable", "avx2", "nonsense", ""] {
      let other = try sandbox.run(
        "compress", "a.png", "-o", "-", environment: ["PRNZIP_INSTRUCTION_SET": kernel])
      #expect(other.output == first.output)
      let unpacked = try sandbox.run(
        "decompress", "-", "--threads", "2", input: first.output,
        environment: ["PRNZIP_INSTRUCTION_SET": kernel])
      #expect(try PNGFile.decode(unpacked.output) == Samples.image(width: 120, height: 90))
    }
  }

  @Test func verifyingChangesNothing() throws {
    try sandbox.write(Samples.png(), to: "a.png")
    let plain = try sandbox.run("compress", "a.png", "-o", "-")
    let verified = try sandbox.run("compress", "--verify", "a.png", "-o", "-")
    #expect(verified.status == 0 && verified.output == plain.output)
  }

  @Test func permissionsAndTimesAreThoseOfTheInput() throws {
    try sandbox.write(Samples.png(), to: "a.png")
    let date = Date(timeIntervalSince1970: 1_000_000_000)
    try FileManager.default.setAttributes(
      [.modificationDate: date, .posixPermissions: 0o640], ofItemAtPath: sandbox.path("a.png"))
    #expect(try sandbox.run("compress", "a.png").status == 0)
    let attributes = try FileManager.default.attributesOfItem(atPath: sandbox.path("a.prn"))
    #expect(attributes[.modificationDate] as? Date == date)
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o640)
  }

  /// The file that a link points to is replaced, not the link.
  @Test func linksAreFollowed() throws {
    try sandbox.write(Samples.png(), to: "a.png")
    try sandbox.write([1], to: "target")
    try FileManager.default.createSymbolicLink(
      atPath: sandbox.path("a.prn"), withDestinationPath: "target")
    #expect(try sandbox.run("compress", "a.png").status == 1)
    #expect(try sandbox.read("target") == [1])
    #expect(try sandbox.run("compress", "-f", "a.png").status == 0)
    #expect(try sandbox.names == ["a.png", "a.prn", "target"])
    #expect(try sandbox.run("test", "target").status == 0)
  }

  @Test func otherOutputsAreWrittenDirectlyOrRefused() throws {
    try sandbox.write(Samples.png(), to: "a.png")
    #expect(try sandbox.run("compress", "a.png", "-o", "/dev/null").status == 0)
    let directory = try sandbox.run("compress", "-f", "a.png", "-o", ".")
    #expect(directory.status == 1 && directory.errors.hasPrefix("prnzip: .: is a directory; "))
    let missing = try sandbox.run("compress", "a.png", "-o", "no/a.prn")
    #expect(missing.status == 1)
    #expect(missing.errors == "prnzip: no/a.prn: No such file or directory\n")
    #expect(try sandbox.names == ["a.png"])
  }
}
