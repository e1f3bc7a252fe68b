import ArgumentParser
import Training

/// `prntrain compact`.
struct CompactCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compact", abstract: "Write a smaller checkpoint, to be kept with the recipe.",
    discussion: """
      A quarter of the size or less. The weight file that it gives is the same; training goes on \
      from it, but not exactly.
      """)
  @OptionGroup var recipe: RecipeOptions
  @Option(name: .shortAndLong, help: "The checkpoint to write.")
  var output: String

  func run() throws { try recipe.trained().writeCompact(to: output) }
}
