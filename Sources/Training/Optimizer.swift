import CTraining
import Foundation

/// The rule that turns a gradient into a step.
public enum OptimizerKind: String, CaseIterable, Sendable {
  /// Kingma and Ba 2014 (arXiv:1412.6980), moments decaying by 0.9 and 0.99.
  case adam
  /// Tieleman and Hinton 2012, the paper's choice: squares decaying by 0.95, no first moment.
  case rmsprop
  /// Muon (`Orthogonalizer`) for the matrices between the first convolution and the last layer,
  /// Adam for all else.
  case muon
}

/// Updates the weights and their average.
final class Optimizer {
  private let beta1: Double
  private let beta2: Double
  private let corrects: Bool
  /// The layers whose matrices Muon moves.
  private let matrices: [DenseLayer]
  private let momentsStart: Int
  private let orthogonalizer = Orthogonalizer()

  /// - Parameters:
  ///   - kind: the rule.
  ///   - layout: of the parameters.
  ///   - momentsStart: the step before which the moments were 0.
  init(_ kind: OptimizerKind, _ layout: ParameterLayout, momentsStart: Int) {
    (beta1, beta2, corrects) = kind == .rmsprop ? (0, 0.95, false) : (0.9, 0.99, true)
    matrices = kind == .muon ? layout.hiddenLayers : []
    self.momentsStart = momentsStart
  }

  /// One update. O(parameters).
  ///
  /// - Parameters:
  ///   - store: weights, average and moments, changed.
  ///   - gradient: [parameters], of the loss.
  ///   - step: updates done before.
  ///   - rate: the learning rate.
  ///   - average: decay of the moving average of the weights.
  func update(
    _ store: ParameterStore, _ gradient: UnsafePointer<Float>, step: Int, rate: Double,
    average: Double
  ) {
    let t = Double(step + 1)
    // The average follows fast at first, so that it forgets the starting weights.
    let decay = min(average, (1 + t) / (10 + t))
    // Adam's moments start at 0, which is made up for. RMSProp has no such correction: its first
    // steps are larger, and the recipe's warm-up covers them.
    let seen = t - Double(momentsStart)
    let first = corrects ? 1 / (1 - pow(beta1, seen)) : 1
    let second = corrects ? 1 / (1 - pow(beta2, seen)) : 1
    func adam(_ range: Range<Int>) {
      let i = range.lowerBound
      prn_adam(
        store.weights + i, store.average + i, gradient + i, store.first + i, store.second + i,
        store.mask + i, range.count, Float(rate), Float(beta1), Float(beta2), Float(first),
        Float(second), 1e-8, Float(decay))
    }
    var done = 0
    for layer in matrices {
      adam(done..<layer.weightOffset)
      // The gates of an LSTM are matrices of their own.
      let width = layer.matrixOutputs
      for column in stride(from: 0, to: layer.outputs, by: width) {
        let i = layer.weightOffset + column
        orthogonalizer.step(
          store.weights + i, gradient + i, store.first + i, store.mask + i, rows: layer.inputs,
          columns: width, stride: layer.outputs, rate: Float(rate), beta: 0.95)
      }
      prn_follow(
        store.average + layer.weightOffset, store.weights + layer.weightOffset, layer.weightCount,
        Float(decay))
      done = layer.biasOffset
    }
    adam(done..<store.count)
  }
}
