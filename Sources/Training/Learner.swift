/// What a step did.
struct StepResult: Equatable, Sendable {
  /// The mean loss of its crops in bits for each subpixel.
  let bits: Double
  /// The gradient's norm, before it was clipped.
  let norm: Double
}

/// A device that holds a network's parameters and learns from batches: this processor, or another
/// one.
///
/// What it learns from is made by a `BatchSource`, and when to stop, to validate and to save is the
/// `Trainer`'s matter.
protocol Learner: AnyObject {
  /// Whether the processor has time to make the next batch while a step goes on.
  var leavesTheProcessorFree: Bool { get }

  /// The parameters as they are after the last step. Complexity: O(parameters).
  var parameters: Parameters { get }

  /// One step down the gradient.
  ///
  /// - Parameters:
  ///   - batch: what to learn from; whether the step is rounded follows from its number.
  ///   - rate: the learning rate.
  /// - Returns: what the step did.
  /// - Throws: `TrainingError.notQuantizable`.
  func step(_ batch: Batch, rate: Double) throws -> StepResult
}
