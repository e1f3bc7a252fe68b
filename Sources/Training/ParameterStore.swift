/// `Parameters` in memory that threads share, with the mask: [count] each.
final class ParameterStore: @unchecked Sendable {
  let count: Int
  let weights, average, first, second: UnsafeMutablePointer<Float>
  /// 1 where the mask keeps a parameter, 0 elsewhere.
  let mask: UnsafeMutablePointer<Float>
  private let memory = FloatMemory()
  private let momentsStart: Int

  /// - Parameters:
  ///   - parameters: to begin with.
  ///   - mask: of as many.
  init(_ parameters: Parameters, mask: [Float]) {
    count = mask.count
    momentsStart = parameters.momentsStart
    weights = memory.copy(parameters.weights)
    average = memory.copy(parameters.average)
    first = memory.copy(parameters.first)
    second = memory.copy(parameters.second)
    self.mask = memory.copy(mask)
  }

  /// What there is now. Complexity: O(parameters).
  var parameters: Parameters {
    func array(_ values: UnsafeMutablePointer<Float>) -> [Float] {
      Array(UnsafeBufferPointer(start: values, count: count))
    }
    var parameters = Parameters(
      weights: array(weights), average: array(average), momentsStart: momentsStart)
    parameters.first = array(first)
    parameters.second = array(second)
    return parameters
  }
}
