import EmbeddedModels
import ImagePlanes
import PixelNetwork
import Platform

/// A weight file in the program, parsed when it is first asked for.
package final class EmbeddedModel: Sendable {
  /// What is known of it.
  package let description: ModelDescription
  /// The bytes of the weight file.
  private let weights: @Sendable () -> [UInt8]
  private let cache = Cache()

  /// Those of the library, in their order there.
  static let all = notLoaded()

  /// The same, none of them loaded.
  static func notLoaded() -> [EmbeddedModel] {
    ModelDescription.ofLibrary.enumerated().map { index, description in
      let place = Int32(index)
      return EmbeddedModel(description) {
        Array(
          UnsafeBufferPointer(start: prn_model_bytes(place), count: Int(prn_model_size(place))))
      }
    }
  }

  /// - Parameters:
  ///   - description: what its weight file says.
  ///   - weights: the bytes of that.
  package init(_ description: ModelDescription, weights: @escaping @Sendable () -> [UInt8]) {
    self.description = description
    self.weights = weights
  }

  /// The weight file.
  package var bytes: [UInt8] { weights() }

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
