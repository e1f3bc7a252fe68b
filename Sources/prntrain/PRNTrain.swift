import ArgumentParser
import Foundation
import PixelTraining

/// The training program.
@main
struct PRNTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prntrain", abstract: "Trains the models of prnzip.",
    subcommands: [Train.self, Export.self])
}

struct Sources: ParsableArguments {
  @Argument(help: "The recipe, a file under Models/.")
  var recipe: String
  @Option(help: "The folder that the recipe's image folders are in.")
  var data = "data"
  @Option(help: "Where checkpoints and the log go, and come from.")
  var runs = "Runs"
  @Option(help: "Threads.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  func trainer() throws -> Trainer {
    guard let bytes = FileManager.default.contents(atPath: recipe) else {
      throw TrainingError.file(path: recipe, "cannot be read")
    }
    return try Trainer(
      recipe: Recipe(text: String(decoding: bytes, as: UTF8.self)), data: data, folder: runs,
      threads: max(threads, 1))
  }
}

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a recipe, or goes on from its checkpoint.")
  @OptionGroup var sources: Sources

  func run() throws {
    try sources.trainer().run { line in
      FileHandle.standardError.write(Data((line + "\n").utf8))
    }
  }
}

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the weight file of a recipe's checkpoint.")
  @OptionGroup var sources: Sources
  @Option(name: .shortAndLong, help: "The weight file to write.")
  var output: String

  func run() throws {
    let bytes = try sources.trainer().export().serialized
    try Data(bytes).write(to: URL(fileURLWithPath: output), options: .atomic)
  }
}
