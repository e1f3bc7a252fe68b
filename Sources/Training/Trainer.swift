import ImagePlanes
import PixelNetwork

/// Trains a recipe's network: brings batches to a learner, and at times validates and saves.
public final class Trainer {
  private let state: TrainingState
  private let valid: [Image]
  private let threads: Int
  private let folder: String
  private let imageCount: Int
  private let source: BatchSource
  private let learner: any Learner

  /// Tiles that validation looks at: few enough that it takes little of the time.
  static let validationTiles = 2000

  /// The recipe.
  public var recipe: Recipe { state.recipe }

  /// Loads the data, and the checkpoint in `folder` where there is one, to learn on this processor.
  ///
  /// - Parameters:
  ///   - recipe: what to train.
  ///   - data: the folder that the recipe's folders are in.
  ///   - folder: where the checkpoint and the log go.
  ///   - threads: 1 or more. The sums of a run, and with them its weights, depend on their number.
  /// - Throws: `TrainingError`.
  public convenience init(recipe: Recipe, data: String, folder: String, threads: Int) throws {
    try self.init(recipe: recipe, data: data, folder: folder, threads: threads) { state in
      CPULearner(recipe, state.layout, state.parameters, threads: threads)
    }
  }

  /// The same with a learner that `makeLearner` makes for the state to go on from.
  init(
    recipe: Recipe, data: String, folder: String, threads: Int,
    makeLearner: (TrainingState) throws -> any Learner
  ) throws {
    self.folder = folder
    self.threads = threads
    state = try TrainingState(recipe: recipe, folder: folder)
    func photos(_ folders: [String]) throws -> PhotoFolder {
      try PhotoFolder(
        folders: folders.map { data + "/" + $0 }, format: recipe.architecture.pixelFormat,
        threads: threads)
    }
    let train = try photos(recipe.train)
    let sampler =
      recipe.tile > 0
      ? CropSampler(
        tiles: TileSet(train, side: recipe.tile), recipe: recipe, layout: state.layout)
      : CropSampler(images: train.images, recipe: recipe, layout: state.layout)
    imageCount = sampler.count
    guard imageCount > 0 else {
      throw TrainingError.noImages(folder: recipe.train.joined(separator: " "))
    }
    if recipe.valid.isEmpty {
      valid = []
    } else if recipe.tile > 0 {
      valid = TileSet(try photos(recipe.valid), side: recipe.tile)
        .images(limit: Self.validationTiles)
    } else {
      valid = try recipe.evaluated(photos(recipe.valid).images)
    }
    learner = try makeLearner(state)
    source = BatchSource(
      sampler, step: state.step, generator: state.generator, threads: threads,
      isAhead: learner.leavesTheProcessorFree)
    try TrainingState.make(folder)
  }

  /// One step.
  func trainStep() throws -> StepResult {
    let batch = try source.next()
    let result = try learner.step(batch, rate: recipe.learningRate(step: batch.step))
    state.generator = batch.generator
    state.step = batch.step + 1
    return result
  }

  /// Trains to the recipe's last step, with a progress line every ten seconds, and validation and a
  /// checkpoint every five minutes.
  ///
  /// - Parameter report: is given the lines.
  /// - Throws: `TrainingError`.
  public func run(report: (String) -> Void) throws {
    var progress = Progress(recipe, layout: state.layout, threads: threads)
    report(progress.heading(images: imageCount))
    let clock = ContinuousClock()
    var lastCheckpoint = clock.now
    while state.step < recipe.steps {
      progress.add(try trainStep())
      let isDue =
        state.step == recipe.steps || (clock.now - lastCheckpoint) / .seconds(1) >= 300
      if let (line, seconds) = progress.line(step: state.step, isDue: isDue) {
        state.seconds += seconds
        report(line)
      }
      if isDue {
        try save()
        try validate(report: report)
        lastCheckpoint = clock.now
        progress.restart()
      }
    }
  }

  /// Writes the checkpoint.
  func save() throws {
    state.parameters = learner.parameters
    try state.save(in: folder)
  }

  /// The code length of the validation images, into the log.
  private func validate(report: (String) -> Void) throws {
    guard !valid.isEmpty else { return }
    let codeLength = FloatCodeLength(layout: state.layout)
    let average = state.parameters.average
    let float = try codeLength.bitsPerDimension(
      valid, parameters: average, threads: threads, quantize: false)
    let integer = try codeLength.bitsPerDimension(
      valid, parameters: average, threads: threads, quantize: true)
    report("validation: \(recipe.described(float)); quantized \(recipe.described(integer))")
    try TrainingLog(path: folder + "/\(recipe.name).csv")
      .append(recipe, step: state.step, seconds: state.seconds, float: float, integer: integer)
  }
}
