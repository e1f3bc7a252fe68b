import ArgumentParser
import Foundation
import Training

/// The training program.
@main
struct PRNTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prntrain", abstract: "Trains the models of prnzip.",
    discussion: """
      Exit status: 0, 1 after an error, which is told in one line, or 64 for a wrong command line.
      """,
    subcommands: [
      TrainCommand.self, EvaluateCommand.self, ExportCommand.self, CompactCommand.self,
      BeginCommand.self, DumpCommand.self,
    ])
}

/// What every command is told.
struct RecipeOptions: ParsableArguments {
  @Argument(help: "The recipe, a file under Models/.")
  var recipe: String
  @Option(help: "Where checkpoints and the log go, and come from.")
  var runs = "Runs"

  func read() throws -> Recipe { try Self.read(recipe) }

  private static func read(_ path: String) throws -> Recipe {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw TrainingError.file(path: path, "cannot be read")
    }
    return try Recipe(text: String(decoding: bytes, as: UTF8.self))
  }

  /// - Throws: `TrainingError` if there is no checkpoint.
  func trained() throws -> TrainingState {
    let state = try TrainingState(recipe: read(), folder: runs)
    guard state.step > 0 else {
      throw TrainingError.file(path: "\(runs)/\(state.recipe.name).checkpoint", "does not exist")
    }
    return state
  }

  /// The network of the small image's model that a recipe names, whose recipe lies beside it; nil
  /// if it names none, or there is no checkpoint.
  ///
  /// - Throws: `TrainingError` if there is no such recipe.
  func small(of state: TrainingState) throws -> TrainingState? {
    guard !state.recipe.small.isEmpty else { return nil }
    let beside = URL(fileURLWithPath: recipe).deletingLastPathComponent()
    let path = beside.appendingPathComponent(state.recipe.small + ".recipe").relativePath
    let small = try TrainingState(recipe: Self.read(path), folder: runs)
    return small.step > 0 ? small : nil
  }
}

/// What the commands that compute are told.
struct ThreadOptions: ParsableArguments {
  @Option(help: "Threads, 1 to 256.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard (1...256).contains(threads) else {
      throw ValidationError("--threads must be 1 to 256, is \(threads)")
    }
  }
}

/// `prntrain train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a recipe, or go on from its checkpoint.")
  @OptionGroup var recipe: RecipeOptions
  @OptionGroup var threads: ThreadOptions
  @Option(help: "The folder that the recipe's image folders are in.")
  var data = "data"

  func run() throws {
    let trainer = try Trainer(
      recipe: recipe.read(), data: data, folder: recipe.runs, threads: threads.threads)
    try trainer.run { line in FileHandle.standardError.write(Data((line + "\n").utf8)) }
  }
}

/// `prntrain export`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write the weight file of a recipe's checkpoint.",
    discussion: """
      A recipe whose scale is above 1 names that of its small image's model, which lies beside \
      it; the weights of both go into the file.
      """)
  @OptionGroup var recipe: RecipeOptions
  @Option(name: .shortAndLong, help: "The weight file to write.")
  var output: String

  func run() throws {
    let state = try recipe.trained()
    let bytes = try state.weightFile(small: recipe.small(of: state)).serialized
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: output), options: .atomic)
    } catch {
      throw TrainingError.file(path: output, "cannot be written")
    }
  }
}
