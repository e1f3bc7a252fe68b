import Bytes
import Foundation

/// Everything a run needs to go on exactly: parameters, optimizer, random numbers, counters.
///
/// File: "PRNC", version, step, generator, seconds, parameter count (u64 each), then weights, average, first and second
/// moment as little-endian Float32.
public struct Checkpoint: Equatable, Sendable {
  var step: Int
  var generator: SplitMix64
  var seconds: Double
  var weights: [Float]
  var average: [Float]
  var first: [Float]
  var second: [Float]

  private static let magic = Array("PRNC".utf8)

  /// Writes to a temporary file and renames it.
  func write(to path: String) throws {
    var data = Data(Checkpoint.magic)
    for word in [1, UInt64(step), generator.state, seconds.bitPattern, UInt64(weights.count)] {
      withUnsafeBytes(of: word.littleEndian) { data.append(contentsOf: $0) }
    }
    for values in [weights, average, first, second] {
      values.withUnsafeBytes { data.append(contentsOf: $0) }
    }
    do {
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw TrainingError.file(path: path, "cannot be written")
    }
  }

  /// Bytes of the file of a network of `count` parameters.
  static func size(count: Int) -> Int { 44 + 16 * count }

  /// Reads a checkpoint of `count` parameters.
  init(path: String, count: Int) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TrainingError.file(path: path, "cannot be read")
    }
    guard data.count == Checkpoint.size(count: count),
      data.prefix(4).elementsEqual(Checkpoint.magic)
    else {
      throw TrainingError.checkpoint(path: path, "damaged, or of another architecture")
    }
    func word(_ i: Int) -> UInt64 {
      (0..<8).reduce(0) { $0 | UInt64(data[4 + 8 * i + $1]) << UInt64(8 * $1) }
    }
    guard word(0) == 1, word(1) < 1 << 40, word(4) == UInt64(count) else {
      throw TrainingError.checkpoint(path: path, "damaged, or of another architecture")
    }
    step = Int(word(1))
    generator = SplitMix64(seed: word(2))
    seconds = Double(bitPattern: word(3))
    func floats(_ i: Int) -> [Float] {
      var values = [Float](repeating: 0, count: count)
      let start = 44 + 4 * count * i
      _ = values.withUnsafeMutableBytes { data.copyBytes(to: $0, from: start..<start + 4 * count) }
      return values
    }
    weights = floats(0)
    average = floats(1)
    first = floats(2)
    second = floats(3)
    guard seconds.isFinite, (0..<1e12).contains(seconds),
      weights.allSatisfy(\.isFinite), average.allSatisfy(\.isFinite)
    else { throw TrainingError.checkpoint(path: path, "not of numbers") }
  }

  init(step: Int, generator: SplitMix64, seconds: Double, store: ParameterStore) {
    self.step = step
    self.generator = generator
    self.seconds = seconds
    weights = store.array(store.weights)
    average = store.array(store.average)
    first = store.array(store.first)
    second = store.array(store.second)
  }

  func restore(_ store: ParameterStore) {
    store.load(weights, into: store.weights)
    store.load(average, into: store.average)
    store.load(first, into: store.first)
    store.load(second, into: store.second)
  }
}
