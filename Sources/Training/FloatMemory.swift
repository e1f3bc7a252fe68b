/// Arrays of floats that live as long as this does.
final class FloatMemory: @unchecked Sendable {
  // Unchecked: made by one thread; what the arrays hold is not looked at.
  private var owned: [UnsafeMutablePointer<Float>] = []

  /// `count` zeros, and `margin` more in front of them.
  func zeros(_ count: Int, margin: Int = 0) -> UnsafeMutablePointer<Float> {
    let all = max(count + margin, 1)
    let start = UnsafeMutablePointer<Float>.allocate(capacity: all)
    start.initialize(repeating: 0, count: all)
    owned.append(start)
    return start + margin
  }

  /// A copy of an array.
  func copy(_ values: [Float]) -> UnsafeMutablePointer<Float> {
    let start = zeros(values.count)
    for (i, value) in values.enumerated() { start[i] = value }
    return start
  }

  deinit { for start in owned { start.deallocate() } }
}
