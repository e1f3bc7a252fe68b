import Dispatch
import Testing

@testable import Platform

@Suite struct LockTests {
  private final class Counter: @unchecked Sendable {
    private let lock = Lock()
    private var count = 0
    var value: Int { lock.withLock { count } }

    func increment() {
      lock.withLock {
        let before = count
        // Another thread that came in here would be lost.
        for _ in 0..<20 { _ = lockless() }
        count = before + 1
      }
    }

    @inline(never) private func lockless() -> Int { count }
  }

  private enum Refusal: Error { case refused }

  @Test func oneThreadAtATime() {
    let counter = Counter()
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for _ in 0..<5000 { counter.increment() }
    }
    #expect(counter.value == 20000)
  }

  @Test func itIsFreeAfterAnError() {
    let lock = Lock()
    #expect(throws: Refusal.refused) {
      try lock.withLock { () throws(Refusal) in throw .refused }
    }
    #expect(lock.withLock { 7 } == 7)
  }
}
