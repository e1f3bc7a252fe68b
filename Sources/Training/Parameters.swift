/// A network's parameters and what the optimizer knows of them: flat arrays of one Float a
/// parameter, in the order of `ParameterLayout`.
struct Parameters: Equatable, Sendable {
  /// What is being trained.
  var weights: [Float]
  /// Their exponential moving average: what is validated and exported.
  var average: [Float]
  /// The optimizer's first and second moments.
  var first, second: [Float]
  /// The step before which the moments were 0.
  var momentsStart = 0

  /// Weights from which nothing has been learnt yet.
  init(weights: [Float]) {
    self.init(weights: weights, average: weights, momentsStart: 0)
  }

  /// Weights in the middle of a run, whose moments begin anew.
  init(weights: [Float], average: [Float], momentsStart: Int) {
    self.weights = weights
    self.average = average
    first = [Float](repeating: 0, count: weights.count)
    second = first
    self.momentsStart = momentsStart
  }
}
