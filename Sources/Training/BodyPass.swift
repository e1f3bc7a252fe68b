import PixelNetwork

/// The blocks of one kind of body, forward and backward, with the maps that are theirs alone.
///
/// A kind of body is one type, in a file of its own, and a line in `Body.pass`.
protocol BodyPass: AnyObject {
  /// A layer's share of the deviation of starting weights that keeps a rectifier's variance, in a
  /// body of one block.
  static func startGain(_ kind: Layer.Kind) -> Float

  /// - Parameters:
  ///   - layout: the network.
  ///   - geometry: of all maps.
  ///   - memory: where they are.
  ///   - keeps: whether there will be a backward pass.
  init(_ layout: ParameterLayout, _ geometry: MapGeometry, memory: FloatMemory, keeps: Bool)

  /// From the workspace's stream in front of a block to that behind it, and to the skips.
  func forward(block: Int, in pass: NetworkPass)

  /// From the gradient of the stream behind a block to that in front of it; adds the gradients of
  /// the block's parameters.
  func backward(block: Int, in pass: NetworkPass)
}

extension Body {
  /// How the trainer computes such a body.
  var pass: any BodyPass.Type {
    switch self {
    case .pixelCNN: ConvolutionBody.self
    case .rowLSTM: RowLSTMBody.self
    case .diagonalBiLSTM: DiagonalBiLSTMBody.self
    }
  }
}
