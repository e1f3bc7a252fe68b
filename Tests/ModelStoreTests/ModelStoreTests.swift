import Crypto
import ImagePlanes
import PixelNetwork
import TestSupport
import Testing

@testable import ModelStore

@Suite struct ModelStoreTests {
  private static func store() throws -> ModelStore {
    var store = ModelStore()
    for file in try TestModels.all() { try store.add(file) }
    return store
  }

  @Test func modelsAreFound() throws {
    let store = try Self.store()
    #expect(store.descriptions.map(\.name) == ["laplace", "noise", "gray", "fixed", "bits"])
    let noise = try #require(try store.model(named: "noise"))
    #expect(noise.identity == Array(SHA256.hash(data: try TestModels.noise()).prefix(16)))
    #expect(noise.description.identityHex.count == 32)
    #expect(try store.model(identity: noise.identity)?.name == "noise")
    #expect(store.description(identity: noise.identity) == noise.description)
    #expect(try store.model(named: "other")?.name == nil)
    #expect(try store.model(identity: [])?.name == nil)
    #expect(store.description(identity: []) == nil)
    // A file has the first 8 bytes; fewer are none.
    let start = Array(noise.identity.prefix(8))
    #expect(try store.model(identity: start)?.name == "noise")
    #expect(store.description(identity: start) == noise.description)
    #expect(try store.model(identity: start.dropLast())?.name == nil)
    #expect(noise.parameters > noise.multiplicationsPerPixel)
  }

  @Test func modelsKnowWhatTheyAreFor() throws {
    let store = try Self.store()
    #expect(store.descriptions.map(\.format) == [.rgb8, .rgb8, .gray8, .rgb8, .gray1])
    let models = try store.descriptions.compactMap { try store.model(identity: $0.identity) }
    #expect(models.map(\.format) == store.descriptions.map(\.format))
    #expect(models.map(\.canBeMixed) == [true, true, true, false, false])
    #expect(models.map(\.scale) == [1, 1, 1, 1, 1])
    var multi = ModelStore()
    #expect(try multi.add(TestModels.multiScale()).scale == 2)
  }

  /// The same file twice is one model; of two with one name, the later is found by it.
  @Test func addingTwice() throws {
    var store = try Self.store()
    let first = try store.add(TestModels.noise())
    #expect(store.descriptions.count == 5)
    let second = try store.add(TestModels.noise(seed: 2))
    #expect(store.descriptions.count == 6)
    #expect(first.identity != second.identity)
    #expect(try store.model(named: "noise")?.identity == second.identity)
    #expect(try store.model(identity: first.identity)?.identity == first.identity)
  }

  /// A model that is trained on keeps the use of the embedded one whose name it has.
  @Test func addedModelsAreUsedAsTheirNamesakes() throws {
    var store = ModelStore()
    #expect(try store.add(TestModels.laplace()).description.efforts == [])
    let first = try #require(try store.model(for: .best, .rgb8))
    #expect(first.name == "laplace")
    let best = try store.add(TestModels.laplace(name: "photo-best"))
    #expect(best.description.efforts == [.best] && best.description.tileLimit == 65535)
    #expect(try store.model(for: .best, .rgb8)?.name == "photo-best")
    #expect(try store.model(for: .fast, .rgb8)?.name == "laplace")
    #expect(try store.model(for: .fast, .gray8)?.name == nil)
    let digits = try store.add(TestModels.laplace(name: "mnist-rowlstm"))
    #expect(digits.description.efforts == [.default] && digits.description.tileLimit == 28)
  }

  @Test func damagedWeightFilesAreRefused() throws {
    var store = ModelStore()
    #expect(throws: WeightFileError.notAWeightFile) { try store.add([]) }
    var bytes = try TestModels.noise()
    bytes[bytes.count / 2] ^= 1
    #expect(throws: WeightFileError.self) { try store.add(bytes) }
    #expect(store.descriptions.isEmpty)
  }

  @Test func aHigherEffortIncludesTheLowerOnes() {
    #expect(Effort.instant.upToThis == [])
    #expect(Effort.fast.upToThis == [.fast])
    #expect(Effort.default.upToThis == [.default, .fast])
    #expect(Effort.best.upToThis == [.best, .default, .fast])
  }
}
