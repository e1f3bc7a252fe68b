extension SideBySide {
  /// What `body` makes of the numbers below `count`, several at a time.
  ///
  /// - Parameters:
  ///   - count: of numbers, 0 or more.
  ///   - threads: to work on, at most.
  ///   - body: may be called from several threads at a time.
  /// - Returns: what it has returned, by number.
  /// - Throws: what it has thrown first. It is called no more then.
  package static func map<Value: Sendable, Failure: Error>(
    _ count: Int, threads: Int, _ body: @Sendable (Int) throws(Failure) -> Value
  ) throws(Failure) -> [Value] {
    let results = Results<Value, Failure>(count)
    run(min(count, max(threads, 1))) {
      while let index = results.next() {
        do throws(Failure) {
          results.set(index, try body(index))
        } catch {
          results.fail(error)
        }
      }
    }
    return try results.all()
  }
}

/// Hands out numbers to several threads, and keeps what comes of them.
private final class Results<Value: Sendable, Failure: Error>: @unchecked Sendable {
  private let lock = Lock()
  // All used with the lock held.
  private var position = 0
  private var values: [Value?]
  private var failure: Failure?

  init(_ count: Int) { values = Array(repeating: nil, count: count) }

  func next() -> Int? {
    lock.withLock {
      guard failure == nil, position < values.count else { return nil }
      defer { position += 1 }
      return position
    }
  }

  func set(_ index: Int, _ value: Value) { lock.withLock { values[index] = value } }

  func fail(_ error: Failure) { lock.withLock { failure = failure ?? error } }

  func all() throws(Failure) -> [Value] {
    try lock.withLock { () throws(Failure) in
      if let failure { throw failure }
      return values.compactMap { $0 }
    }
  }
}
