import Bytes
import Foundation
import Testing

@testable import Training

@Suite struct CheckpointTests {
  @Test func comesBackAsWritten() throws {
    let graph = PixelCNNGraph(architecture: Small.architecture())
    let store = Small.store(graph)
    let checkpoint = Checkpoint(
      step: 42, generator: SplitMix64(seed: 9), seconds: 1.5, store: store)
    let path = FileManager.default.temporaryDirectory.path + "/prn-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try checkpoint.write(to: path)
    #expect(try Checkpoint(path: path, count: store.count) == checkpoint)
    #expect(throws: TrainingError.self) { try Checkpoint(path: path, count: store.count + 1) }
    #expect(throws: TrainingError.self) { try Checkpoint(path: path + "x", count: store.count) }
    store.average[3] = .nan
    for seconds in [1, Double.infinity] {
      try Checkpoint(step: 1, generator: SplitMix64(seed: 9), seconds: seconds, store: store)
        .write(to: path)
      #expect(throws: TrainingError.checkpoint(path: path, "not of numbers")) {
        try Checkpoint(path: path, count: store.count)
      }
      store.average[3] = 0
    }
  }
}
