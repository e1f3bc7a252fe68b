import Testing

/// One line on standard error, which says what is wrong with what, and an exit status.
@Suite struct RefusalTests {
  func expect(
    _ outcome: Outcome, status: Int32 = 1, _ words: String...,
    location: SourceLocation = #_sourceLocation
  ) {
    #expect(outcome.status == status, sourceLocation: location)
    #expect(outcome.output.isEmpty, sourceLocation: location)
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.first?.hasPrefix("Error: ") == true, sourceLocation: location)
    if status == 1 { #expect(lines.count == 1, sourceLocation: location) }
    for word in words {
      #expect(
        lines.first?.contains(word) == true, "\(outcome.errors)", sourceLocation: location)
    }
  }

  @Test func wrongRecipes() throws {
    let shop = try Workshop()
    expect(try shop.run("train", "none.recipe"), "none.recipe", "cannot be read")
    try shop.recipe("tiny", extra: "context-channels = 8")
    expect(try shop.run("train", "tiny.recipe"), "line 12", "unknown key context-channels")
    try shop.recipe("tiny", extra: "optimizer = luck")
    expect(try shop.run("train", "tiny.recipe"), "optimizer", "luck")
    try shop.write(Array("name = tiny".utf8), to: "tiny.recipe")
    expect(try shop.run("train", "tiny.recipe"), "features is missing")
    try shop.recipe("tiny", extra: "start = nobody")
    expect(try shop.run("train", "tiny.recipe"), "nobody.checkpoint", "cannot be read")
  }

  @Test func missingData() throws {
    let shop = try Workshop()
    try shop.recipe()
    expect(try shop.run("train", "tiny.recipe", "--data", "nowhere"), "nowhere/train", "no PNG")
    try shop.recipe("tiny", extra: "crop = 24")
    expect(try shop.run("train", "tiny.recipe"), "line 12", "crop again")
  }

  @Test(arguments: ["evaluate", "export", "compact"])
  func missingAndDamagedCheckpoints(_ command: String) throws {
    let shop = try Workshop()
    try shop.recipe()
    let output = command == "evaluate" ? ["data/valid"] : ["-o", "out"]
    func run() throws -> Outcome {
      output.count == 1
        ? try shop.run(command, "tiny.recipe", output[0])
        : try shop.run(command, "tiny.recipe", output[0], output[1])
    }
    expect(try run(), "Runs/tiny.checkpoint", "does not exist")
    #expect(try shop.run("train", "tiny.recipe").status == 0)
    if command != "evaluate" {
      expect(try shop.run(command, "tiny.recipe", "-o", "no/out"), "no/out", "cannot be written")
    }
    try shop.write([1, 2, 3], to: "Runs/tiny.checkpoint")
    expect(try run(), "Runs/tiny.checkpoint", "damaged")
  }

  @Test func wrongOptions() throws {
    let shop = try Workshop()
    try shop.recipe()
    expect(try shop.run("train", "tiny.recipe", "--threads", "0"), status: 64, "--threads")
    expect(try shop.run("train", "tiny.recipe", "--speed", "9"), status: 64, "--speed")
    expect(try shop.run("train"), status: 64, "recipe")
    expect(try shop.run("export", "tiny.recipe"), status: 64, "output")
    expect(
      try shop.run("evaluate", "tiny.recipe", "x", "--effort", "none"), status: 64, "effort")
    #expect(try shop.run("--help").output.contains("compact"))
  }
}
