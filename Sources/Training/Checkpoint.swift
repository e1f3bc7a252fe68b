import Bytes
import Foundation

/// Everything a run needs to go on: parameters, optimizer, random numbers, counters.
///
/// File: "PRNC", version, step, generator, seconds, number of parameters and, of version 2, the
/// step before which the moments were 0 (u64 each). Then weights, average, first and second moment
/// as little-endian Float32; or, of version 3, which is compact, weights and 1024 times what the
/// average is more than they are, as Float16, those alone that the masks keep.
struct Checkpoint: Equatable, Sendable {
  var step: Int
  var generator: SplitMix64
  var seconds: Double
  var parameters: Parameters

  /// How a checkpoint is written.
  enum Form: Sendable {
    /// A run goes on as if it had not been stopped.
    case exact
    /// Weights and average at half precision; the moments begin anew.
    case compact
  }

  /// Small differences are not to fall below the smallest normal number.
  private static let differenceScale: Float = 1024

  /// Writes to a temporary file and renames it.
  ///
  /// - Throws: `TrainingError.file`.
  func write(to path: String, _ form: Form, _ layout: ParameterLayout) throws(TrainingError) {
    var words = [form == .exact ? 2 : 3, UInt64(step), generator.state, seconds.bitPattern]
    words.append(UInt64(layout.parameterCount))
    if form == .exact { words.append(UInt64(parameters.momentsStart)) }
    var data = Data(CheckpointFile.magic)
    for word in words { withUnsafeBytes(of: word.littleEndian) { data.append(contentsOf: $0) } }
    switch form {
    case .exact:
      for values in [
        parameters.weights, parameters.average, parameters.first, parameters.second,
      ] {
        values.withUnsafeBytes { data.append(contentsOf: $0) }
      }
    case .compact:
      for values in compacted(layout) { values.withUnsafeBytes { data.append(contentsOf: $0) } }
    }
    do {
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw .file(path: path, "cannot be written")
    }
  }

  /// The weights that the masks keep, rounded, and how far the average is from these.
  private func compacted(_ layout: ParameterLayout) -> [[Float16]] {
    let kept = layout.mask.indices.filter { layout.mask[$0] > 0 }
    let limit = Float(Float16.greatestFiniteMagnitude)
    func rounded(_ value: Float) -> Float16 { Float16(min(max(value, -limit), limit)) }
    let weights = kept.map { rounded(parameters.weights[$0]) }
    let differences = zip(kept, weights).map { i, weight in
      rounded((parameters.average[i] - Float(weight)) * Self.differenceScale)
    }
    return [weights, differences]
  }

  init(step: Int, generator: SplitMix64, seconds: Double, parameters: Parameters) {
    self.step = step
    self.generator = generator
    self.seconds = seconds
    self.parameters = parameters
  }

  /// Reads a checkpoint of a network.
  ///
  /// - Throws: `TrainingError.file` or `.checkpoint`.
  init(path: String, _ layout: ParameterLayout) throws(TrainingError) {
    try self.init(CheckpointFile(path: path), layout)
  }

  /// What `file` says of a network.
  ///
  /// - Throws: `TrainingError.checkpoint`.
  init(_ file: CheckpointFile, _ layout: ParameterLayout) throws(TrainingError) {
    guard file.parameterCount == layout.parameterCount else { throw file.damaged }
    self.init(
      step: file.step, generator: SplitMix64(seed: file.word(2)),
      seconds: Double(bitPattern: file.word(3)),
      parameters: Parameters(weights: [], average: [], momentsStart: file.momentsStart))
    if file.form == .exact {
      parameters.weights = try file.numbers(0, of: 4, count: layout.parameterCount)
      parameters.average = try file.numbers(1, of: 4, count: layout.parameterCount)
      parameters.first = try file.numbers(2, of: 4, count: layout.parameterCount)
      parameters.second = try file.numbers(3, of: 4, count: layout.parameterCount)
    } else {
      let kept = layout.mask.indices.filter { layout.mask[$0] > 0 }
      let weights: [Float16] = try file.numbers(0, of: 2, count: kept.count)
      let differences: [Float16] = try file.numbers(1, of: 2, count: kept.count)
      var all = [Float](repeating: 0, count: layout.parameterCount)
      var average = all
      for (i, (weight, difference)) in zip(kept, zip(weights, differences)) {
        all[i] = Float(weight)
        average[i] = Float(weight) + Float(difference) / Self.differenceScale
      }
      parameters = Parameters(weights: all, average: average, momentsStart: file.step)
    }
    let (weights, average) = (parameters.weights, parameters.average)
    guard seconds.isFinite, (0..<1e12).contains(seconds), weights.allSatisfy(\.isFinite),
      average.allSatisfy(\.isFinite)
    else { throw .checkpoint(path: file.path, "not of numbers") }
  }
}

/// A checkpoint's bytes, and what its first ones say.
struct CheckpointFile: Sendable {
  static let magic = Array("PRNC".utf8)
  let path: String
  private let data: Data
  private let header: Int
  let form: Checkpoint.Form
  let parameterCount: Int

  /// - Throws: `TrainingError.file` or `.checkpoint`.
  init(path: String) throws(TrainingError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .file(path: path, "cannot be read")
    }
    self.path = path
    self.data = data
    guard data.count >= 44, data.prefix(4).elementsEqual(Self.magic),
      case let version = Self.word(data, 0), (1...3).contains(version),
      case let count = Self.word(data, 4), count < 1 << 40, Self.word(data, 1) < 1 << 40
    else { throw .checkpoint(path: path, "damaged, or no checkpoint") }
    form = version == 3 ? .compact : .exact
    header = version == 2 ? 52 : 44
    parameterCount = Int(count)
  }

  var damaged: TrainingError {
    .checkpoint(path: path, "damaged, or of another architecture")
  }

  var step: Int { Int(word(1)) }

  /// The step before which the moments were 0.
  var momentsStart: Int { header == 52 && data.count >= 52 ? Int(word(5) & (1 << 40 - 1)) : 0 }

  /// A number of the header.
  func word(_ index: Int) -> UInt64 { Self.word(data, index) }

  private static func word(_ data: Data, _ index: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(data[4 + 8 * index + $1]) << UInt64(8 * $1) }
  }

  /// Array `index` of `arrays`, each of `count` numbers, which are all that is behind the header.
  func numbers<Number: BinaryFloatingPoint & Sendable>(
    _ index: Int, of arrays: Int, count: Int
  ) throws(TrainingError) -> [Number] {
    let bytes = count * MemoryLayout<Number>.size
    guard data.count == header + arrays * bytes else { throw damaged }
    var values = [Number](repeating: 0, count: count)
    let start = header + index * bytes
    _ = values.withUnsafeMutableBytes { data.copyBytes(to: $0, from: start..<start + bytes) }
    return values
  }
}
