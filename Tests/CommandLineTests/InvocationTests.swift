import Testing

/// What people type first.
@Suite struct InvocationTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try sandbox.write(Samples.png(), to: "a.png")
  }

  @Test func aFileAloneIsCompressed() throws {
    #expect(try sandbox.run("a.png").status == 0)
    #expect(try sandbox.names == ["a.png", "a.prn"])
    #expect(try sandbox.run("-df", "a.prn").status == 0)
    #expect(try sandbox.run("-t", "a.prn").errors.hasPrefix("a.prn: ok"))
    #expect(try sandbox.run("-l", "a.prn").text.contains("photo-default"))
    let piped = try sandbox.run("-c", "--decompress", "a.prn")
    #expect(piped.output == (try sandbox.read("a.png")))
    #expect(try sandbox.run("-V").text == sandbox.run("--version").text)
    #expect(try sandbox.run("-qf", "-T2", "-e", "fast", "a.png").status == 0)
    #expect(try sandbox.run("-kf", "a.png").status == 0)
    #expect(try sandbox.names == ["a.png", "a.prn"])
  }

  /// Letters together, in any order, as gzip and xz take them.
  @Test func lettersGoTogether() throws {
    #expect(try sandbox.run("-kq", "a.png").status == 0)
    for letters in ["-cd", "-dc", "-kcd"] {
      #expect(try sandbox.run(letters, "a.prn").output == sandbox.read("a.png"))
    }
    for letters in ["-fd", "-qdf", "-dfT2", "-dfefast"] {
      let outcome = try sandbox.run(letters, "a.prn")
      let isLegal = letters != "-dfefast" && letters != "-dfT2"
      #expect((outcome.status == 0) == isLegal, "\(letters): \(outcome.errors)")
    }
    #expect(try sandbox.run("-dT2", "-f", "a.prn").status == 0)
    #expect(try sandbox.run("-vt", "a.prn").errors.hasPrefix("a.prn: ok"))
  }

  @Test(
    arguments: [
      (["compres", "a.png"], "Did you mean 'compress'?"),
      (["lst", "a.prn"], "Did you mean 'list'?"),
      (["compress", "-9", "a.png"], "-e instant, fast, default or best"),
      (["--best", "a.png"], "use -e best"),
      (["a.png", "-e9"], "-e instant, fast, default or best"),
      (["help", "compres"], "There is no command 'compres'"),
      (["compress", "a.png", "b.png", "-o", "d"], "--output-dir"),
    ] as [([String], String)])
  func whatIsMeantIsSaid(arguments: [String], advice: String) throws {
    let outcome = try sandbox.start(arguments).outcome()
    #expect(outcome.status == 64 && outcome.errors.contains(advice), "\(outcome.errors)")
  }

  /// The usage is that of the command.
  @Test func theUsageIsTheCommands() throws {
    let outcome = try sandbox.run("compress", "a.png", "b.png", "-o", "d")
    #expect(outcome.errors.contains("Usage: prnzip compress "), "\(outcome.errors)")
  }

  @Test func aFolderIsNotTakenUnasked() throws {
    let outcome = try sandbox.run(".")
    #expect(outcome.status == 1 && outcome.errors.contains("-r takes the files in it"))
  }
}
