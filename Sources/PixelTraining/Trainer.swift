import COpenBLAS
import CTrainingKernels
import Foundation
import ImagePlanes
import PixelModels

/// Trains a recipe's network: data-parallel over the crops of a step, one OpenBLAS thread each.
public final class Trainer {
  /// The recipe.
  public let recipe: Recipe
  private let graph: PixelCNNGraph
  private let store: ParameterStore
  private let sampler: CropSampler
  private let valid: [Image]
  private let threads: Int
  private let folder: String
  private let spaces: [Workspace]
  private let roundedWeights: UnsafeMutablePointer<Float>
  private var step = 0
  private var seconds = 0.0
  private var generator: SeededGenerator

  private var checkpointPath: String { folder + "/\(recipe.name).checkpoint" }
  private var logPath: String { folder + "/\(recipe.name).csv" }

  /// Loads the data, and the checkpoint in `folder` where there is one.
  public init(recipe: Recipe, data: String, folder: String, threads: Int) throws {
    openblas_set_num_threads(1)
    self.recipe = recipe
    self.folder = folder
    self.threads = threads
    let graph = PixelCNNGraph(architecture: recipe.architecture)
    self.graph = graph
    store = ParameterStore(mask: graph.mask)
    let photos = try PhotoFolder(folders: recipe.train.map { data + "/" + $0 }, threads: threads)
    sampler = CropSampler(images: photos.images, recipe: recipe, graph: graph)
    guard !sampler.images.isEmpty else {
      throw TrainingError.noImages(folder: recipe.train.joined(separator: " "))
    }
    valid =
      recipe.valid.isEmpty
      ? [] : try PhotoFolder(folders: recipe.valid.map { data + "/" + $0 }, threads: threads).images
    spaces = (0..<threads).map { _ in
      Workspace(rows: recipe.crop, columns: recipe.crop, graph: graph)
    }
    roundedWeights = .allocate(capacity: graph.parameterCount)
    roundedWeights.initialize(repeating: 0, count: graph.parameterCount)
    generator = SeededGenerator(seed: recipe.seed)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    if FileManager.default.fileExists(atPath: folder + "/\(recipe.name).checkpoint") {
      let checkpoint = try Checkpoint(
        path: folder + "/\(recipe.name).checkpoint", count: graph.parameterCount)
      checkpoint.restore(store)
      step = checkpoint.step
      seconds = checkpoint.seconds
      generator = checkpoint.generator
    } else {
      Initializer.fill(store, graph: graph, seed: recipe.seed)
    }
  }

  deinit { roundedWeights.deallocate() }

  /// One step: the mean loss of its crops in bits for each subpixel, and the gradient's norm.
  func trainStep() throws -> (bits: Double, norm: Double) {
    let quantized = recipe.isQuantized(step: step)
    if quantized { try Quantizer(graph: graph).round(store.weights, into: roundedWeights) }
    let seeds = (0..<recipe.batch).map { _ in generator.next() }
    let subpixels = Double(3 * recipe.batch * recipe.crop * recipe.crop)
    struct Used: @unchecked Sendable {
      let parameters: UnsafePointer<Float>
      let spaces: [Workspace]
    }
    let used = Used(
      parameters: UnsafePointer(quantized ? roundedWeights : store.weights), spaces: spaces)
    let graph = graph
    let sampler = sampler
    let threads = threads
    let losses = Parallel.map(threads) { worker -> Double in
      let space = used.spaces[worker]
      space.gradient.update(repeating: 0, count: graph.parameterCount)
      let pass = PixelCNNPass(
        graph: graph, space: space, parameters: used.parameters, quantize: quantized)
      var loss = 0.0
      for i in stride(from: worker, to: seeds.count, by: threads) {
        let sample = sampler.sample(seed: seeds[i])
        guard sample.rows == space.rows && sample.columns == space.columns else { continue }
        pass.forward(sample)
        loss += pass.backward(sample, scale: Float(1 / subpixels))
      }
      return loss
    }
    let gradient = spaces[0].gradient
    for space in spaces.dropFirst() { prn_add(gradient, space.gradient, store.count) }
    for i in 0..<store.count { gradient[i] *= store.mask[i] }
    let norm = prn_sum_squares(gradient, store.count).squareRoot()
    if recipe.clip > 0 && norm > recipe.clip {
      let scale = Float(recipe.clip / norm)
      for i in 0..<store.count { gradient[i] *= scale }
    }
    let beta1 = 0.9
    let beta2 = 0.99
    let t = Double(step + 1)
    // The average follows fast at first, so that it forgets the starting weights.
    let decay = min(recipe.average, (1 + t) / (10 + t))
    prn_adam(
      store.weights, store.average, gradient, store.first, store.second, store.mask, store.count,
      Float(recipe.learningRate(step: step)), Float(beta1), Float(beta2),
      Float(1 / (1 - pow(beta1, t))), Float(1 / (1 - pow(beta2, t))), 1e-8, Float(decay))
    step += 1
    return (losses.reduce(0, +) / subpixels * 1.4426950408889634, norm)
  }

  /// Trains to the recipe's last step, with a progress line every ten seconds, and validation and a checkpoint every five minutes.
  public func run(report: (String) -> Void) throws {
    let peak = MatrixProducts.peak(threads: threads)
    report(
      "\(recipe.name): \(graph.parameterCount) parameters in dense form, "
        + "\(recipe.architecture.layers.reduce(0) { $0 + $1.weightCount }) multiplications a "
        + "pixel, \(sampler.images.count) images, sgemm peak \(Int(peak / 1e9)) GFLOP/s")
    let clock = ContinuousClock()
    var lastReport = clock.now
    var lastCheckpoint = clock.now
    var stepsSince = 0
    var bitsSince = 0.0
    var normSince = 0.0
    while step < recipe.steps {
      let (bits, norm) = try trainStep()
      bitsSince += bits
      normSince = max(normSince, norm)
      stepsSince += 1
      let now = clock.now
      let elapsed = (now - lastReport) / .seconds(1)
      if elapsed >= 10 || step == recipe.steps {
        seconds += elapsed
        let pixels = Double(stepsSince * recipe.batch * recipe.crop * recipe.crop) / elapsed
        // Forward once, backward twice; multiplications and additions.
        let flops = pixels * 6 * Double(graph.layers.reduce(0) { $0 + $1.weightCount })
        let remaining = Double(recipe.steps - step) / (Double(stepsSince) / elapsed)
        report(
          "step \(step)/\(recipe.steps)  \(rounded(bitsSince / Double(stepsSince))) bits/dim  "
            + "\(Int(pixels)) pixels/s  \(Int(100 * flops / peak)) % of sgemm peak  "
            + "|g| \(rounded(normSince))  lr \(rounded(1000 * recipe.learningRate(step: step)))e-3  "
            + "ETA \(Int(remaining / 60)) min")
        lastReport = now
        stepsSince = 0
        bitsSince = 0
        normSince = 0
      }
      if (now - lastCheckpoint) / .seconds(1) >= 300 || step == recipe.steps {
        try checkpoint(report: report)
        lastCheckpoint = clock.now
        lastReport = clock.now
      }
    }
  }

  private func rounded(_ value: Double) -> String { String(format: "%.4f", value) }

  private func checkpoint(report: (String) -> Void) throws {
    try Checkpoint(step: step, generator: generator, seconds: seconds, store: store)
      .write(to: checkpointPath)
    guard !valid.isEmpty else { return }
    let evaluation = Evaluation(graph: graph)
    let float = try evaluation.bitsPerDimension(
      valid, parameters: store.average, threads: threads, quantize: false)
    let integer = try evaluation.bitsPerDimension(
      valid, parameters: store.average, threads: threads, quantize: true)
    report("validation: \(rounded(float)) bits/dim, quantized \(rounded(integer))")
    let pixels = step * recipe.batch * recipe.crop * recipe.crop
    var text = "step,pixels,seconds,valid_bits_per_dim,valid_quantized_bits_per_dim\n"
    if let old = FileManager.default.contents(atPath: logPath) {
      text = String(decoding: old, as: UTF8.self)
    }
    text += "\(step),\(pixels),\(Int(seconds)),\(rounded(float)),\(rounded(integer))\n"
    try Data(text.utf8).write(to: URL(fileURLWithPath: logPath), options: .atomic)
  }

  /// The averaged weights as a weight file.
  public func export() throws -> WeightFile {
    try Quantizer(graph: graph).weightFile(name: recipe.name, store.average)
  }
}
