import ArgumentParser
import Training

/// `prntrain compact`.
struct CompactCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compact", abstract: "Write a smaller checkpoint, to be kept with the recipe.",
    discussion: """
      Weights and their average at half precision, a quarter of the size or less. Training goes \
      on from it, but not exactly; and a few of the integers in its weight file are one more or \
      less than in that of the whole checkpoint.
      """)
  @OptionGroup var recipe: RecipeOptions
  @Option(name: .shortAndLong, help: "The checkpoint to write.")
  var output: String

  func run() throws { try recipe.trained().writeCompact(to: output) }
}
