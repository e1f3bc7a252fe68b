import Foundation
import Testing

/// `scripts/train-gpu` beside prntrain, without a GPU. Without PyTorch these tests are skipped.
@Suite struct GPUTrainerTests {
  /// Whether Python can import a module.
  static func has(_ module: String) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", "import \(module)"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  static let hasTorch = has("torch")
  static let hasTriton = hasTorch && has("triton")

  /// Runs the script; `variable` is one of its environment.
  private func train(
    _ shop: Workshop, variable: String = "LC_ALL=C", _ arguments: String...
  ) throws -> Outcome {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let script = root.appendingPathComponent("scripts/train-gpu").path
    let program = try Workshop.program.get().path
    return try shop.run(
      URL(fileURLWithPath: "/usr/bin/env"),
      [variable, "python3", "-B", script, "--prntrain", program] + arguments)
  }

  /// The lines that `evaluate` and `--evaluate` both have.
  private func codeLengths(_ outcome: Outcome) -> [String] {
    outcome.output.split(separator: "\n").filter {
      $0.hasPrefix("float  ") || $0.hasPrefix("quantized  ")
    }.map { String($0.split(separator: " ")[1]) }
  }

  private static let kinds = [
    "centre = adaptive", "body = rowLSTM\ncentre = adaptiveWide\nplanes = chroma",
    "dilation-cycle = 2\nconnections = skip\ncentre = raw\ninputs = residual value",
    "colours = 1\nbody = rowLSTM\ncentre = adaptiveWidest\ndilation-cycle = 2",
    "body = diagonalBiLSTM\ncentre = colourMED",
    "colours = 1\nbody = diagonalBiLSTM\nhead = sigmoid\ncentre = raw\ninputs = value\ntile = 8",
    "colours = 1\nbody = rowLSTM\nhead = sigmoid\ncentre = raw\ninputs = value\ntile = 8",
    "head = classes\ncentre = adaptive",
    "head = classes\nbody = rowLSTM\ncentre = adaptiveWide\nplanes = chroma",
  ]

  /// The code lengths of whole images are those of prntrain, to all printed digits.
  @Test(.enabled(if: hasTorch, "python3 has no torch"), arguments: kinds)
  func agrees(_ kind: String) throws {
    let shop = try Workshop(isTiled: kind.contains("sigmoid"))
    try shop.recipe(steps: 3, extra: kind)
    #expect(try shop.run("train", "tiny.recipe").status == 0)
    // Four images.
    for (from, to) in [("0", "0"), ("1", "1"), ("0", "3")] {
      try shop.write(shop.read("data/train/\(from).png"), to: "data/valid/\(to).png")
    }
    let ours = try train(shop, "tiny.recipe", "--evaluate")
    let theirs = try shop.run("evaluate", "tiny.recipe", "data/valid", "--effort", "fast")
    #expect(ours.status == 0 && theirs.status == 0, "\(ours.errors)\(theirs.errors)")
    #expect(codeLengths(ours).count == 2)
    #expect(codeLengths(ours) == codeLengths(theirs))
  }

  /// A run is gone on with from prntrain's checkpoint, to the recipe's last step, and prntrain goes
  /// on from its.
  @Test(
    .enabled(if: hasTorch, "python3 has no torch"),
    arguments: [("adam", "classes"), ("rmsprop", "softmax"), ("muon", "classes")])
  func trains(_ optimizer: String, _ head: String) throws {
    let shop = try Workshop()
    let extra = "optimizer = \(optimizer)\nhead = \(head)\nbody = rowLSTM"
    try shop.recipe(steps: 2, extra: extra + "\nquantize = 0.5")
    #expect(try shop.run("train", "tiny.recipe").status == 0)
    try shop.recipe(steps: 5, extra: extra + "\nquantize = 0.5")
    let ours = try train(shop, "tiny.recipe", "--ring", "64", "--first-crops", "8")
    #expect(ours.status == 0 && ours.output.contains("step 5, validation"), "\(ours.errors)")
    try shop.recipe(steps: 6, extra: extra)
    let theirs = try shop.run("train", "tiny.recipe")
    #expect(theirs.status == 0 && theirs.errors.contains("step 6/6"), "\(theirs.errors)")
  }

  /// The kernels give what PyTorch's own operations give.
  @Test(.enabled(if: hasTriton, "python3 has no torch or no triton"))
  func kernels() throws {
    let outcome = try train(Workshop(), variable: "TRITON_INTERPRET=1", "--check")
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
  }

  @Test(.enabled(if: hasTorch, "python3 has no torch")) func refuses() throws {
    let shop = try Workshop()
    for (extra, kind) in [
      ("scale = 2\nconditioning-channels = 8\nsmall = none", "multi-scale"),
      ("mixture = 2\ncentre = raw", "mixture"),
    ] {
      try shop.recipe(extra: extra)
      let outcome = try train(shop, "tiny.recipe")
      #expect(outcome.status == 1)
      #expect(
        outcome.errors
          == "Error: tiny.recipe: \(kind) networks are trained by prntrain alone\n")
    }
    try shop.recipe(extra: "head = logistic")
    let outcome = try train(shop, "tiny.recipe")
    #expect(
      outcome.errors
        == "Error: tiny.recipe: head = logistic is none of softmax classes sigmoid\n")
  }
}
