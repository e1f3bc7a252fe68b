import Testing

/// Standard streams that are closed, pipes, and what is no image.
@Suite struct StreamTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.write(Samples.png(), to: "a.png")
  }

  /// Messages do not get into files that are given the numbers of closed streams.
  @Test func closedStreamsAreNoFiles() throws {
    let outcome = try sandbox.shell(
      """
      "$P" a.png --progress <&- 2>&- && "$P" test -q a.prn && "$P" verify -q a.png a.prn
      """)
    #expect(outcome.status == 0, "\(outcome.errors)")
    // Standard output that is closed is an error.
    #expect(try sandbox.shell("\"$P\" list a.prn >&-").status == 1)
  }

  /// A pipe is opened once, and a name is enough to choose that of the output.
  @Test func aPipeIsOpenedOnce() throws {
    let outcome = try sandbox.shell(
      """
      "$P" -q a.png && mkfifo b.prn && (cat a.prn > b.prn &) && timeout 20 "$P" -dq b.prn
      """)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try sandbox.names.contains("b.png"))
  }

  /// Without any argument, what comes from a pipe is compressed, and what comes from none is asked.
  @Test func pipesNeedNoArguments() throws {
    let outcome = try sandbox.shell("cat a.png | \"$P\" > b.prn && \"$P\" < a.png | cmp - b.prn")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try sandbox.shell("\"$P\" test b.prn").status == 0)
    #expect(try sandbox.shell("\"$P\" < /dev/null").text.contains("USAGE"))
  }

  /// What has no end is read no further than it takes to see that it is nothing.
  @Test func endlessInputIsRefused() throws {
    for arguments in [["compress"], ["-d"], ["test"], ["-d", "--salvage"], ["info"]] {
      let outcome = try sandbox.start(
        arguments + ["/dev/zero"] + (arguments[0].hasPrefix("-d") ? ["-o", "x.png"] : []),
        kibibytes: 1 << 20
      ).outcome()
      #expect(outcome.status == 1 && outcome.errors.contains("not a "), "\(outcome.errors)")
    }
    #expect(try sandbox.names == ["a.png"])
  }

  /// A reader that has gone is no error that must be told.
  @Test func brokenPipesAreQuiet() throws {
    let outcome = try sandbox.shell("\"$P\" -q a.png; (sleep 0.2; \"$P\" list a.prn) | true")
    #expect(outcome.errors.isEmpty, "\(outcome.errors)")
  }

  @Test func aLogIsNoImage() throws {
    let png = try sandbox.read("a.png")
    let outcome = try sandbox.run("a.png", "--log", "a.png")
    #expect(outcome.status == 1 && outcome.errors.contains("is no log"))
    #expect(try sandbox.read("a.png") == png)
    #expect(try sandbox.run("-c", "a.png", "--log", "-").status == 64)
    for _ in 0..<2 { #expect(try sandbox.run("-qf", "a.png", "--log", "log").status == 0) }
    #expect(try sandbox.read("log").count { $0 == 10 } == 2)
  }
}
