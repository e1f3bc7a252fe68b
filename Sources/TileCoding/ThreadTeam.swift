import Glibc
import Platform
import Synchronization

/// A few threads that share short pieces of work, many thousand times a second.
///
///     let team = ThreadTeam(threads: 2)
///     team.run(items: 10) { item, thread in ... }  // on the team's threads and this one
///
/// The items are dealt out in equal parts: thread k begins with the k-th, so that it meets the same
/// data again and again. A thread that is done with its part helps with the others', so `run` never
/// waits for a thread that the system has not let run. The threads wait by spinning, and soon by
/// yielding the processor: a team is for the time of heavy work only. They end when the team is
/// released.
package final class ThreadTeam: Sendable {
  /// Threads at work, with the one that calls `run`.
  package let threads: Int
  private let state: TeamState

  /// - Parameters:
  ///   - threads: 1 or more.
  ///   - stackSize: bytes of the stack of each, but of the one that calls `run`.
  package init(threads: Int, stackSize: Int = DetachedThread.stackSize) {
    self.threads = max(threads, 1)
    let state = TeamState(threads: self.threads)
    self.state = state
    for thread in 1..<self.threads {
      DetachedThread.start(stackSize: stackSize) { state.serve(thread) }
    }
  }

  deinit { state.stop() }

  /// Does items 0 ..< `items`, in any order. Not to be called from two threads at the same time.
  ///
  /// - Parameters:
  ///   - items: how many.
  ///   - body: gets the item and the number of the thread, 0 ..< threads. What was written before
  ///     `run` it can read, and what it writes can be read after `run`.
  package func run(items: Int, _ body: (_ item: Int, _ thread: Int) -> Void) {
    guard threads > 1 && items > 1 else {
      for item in 0..<max(items, 0) { body(item, 0) }
      return
    }
    withoutActuallyEscaping(body) { state.run(items: items, $0) }
  }
}

private final class TeamState: @unchecked Sendable {
  // Unchecked: the parts are behind a pointer, and atomic; the body is written while the others
  // wait.
  private var body: (Int, Int) -> Void = { _, _ in }
  private let threads: Int
  /// The number of the run, times 2^32, plus its items.
  private let round = Atomic<Int>(0)
  /// For each part the number of the run, times 2^32, plus how many of its items are taken. Whoever
  /// raises it by one has an item; the run cannot end before that is done.
  private let parts: UnsafeMutablePointer<Atomic<Int>>
  private let done = Atomic<Int>(0)
  private let stopped = Atomic<Bool>(false)
  private static let spins = 200
  /// Parts lie in cache lines of their own.
  private static let apart = 16

  init(threads: Int) {
    self.threads = threads
    parts = .allocate(capacity: threads * Self.apart)
    for i in 0..<threads * Self.apart { (parts + i).initialize(to: Atomic(0)) }
  }

  deinit {
    parts.deinitialize(count: threads * Self.apart)
    parts.deallocate()
  }

  func run(items: Int, _ body: @escaping (Int, Int) -> Void) {
    let number = (round.load(ordering: .relaxed) >> 32) + 1
    self.body = body
    done.store(0, ordering: .relaxed)
    // Whoever takes an item sees the body.
    for k in 0..<threads { parts[k * Self.apart].store(number << 32, ordering: .releasing) }
    round.store(number << 32 | items, ordering: .releasing)
    takeItems(of: number, items, thread: 0)
    wait { done.load(ordering: .acquiring) == items }
    self.body = { _, _ in }
  }

  func serve(_ thread: Int) {
    var last = 0
    while !stopped.load(ordering: .relaxed) {
      wait {
        round.load(ordering: .relaxed) >> 32 != last || stopped.load(ordering: .relaxed)
      }
      let now = round.load(ordering: .acquiring)
      last = now >> 32
      takeItems(of: last, now & 0xFFFF_FFFF, thread: thread)
    }
  }

  func stop() { stopped.store(true, ordering: .relaxed) }

  /// Does what is left of the thread's own part, and then of the others.
  private func takeItems(of number: Int, _ items: Int, thread: Int) {
    for k in 0..<threads {
      let part = (thread + k) % threads
      let first = items * part / threads
      let count = items * (part + 1) / threads - first
      var now = parts[part * Self.apart].load(ordering: .relaxed)
      while now >> 32 == number, now & 0xFFFF_FFFF < count {
        let (taken, original) = parts[part * Self.apart].weakCompareExchange(
          expected: now, desired: now + 1, ordering: .acquiringAndReleasing)
        if taken {
          body(first + (now & 0xFFFF_FFFF), thread)
          done.add(1, ordering: .releasing)
        }
        now = taken ? parts[part * Self.apart].load(ordering: .relaxed) : original
      }
    }
  }

  private func wait(_ condition: () -> Bool) {
    while true {
      for _ in 0..<Self.spins where condition() { return }
      sched_yield()
    }
  }
}
