import CTraining
import PixelNetwork

/// The last layer: logits exist only as one chunk of one colour, and become a loss, or their
/// gradient, in their place.
extension NetworkPass {
  /// The summed cross-entropy of the crops' symbols in nats, after `forward`.
  func loss() -> Double {
    forEachLogits { loss(space.logits, $0.symbols, $0.weights, $0.n) }
  }

  /// The code length of each value in bits after `forward`: [crop][row][column][colour].
  func costs() -> [Double] {
    let (colours, logitCount) = (architecture.colours, layout.outputCount)
    let pixels = geometry.rows * geometry.columns
    var costs = [Double](repeating: 0, count: geometry.crops * colours * pixels)
    _ = forEachLogits { part in
      for i in 0..<part.n where part.weights[i] > 0 {
        let (cell, crop) = (part.start + i).quotientAndRemainder(dividingBy: geometry.crops)
        let (row, column) = cell.quotientAndRemainder(dividingBy: geometry.stride)
        let pixel = crop * pixels + row * geometry.columns + column
        costs[colours * pixel + part.colour] =
          loss(space.logits + logitCount * i, part.symbols + i, part.weights + i, 1) * .bitsPerNat
      }
      return 0
    }
    return costs
  }

  /// The summed loss; `hiddenGradient` becomes its gradient times `scale`, and those of the last
  /// layer's parameters are added.
  func backwardLogits(scale: Float) -> Double {
    let hh = architecture.headFeatures
    space.hiddenGradient.update(repeating: 0, count: geometry.cells * hh)
    return forEachLogits { part in
      let loss = crossEntropy(space.logits, part.symbols, part.weights, part.n, scale: scale)
      let (layer, n, first) = (part.layer, part.n, part.start * hh)
      MatrixProducts.inputGradient(
        space.logits, weights(layer), space.hiddenGradient + first, dxStride: hh, n: n,
        inputs: layer.inputs, outputs: layer.outputs, accumulate: true)
      addWeightGradient(layer, space.hidden + first, xStride: hh, dy: space.logits, n: n)
      return loss
    }
  }

  /// Rows of logits.
  private struct Part {
    let layer: DenseLayer
    let colour: Int
    /// The first cell, and cells.
    let start, n: Int
    let symbols: UnsafePointer<UInt8>
    let weights: UnsafePointer<Float>
  }

  /// The logits chunk by chunk and colour by colour; the sum of what `body` gives.
  private func forEachLogits(_ body: (Part) -> Double) -> Double {
    let hh = architecture.headFeatures
    let layers = layout.all(.headOutput)
    var total = 0.0
    forEachChunk { start, n in
      for (colour, layer) in layers.enumerated() where colour >= layout.knownColours {
        apply(layer, space.hidden + start * hh, xStride: hh, space.logits, n: n, accumulate: false)
        total += body(
          Part(
            layer: layer, colour: colour, start: start, n: n,
            symbols: space.symbols + colour * geometry.cells + start,
            weights: space.weights + start))
      }
    }
    return total
  }

  /// The summed cross-entropy of `n` rows of logits, in nats.
  private func loss(
    _ logits: UnsafePointer<Float>, _ symbols: UnsafePointer<UInt8>,
    _ weights: UnsafePointer<Float>, _ n: Int
  ) -> Double {
    if layout.mixture > 0 { return prn_mixture_loss(logits, symbols, weights, n, layout.mixture) }
    return switch architecture.head {
    case .softmax: prn_softmax_loss(logits, symbols, weights, n)
    case .sigmoid: prn_sigmoid_loss(logits, symbols, weights, n)
    case .classes: prn_class_loss(logits, symbols, weights, n)
    }
  }

  /// The same; the logits become their gradient times `scale`.
  private func crossEntropy(
    _ logits: UnsafeMutablePointer<Float>, _ symbols: UnsafePointer<UInt8>,
    _ weights: UnsafePointer<Float>, _ n: Int, scale: Float
  ) -> Double {
    if layout.mixture > 0 {
      return prn_mixture_cross_entropy(logits, symbols, weights, n, layout.mixture, scale)
    }
    return switch architecture.head {
    case .softmax: prn_softmax_cross_entropy(logits, symbols, weights, n, scale)
    case .sigmoid: prn_sigmoid_cross_entropy(logits, symbols, weights, n, scale)
    case .classes: prn_class_cross_entropy(logits, symbols, weights, n, scale)
    }
  }
}
