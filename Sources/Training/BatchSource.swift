import Bytes
import Dispatch
import TileCoding

/// What a step learns from.
struct Batch: Sendable {
  /// Steps done before.
  let step: Int
  /// `batch` crops of the recipe's size.
  let samples: [TrainingSample]
  /// The run's generator as it is once this batch is drawn.
  let generator: SplitMix64
}

/// Makes the batches of a run, one after the other, and if asked to, each while the one before is
/// being used. The same run gives the same batches, wherever it was resumed.
final class BatchSource {
  private let maker: BatchMaker
  private let isAhead: Bool
  private let end: Int
  private var position: (step: Int, generator: SplitMix64)
  private var pending: Pending?

  /// - Parameters:
  ///   - sampler: draws regions and crops.
  ///   - step: steps done before the first batch.
  ///   - generator: the run's, at that step.
  ///   - threads: 1 or more, that make a batch together.
  ///   - isAhead: whether the next batch is begun when one is given out.
  init(
    _ sampler: CropSampler, step: Int, generator: SplitMix64, threads: Int, isAhead: Bool
  ) {
    maker = BatchMaker(sampler, threads: threads)
    end = sampler.recipe.steps
    position = (step, generator)
    self.isAhead = isAhead
  }

  /// The next batch; waits until it is there.
  ///
  /// - Throws: what `CropSampler.region` throws.
  func next() throws -> Batch {
    let (step, generator) = position
    let batch =
      try pending?.value() ?? maker.batch(step: step, generator: generator)
    pending = nil
    position = (step + 1, batch.generator)
    if isAhead && step + 1 < end {
      pending = Pending { [maker, position] in
        try maker.batch(step: position.step, generator: position.generator)
      }
    }
    return batch
  }

  /// A batch that another thread makes.
  private final class Pending: @unchecked Sendable {
    // Unchecked: the result is set before, and read after, the group is left.
    private let group = DispatchGroup()
    private var result: Result<Batch, any Error>?

    init(_ make: @escaping @Sendable () throws -> Batch) {
      DispatchQueue.global().async(group: group) { self.result = Result(catching: make) }
    }

    func value() throws -> Batch? {
      group.wait()
      return try result?.get()
    }
  }
}

/// The places in a batch, each with the region that its crops come from.
private final class BatchMaker: @unchecked Sendable {
  // Unchecked: makes one batch at a time, and in it each place is one thread's.
  private let sampler: CropSampler
  private let slots: [RegionSlot]
  private let threads: Int

  init(_ sampler: CropSampler, threads: Int) {
    self.sampler = sampler
    self.threads = threads
    slots = (0..<sampler.recipe.batch).map { RegionSlot(index: $0) }
  }

  /// Draws a seed for each crop; the regions follow from the step.
  func batch(step: Int, generator: SplitMix64) throws -> Batch {
    var generator = generator
    let seeds = slots.map { _ in generator.next() }
    let (sampler, slots, threads) = (sampler, slots, threads)
    let parts = try Parallel.map(threads) { worker throws(any Error) in
      try Parallel.share(of: worker, among: threads, count: seeds.count).map { i in
        let region = try slots[i].region(step: step, sampler: sampler)
        return (index: i, sample: sampler.crop(of: region, seed: seeds[i]))
      }
    }
    let samples = parts.joined().sorted { $0.index < $1.index }.map(\.sample)
    return Batch(step: step, samples: samples, generator: generator)
  }
}

/// The region that a place in the batch takes its crops from: renewed every `reuse` steps. It
/// follows from the step alone, so a resumed run sees the same. A tile serves one step.
final class RegionSlot: @unchecked Sendable {
  // Unchecked: used by one thread at a time.
  private var current: (epoch: Int, region: PredictedImage)?
  private let index: Int

  /// The slot of the crops at `index` of each batch.
  init(index: Int) { self.index = index }

  /// The region at `step`. Slots of one pair are renewed at the same step, so that two threads
  /// share the work.
  ///
  /// - Throws: what `CropSampler.region` throws.
  func region(step: Int, sampler: CropSampler) throws -> PredictedImage {
    let reuse = sampler.tiles == nil ? sampler.recipe.reuse : 1
    let pairs = max(sampler.recipe.batch / 2, 1)
    let epoch = (step + index / 2 * reuse / pairs) / reuse
    if let current, current.epoch == epoch { return current.region }
    var generator = SplitMix64(
      seed: sampler.recipe.seed &+ UInt64(epoch) &* 0x1_0000 &+ UInt64(index))
    let region = try sampler.region(seed: generator.next())
    current = (epoch, region)
    return region
  }
}
