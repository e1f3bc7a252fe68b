import PRNZip
import Platform

/// Tells the caller how far a call has come, and remembers whether it wants to go on.
final class ProgressReport: @unchecked Sendable {
  typealias Callback = @convention(c) (Double, UnsafeMutableRawPointer?) -> Int32

  private let callback: Callback
  private let user: UnsafeMutableRawPointer?
  private let lock = Lock()
  // Used with the lock held.
  private var share = 0.0
  /// What ends the call.
  let cancellation = Cancellation()

  /// - Parameters:
  ///   - callback: is never called from two threads at a time, nor again after it has cancelled.
  ///   - user: what it gets besides.
  init(_ callback: @escaping Callback, _ user: UnsafeMutableRawPointer?) {
    self.callback = callback
    self.user = user
  }

  /// Calls back. Several ways are tried one after the other, of which each begins anew: the caller
  /// sees the most so far.
  func update(_ share: Double) {
    lock.withLock {
      guard !cancellation.isCancelled else { return }
      self.share = min(max(share, self.share), 1)
      if callback(self.share, user) != 0 { cancellation.cancel() }
    }
  }
}
