import Foundation
import Testing

@testable import PRNZip

@Suite struct TileScheduleTests {
  /// Counts the calls for each tile, from all threads.
  private final class Calls: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [Int: [Int]] = [:]
    var threads: [Int: [Int]] { lock.withLock { list } }
    func add(_ index: Int, _ threads: Int) {
      lock.withLock { list[index, default: []].append(threads) }
    }
  }

  @Test(
    arguments: [(0, 1), (1, 1), (1, 4), (5, 1), (4, 4), (6, 4), (9, 2), (100, 7), (3, 0)],
    [true, false])
  func everyTileComesOnce(_ size: (count: Int, threads: Int), sharesTiles: Bool) throws {
    let (count, threads) = size
    let calls = Calls()
    let schedule = TileSchedule(count: count, threads: threads, sharesTiles: sharesTiles)
    try schedule.run { (index, threads) throws(PRNZipError) in calls.add(index, threads) }
    #expect(calls.threads.count == count)
    for index in 0..<count {
      #expect(calls.threads[index] == [index < schedule.sideBySide ? 1 : max(threads, 1)])
    }
  }

  @Test func fullRoundsRunSideBySide() {
    #expect(TileSchedule(count: 24, threads: 2).sideBySide == 24)
    #expect(TileSchedule(count: 25, threads: 2).sideBySide == 24)
    #expect(TileSchedule(count: 1, threads: 2).sideBySide == 0)
    #expect(TileSchedule(count: 5, threads: 1).sideBySide == 0)
    #expect(TileSchedule(count: 25, threads: 2, sharesTiles: false).sideBySide == 25)
  }

  @Test(arguments: [1, 2, 4])
  func theFirstErrorComesOut(threads: Int) {
    let calls = Calls()
    #expect(throws: PRNZipError.tileFailed(index: 5, reason: "")) {
      try TileSchedule(count: 1000, threads: threads).run {
        (index, threads) throws(PRNZipError) in
        calls.add(index, threads)
        if index == 5 { throw .tileFailed(index: index, reason: "") }
        // Otherwise another thread could do all the rest while this one is held up at 5.
        if index > 5 { Thread.sleep(forTimeInterval: 0.001) }
      }
    }
    #expect(calls.threads.count < 1000)
  }
}
