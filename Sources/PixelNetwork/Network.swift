import Bytes
import Crypto

/// A PixelCNN, or a PixelRNN with the same first layer and head, with integer weights, ready to run
/// (FORMAT.md, section 5).
///
///     let model = try Network(weightFile: bytes)
///     print(model.name, model.identityHex, model.multiplicationsPerPixel)
///
/// Immutable. Source: van den Oord, Kalchbrenner, Kavukcuoglu, "Pixel Recurrent Neural Networks",
/// 2016 (arXiv:1601.06759), table 1.
public final class Network: @unchecked Sendable {
  // Unchecked: the packed weights are behind pointers, but never written after `init`.

  /// As in the weight file.
  public let name: String
  /// As in the weight file.
  public let architecture: Architecture
  /// The first 16 bytes of the SHA-256 of the weight file.
  public let identity: [UInt8]
  /// Of the small image; nil if `scale` is 1.
  public let small: Network?
  /// Its layers, and where each puts its outputs.
  package let compiled: CompiledNetwork
  /// In the order of the weight file.
  let layers: [PackedLayer]
  /// One for each LSTM.
  let initialStates: [InitialState]

  /// Reads a weight file.
  ///
  /// Any bytes may be given. Complexity: O(bytes).
  /// - Throws: any `WeightFileError`.
  public convenience init(weightFile bytes: [UInt8]) throws(WeightFileError) {
    self.init(try WeightFile(parsing: bytes), bytes)
  }

  /// - Parameters:
  ///   - file: a valid one.
  ///   - bytes: what it is serialized.
  private init(_ file: WeightFile, _ bytes: [UInt8]) {
    name = file.name
    architecture = file.architecture
    identity = Array(SHA256.hash(data: bytes).prefix(16))
    initialStates = file.initialStates
    small = file.small.map { Network($0, $0.serialized) }
    compiled = CompiledNetwork(file.architecture)
    layers = zip(file.layers, compiled.layers).map { PackedLayer($0, shape: $1.layer) }
  }

  /// The layers `upsample`.
  var upsampling: ArraySlice<PackedLayer> { layers.prefix(architecture.upsamplingCount) }

  deinit {
    for layer in layers { layer.deallocate() }
  }

  /// The identity as 32 hexadecimal digits.
  public var identityHex: String {
    hexadecimal(identity)
  }

  /// Weights and biases in the file, the small image's model included; masked ones are not in it.
  public var parameterCount: Int {
    layers.reduce(small?.parameterCount ?? 0) {
      $0 + $1.shape.weightCount + $1.shape.outputs
    }
  }

  /// Products of a weight and an activation that a pixel, with all its colours, takes; the share of
  /// the small image and of the conditioning map included.
  public var multiplicationsPerPixel: Int {
    architecture.multiplicationsPerPixel
      + (small?.multiplicationsPerPixel ?? 0) / (architecture.scale * architecture.scale)
  }
}
