import Synchronization
import Testing

@testable import PRNZip

@Suite struct ThreadTeamTests {
  private final class Counts: Sendable {
    let sum = Atomic<Int>(0)
    let calls = Atomic<Int>(0)
    let wrongThreads = Atomic<Int>(0)
  }

  /// More threads than processors, too.
  @Test(arguments: [1, 2, 3, 9])
  func everyItemIsDoneOnceBeforeRunReturns(_ threads: Int) {
    let counts = Counts()
    let team = ThreadTeam(threads: threads) { item, thread in
      counts.sum.add(item, ordering: .relaxed)
      counts.calls.add(1, ordering: .relaxed)
      if thread < 0 || thread >= threads { counts.wrongThreads.add(1, ordering: .relaxed) }
    }
    var sum = 0
    var calls = 0
    for round in 0..<3000 {
      let items = round % 8
      team.run(items: items)
      calls += items
      sum += items * (items - 1) / 2
      #expect(counts.calls.load(ordering: .relaxed) == calls)
      #expect(counts.sum.load(ordering: .relaxed) == sum)
    }
    #expect(counts.wrongThreads.load(ordering: .relaxed) == 0)
  }
}
