import Foundation
import PixelNetwork

/// What a run tells of itself while it goes on.
struct Progress {
  private let recipe: Recipe
  private let layout: ParameterLayout
  private let peak: Double
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant
  private var steps = 0
  private var bits = 0.0
  private var norm = 0.0

  /// Measures what sgemm can do on as many threads, for half a second.
  init(_ recipe: Recipe, layout: ParameterLayout, threads: Int) {
    self.recipe = recipe
    self.layout = layout
    peak = MatrixProducts.peak(threads: threads)
    last = clock.now
  }

  /// The first line.
  func heading(images: Int) -> String {
    "\(recipe.name): \(layout.parameterCount) parameters in dense form, "
      + "\(recipe.architecture.multiplicationsPerPixel) multiplications a pixel, "
      + "\(images) images, sgemm peak \(Int(peak / 1e9)) GFLOP/s"
  }

  /// Counts a step.
  mutating func add(_ result: StepResult) {
    steps += 1
    bits += result.bits
    norm = max(norm, result.norm)
  }

  /// A line on the steps since the last one, and the seconds that they took; nil for less than ten
  /// seconds, unless a line is due.
  mutating func line(step: Int, isDue: Bool) -> (text: String, seconds: Double)? {
    let seconds = (clock.now - last) / .seconds(1)
    guard seconds >= 10 || isDue else { return nil }
    let pixels = Double(steps * recipe.batch * recipe.crop * recipe.crop) / seconds
    // Forward once, backward twice; multiplications and additions.
    let flops = pixels * 6 * Double(layout.layers.reduce(0) { $0 + $1.weightCount })
    let remaining = Double(recipe.steps - step) / (Double(steps) / seconds)
    let text =
      "step \(step)/\(recipe.steps)  \(recipe.described(bits / Double(steps)))  "
      + "\(Int(pixels)) pixels/s  \(Int(100 * flops / peak)) % of sgemm peak  "
      + "|g| \(rounded(norm))  lr \(rounded(1000 * recipe.learningRate(step: step)))e-3  "
      + "ETA \(Int(remaining / 60)) min"
    restart()
    return (text, seconds)
  }

  /// Counts from now on.
  mutating func restart() {
    last = clock.now
    (steps, bits, norm) = (0, 0, 0)
  }
}

/// A run's CSV file: a line for each validation.
struct TrainingLog {
  let path: String

  /// Adds a line, with bits/dim of the float and the rounded network.
  ///
  /// - Throws: `TrainingError.file`.
  func append(
    _ recipe: Recipe, step: Int, seconds: Double, float: Double, integer: Double
  ) throws(TrainingError) {
    let pixels = step * recipe.batch * recipe.crop * recipe.crop
    let nats = [float, integer].compactMap { recipe.natsPerTile(bitsPerDimension: $0) }
    var text =
      "step,pixels,seconds,valid_bits_per_dim,valid_quantized_bits_per_dim"
      + (nats.isEmpty ? "" : ",valid_nats,valid_quantized_nats") + "\n"
    if let old = FileManager.default.contents(atPath: path) {
      text = String(decoding: old, as: UTF8.self)
    }
    text += "\(step),\(pixels),\(Int(seconds)),\(rounded(float)),\(rounded(integer))"
    text += nats.map { "," + String(format: "%.3f", $0) }.joined() + "\n"
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw .file(path: path, "cannot be written")
    }
  }
}

extension Recipe {
  /// Bits/dim, and of tiles nats for each, too.
  func described(_ bits: Double) -> String {
    let nats = natsPerTile(bitsPerDimension: bits)
    return rounded(bits) + " bits/dim" + (nats.map { String(format: ", %.3f nats", $0) } ?? "")
  }
}

private func rounded(_ value: Double) -> String { String(format: "%.4f", value) }
