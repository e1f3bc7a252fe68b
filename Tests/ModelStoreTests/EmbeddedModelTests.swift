import Crypto
import EmbeddedModels
import ImagePlanes
import PixelNetwork
import Testing

@testable import ModelStore

/// The models in the program: what is said of them without looking is what their weight files say.
@Suite struct EmbeddedModelTests {
  static let names = ModelStore.embedded.descriptions.map(\.name)

  private static func embedded(_ name: String) throws -> EmbeddedModel {
    try #require(EmbeddedModel.all.first { $0.description.name == name })
  }

  @Test func allAreThere() {
    #expect(
      Self.names == [
        "photo-fast", "photo-default", "photo-best", "gray", "chroma",
        "photo-rowlstm", "photo-bilstm", "photo-multiscale", "mnist-pixelcnn",
        "mnist-rowlstm", "mnist-bilstm",
      ])
    #expect(Self.names.count == Int(prn_model_count()))
    #expect(EmbeddedModel.all.allSatisfy { !$0.bytes.isEmpty })
    #expect(prn_model_bytes(-1) == nil && prn_model_bytes(prn_model_count()) == nil)
    #expect(prn_model_size(-1) == 0 && prn_model_size(prn_model_count()) == 0)
  }

  @Test(arguments: names) func descriptionsAreTrue(_ name: String) throws {
    let embedded = try Self.embedded(name)
    let file = try WeightFile(parsing: embedded.bytes)
    #expect(file.name == name)
    #expect(file.architecture.pixelFormat == embedded.description.format)
    let identity = Array(SHA256.hash(data: embedded.bytes).prefix(16))
    #expect(identity == embedded.description.identity)
    let model = try #require(try ModelStore.embedded.model(identity: identity))
    #expect(model.description == embedded.description)
    #expect(try ModelStore.embedded.model(named: name)?.identity == identity)
  }

  /// Models of digits know nothing of what is beyond one.
  @Test(arguments: names) func tilesAreAsLargeAsTheModelSees(_ name: String) throws {
    let description = try Self.embedded(name).description
    #expect(description.tileLimit == (description.format == .gray1 ? 28 : 65535))
  }

  @Test func everyEffortButInstantHasItsModel() throws {
    let expected: [PixelFormat: [Effort: String]] = [
      .rgb8: [.fast: "photo-fast", .default: "photo-default", .best: "photo-best"],
      .gray8: [.fast: "gray", .default: "gray", .best: "gray"],
      .gray1: [.fast: "mnist-pixelcnn", .default: "mnist-rowlstm", .best: "mnist-bilstm"],
    ]
    for (format, names) in expected {
      for effort in Effort.allCases where effort != .instant {
        let model = try ModelStore.embedded.model(for: effort, format)
        #expect(model?.name == names[effort], "\(effort), \(format)")
        // By the description, too, and no other one claims to be it.
        let claims = ModelStore.embedded.descriptions.filter {
          $0.format == format && $0.efforts.contains(effort) && !$0.isForChroma
        }
        #expect(claims.map(\.name) == [names[effort]])
        #expect(try ModelStore.embedded.chromaModel(for: effort)?.name == "chroma")
      }
    }
    let other = PixelFormat(.rgba, depth: 8)
    #expect(try ModelStore.embedded.model(for: .default, other)?.name == nil)
  }

  /// Of a store that nobody has used yet.
  @Test func modelsAreLoadedWhenTheyAreAskedFor() throws {
    let models = EmbeddedModel.notLoaded()
    let store = ModelStore(models)
    func loaded() -> [String] { models.filter(\.isLoaded).map(\.description.name) }
    for description in store.descriptions {
      #expect(store.description(identity: description.identity) == description)
    }
    #expect(try store.model(named: "none")?.name == nil)
    #expect(try store.model(identity: [1])?.name == nil)
    #expect(loaded() == [])
    #expect(try store.model(named: "mnist-pixelcnn")?.name == "mnist-pixelcnn")
    #expect(loaded() == ["mnist-pixelcnn"])
    #expect(try store.model(for: .fast, .rgb8)?.name == "photo-fast")
    #expect(loaded() == ["photo-fast", "mnist-pixelcnn"])
    // Once; a copy of the store has the same ones.
    let gray = try #require(try store.model(named: "gray"))
    let again = try #require(try ModelStore(models).model(identity: gray.identity))
    #expect(gray.network === again.network)
  }
}
