/// The network's parameters and the optimizer's state, each a flat array of one Float a parameter.
final class ParameterStore: @unchecked Sendable {
  let count: Int
  /// The weights being trained.
  let weights: UnsafeMutablePointer<Float>
  /// Their exponential moving average: what is validated and exported.
  let average: UnsafeMutablePointer<Float>
  /// Adam's first and second moments.
  let first: UnsafeMutablePointer<Float>
  let second: UnsafeMutablePointer<Float>
  let mask: UnsafeMutablePointer<Float>

  init(mask maskValues: [Float]) {
    count = maskValues.count
    func zeros(_ n: Int) -> UnsafeMutablePointer<Float> {
      let p = UnsafeMutablePointer<Float>.allocate(capacity: max(n, 1))
      p.initialize(repeating: 0, count: max(n, 1))
      return p
    }
    weights = zeros(count)
    average = zeros(count)
    first = zeros(count)
    second = zeros(count)
    mask = zeros(count)
    for (i, m) in maskValues.enumerated() { mask[i] = m }
  }

  deinit {
    for p in [weights, average, first, second, mask] { p.deallocate() }
  }

  func array(_ p: UnsafeMutablePointer<Float>) -> [Float] {
    Array(UnsafeBufferPointer(start: p, count: count))
  }

  func load(_ values: [Float], into p: UnsafeMutablePointer<Float>) {
    for i in 0..<min(count, values.count) { p[i] = values[i] }
  }
}
