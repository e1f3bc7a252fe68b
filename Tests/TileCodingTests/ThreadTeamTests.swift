import Synchronization
import Testing

@testable import TileCoding

@Suite struct ThreadTeamTests {
  private final class Counts: Sendable {
    let sum = Atomic<Int>(0)
    let calls = Atomic<Int>(0)
    let wrongThreads = Atomic<Int>(0)
  }

  /// More threads than processors, too; each run with a body of its own.
  @Test(arguments: [1, 2, 3, 9])
  func everyItemIsDoneOnceBeforeRunReturns(_ threads: Int) {
    let counts = Counts()
    let team = ThreadTeam(threads: threads)
    #expect(team.threads == threads)
    var sum = 0
    var calls = 0
    for round in 0..<3000 {
      let items = round % 8
      team.run(items: items) { item, thread in
        counts.sum.add(item * round, ordering: .relaxed)
        counts.calls.add(1, ordering: .relaxed)
        if thread < 0 || thread >= threads { counts.wrongThreads.add(1, ordering: .relaxed) }
      }
      calls += items
      sum += round * items * (items - 1) / 2
      #expect(counts.calls.load(ordering: .relaxed) == calls)
      #expect(counts.sum.load(ordering: .relaxed) == sum)
    }
    #expect(counts.wrongThreads.load(ordering: .relaxed) == 0)
  }

  /// What was written before a run its items can read, and what they write can be read after it:
  /// without atomics.
  @Test(arguments: [2, 3]) func memoryIsSeen(_ threads: Int) {
    let team = ThreadTeam(threads: threads)
    let count = 37
    let values = UnsafeMutableBufferPointer<Int>.allocate(capacity: count)
    defer { values.deallocate() }
    values.initialize(repeating: 0)
    nonisolated(unsafe) let shared = values
    for round in 0..<500 {
      // Every item reads its neighbour's result of the run before, and writes its own in the next.
      if round % 2 == 0 {
        team.run(items: count / 2) { item, _ in shared[2 * item] = shared[2 * item + 1] + 1 }
      } else {
        team.run(items: count / 2) { item, _ in shared[2 * item + 1] = shared[2 * item + 2] + 1 }
      }
      shared[count - 1] = round
    }
    #expect((0..<count).allSatisfy { shared[$0] > 0 })
  }

  /// Two threads that work at the same time meet: each waits for the other's item.
  @Test func itemsRunAtTheSameTime() {
    let team = ThreadTeam(threads: 2)
    let arrived = Atomic<Int>(0)
    team.run(items: 2) { _, _ in
      arrived.add(1, ordering: .acquiringAndReleasing)
      while arrived.load(ordering: .acquiring) < 2 {}
    }
    #expect(arrived.load(ordering: .relaxed) == 2)
  }

  @Test func fewerThanOneIsOne() {
    let team = ThreadTeam(threads: 0)
    #expect(team.threads == 1)
    var items: [Int] = []
    team.run(items: 3) { item, thread in
      items.append(item)
      #expect(thread == 0)
    }
    team.run(items: -1) { item, _ in items.append(item) }
    #expect(items == [0, 1, 2])
  }

  /// Many teams come and go.
  @Test func teamsEnd() {
    for threads in 1...40 {
      let sum = Atomic<Int>(0)
      ThreadTeam(threads: threads % 5).run(items: threads) { item, _ in
        sum.add(item, ordering: .relaxed)
      }
      #expect(sum.load(ordering: .relaxed) == threads * (threads - 1) / 2)
    }
  }
}
