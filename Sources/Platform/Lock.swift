import Glibc

/// What one thread at a time may hold.
///
/// It is the mutex of the system: Foundation's `NSLock` is one, too, but Foundation takes four
/// milliseconds of each start. That of `Synchronization` hides its waiting from thread sanitizers.
package final class Lock: @unchecked Sendable {
  // Unchecked: its only use is that of several threads.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  package init() {
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deinitialize(count: 1)
    mutex.deallocate()
  }

  /// Runs `body` while no other thread runs one with this lock. A body must not ask for the lock
  /// again.
  ///
  /// - Throws: what `body` throws.
  package func withLock<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }
}
