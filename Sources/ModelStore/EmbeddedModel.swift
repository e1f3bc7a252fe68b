import Bytes
import EmbeddedModels
import ImagePlanes
import PixelNetwork
import Platform

/// A weight file in the program, parsed when it is first asked for.
final class EmbeddedModel: Sendable {
  let description: ModelDescription
  private let index: Int32
  private let cache = Cache()

  /// Those of the program, in their order there.
  static let all = notLoaded()

  /// The same, none of them loaded.
  static func notLoaded() -> [EmbeddedModel] {
    descriptions.enumerated().map { EmbeddedModel($1, index: Int32($0)) }
  }

  private static let descriptions: [ModelDescription] = [
    make("photo-fast", "fe71f9f20edc6bb328a9da91a21094a6", .rgb8, [.fast]),
    make("photo-default", "e88e1f8ad0f02691e89db7343345a860", .rgb8, [.default]),
    make("photo-best", "6c395c3435b137d82e9c27564ee35b0c", .rgb8, [.best]),
    make("gray", "53068b6d2b853c8efbef6bc940720daf", .gray8, [.fast, .default, .best]),
    make("chroma", "0e3eace2e13d43434af0cf5dc69d6675", .rgb8, Effort.allCases, isForChroma: true),
    make("photo-rowlstm", "d646480515cf57cb8c89417809117fc3", .rgb8),
    make("photo-bilstm", "ae0ab9a641514c951b1b40f3d86a309a", .rgb8),
    make("photo-multiscale", "6d32c4dac4a8371db0c03c9535a7f0a8", .rgb8),
    make("mnist-pixelcnn", "04fca9ebc4c337819e58ced7a2a8a036", .gray1, [.fast], tileLimit: 28),
    make("mnist-rowlstm", "20c3a31a4f5ff8efb209e414a6a5ee47", .gray1, [.default], tileLimit: 28),
    make("mnist-bilstm", "7a7682c6e673d2876c695ac5c84d1f6d", .gray1, [.best], tileLimit: 28),
  ]

  private static func make(
    _ name: String, _ identity: String, _ format: PixelFormat, _ efforts: [Effort] = [],
    isForChroma: Bool = false, tileLimit: Int = 65535
  ) -> ModelDescription {
    ModelDescription(
      name: name, identity: Bytes.bytes(hexadecimal: identity), format: format, efforts: efforts,
      isForChroma: isForChroma, tileLimit: tileLimit)
  }

  private init(_ description: ModelDescription, index: Int32) {
    self.description = description
    self.index = index
  }

  /// The weight file.
  var bytes: [UInt8] {
    Array(UnsafeBufferPointer(start: prn_model_bytes(index), count: Int(prn_model_size(index))))
  }

  /// Whether somebody has asked for it.
  var isLoaded: Bool { cache.model != nil }

  /// The model.
  ///
  /// - Throws: `WeightFileError` if the file in the program is damaged.
  func load() throws(WeightFileError) -> Model {
    if let model = cache.model { return model }
    let model = Model(try Network(weightFile: bytes), like: description)
    cache.model = model
    return model
  }

  private final class Cache: @unchecked Sendable {
    private let lock = Lock()
    private var stored: Model?

    var model: Model? {
      get { lock.withLock { stored } }
      set { lock.withLock { stored = newValue } }
    }
  }
}
