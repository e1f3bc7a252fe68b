import Dispatch

/// The same work on several threads at once.
enum Parallel {
  private final class Slots<Value, Failure: Error>: @unchecked Sendable {
    // Unchecked: each slot is set by one thread, and read when all are done.
    let results: UnsafeMutablePointer<Result<Value, Failure>?>
    let count: Int

    init(_ count: Int) {
      self.count = count
      results = .allocate(capacity: count)
      results.initialize(repeating: nil, count: count)
    }

    deinit {
      results.deinitialize(count: count)
      results.deallocate()
    }
  }

  /// `body(i)` for i in 0 ..< count, concurrently.
  ///
  /// - Returns: the results in order.
  /// - Throws: the first of what `body` throws, once all are done.
  static func map<Value: Sendable, Failure: Error>(
    _ count: Int, _ body: @escaping @Sendable (Int) throws(Failure) -> Value
  ) throws(Failure) -> [Value] {
    let slots = Slots<Value, Failure>(count)
    DispatchQueue.concurrentPerform(iterations: count) { i in
      do throws(Failure) {
        slots.results[i] = .success(try body(i))
      } catch {
        slots.results[i] = .failure(error)
      }
    }
    var values: [Value] = []
    for i in 0..<count {
      if let result = slots.results[i] { values.append(try result.get()) }
    }
    return values
  }

  /// The numbers below `count` that thread `worker` of `threads` works on.
  static func share(of worker: Int, among threads: Int, count: Int) -> [Int] {
    Array(stride(from: worker, to: count, by: threads))
  }
}
