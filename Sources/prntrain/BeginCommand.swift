import ArgumentParser
import Training

/// `prntrain begin`.
struct BeginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "begin", abstract: "Write the checkpoint that a recipe's run begins with.",
    discussion: """
      Random weights, or those of the recipe that it starts from. An outside trainer goes on from \
      it. A checkpoint that is there stays.
      """)
  @OptionGroup var recipe: RecipeOptions

  func run() throws {
    let state = try TrainingState(recipe: recipe.read(), folder: recipe.runs)
    if try !state.begin(in: recipe.runs) {
      print("\(recipe.runs)/\(state.recipe.name).checkpoint is there: step \(state.step)")
    }
  }
}
