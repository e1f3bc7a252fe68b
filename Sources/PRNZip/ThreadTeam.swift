import Foundation
import Synchronization

/// A few threads that share short pieces of work, many thousand times a second.
///
///     let team = ThreadTeam(threads: 2) { item, thread in ... }
///     team.run(items: 10)  // calls it with 0..<10, on the team's threads and this one; then returns
///
/// The threads wait by spinning, and soon by yielding the processor: a team is for the time of heavy work
/// only. An item that no thread has begun can be taken by any, so `run` never waits for a thread that
/// the system has not let run. The threads end when the team is released.
final class ThreadTeam: Sendable {
  /// Threads at work, with the one that calls `run`.
  let threads: Int
  private let state: TeamState

  /// - Parameters:
  ///   - threads: 1 or more.
  ///   - work: gets the item and the number of the thread, 0 ..< threads. What was written before `run` it
  ///     can read, and what it writes can be read after `run`.
  init(threads: Int, work: @escaping @Sendable (_ item: Int, _ thread: Int) -> Void) {
    self.threads = max(threads, 1)
    let state = TeamState(work: work)
    self.state = state
    for thread in 1..<self.threads {
      Thread(block: { state.serve(thread) }).start()
    }
  }

  deinit { state.stop() }

  /// Does items 0 ..< `items`, in any order. Not to be called from two threads at the same time.
  func run(items: Int) {
    guard threads > 1 && items > 1 else {
      for item in 0..<max(items, 0) { state.work(item, 0) }
      return
    }
    state.run(items: items)
  }
}

private final class TeamState: Sendable {
  let work: @Sendable (Int, Int) -> Void
  /// The number of items, times 2^32, plus that of those begun. Whoever raises it by one has an item of
  /// the current run; the run cannot end before that item is done.
  private let ticket = Atomic<Int>(0)
  private let done = Atomic<Int>(0)
  private let stopped = Atomic<Bool>(false)
  private static let spins = 200

  init(work: @escaping @Sendable (Int, Int) -> Void) { self.work = work }

  func run(items: Int) {
    done.store(0, ordering: .relaxed)
    ticket.store(items << 32, ordering: .releasing)
    while takeItem(0) {}
    wait { done.load(ordering: .acquiring) == items }
  }

  func serve(_ thread: Int) {
    while !stopped.load(ordering: .relaxed) {
      wait {
        let now = ticket.load(ordering: .relaxed)
        return now & 0xFFFF_FFFF < now >> 32 || stopped.load(ordering: .relaxed)
      }
      while takeItem(thread) {}
    }
  }

  func stop() { stopped.store(true, ordering: .relaxed) }

  /// Does one item, if one is left.
  private func takeItem(_ thread: Int) -> Bool {
    var now = ticket.load(ordering: .relaxed)
    while now & 0xFFFF_FFFF < now >> 32 {
      let (taken, original) = ticket.weakCompareExchange(
        expected: now, desired: now + 1, ordering: .acquiringAndReleasing)
      if taken {
        work(now & 0xFFFF_FFFF, thread)
        done.add(1, ordering: .releasing)
        return true
      }
      now = original
    }
    return false
  }

  private func wait(_ condition: () -> Bool) {
    while true {
      for _ in 0..<Self.spins where condition() { return }
      sched_yield()
    }
  }
}
