import Foundation
import Testing

/// What an outside trainer is given: the checkpoint to begin with, and streams of crops.
@Suite struct DumpTests {
  /// A run from the checkpoint of `begin` is the run without it.
  @Test func beginsARun() throws {
    let shop = try Workshop()
    try shop.recipe(steps: 3)
    let first = try shop.run("begin", "tiny.recipe", "--runs", "begun")
    #expect(first.status == 0 && first.output.isEmpty && first.errors.isEmpty)
    let start = try shop.read("begun/tiny.checkpoint")
    let again = try shop.run("begin", "tiny.recipe", "--runs", "begun")
    #expect(again.status == 0 && again.output.contains("is there: step 0"))
    #expect(try shop.read("begun/tiny.checkpoint") == start)
    for runs in ["begun", "Runs"] {
      let train = try shop.run("train", "tiny.recipe", "--runs", runs, "--threads", "1")
      #expect(train.status == 0)
    }
    // All but the seconds.
    let files = try ["begun", "Runs"].map { try shop.read($0 + "/tiny.checkpoint") }
    #expect(files[0].prefix(28) == files[1].prefix(28))
    #expect(files[0].dropFirst(36) == files[1].dropFirst(36))
  }

  /// The header, and records of the sizes that it tells.
  @Test func streamsValidation() throws {
    let shop = try Workshop()
    try shop.recipe(extra: "centre = adaptive")
    let crops = try shop.dump("tiny.recipe", "--valid", "--crops", "3")
    #expect(Array(crops.prefix(4)) == Array("PRND".utf8))
    #expect(crops.words(at: 4, 6) == [1, 3, 0, 6, 30, 1])
    let record = 8 + 2 * (9 * 10 * 6 + 64 * 30) + 3 * 64
    #expect(crops.count == 28 + 3 * record)
    #expect(crops.words(at: 28 + 2 * record, 2) == [8, 8])
    // No more than lie side by side in 20 x 16 pixels.
    #expect(try shop.dump("tiny.recipe", "--valid", "--crops", "9").count == 28 + 4 * record)
    let whole = try shop.dump("tiny.recipe", "--whole")
    #expect(whole.words(at: 28, 2) == [16, 20])
    #expect(whole.count == 28 + 8 + 2 * (17 * 22 * 6 + 320 * 30) + 3 * 320)
  }

  /// The crops to train on go on for ever. They are the same each time, and each worker's are its
  /// own.
  @Test func streamsTraining() throws {
    let shop = try Workshop()
    try shop.recipe()
    let count = 28 + 5 * (8 + 2 * (9 * 10 * 6 + 64 * 3) + 3 * 64)
    let streams = try [["0", "1"], ["0", "1"], ["0", "2"], ["1", "2"]].map { worker in
      let program = try Workshop.program.get().path
      let command = """
        '\(program)' dump tiny.recipe --crops 2 --worker \(worker[0]) --workers \(worker[1]) \
        2>/dev/null | head -c \(count) > stream
        """
      _ = try shop.run(URL(fileURLWithPath: "/bin/sh"), ["-c", command])
      return try shop.read("stream")
    }
    #expect(streams[0].count == count)
    #expect(streams[0] == streams[1] && streams[2] != streams[3])
  }

  /// Tiles are told of one by one, and chroma is given luma.
  @Test func streamsTilesAndChroma() throws {
    let mosaics = try Workshop(isTiled: true)
    try mosaics.recipe(
      "bits", extra: "colours = 1\nhead = sigmoid\ncentre = raw\ninputs = value\ntile = 8")
    let tiles = try mosaics.dump("bits.recipe", "--whole")
    #expect(tiles.words(at: 4, 6) == [1, 1, 0, 1, 0, 1])
    #expect(tiles.count == 28 + 6 * (8 + 2 * 9 * 10 + 64))
    let photos = try Workshop()
    try photos.recipe(extra: "planes = chroma")
    #expect(try photos.dump("tiny.recipe", "--whole").words(at: 8, 2) == [3, 1])
  }

  @Test func refuses() throws {
    let shop = try Workshop()
    try shop.recipe("large", extra: "scale = 2\nconditioning-channels = 8\nsmall = tiny")
    let scaled = try shop.run("dump", "large.recipe")
    #expect(scaled.status == 1 && scaled.output.isEmpty)
    #expect(scaled.errors == "Error: crops of a multi-scale network do not go into a stream\n")
    try shop.recipe()
    let worker = try shop.run("dump", "tiny.recipe", "--worker", "2", "--workers", "2")
    #expect(worker.status == 64 && worker.errors.hasPrefix("Error: --worker"))
  }
}

extension Workshop {
  /// The bytes that `dump` writes.
  func dump(_ arguments: String...) throws -> [UInt8] {
    let program = try Self.program.get().path
    let words = ([program, "dump"] + arguments).map { "'\($0)'" }.joined(separator: " ")
    let outcome = try run(URL(fileURLWithPath: "/bin/sh"), ["-c", words + " > stream"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    return try read("stream")
  }
}

extension [UInt8] {
  /// Little-endian numbers of four bytes.
  fileprivate func words(at first: Int, _ count: Int) -> [Int] {
    (0..<count).map { k in
      (0..<4).reduce(0) { $0 | Int(self[first + 4 * k + $1]) << (8 * $1) }
    }
  }
}
