import ArgumentParser
import Foundation
import Training

/// `prntrain dump`.
struct DumpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dump", abstract: "Write a stream of crops, for a trainer outside of prntrain.",
    discussion: """
      Writes the crops that the recipe's network is to learn from to standard output, until nobody \
      reads them. With --valid, those of the images to validate on, side by side; with --whole, \
      these images, or their tiles. scripts/train-gpu reads such streams.
      """)
  @OptionGroup var recipe: RecipeOptions
  @Option(help: "The folder that the recipe's image folders are in.")
  var data = "data"
  @Option(help: "Which of the workers this is, from 0 on: each makes regions of its own.")
  var worker = 0
  @Option(help: "How many workers there are.")
  var workers = 1
  @Option(help: "Crops of a region, or of an image to validate on.")
  var crops = 32
  @Flag(help: "Crops of the images to validate on.")
  var valid = false
  @Flag(help: "The images to validate on, as they are.")
  var whole = false

  func validate() throws {
    guard (1...4096).contains(workers), (0..<workers).contains(worker), (1...65536).contains(crops)
    else {
      throw ValidationError(
        "--worker must be below --workers, and --crops 1 to 65536: "
          + "\(worker), \(workers), \(crops)")
    }
  }

  func run() throws {
    let part = whole ? CropStream.Part.whole : valid ? .validation : .training
    let stream = try CropStream(recipe: recipe.read(), data: data, part: part)
    let output = FileHandle.standardOutput
    try output.write(contentsOf: Data(stream.header))
    var region = worker
    while region < stream.regions {
      try output.write(contentsOf: Data(stream.records(region: region, count: crops)))
      region += workers
    }
  }
}
