import Testing

/// Each way in which a prn file can be wrong has its own line on standard error, and status 1.
@Suite struct RefusalTests {
  private let sandbox: Sandbox
  /// A modelled file of 48 x 40 pixels: its header's digest begins at byte 10,
  /// the identity of its model at byte 16.
  private let prn: [UInt8]

  init() throws {
    sandbox = try Sandbox()
    prn = try sandbox.run("compress", "-", input: Samples.png()).output
    try #require(prn.count > 100)
  }

  /// Expects that every command that decodes refuses the file with the same line, and leaves
  /// nothing.
  private func expectRefusal(
    _ bytes: [UInt8], _ message: String, commands: [String] = ["test", "decompress", "info"]
  ) throws {
    try sandbox.write(bytes, to: "bad.prn")
    for command in commands {
      let outcome = try sandbox.run(command, "bad.prn")
      #expect(outcome.status == 1 && !outcome.wasKilled)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.hasPrefix("prnzip: bad.prn: \(message)"))
      #expect(outcome.errors.filter { $0 == "\n" }.count == 1 && outcome.errors.hasSuffix("\n"))
    }
    #expect(try sandbox.names == ["bad.prn"])
  }

  @Test func aGoodFilePasses() throws {
    try sandbox.write(prn, to: "good.prn")
    let outcome = try sandbox.run("test", "good.prn")
    #expect(outcome.status == 0 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("good.prn: ok, gives back "))
    #expect(try sandbox.names == ["good.prn"])
  }

  @Test func otherFiles() throws {
    try expectRefusal(Samples.png(), "is a PNG file, and not a prn file")
    try expectRefusal(Array("no image at all".utf8), "not a prn file")
  }

  @Test func truncation() throws {
    try expectRefusal(Array(prn.dropLast()), "truncated file: \(prn.count - 1) bytes")
    try expectRefusal(Array(prn.prefix(20)), "truncated file: 20 bytes")
    try expectRefusal(Array(prn.prefix(8)), "truncated file: 8 bytes")
  }

  @Test func damagedHeader() throws {
    var damaged = prn
    damaged[7] ^= 1
    try expectRefusal(damaged, "damaged header: ")
  }

  @Test func damagedSection() throws {
    var damaged = prn
    damaged[prn.count - 10] ^= 1
    try expectRefusal(damaged, "damaged section 1, of kind 3: wrong checksum")
  }

  @Test func newerVersion() throws {
    try expectRefusal(
      Samples.changingHeader(prn, at: 4, to: 15),
      "the file has version 15 of the format, newer than 14")
  }

  /// With the magic of today, and with that of drafts.
  @Test(arguments: [1, 2, 3, 4] as [UInt8]) func draftVersions(version: UInt8) throws {
    let message = "the file has version \(version) of the format, a draft that is no longer read"
    try expectRefusal(Samples.changingHeader(prn, at: 4, to: version), message)
    let draft: [UInt8] = [0x89, 0x50, 0x52, 0x4E, 0x0D, 0x0A, 0x1A, 0x0A, version]
    try expectRefusal(draft + [UInt8](repeating: 7, count: 90), message)
  }

  @Test func theLastDraftVersion() throws {
    try expectRefusal(
      Samples.changingHeader(prn, at: 4, to: 9),
      "the file has version 9 of the format, a draft that is no longer read")
  }

  @Test func bytesBehindTheEnd() throws {
    try expectRefusal(
      prn + [0], "1 zero bytes behind the last section: cut the file to \(prn.count) bytes")
  }

  @Test func failedDigest() throws {
    try expectRefusal(
      Samples.changingHeader(prn, at: 10, to: prn[10] ^ 1), "failed digest: decoded to ",
      commands: ["test", "decompress"])
  }

  @Test func unknownModel() throws {
    let changed = Samples.changingHeader(prn, at: 16, to: prn[16] ^ 1)
    try expectRefusal(
      changed, "unknown model: the file needs the one with identity ",
      commands: ["test", "decompress"])
    let outcome = try sandbox.run("info", "bad.prn")
    #expect(outcome.status == 0 && outcome.text.contains("network unknown, identity "))
  }

  /// The rest of several files is still looked at.
  @Test func testingGoesOnAfterABadFile() throws {
    try sandbox.write(Array(prn.dropLast()), to: "bad.prn")
    try sandbox.write(prn, to: "good.prn")
    let outcome = try sandbox.run("test", "bad.prn", "good.prn", "missing.prn")
    #expect(outcome.status == 1)
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines.first?.hasPrefix("prnzip: bad.prn: truncated file: ") == true)
    #expect(lines.dropFirst().first?.hasPrefix("good.prn: ok, gives back ") == true)
    #expect(lines.dropFirst(2).first == "prnzip: missing.prn: No such file or directory")
    #expect(lines.last == "1 file; 2 failed")
  }
}
