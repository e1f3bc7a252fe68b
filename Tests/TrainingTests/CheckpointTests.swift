import Bytes
import Foundation
import Testing

@testable import Training

@Suite struct CheckpointTests {
  let layout = ParameterLayout(architecture: Small.architecture())

  /// Somewhere in the middle of a run: every number another one.
  func checkpoint() -> Checkpoint {
    var parameters = Parameters(weights: Initializer.weights(layout, seed: 3))
    for i in parameters.weights.indices where layout.mask[i] > 0 {
      parameters.average[i] += 0.001 * Float(i % 7)
      parameters.first[i] = Float(i)
      parameters.second[i] = -Float(i)
    }
    parameters.momentsStart = 17
    return Checkpoint(
      step: 42, generator: SplitMix64(seed: 9), seconds: 1.5, parameters: parameters)
  }

  func withPath(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.path + "/prn-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test func comesBackAsWritten() throws {
    try withPath { path in
      let checkpoint = checkpoint()
      try checkpoint.write(to: path, .exact, layout)
      #expect(try Checkpoint(path: path, layout) == checkpoint)
      #expect(throws: TrainingError.self) { try Checkpoint(path: path + "x", layout) }
      let other = ParameterLayout(architecture: Small.architecture(blocks: 1))
      #expect(throws: TrainingError.self) { try Checkpoint(path: path, other) }
    }
  }

  /// The first version of the file, without the step before which the moments were 0.
  @Test func theFirstVersionIsRead() throws {
    try withPath { path in
      var checkpoint = checkpoint()
      checkpoint.parameters.momentsStart = 0
      try checkpoint.write(to: path, .exact, layout)
      var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      bytes[4] = 1
      bytes.removeSubrange(44..<52)
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      #expect(try Checkpoint(path: path, layout) == checkpoint)
    }
  }

  /// A quarter of the size or less. The average, which is exported, is closer than the weights.
  @Test func compactOnesAreClose() throws {
    try withPath { path in
      let checkpoint = checkpoint()
      try checkpoint.write(to: path, .compact, layout)
      let size = try Data(contentsOf: URL(fileURLWithPath: path)).count
      #expect(size == 44 + 4 * Int(layout.mask.reduce(0, +)))
      let again = try Checkpoint(path: path, layout)
      #expect(again.step == 42 && again.seconds == 1.5 && again.parameters.momentsStart == 42)
      #expect(again.generator == checkpoint.generator)
      #expect(again.parameters.first.allSatisfy { $0 == 0 })
      let (old, new) = (checkpoint.parameters, again.parameters)
      for i in old.weights.indices {
        #expect(abs(new.weights[i] - old.weights[i]) <= abs(old.weights[i]) / 2048 + 1e-7)
        let distance = abs(old.average[i] - old.weights[i]) + abs(old.weights[i]) / 2048
        #expect(abs(new.average[i] - old.average[i]) <= distance / 1024 + 1e-7)
      }
    }
  }

  @Test func damagedOnesAreRefused() throws {
    try withPath { path in
      for form in [Checkpoint.Form.exact, .compact] {
        try checkpoint().write(to: path, form, layout)
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        for length in [0, 3, 40, 44, 48, bytes.count - 1] {
          try Data(bytes.prefix(length)).write(to: URL(fileURLWithPath: path))
          #expect(throws: TrainingError.self, "\(length)") { try Checkpoint(path: path, layout) }
        }
        // Magic, version, and the top bytes of the step and of the number of parameters.
        for place in [0, 4, 19, 43] {
          var other = bytes
          other[place] = 0xFF
          try Data(other).write(to: URL(fileURLWithPath: path))
          #expect(throws: TrainingError.self, "\(place)") { try Checkpoint(path: path, layout) }
        }
        var infinite = checkpoint()
        infinite.seconds = .infinity
        try infinite.write(to: path, form, layout)
        #expect(throws: TrainingError.checkpoint(path: path, "not of numbers")) {
          try Checkpoint(path: path, layout)
        }
      }
      var checkpoint = checkpoint()
      checkpoint.parameters.average[3] = .nan
      try checkpoint.write(to: path, .exact, layout)
      #expect(throws: TrainingError.checkpoint(path: path, "not of numbers")) {
        try Checkpoint(path: path, layout)
      }
    }
  }
}
