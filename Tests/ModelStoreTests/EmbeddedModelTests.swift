import Crypto
import DigitModels
import EmbeddedDigits
import EmbeddedModels
import ImagePlanes
import PixelNetwork
import Testing

@testable import ModelStore

/// The models in the program: what is said of them without looking is what their weight files say.
@Suite struct EmbeddedModelTests {
  static let names = ModelStore.withDigits.descriptions.map(\.name)

  private static func embedded(_ name: String) throws -> EmbeddedModel {
    try #require(ModelStore.withDigits.embeddedModels.first { $0.description.name == name })
  }

  @Test func allAreThere() {
    #expect(
      Self.names == [
        "photo-fast", "photo-default", "photo-best", "gray-fast", "gray", "gray-best",
        "chroma-fast", "chroma", "chroma-best", "photo-rowlstm", "photo-bilstm", "photo-multiscale",
        "mnist-pixelcnn", "mnist-rowlstm", "mnist-bilstm",
      ])
    let ofLibrary = Int(prn_model_count()), ofDigits = Int(prn_digits_count())
    #expect(Self.names.count == ofLibrary + ofDigits)
    #expect(ModelStore.withDigits.embeddedModels.allSatisfy { !$0.bytes.isEmpty })
    #expect(prn_model_bytes(-1) == nil && prn_model_bytes(prn_model_count()) == nil)
    #expect(prn_model_size(-1) == 0 && prn_model_size(prn_model_count()) == 0)
    #expect(prn_digits_bytes(-1) == nil && prn_digits_bytes(prn_digits_count()) == nil)
    #expect(prn_digits_size(-1) == 0 && prn_digits_size(prn_digits_count()) == 0)
  }

  /// The library alone has those of photographs.
  @Test func digitsAreNotInTheLibrary() throws {
    let ofLibrary = ModelStore.embedded.descriptions.map(\.name)
    #expect(ofLibrary.count == Int(prn_model_count()))
    #expect(!ofLibrary.contains { $0.hasPrefix("mnist") })
    #expect(ofLibrary == Array(Self.names.prefix(ofLibrary.count)))
    for description in ModelDescription.ofDigits {
      #expect(try ModelStore.embedded.model(identity: description.identity)?.name == nil)
    }
    #expect(try ModelStore.embedded.model(for: .best, .gray1)?.name == nil)
  }

  @Test(arguments: names) func descriptionsAreTrue(_ name: String) throws {
    let embedded = try Self.embedded(name)
    let file = try WeightFile(parsing: embedded.bytes)
    #expect(file.name == name)
    #expect(file.architecture.pixelFormat == embedded.description.format)
    let identity = Array(SHA256.hash(data: embedded.bytes).prefix(16))
    #expect(identity == embedded.description.identity)
    let model = try #require(try ModelStore.withDigits.model(identity: identity))
    #expect(model.description == embedded.description)
    #expect(try ModelStore.withDigits.model(named: name)?.identity == identity)
  }

  /// Models of digits know nothing of what is beyond one.
  @Test(arguments: names) func tilesAreAsLargeAsTheModelSees(_ name: String) throws {
    let description = try Self.embedded(name).description
    #expect(description.tileLimit == (description.format == .gray1 ? 28 : 65535))
  }

  @Test func everyEffortButInstantHasItsModel() throws {
    let expected: [PixelFormat: [Effort: String]] = [
      .rgb8: [.fast: "photo-fast", .default: "photo-default", .best: "photo-best"],
      .gray8: [.fast: "gray-fast", .default: "gray", .best: "gray-best"],
      .gray1: [.fast: "mnist-pixelcnn", .default: "mnist-rowlstm", .best: "mnist-bilstm"],
    ]
    for (format, names) in expected {
      for effort in Effort.allCases where effort != .instant {
        let model = try ModelStore.withDigits.model(for: effort, format)
        #expect(model?.name == names[effort], "\(effort), \(format)")
        // By the description, too, and no other one claims to be it.
        let claims = ModelStore.withDigits.descriptions.filter {
          $0.format == format && $0.efforts.contains(effort) && !$0.isForChroma
        }
        #expect(claims.map(\.name) == [names[effort]])
        let chroma = try ModelStore.embedded.chromaModel(for: effort)
        let ofChroma: [Effort: String] = [
          .fast: "chroma-fast", .default: "chroma", .best: "chroma-best",
        ]
        #expect(chroma?.name == ofChroma[effort])
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
    #expect(try store.model(named: "photo-bilstm")?.name == "photo-bilstm")
    #expect(loaded() == ["photo-bilstm"])
    #expect(try store.model(for: .fast, .rgb8)?.name == "photo-fast")
    #expect(loaded() == ["photo-fast", "photo-bilstm"])
    // Once; a copy of the store has the same ones.
    let gray = try #require(try store.model(named: "gray"))
    let again = try #require(try ModelStore(models).model(identity: gray.identity))
    #expect(gray.network === again.network)
  }
}

extension ModelStore {
  /// Those of its models that are in the program.
  fileprivate var embeddedModels: [EmbeddedModel] {
    entries.compactMap { entry in
      guard case .embedded(let model) = entry else { return nil }
      return model
    }
  }
}
