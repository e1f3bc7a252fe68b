import Foundation
import PNGFile
import Testing

/// Sources that go when their outputs have been verified.
@Suite struct RemovalTests {
  private let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  @Test func aSourceIsRemovedBothWays() throws {
    let png = try Samples.png()
    try sandbox.write(png, to: "a.png")
    #expect(try sandbox.run("compress", "--rm", "a.png").status == 0)
    #expect(try sandbox.names == ["a.prn"])
    #expect(try sandbox.run("decompress", "--rm", "a.prn").status == 0)
    #expect(try sandbox.names == ["a.png"])
    #expect(try PNGFile.decode(sandbox.read("a.png")) == Samples.image())
    // The last one counts.
    #expect(try sandbox.run("compress", "--rm", "-k", "a.png").status == 0)
    #expect(try sandbox.names == ["a.png", "a.prn"])
  }

  @Test func aSourceStaysWhenAnythingFails() throws {
    try sandbox.write(Samples.png(), to: "a.png")
    try sandbox.write([1], to: "a.prn")
    try sandbox.write([1], to: "b.png")
    let outcome = try sandbox.run("compress", "--rm", "a.png", "b.png")
    #expect(outcome.status == 1)
    #expect(try sandbox.names == ["a.png", "a.prn", "b.png"])
    var prn = try sandbox.run("compress", "-c", "a.png").output
    prn[prn.count - 6] ^= 1
    try sandbox.write(prn, to: "c.prn")
    #expect(try sandbox.run("decompress", "--rm", "c.prn").status == 1)
    #expect(try sandbox.names == ["a.png", "a.prn", "b.png", "c.prn"])
    // A skipped one is not looked at.
    #expect(try sandbox.run("compress", "--rm", "--skip-existing", "a.png").status == 0)
    #expect(try sandbox.names == ["a.png", "a.prn", "b.png", "c.prn"])
  }

  /// What goes where it cannot be read again, and links.
  @Test func nothingElseIsRemoved() throws {
    try sandbox.write(Samples.png(), to: "a.png")
    let outcome = try sandbox.run("--rm", "a.png", "-o", "/dev/null")
    #expect(outcome.status == 1 && outcome.errors.contains("can be verified"))
    #expect(try sandbox.shell("ln -s a.png b.png").status == 0)
    let link = try sandbox.run("--rm", "b.png")
    #expect(link.status == 1 && link.errors.contains("is a symbolic link"))
    #expect(try sandbox.run("-q", "a.png").status == 0)
    #expect(try sandbox.run("-d", "--rm", "a.prn", "-o", "/dev/null").status == 1)
    #expect(try sandbox.names == ["a.png", "a.prn", "b.png", "b.prn"])
  }

  /// What was stripped on purpose is no loss.
  @Test func strippedSourcesAreRemovedToo() throws {
    try sandbox.write(Samples.png(), to: "a.png")
    #expect(try sandbox.run("compress", "--rm", "--strip", "all", "a.png").status == 0)
    #expect(try sandbox.names == ["a.prn"])
  }
}
