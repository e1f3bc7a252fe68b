import Foundation
import PixelNetwork
import Testing

@Suite struct CommandTests {
  /// A run, its log, what is measured of it, and its weight file.
  @Test func trainsEvaluatesAndExports() throws {
    let shop = try Workshop()
    try shop.recipe(steps: 4)
    let train = try shop.run("train", "tiny.recipe", "--threads", "2")
    #expect(train.status == 0 && train.output.isEmpty)
    #expect(train.errors.hasPrefix("tiny: ") && train.errors.contains("2 images"))
    #expect(train.errors.contains("step 4/4") && train.errors.contains("validation: "))
    let log = String(decoding: try shop.read("Runs/tiny.csv"), as: UTF8.self)
    #expect(log.split(separator: "\n").count == 2 && log.contains("\n4,512,"))

    let measured = try shop.run("evaluate", "tiny.recipe", "data/valid")
    #expect(measured.status == 0 && measured.errors.isEmpty)
    for line in [
      "step          4", "images        1, 320 pixels", "float         ", "quantized     ",
      "files, pure  ", "  without metadata  ",
    ] {
      #expect(("\n" + measured.output).contains("\n" + line), "\(line)")
    }

    #expect(try shop.run("export", "tiny.recipe", "-o", "tiny.prnw").status == 0)
    let file = try WeightFile(parsing: shop.read("tiny.prnw"))
    #expect(file.name == "tiny" && file.architecture.kernelSize == 3)
  }

  /// A run that is over has nothing left to do; with more steps it goes on from its checkpoint.
  @Test func goesOn() throws {
    let shop = try Workshop()
    try shop.recipe(steps: 6)
    #expect(try shop.run("train", "tiny.recipe", "--runs", "some/where").status == 0)
    let before = try shop.read("some/where/tiny.checkpoint")
    let again = try shop.run("train", "tiny.recipe", "--runs", "some/where")
    #expect(again.status == 0 && !again.errors.contains("step "))
    #expect(try shop.read("some/where/tiny.checkpoint") == before)
    try shop.recipe(steps: 8)
    let longer = try shop.run("train", "tiny.recipe", "--runs", "some/where")
    #expect(longer.status == 0 && longer.errors.contains("step 8/8"))
    let log = String(decoding: try shop.read("some/where/tiny.csv"), as: UTF8.self)
    #expect(log.split(separator: "\n").count == 3)
  }

  /// A compact checkpoint is small, gives nearly the same weight file, and is gone on from.
  @Test func keepsCompactCheckpoints() throws {
    let shop = try Workshop()
    try shop.recipe(steps: 4)
    #expect(try shop.run("train", "tiny.recipe").status == 0)
    try FileManager.default.createDirectory(
      atPath: shop.path("Models"), withIntermediateDirectories: true)
    let compact = try shop.run("compact", "tiny.recipe", "-o", "Models/tiny.checkpoint")
    #expect(compact.status == 0 && compact.output.isEmpty && compact.errors.isEmpty)
    let (large, small) = (
      try shop.read("Runs/tiny.checkpoint").count, try shop.read("Models/tiny.checkpoint").count
    )
    #expect(4 * small <= large + 200, "\(small), \(large)")
    let files = try ["Runs", "Models"].map { runs in
      let export = try shop.run("export", "tiny.recipe", "--runs", runs, "-o", runs + ".prnw")
      #expect(export.status == 0)
      return try WeightFile(parsing: shop.read(runs + ".prnw"))
    }
    #expect(files[0].layers.map(\.shift) == files[1].layers.map(\.shift))
    let weights = files.map { $0.layers.flatMap { $0.slices.flatMap(\.weights) } }
    #expect(zip(weights[0], weights[1]).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    try shop.recipe(steps: 6)
    let longer = try shop.run("train", "tiny.recipe", "--runs", "Models")
    #expect(longer.status == 0 && longer.errors.contains("step 6/6"))
  }

  /// Both networks of a multi-scale model go into one weight file.
  @Test func exportsBothNetworks() throws {
    let shop = try Workshop()
    try shop.recipe("small", extra: "subsample = 2")
    try shop.recipe("large", extra: "scale = 2\nconditioning-channels = 8\nsmall = small")
    #expect(try shop.run("train", "large.recipe").status == 0)
    let alone = try shop.run("evaluate", "large.recipe", "data/valid")
    #expect(alone.status == 0 && alone.output.contains("has not been trained"))
    let missing = try shop.run("export", "large.recipe", "-o", "large.prnw")
    #expect(missing.status == 1)
    #expect(missing.errors == "Error: the small image's model is missing\n")
    #expect(try shop.run("train", "small.recipe").status == 0)
    #expect(try shop.run("export", "large.recipe", "-o", "large.prnw").status == 0)
    #expect(try WeightFile(parsing: shop.read("large.prnw")).small?.name == "small")
    let both = try shop.run("evaluate", "large.recipe", "data/valid")
    #expect(both.status == 0 && both.output.contains("files, pure  "))
  }

  /// Tiles are told of in nats, and files are compared with the code length.
  @Test func measuresTiles() throws {
    let shop = try Workshop(isTiled: true)
    try shop.recipe(
      "bits", extra: "colours = 1\nhead = sigmoid\ncentre = raw\ninputs = value\ntile = 8")
    let train = try shop.run("train", "bits.recipe")
    #expect(train.status == 0 && train.errors.contains("12 images"))
    let measured = try shop.run("evaluate", "bits.recipe", "data/valid")
    #expect(measured.status == 0)
    for word in ["images        6, 384 pixels", " nats", "integer ", "code length ", "files, "] {
      #expect(measured.output.contains(word), "\(word)")
    }
  }
}
