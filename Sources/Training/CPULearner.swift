import COpenBLAS
import CTraining
import PixelNetwork

/// Learns on this processor: data-parallel over the crops of a step, one OpenBLAS thread each.
final class CPULearner: Learner {
  private let recipe: Recipe
  private let layout: ParameterLayout
  private let store: ParameterStore
  private let threads: Int
  private let spaces: [Workspace]
  private let optimizer: Optimizer
  private let memory = FloatMemory()
  private let roundedWeights: UnsafeMutablePointer<Float>

  let leavesTheProcessorFree = false

  /// - Parameters:
  ///   - recipe: sizes of a step, and the rule of the updates.
  ///   - layout: of its network.
  ///   - parameters: to begin with.
  ///   - threads: 1 or more. The crops of a step are dealt out to them, so that the sums of a run,
  ///     and with them its weights, depend on their number.
  init(_ recipe: Recipe, _ layout: ParameterLayout, _ parameters: Parameters, threads: Int) {
    openblas_set_num_threads(1)
    self.recipe = recipe
    self.layout = layout
    self.threads = threads
    store = ParameterStore(parameters, mask: layout.mask)
    spaces = (0..<threads).map { worker in
      let share = Parallel.share(of: worker, among: threads, count: recipe.batch).count
      return Workspace(
        crops: Workspace.crops(of: share, side: recipe.crop, recipe.architecture),
        rows: recipe.crop, columns: recipe.crop, layout: layout)
    }
    optimizer = Optimizer(recipe.optimizer, layout, momentsStart: parameters.momentsStart)
    roundedWeights = memory.zeros(layout.parameterCount)
  }

  var parameters: Parameters { store.parameters }

  func step(_ batch: Batch, rate: Double) throws -> StepResult {
    let quantized = recipe.isQuantized(step: batch.step)
    if quantized { try Quantizer(layout: layout).round(store.weights, into: roundedWeights) }
    let subpixels = Double(
      layout.codedColours * batch.samples.count * recipe.crop * recipe.crop)
    let loss = loss(of: batch, scale: Float(1 / subpixels), quantized: quantized)
    let gradient = spaces[0].gradient
    for space in spaces.dropFirst() { prn_add(gradient, space.gradient, store.count) }
    for i in 0..<store.count { gradient[i] *= store.mask[i] }
    let norm = prn_sum_squares(gradient, store.count).squareRoot()
    if recipe.clip > 0 && norm > recipe.clip {
      let scale = Float(recipe.clip / norm)
      for i in 0..<store.count { gradient[i] *= scale }
    }
    optimizer.update(store, gradient, step: batch.step, rate: rate, average: recipe.average)
    return StepResult(bits: loss / subpixels * .bitsPerNat, norm: norm)
  }

  /// The summed loss in nats; each thread's gradient, times `scale`, is in its workspace.
  private func loss(of batch: Batch, scale: Float, quantized: Bool) -> Double {
    struct Used: @unchecked Sendable { let parameters: UnsafePointer<Float> }
    let used = Used(parameters: UnsafePointer(quantized ? roundedWeights : store.weights))
    let (layout, spaces, threads) = (layout, spaces, threads)
    let (recipe, samples, step) = (recipe, batch.samples, batch.step)
    let losses = Parallel.map(threads) { worker -> Double in
      let space = spaces[worker]
      space.gradient.update(repeating: 0, count: layout.parameterCount)
      var pass = NetworkPass(
        layout: layout, space: space, parameters: used.parameters, quantize: quantized)
      let share = Parallel.share(of: worker, among: threads, count: samples.count)
      let crops = space.geometry.crops
      return stride(from: 0, to: share.count, by: crops).reduce(0.0) { sum, first in
        pass.dropout = Dropout(
          share: recipe.dropout, seed: recipe.seed, step: step, crop: share[first])
        pass.forward(share[first..<first + crops].map { samples[$0] })
        return sum + pass.backward(scale: scale)
      }
    }
    return losses.reduce(0, +)
  }
}
