import Prediction
import PixelNetwork
import TestSupport
import Testing

@testable import Training

@Suite struct RecipeTests {
  static let text = """
    name = small  # a comment
    features = 24
    bottleneck = 24
    blocks = 1
    head-features = 24
    train = a b
    steps = 1000
    warmup = 100
    decay = 0.5
    quantize = 0.1
    learning-rate = 0.01
    """

  @Test func readsKeysAndDefaults() throws {
    let recipe = try Recipe(text: RecipeTests.text)
    #expect(recipe.name == "small")
    #expect(recipe.train == ["a", "b"])
    #expect(recipe.crop == 64)
    #expect(recipe.architecture.kernelSize == 7)
    #expect(recipe.architecture.colours == 3 && recipe.architecture.symbolCentre == .colourMED)
    #expect(recipe.reuse == 16)
    #expect(recipe.processing == 0)
    #expect(try Recipe(text: RecipeTests.text + "\nprocessing = 0.7").processing == 0.7)
  }

  @Test func readsIndentedLinesAsMoreOfAValue() throws {
    let lines = "\nvalid = c\n    d  # a comment\n\n  e f\nseed = 5"
    let recipe = try Recipe(text: RecipeTests.text + lines)
    #expect(recipe.valid == ["c", "d", "e", "f"] && recipe.seed == 5)
    #expect(throws: TrainingError.self) { try Recipe(text: "  lost\n" + RecipeTests.text) }
  }

  @Test(arguments: SymbolCentre.allCases) func readsColoursAndCentres(_ centre: SymbolCentre) throws
  {
    let recipe = try Recipe(
      text: RecipeTests.text + "\ncolours = 1\ncentre = \(centre)\nreuse = 3")
    #expect(recipe.architecture.colours == 1 && recipe.architecture.symbolCentre == centre)
    #expect(recipe.reuse == 3)
  }

  @Test func readsHeadsAndTiles() throws {
    let text =
      RecipeTests.text.replacing("24", with: "8")
      + "\ncolours = 1\nhead = sigmoid\ncentre = raw\ninputs = value"
    let whole = try Recipe(text: text)
    #expect(whole.architecture.head == .sigmoid && whole.architecture.features == 8)
    #expect(whole.tile == 0 && whole.crop == 64)
    #expect(whole.natsPerTile(bitsPerDimension: 1) == nil)
    let tiles = try Recipe(text: text + "\ntile = 28")
    #expect(tiles.tile == 28 && tiles.crop == 28)
    #expect(abs((tiles.natsPerTile(bitsPerDimension: 0.5) ?? 0) - 271.7139) < 1e-3)
    #expect(try Recipe(text: text + "\ntile = 28\ncrop = 28").crop == 28)
    for line in ["crop = 24", "processing = 0.5", "subsample = 2", "scale = 4"] {
      #expect(throws: TrainingError.self) { try Recipe(text: text + "\ntile = 28\n" + line) }
    }
  }

  @Test(arguments: Body.allCases) func readsBodies(_ body: Body) throws {
    let recipe = try Recipe(text: RecipeTests.text + "\nbody = \(body)")
    #expect(recipe.architecture.body == body)
  }

  @Test func readsDilations() throws {
    #expect(try Recipe(text: RecipeTests.text).architecture.dilationCycle == 1)
    let recipe = try Recipe(text: RecipeTests.text + "\ndilation-cycle = 4")
    #expect(recipe.architecture.dilationCycle == 4)
    #expect(throws: TrainingError.self) {
      try Recipe(text: RecipeTests.text + "\nbody = diagonalBiLSTM\ndilation-cycle = 4")
    }
  }

  @Test func rateRisesStaysAndFalls() throws {
    let recipe = try Recipe(text: RecipeTests.text)
    #expect(abs(recipe.learningRate(step: 49) - 0.005) < 1e-12)
    #expect(recipe.learningRate(step: 300) == 0.01)
    #expect(abs(recipe.learningRate(step: 750) - 0.005) < 1e-12)
    #expect(recipe.learningRate(step: 1000) == 0)
    #expect(!recipe.isQuantized(step: 899) && recipe.isQuantized(step: 900))
  }

  @Test(arguments: [
    ("steps = 5", "again"), ("nonsense = 5", "unknown key"), ("no equals sign", "no key = value"),
    ("crop = 3", "crop"), ("processing = 1.5", "processing"), ("mirror = sideways", "sideways"),
    ("reuse = 0", "reuse"), ("colours = 4", "colours"), ("centre = middle", "middle"),
    ("enlarge = 0.5", "unknown key"), ("head = tail", "tail"), ("tile = -1", "tile"),
    ("body = columnLSTM", "columnLSTM"), ("dilation-cycle = 6", "dilation-cycle"),
    ("mixture = 40", "mixture"), ("mixture = 5", "centre"),
  ])
  func refusesBadLines(_ line: String, _ word: String) {
    #expect {
      try Recipe(text: RecipeTests.text + "\n" + line)
    } throws: { error in
      guard case .recipe(12, let what) = error as? TrainingError else { return false }
      return what.contains(word)
    }
  }

  @Test func refusesMissingKeysAndIllegalShapes() {
    #expect(throws: TrainingError.missingKey("features")) { try Recipe(text: "name = x") }
    #expect(throws: TrainingError.self) { try Recipe(text: RecipeTests.text + "\ncolours = 2") }
    #expect(throws: TrainingError.self) {
      try Recipe(text: RecipeTests.text + "\nbody = diagonalBiLSTM\ncentre = adaptive")
    }
    #expect(throws: TrainingError.self) {
      try Recipe(
        text: RecipeTests.text.replacing("features = 24\nb", with: "features = 25\nb"))
    }
  }
}
