import Foundation
import ImagePlanes
import PNGFile
import PixelNetwork
import Platform
import Prediction
import TestSupport
import Testing
import TileCoding

@testable import Training

/// A folder with a few images to train on, gone when the test is over.
final class TrainingFolder {
  let path = FileManager.default.temporaryDirectory.path + "/prn-\(UUID().uuidString)"

  init(colours: Int = 3) throws {
    for folder in ["train", "valid"] {
      try FileManager.default.createDirectory(
        atPath: path + "/" + folder, withIntermediateDirectories: true)
    }
    for i in 0..<3 {
      let image = Small.image(width: 40 + i, height: 30, seed: UInt64(i), colours: colours)
      let folder = i < 2 ? "train" : "valid"
      try Data(PNGFile.encode(image)).write(
        to: URL(fileURLWithPath: "\(path)/\(folder)/\(i).png"))
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  static func recipe(
    steps: Int, extra: String = "", crop: Int = 16, mirror: String = "horizontal vertical diagonal"
  ) throws -> Recipe {
    try Recipe(
      text: """
        name = small
        features = 24
        bottleneck = 24
        blocks = 1
        head-features = 24
        train = train
        valid = valid
        crop = \(crop)
        batch = 4
        warmup = 2
        mirror = \(mirror)
        quantize = 0.3
        steps = \(steps)
        \(extra)
        """)
  }

  func run(_ recipe: Recipe, runs: String, threads: Int = 2) throws -> Checkpoint {
    let folder = path + "/" + runs
    let trainer = try Trainer(recipe: recipe, data: path, folder: folder, threads: threads)
    try trainer.run { _ in }
    let layout = ParameterLayout(architecture: recipe.architecture)
    var checkpoint = try Checkpoint(path: folder + "/small.checkpoint", layout)
    checkpoint.seconds = 0
    return checkpoint
  }
}

@Suite struct TrainerTests {
  /// A run that was stopped goes on as if it had not been: every weight, moment and random number.
  ///
  /// The schedule depends on the number of steps, so the run is stopped by hand, step by step.
  /// Regions serve several steps, and are found again.
  @Test(arguments: [
    "reuse = 3\nprocessing = 0.5", "centre = adaptive\nreuse = 4", "colours = 1\nreuse = 1",
    "centre = adaptiveWide\ncolours = 1\nprocessing = 1\nreuse = 100",
    "body = rowLSTM\ncentre = adaptive\ndropout = 0.2",
    "body = diagonalBiLSTM\ncolours = 1\ncentre = raw",
  ])
  func resumesExactly(_ extra: String) throws {
    let folder = try TrainingFolder()
    let recipe = try TrainingFolder.recipe(steps: 10, extra: extra)
    let whole = try folder.run(recipe, runs: "whole")
    #expect(whole.step == 10)

    let state = try TrainingState(recipe: recipe, folder: folder.path + "/parts")
    #expect(state.step == 0)
    for part in 1...10 {
      let trainer = try Trainer(
        recipe: recipe, data: folder.path, folder: folder.path + "/parts", threads: 2)
      _ = try trainer.trainStep()
      try trainer.save()
      #expect(
        try TrainingState(recipe: recipe, folder: folder.path + "/parts").step == part)
    }
    let resumed = try folder.run(recipe, runs: "parts")
    #expect(resumed == whole)
  }

  /// A network that starts from a smaller one computes what that does, until it is trained; others
  /// are refused.
  @Test(arguments: Body.allCases) func growsFromASmallerNetwork(_ body: Body) throws {
    let folder = try TrainingFolder()
    let small = try TrainingFolder.recipe(steps: 8, extra: "body = \(body)")
    _ = try folder.run(small, runs: "runs")
    let runs = folder.path + "/runs"
    func recipe(_ changes: String) throws -> Recipe {
      try Recipe(
        text: """
          name = grown
          body = \(body)
          start = small
          train = train
          steps = 1
          \(changes)
          """)
    }
    let images = try PhotoFolder(
      folders: [folder.path + "/valid"], format: .rgb8, threads: 1
    ).images
    let deeper = "features = 24\nbottleneck = 24\nblocks = 3\nhead-features = 24"
    let wider = "features = 72\nbottleneck = 48\nblocks = 3\nhead-features = 72"
    let before = try TrainingState(recipe: small, folder: runs)
    let bits = try before.bitsPerDimension(images, quantized: false, threads: 1)
    let blocks = small.architecture.blocks
    for changes in [deeper, wider + "\nstart-shape = 24 24 \(blocks) 24"] {
      let grown = try TrainingState(recipe: recipe(changes), folder: runs)
      #expect(grown.step == 0)
      let same = try grown.bitsPerDimension(images, quantized: false, threads: 1)
      #expect(abs(bits - same) < 1e-5)
    }
    // Classes have the mean of what their symbols had.
    let classes = try TrainingState(recipe: recipe(deeper + "\nhead = classes"), folder: runs)
    let near = try classes.bitsPerDimension(images, quantized: false, threads: 1)
    #expect(abs(bits - near) < 0.05 && bits != near)
    #expect(throws: TrainingError.self) {
      try TrainingState(recipe: recipe(wider), folder: runs)
    }
    #expect(throws: TrainingError.self) {
      try TrainingState(recipe: recipe(deeper), folder: folder.path)
    }
    #expect(throws: TrainingError.self) { try recipe(deeper + "\nstart-shape = 48 24 2 24") }
  }

  /// Both rules lower the loss of a small network on a small image set.
  @Test(arguments: OptimizerKind.allCases)
  func learns(_ kind: OptimizerKind) throws {
    let folder = try TrainingFolder()
    let recipe = try TrainingFolder.recipe(
      steps: 60, extra: "optimizer = \(kind)\nlearning-rate = 0.003")
    let start = try TrainingState(recipe: recipe, folder: folder.path + "/none")
    _ = try folder.run(recipe, runs: "runs")
    let end = try TrainingState(recipe: recipe, folder: folder.path + "/runs")
    #expect(end.step == 60)
    let images = try PhotoFolder(
      folders: [folder.path + "/valid"], format: .rgb8, threads: 1
    ).images
    let before = try start.bitsPerDimension(images, quantized: false, threads: 1)
    let after = try end.bitsPerDimension(images, quantized: false, threads: 2)
    #expect(after < before - 0.3, "\(before) -> \(after)")
    let log = try String(contentsOfFile: folder.path + "/runs/small.csv", encoding: .utf8)
    #expect(log.split(separator: "\n").count == 2)
  }

  /// A gray network, from gray files to an evaluation of its weight file.
  @Test(arguments: [SymbolCentre.colourMED, .adaptive, .adaptiveWide])
  func learnsGray(_ centre: SymbolCentre) throws {
    let folder = try TrainingFolder(colours: 1)
    let recipe = try TrainingFolder.recipe(
      steps: 60, extra: "colours = 1\ncentre = \(centre)\nlearning-rate = 0.003")
    let start = try TrainingState(recipe: recipe, folder: folder.path + "/none")
    _ = try folder.run(recipe, runs: "runs")
    let end = try TrainingState(recipe: recipe, folder: folder.path + "/runs")
    let images = try PhotoFolder(
      folders: [folder.path + "/valid"], format: .gray8, threads: 1
    ).images
    let before = try start.bitsPerDimension(images, quantized: false, threads: 1)
    let after = try end.bitsPerDimension(images, quantized: true, threads: 1)
    #expect(after < before - 0.2, "\(before) -> \(after)")

    let file = try WeightFile(parsing: end.weightFile().serialized)
    #expect(file.architecture == recipe.architecture && file.architecture.colours == 1)
    let network = try Network(weightFile: file.serialized)
    let workers = try #require(Workers(threads: 1))
    let counter = CodeLength()
    for image in images {
      let tile = try #require(Tile(image))
      let evaluation = try #require(
        TileEvaluation(network, tile: tile, output: counter.output, instructions: .current))
      try PixelLoop(evaluation, workers).run(counter)
    }
    let pixels = images.reduce(0) { $0 + $1.width * $1.height }
    #expect(abs(counter.bits / Double(pixels) - after) < 0.01)
  }

  @Test func missingDataIsRefused() throws {
    let folder = try TrainingFolder()
    let recipe = try TrainingFolder.recipe(steps: 1)
    #expect(throws: TrainingError.self) {
      try Trainer(recipe: recipe, data: folder.path + "/x", folder: folder.path, threads: 1)
    }
  }
}
