import Bytes
import ImagePlanes
import PixelNetwork

/// What can be told of a model before it is loaded.
public struct ModelDescription: Equatable, Sendable {
  /// The name in the weight file.
  public let name: String
  /// `sha256/16` of the weight file: 16 bytes.
  public let identity: [UInt8]
  /// What images it is for.
  public let format: PixelFormat
  /// The efforts whose own model it is.
  public var efforts: [Effort] = []
  /// Whether the three planes that it is for are luma, which it is given, and chroma.
  public var isForChroma = false
  /// The largest width and height of a tile that is worth trying: a model of digits knows nothing
  /// of what is beyond one.
  public var tileLimit = 65535

  /// The identity in hexadecimal.
  public var identityHex: String { hexadecimal(identity) }
}

/// A model that images can be compressed with: a network, and what is known of its use.
public struct Model: Sendable {
  /// Name, identity and use.
  public let description: ModelDescription
  /// The network itself.
  package let network: Network

  /// The name in the weight file.
  public var name: String { description.name }
  /// `sha256/16` of the weight file: 16 bytes.
  public var identity: [UInt8] { description.identity }
  /// What images it is for.
  public var format: PixelFormat { description.format }
  /// How many weights and biases it has; with those of the small image's model, if there is one.
  public var parameters: Int { network.parameterCount }
  /// Multiplications for each pixel, all colours together.
  public var multiplicationsPerPixel: Int { network.multiplicationsPerPixel }
  /// Every how many pixels, and rows, of an image its small image has one; 1 if it has none.
  public var scale: Int { network.architecture.scale }
  /// Whether mixing can join it: it needs an adaptive symbol centre.
  public var canBeMixed: Bool { network.architecture.symbolCentre.isAdaptive }

  /// A network's model, for the efforts and tiles of a description of that name.
  init(_ network: Network, like known: ModelDescription? = nil) {
    self.network = network
    description = ModelDescription(
      name: network.name, identity: network.identity, format: network.architecture.pixelFormat,
      efforts: known?.efforts ?? [], isForChroma: known?.isForChroma ?? false,
      tileLimit: known?.tileLimit ?? 65535)
  }
}
