import PNGFile
import Testing

/// The proof that nothing was lost, and the table.
@Suite struct VerifyCommandTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.write(Samples.png(), to: "a.png")
    #expect(try sandbox.run("compress", "-q", "a.png").status == 0)
  }

  @Test func whatIsTheSameIsProved() throws {
    try sandbox.write(PNGFile.encode(Samples.image(), level: 1), to: "plain.png")
    let outcome = try sandbox.run("verify", "a.png", "a.prn")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.text.hasPrefix("a.png, a.prn: the same image\n"))
    // SHA-256 of the samples, which sha256sum tells of the bytes of a raw image.
    let digests = outcome.text.split(separator: "\n").dropFirst().prefix(2).map {
      $0.split(separator: " ")[0]
    }
    #expect(digests.count == 2 && digests[0] == digests[1] && digests[0].count == 64)
    #expect(try sandbox.run("verify", "-q", "a.prn", "a.png").text.isEmpty)

    let chunks = try sandbox.run("verify", "plain.png", "a.prn")
    #expect(chunks.status == 1 && chunks.text.contains("NOT the same image"))
    #expect(chunks.text.contains("samples equal") && chunks.text.contains("chunks  DIFFERENT"))
  }

  @Test func whatDiffersIsFound() throws {
    var image = try Samples.image()
    image.planes[2].samples[777] ^= 1
    try sandbox.write(PNGFile.encode(image), to: "b.png")
    let outcome = try sandbox.run("verify", "b.png", "a.prn")
    #expect(outcome.status == 1 && outcome.text.contains("samples DIFFERENT"))
    try sandbox.write(Samples.grayPNG(), to: "c.png")
    #expect(try sandbox.run("verify", "c.png", "a.prn").text.contains("header  DIFFERENT"))
    let missing = try sandbox.run("verify", "a.png", "missing")
    #expect(missing.status == 1)
    #expect(missing.errors == "prnzip: missing: No such file or directory\n")
  }

  /// What is no image proves nothing, and the file that is wrong is named.
  @Test func whatIsNoImageIsRefused() throws {
    try sandbox.write(Array("no image".utf8), to: "t")
    try sandbox.write([], to: "empty")
    try sandbox.write(Array("P6 4 4 255 short".utf8), to: "s.ppm")
    for name in ["t", "empty", "s.ppm"] {
      let outcome = try sandbox.run("verify", name, name)
      #expect(outcome.status == 1 && outcome.errors.hasPrefix("prnzip: \(name): "))
      #expect(try sandbox.run("verify", "a.png", name).errors.hasPrefix("prnzip: \(name): "))
    }
    var prn = try sandbox.read("a.prn")
    prn[prn.count - 9] ^= 1
    try sandbox.write(prn, to: "d.prn")
    for arguments in [["d.prn", "a.png"], ["a.png", "d.prn"], ["d.prn", "a.prn"]] {
      let outcome = try sandbox.start(["verify"] + arguments).outcome()
      #expect(outcome.status == 1 && outcome.errors.hasPrefix("prnzip: d.prn: "))
    }
  }

  @Test func theTableHasTotals() throws {
    try sandbox.write(Samples.storedPNG(), to: "s.png")
    #expect(try sandbox.run("compress", "-q", "s.png").status == 0)
    let outcome = try sandbox.run("list", "a.prn", "s.prn", "a.png")
    #expect(outcome.status == 1 && outcome.errors.hasPrefix("prnzip: a.png: is a PNG file"))
    let lines = outcome.text.split(separator: "\n").map {
      $0.split(separator: " ").map(String.init)
    }
    #expect(lines.count == 4 && lines[0].first == "bytes")
    let size = try sandbox.read("a.prn").count
    #expect(lines[1][0] == "\(size)" && lines[1][1] == "\(48 * 40 * 3)")
    #expect(lines[1][4...] == ["48x40", "modelled", "photo-default", "a.prn"])
    #expect(lines[2][4...] == ["256x256", "stored", "-", "s.prn"])
    #expect(lines[3][0] == "\(size + (try sandbox.read("s.prn").count))")
    #expect(lines[3].suffix(2) == ["2", "files"])
  }
}
