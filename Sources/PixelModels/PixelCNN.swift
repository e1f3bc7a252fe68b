import Crypto

/// A PixelCNN, or a PixelRNN with the same first layer and head, with integer weights, ready to run (FORMAT.md, section 5).
///
///     let model = try PixelCNN(weightFile: bytes)
///     print(model.name, model.identityHex, model.multiplicationsPerPixel)
///
/// Immutable. Source: van den Oord, Kalchbrenner, Kavukcuoglu, "Pixel Recurrent Neural Networks",
/// 2016 (arXiv:1601.06759), table 1.
public final class PixelCNN: @unchecked Sendable {
  // Unchecked: the packed weights are behind pointers, but never written after `init`.

  /// As in the weight file.
  public let name: String
  /// As in the weight file.
  public let architecture: Architecture
  /// The first 16 bytes of the SHA-256 of the weight file.
  public let identity: [UInt8]
  let layers: [PackedLayer]
  /// One for each LSTM layer.
  let initialStates: [InitialState]

  /// Reads a weight file.
  ///
  /// Any bytes may be given. Complexity: O(bytes).
  /// - Throws: any `WeightFileError`.
  public init(weightFile bytes: [UInt8]) throws(WeightFileError) {
    let file = try WeightFile(parsing: bytes)
    guard file.architecture.body != .diagonalBiLSTM else {
      throw .illegalField(name: "body", value: Int(file.architecture.body.rawValue))
    }
    name = file.name
    architecture = file.architecture
    identity = Array(SHA256.hash(data: bytes).prefix(16))
    initialStates = file.initialStates
    layers = zip(file.layers, file.architecture.layers).map { PackedLayer($0, shape: $1) }
  }

  deinit {
    for layer in layers { for group in layer.groups { group.deallocate() } }
  }

  /// The identity as 32 hexadecimal digits.
  public var identityHex: String {
    let digits = Array("0123456789abcdef")
    return String(identity.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  /// Weights and biases in the file; masked ones are not in it.
  public var parameterCount: Int {
    layers.reduce(0) { $0 + $1.shape.weightCount + $1.shape.groupCount * $1.shape.outputsPerGroup }
  }

  /// Products of a weight and an activation that a pixel, with all its colours, takes.
  public var multiplicationsPerPixel: Int { layers.reduce(0) { $0 + $1.shape.weightCount } }
}
