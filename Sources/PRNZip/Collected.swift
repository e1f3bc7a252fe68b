import Foundation

/// What the tiles' threads put together: a value that they change in turn, and the progress.
final class Collected<Value>: @unchecked Sendable {
  private let lock = NSLock()
  // All used with the lock held.
  private var value: Value
  private var done = 0
  private let total: Int
  private let progress: (@Sendable (Double) -> Void)?

  /// - Parameters:
  ///   - value: what there is before the first tile.
  ///   - total: the pixels of all tiles.
  ///   - progress: is told which share of them is done; never from two threads at a time.
  init(_ value: Value, total: Int, progress: (@Sendable (Double) -> Void)?) {
    self.value = value
    self.total = max(total, 1)
    self.progress = progress
    progress?(0)
  }

  /// Lets `change` work on the value, and counts `pixels` as done.
  func add(pixels: Int, _ change: (inout Value) -> Void) {
    lock.lock()
    defer { lock.unlock() }
    change(&value)
    done += pixels
    progress?(min(1, Double(done) / Double(total)))
  }

  /// Takes the value out, once all threads are done with it.
  ///
  /// - Parameter replacement: what stays behind, so that the value has one owner.
  /// - Returns: what has been collected.
  func take(leaving replacement: Value) -> Value {
    lock.lock()
    defer { lock.unlock() }
    let taken = value
    value = replacement
    return taken
  }
}
