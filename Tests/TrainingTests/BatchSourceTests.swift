import Bytes
import PixelNetwork
import Testing

@testable import Training

/// Keeps the batches that it is given.
private final class Witness: Learner {
  let leavesTheProcessorFree: Bool
  var parameters: Parameters
  private(set) var steps: [(batch: Batch, rate: Double)] = []

  init(_ parameters: Parameters, leavesTheProcessorFree: Bool) {
    self.parameters = parameters
    self.leavesTheProcessorFree = leavesTheProcessorFree
  }

  func step(_ batch: Batch, rate: Double) -> StepResult {
    steps.append((batch, rate))
    parameters.weights[0] = Float(steps.count)
    return StepResult(bits: 3, norm: 1)
  }
}

@Suite struct BatchSourceTests {
  /// The same batches, made ahead or not, by any number of threads, from the start or from the
  /// middle.
  @Test func batchesFollowFromTheStep() throws {
    let sampler = try CropSamplerTests.sampler(
      [(300, 280), (90, 80)], extra: "centre = raw\ninputs = value\nreuse = 3",
      mirror: "diagonal", steps: 8)
    func batches(from step: Int, _ generator: SplitMix64, threads: Int, isAhead: Bool) throws
      -> [Batch]
    {
      let source = BatchSource(
        sampler, step: step, generator: generator, threads: threads, isAhead: isAhead)
      return try (step..<8).map { _ in try source.next() }
    }
    let whole = try batches(from: 0, SplitMix64(seed: 5), threads: 1, isAhead: false)
    #expect(whole.map(\.step) == Array(0..<8))
    #expect(Set(whole.map(\.samples[0].symbols)).count > 6)
    for (threads, isAhead) in [(1, true), (3, false), (2, true)] {
      for start in [0, 5] {
        let generator = start > 0 ? whole[start - 1].generator : SplitMix64(seed: 5)
        let part = try batches(from: start, generator, threads: threads, isAhead: isAhead)
        for (batch, expected) in zip(part, whole[start...]) {
          #expect(batch.step == expected.step && batch.generator == expected.generator)
          #expect(batch.samples.map(\.symbols) == expected.samples.map(\.symbols))
          #expect(batch.samples.map(\.inputs) == expected.samples.map(\.inputs))
        }
      }
    }
  }

  /// Another learner gets the batches and the rates, and its parameters are what is saved.
  @Test(arguments: [true, false]) func learnersAreGivenTheBatches(_ isAhead: Bool) throws {
    let folder = try TrainingFolder()
    let recipe = try TrainingFolder.recipe(steps: 5)
    var witness: Witness?
    let trainer = try Trainer(
      recipe: recipe, data: folder.path, folder: folder.path + "/runs", threads: 2
    ) { state in
      let learner = Witness(state.parameters, leavesTheProcessorFree: isAhead)
      witness = learner
      return learner
    }
    try trainer.run { _ in }
    let steps = try #require(witness).steps
    #expect(steps.map(\.batch.step) == Array(0..<5))
    #expect(steps.map(\.rate) == (0..<5).map { recipe.learningRate(step: $0) })
    #expect(steps.allSatisfy { $0.batch.samples.count == 4 })
    let state = try TrainingState(recipe: recipe, folder: folder.path + "/runs")
    #expect(state.step == 5 && state.parameters.weights[0] == 5)
    #expect(state.generator == steps.last?.batch.generator)
  }
}
