import Dispatch

/// The same work on several threads at once.
enum Parallel {
  private final class Slots<Value>: @unchecked Sendable {
    var values: [Value?]
    let lock = DispatchSemaphore(value: 1)
    init(_ count: Int) { values = Array(repeating: nil, count: count) }
  }

  /// `body(i)` for i in 0 ..< count, concurrently; the results in order.
  static func map<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) -> Value
  ) -> [Value] {
    let slots = Slots<Value>(count)
    DispatchQueue.concurrentPerform(iterations: count) { i in
      let value = body(i)
      slots.lock.wait()
      slots.values[i] = value
      slots.lock.signal()
    }
    return slots.values.compactMap { $0 }
  }
}
