import COpenBLAS
import CTraining
import Foundation
import ImagePlanes
import PixelNetwork

/// Trains a recipe's network: data-parallel over the crops of a step, one OpenBLAS thread each.
public final class Trainer {
  private let state: TrainingState
  private let sampler: CropSampler
  private let valid: [Image]
  private let threads: Int
  private let folder: String
  private let spaces: [Workspace]
  private let slots: [RegionSlot]
  private let optimizer: Optimizer
  private let roundedWeights: UnsafeMutablePointer<Float>

  /// Tiles that validation looks at: few enough that it takes little of the time.
  static let validationTiles = 2000

  /// The recipe.
  public var recipe: Recipe { state.recipe }
  private var graph: PixelCNNGraph { state.graph }
  private var store: ParameterStore { state.store }
  private var logPath: String { folder + "/\(recipe.name).csv" }

  /// Loads the data, and the checkpoint in `folder` where there is one.
  ///
  /// - Parameters:
  ///   - recipe: what to train.
  ///   - data: the folder that the recipe's folders are in.
  ///   - folder: where the checkpoint and the log go.
  ///   - threads: 1 or more. The crops of a step are dealt out to them, so that the sums of a run, and with
  ///     them its weights, depend on their number.
  /// - Throws: `TrainingError`.
  public init(recipe: Recipe, data: String, folder: String, threads: Int) throws {
    openblas_set_num_threads(1)
    self.folder = folder
    self.threads = threads
    state = try TrainingState(recipe: recipe, folder: folder)
    func photos(_ folders: [String]) throws -> PhotoFolder {
      try PhotoFolder(
        folders: folders.map { data + "/" + $0 }, format: recipe.architecture.pixelFormat,
        threads: threads)
    }
    let graph = state.graph
    let train = try photos(recipe.train)
    sampler =
      recipe.tile > 0
      ? CropSampler(tiles: TileSet(train, side: recipe.tile), recipe: recipe, graph: graph)
      : CropSampler(images: train.images, recipe: recipe, graph: graph)
    guard sampler.count > 0 else {
      throw TrainingError.noImages(folder: recipe.train.joined(separator: " "))
    }
    if recipe.valid.isEmpty {
      valid = []
    } else if recipe.tile > 0 {
      valid = TileSet(try photos(recipe.valid), side: recipe.tile)
        .images(limit: Self.validationTiles)
    } else {
      valid = try photos(recipe.valid).images.map { try $0.subsampled(by: recipe.subsample) }
    }
    spaces = (0..<threads).map { worker in
      let share = Self.share(of: worker, among: threads, batch: recipe.batch).count
      return Workspace(
        crops: Workspace.crops(of: share, side: recipe.crop, recipe.architecture),
        rows: recipe.crop, columns: recipe.crop, graph: graph)
    }
    optimizer = Optimizer(recipe.optimizer, graph: graph)
    slots = (0..<recipe.batch).map { RegionSlot(index: $0) }
    roundedWeights = .allocate(capacity: graph.parameterCount)
    roundedWeights.initialize(repeating: 0, count: graph.parameterCount)
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw TrainingError.file(path: folder, "cannot be made")
    }
  }

  deinit { roundedWeights.deallocate() }

  /// The crops of a batch that a thread works on.
  private static func share(of worker: Int, among threads: Int, batch: Int) -> [Int] {
    Array(stride(from: worker, to: batch, by: threads))
  }

  /// One step: the mean loss of its crops in bits for each subpixel, and the gradient's norm.
  func trainStep() throws -> (bits: Double, norm: Double) {
    let quantized = recipe.isQuantized(step: state.step)
    if quantized { try Quantizer(graph: graph).round(store.weights, into: roundedWeights) }
    let seeds = (0..<recipe.batch).map { _ in state.generator.next() }
    let subpixels = Double(recipe.architecture.colours * recipe.batch * recipe.crop * recipe.crop)
    struct Used: @unchecked Sendable {
      let parameters: UnsafePointer<Float>
      let spaces: [Workspace]
    }
    let used = Used(
      parameters: UnsafePointer(quantized ? roundedWeights : store.weights), spaces: spaces)
    let graph = graph
    let sampler = sampler
    let threads = threads
    let slots = slots
    let step = state.step
    let losses = Parallel.map(threads) { worker -> Double in
      let space = used.spaces[worker]
      space.gradient.update(repeating: 0, count: graph.parameterCount)
      let pass = PixelCNNPass(
        graph: graph, space: space, parameters: used.parameters, quantize: quantized)
      var loss = 0.0
      let share = Self.share(of: worker, among: threads, batch: seeds.count)
      for first in stride(from: 0, to: share.count, by: space.crops) {
        pass.forward(
          share[first..<first + space.crops].map { i in
            sampler.crop(of: slots[i].region(step: step, sampler: sampler), seed: seeds[i])
          })
        loss += pass.backward(scale: Float(1 / subpixels))
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
    optimizer.update(
      store, gradient, step: state.step, rate: recipe.learningRate(step: state.step),
      average: recipe.average)
    state.step += 1
    return (losses.reduce(0, +) / subpixels * 1.4426950408889634, norm)
  }

  /// Trains to the recipe's last step, with a progress line every ten seconds, and validation and a
  /// checkpoint every five minutes.
  public func run(report: (String) -> Void) throws {
    let peak = MatrixProducts.peak(threads: threads)
    report(
      "\(recipe.name): \(graph.parameterCount) parameters in dense form, "
        + "\(recipe.architecture.multiplicationsPerPixel) multiplications a "
        + "pixel, \(sampler.count) images, sgemm peak \(Int(peak / 1e9)) GFLOP/s")
    let clock = ContinuousClock()
    var lastReport = clock.now
    var lastCheckpoint = clock.now
    var stepsSince = 0
    var bitsSince = 0.0
    var normSince = 0.0
    while state.step < recipe.steps {
      let (bits, norm) = try trainStep()
      bitsSince += bits
      normSince = max(normSince, norm)
      stepsSince += 1
      let now = clock.now
      let elapsed = (now - lastReport) / .seconds(1)
      if elapsed >= 10 || state.step == recipe.steps {
        state.seconds += elapsed
        let pixels = Double(stepsSince * recipe.batch * recipe.crop * recipe.crop) / elapsed
        // Forward once, backward twice; multiplications and additions.
        let flops = pixels * 6 * Double(graph.layers.reduce(0) { $0 + $1.weightCount })
        let remaining = Double(recipe.steps - state.step) / (Double(stepsSince) / elapsed)
        report(
          "step \(state.step)/\(recipe.steps)  \(described(bitsSince / Double(stepsSince)))  "
            + "\(Int(pixels)) pixels/s  \(Int(100 * flops / peak)) % of sgemm peak  "
            + "|g| \(rounded(normSince))  lr \(rounded(1000 * recipe.learningRate(step: state.step)))e-3  "
            + "ETA \(Int(remaining / 60)) min")
        lastReport = now
        stepsSince = 0
        bitsSince = 0
        normSince = 0
      }
      if (now - lastCheckpoint) / .seconds(1) >= 300 || state.step == recipe.steps {
        try checkpoint(report: report)
        lastCheckpoint = clock.now
        lastReport = clock.now
      }
    }
  }

  private func rounded(_ value: Double) -> String { String(format: "%.4f", value) }

  /// Bits/dim, and of tiles nats for each, too.
  private func described(_ bits: Double) -> String {
    let nats = recipe.natsPerTile(bitsPerDimension: bits)
    return rounded(bits) + " bits/dim" + (nats.map { String(format: ", %.3f nats", $0) } ?? "")
  }

  /// Writes the checkpoint.
  func save() throws { try state.save(in: folder) }

  private func checkpoint(report: (String) -> Void) throws {
    try save()
    guard !valid.isEmpty else { return }
    let evaluation = Evaluation(graph: graph)
    let float = try evaluation.bitsPerDimension(
      valid, parameters: store.average, threads: threads, quantize: false)
    let integer = try evaluation.bitsPerDimension(
      valid, parameters: store.average, threads: threads, quantize: true)
    report("validation: \(described(float)); quantized \(described(integer))")
    let pixels = state.step * recipe.batch * recipe.crop * recipe.crop
    let nats = [float, integer].compactMap { recipe.natsPerTile(bitsPerDimension: $0) }
    var text =
      "step,pixels,seconds,valid_bits_per_dim,valid_quantized_bits_per_dim"
      + (nats.isEmpty ? "" : ",valid_nats,valid_quantized_nats") + "\n"
    if let old = FileManager.default.contents(atPath: logPath) {
      text = String(decoding: old, as: UTF8.self)
    }
    text += "\(state.step),\(pixels),\(Int(state.seconds)),\(rounded(float)),\(rounded(integer))"
    text += nats.map { "," + String(format: "%.3f", $0) }.joined() + "\n"
    try Data(text.utf8).write(to: URL(fileURLWithPath: logPath), options: .atomic)
  }
}
