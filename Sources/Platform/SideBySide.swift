import Glibc

/// Work on several threads of the system, of which there may be fewer than wanted.
///
/// Dispatch waits for ever where the system gives no threads, and its threads have stacks of the
/// shell's size.
package enum SideBySide {
  /// Processors that there are, 1 or more: as many calls run at once.
  package static var processors: Int { max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1) }

  /// Calls `body` so many times at once: on this thread, and on others as far as the system gives
  /// any, no more than there are processors. The calls have to share what there is to do, since
  /// there may be only one.
  ///
  /// - Parameters:
  ///   - calls: how many, at most; one at least is made.
  ///   - body: may be called from several threads at a time.
  package static func run(_ calls: Int, _ body: @Sendable () -> Void) {
    let threads = min(calls, processors)
    guard threads > 1 else { return body() }
    let pending = Pending()
    withoutActuallyEscaping(body) { body in
      // Threads have the place of the body: what they hold ends some time after they have said so.
      withUnsafePointer(to: body) { place in
        let place = Place(pointer: place)
        for _ in 1..<threads {
          pending.begin()
          let isThere = DetachedThread.start {
            place.call()
            pending.end()
          }
          if !isThere { pending.end() }
        }
        place.call()
        pending.wait()
      }
    }
  }

  private struct Place: @unchecked Sendable {
    // Unchecked: it is only read, while `run` waits.
    let pointer: UnsafePointer<@Sendable () -> Void>

    /// Never inlined, so that nothing of the body is held behind its end.
    @inline(never) func call() { pointer.pointee() }
  }
}

/// How many threads are at work, for one that waits until there are none.
private final class Pending: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  // Used with the mutex held.
  private var count = 0

  init() {
    mutex.initialize(to: pthread_mutex_t())
    changed.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  func begin() { change(by: 1) }

  func end() { change(by: -1) }

  func wait() {
    pthread_mutex_lock(mutex)
    while count > 0 { pthread_cond_wait(changed, mutex) }
    pthread_mutex_unlock(mutex)
  }

  private func change(by amount: Int) {
    pthread_mutex_lock(mutex)
    count += amount
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(mutex)
  }
}
