import EmbeddedModels
import Crypto
import ImagePlanes
import PixelNetwork
import Testing

@testable import PRNZip

@Suite struct ModelRegistryTests {
  /// Every weight file in the program can be used.
  @Test func embeddedModelsAreAllThere() {
    #expect(ModelRegistry.embedded.models.count == Int(prn_model_count()))
    #expect(
      ModelRegistry.embedded.models.map(\.name) == [
        "photo-fast", "photo-default", "photo-best", "gray", "photo-rowlstm", "photo-bilstm",
        "photo-multiscale", "mnist-pixelcnn", "mnist-rowlstm", "mnist-bilstm",
      ])
    for effort in Effort.allCases {
      for format in PixelFormat.modelled {
        #expect(ModelRegistry.embedded.model(named: effort.modelName(format))?.format == format)
      }
    }
    #expect(embeddedWeightFiles().allSatisfy { !$0.isEmpty })
    #expect(prn_model_bytes(-1) == nil && prn_model_bytes(prn_model_count()) == nil)
    #expect(prn_model_size(-1) == 0 && prn_model_size(prn_model_count()) == 0)
  }

  @Test func modelsAreFound() throws {
    let registry = try TestModels.registry()
    #expect(registry.models.map(\.name) == ["laplace", "noise"])
    let noise = try #require(registry.model(named: "noise"))
    #expect(noise.identity == Array(SHA256.hash(data: try TestModels.noise()).prefix(16)))
    #expect(noise.identityHex.count == 32)
    #expect(registry.model(identity: noise.identity)?.name == "noise")
    #expect(registry.model(named: "other") == nil)
    #expect(registry.model(identity: []) == nil)
    #expect(noise.parameters > noise.multiplicationsPerPixel)
  }

  @Test func modelsKnowTheirColours() throws {
    let registry = try TestModels.wholeRegistry()
    #expect(registry.models.map(\.colours) == [3, 3, 1, 3, 1])
    #expect(registry.models.map(\.sampleDepth) == [8, 8, 8, 8, 1])
    #expect(registry.models.map(\.canBeMixed) == [true, true, true, false, false])
  }

  /// The same file twice is one model; of two with one name, the later is found by it.
  @Test func addingTwice() throws {
    var registry = try TestModels.registry()
    let first = try registry.add(TestModels.noise())
    #expect(registry.models.count == 2)
    let second = try registry.add(TestModels.noise(seed: 2))
    #expect(registry.models.count == 3)
    #expect(first.identity != second.identity)
    #expect(registry.model(named: "noise")?.identity == second.identity)
    #expect(registry.model(identity: first.identity) != nil)
  }

  @Test func damagedWeightFilesAreRefused() throws {
    var registry = ModelRegistry()
    #expect(throws: PRNZipError.weightFile(.notAWeightFile)) { try registry.add([]) }
    var bytes = try TestModels.noise()
    bytes[bytes.count / 2] ^= 1
    #expect(throws: PRNZipError.self) { try registry.add(bytes) }
    #expect(registry.models.isEmpty)
  }
}
