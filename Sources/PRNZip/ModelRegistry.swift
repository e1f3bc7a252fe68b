import Bytes
import ImagePlanes
import Prediction
import EmbeddedModels
import PixelNetwork

/// A model that images can be compressed with.
public struct Model: Sendable {
  /// The name in the weight file.
  public var name: String { network.name }
  /// `sha256/16` of the weight file: 16 bytes.
  public var identity: [UInt8] { network.identity }
  /// The identity in hexadecimal.
  public var identityHex: String { hexadecimal(identity) }
  /// How many weights and biases it has; with those of the small image's model, if there is one.
  public var parameters: Int { network.parameterCount }
  /// Multiplications for each pixel, all three colours together.
  public var multiplicationsPerPixel: Int { network.multiplicationsPerPixel }

  /// Planes of the images that it is for: 1 (gray) or 3 (RGB).
  public var colours: Int { network.architecture.colours }
  /// Every how many pixels, and rows, of an image its small image has one; 1 if it has none.
  public var scale: Int { network.architecture.scale }
  /// Bits of their values: 8, or 1.
  public var sampleDepth: Int { network.architecture.head.sampleDepth }
  /// Of what format the images are that it is for.
  public var format: PixelFormat { network.architecture.pixelFormat }
  /// Whether on-line mixing can join it: it needs an adaptive symbol centre.
  var canBeMixed: Bool { network.architecture.symbolCentre.isAdaptive }

  /// The network itself.
  let network: PixelCNN
}

/// The models that a program knows: those embedded in it, and those of weight files that it is given.
///
///     var registry = ModelRegistry.embedded
///     let model = try registry.add(weightFileBytes)
public struct ModelRegistry: Sendable {
  /// The models embedded in the program; parsed once, when first asked for.
  public static let embedded = ModelRegistry(
    models: embeddedWeightFiles().compactMap { try? Model(network: PixelCNN(weightFile: $0)) })

  /// In the order in which they were added; the embedded ones first.
  public private(set) var models: [Model]

  /// A registry without models.
  public init() { models = [] }

  private init(models: [Model]) { self.models = models }

  /// A registry of one model.
  init(_ model: Model) { models = [model] }

  /// Adds the model of a weight file, unless it is there already.
  ///
  /// - Parameter weightFile: the bytes of a `.prnw` file.
  /// - Returns: the model.
  /// - Throws: `PRNZipError.weightFile`.
  @discardableResult
  public mutating func add(_ weightFile: [UInt8]) throws(PRNZipError) -> Model {
    let network: PixelCNN
    do {
      network = try PixelCNN(weightFile: weightFile)
    } catch {
      throw .weightFile(error)
    }
    if let known = model(identity: network.identity) { return known }
    let model = Model(network: network)
    models.append(model)
    return model
  }

  /// The model with the identity, if it is here.
  ///
  /// - Parameter identity: 16 bytes.
  /// - Returns: the model.
  public func model(identity: [UInt8]) -> Model? {
    models.first { $0.identity == identity }
  }

  /// The model of the name that was added last, if there is one.
  ///
  /// - Parameter name: as in the weight file.
  /// - Returns: the model.
  public func model(named name: String) -> Model? {
    models.last { $0.name == name }
  }
}

/// The weight files in the program.
func embeddedWeightFiles() -> [[UInt8]] {
  (0..<prn_model_count()).map { index in
    Array(UnsafeBufferPointer(start: prn_model_bytes(index), count: Int(prn_model_size(index))))
  }
}
