import Dispatch
import Foundation

/// Which threads work at which tiles.
///
/// As many tiles as fill all threads evenly run side by side, each on one thread: that wastes
/// nothing. The few tiles left over run one after another, each on all threads; unless a tile cannot be shared: then all run
/// side by side.
struct TileSchedule: Equatable {
  /// The number of tiles.
  let count: Int
  /// Threads to use, 1 or more.
  let threads: Int
  /// Whether several threads can work at a tile.
  let sharesTiles: Bool

  init(count: Int, threads: Int, sharesTiles: Bool = true) {
    self.count = max(count, 0)
    self.threads = max(threads, 1)
    self.sharesTiles = sharesTiles
  }

  /// The number of tiles, from the first, that run side by side.
  var sideBySide: Int { threads == 1 ? 0 : sharesTiles ? count - count % threads : count }

  /// Calls `body` once for each tile; from several threads at a time.
  ///
  /// - Parameter body: gets the tile's index and how many threads it may use.
  /// - Throws: the error of the tile that failed; of the first if several did. No more tiles are
  ///   started after an error.
  func run(
    _ body: @Sendable (_ index: Int, _ threads: Int) throws(PRNZipError) -> Void
  ) throws(PRNZipError) {
    let queue = TileQueue(end: sideBySide)
    if sideBySide > 0 {
      DispatchQueue.concurrentPerform(iterations: threads) { _ in
        while let index = queue.next() {
          do throws(PRNZipError) {
            try body(index, 1)
          } catch {
            queue.fail(index, error)
          }
        }
      }
    }
    if let error = queue.error { throw error }
    for index in sideBySide..<count { try body(index, threads) }
  }
}

/// Hands out indices to several threads, until one fails.
private final class TileQueue: @unchecked Sendable {
  private let lock = NSLock()
  private let end: Int
  // All used with the lock held.
  private var position = 0
  private var failure: (index: Int, error: PRNZipError)?

  init(end: Int) { self.end = end }

  var error: PRNZipError? { lock.withLock { failure?.error } }

  func next() -> Int? {
    lock.withLock {
      guard failure == nil, position < end else { return nil }
      position += 1
      return position - 1
    }
  }

  func fail(_ index: Int, _ error: PRNZipError) {
    lock.withLock {
      if index < failure?.index ?? .max { failure = (index, error) }
    }
  }
}
