import Platform
import Synchronization
import Testing

@Suite struct SideBySideTests {
  /// All there is to do is done once, whoever does it, and all is over when `run` is.
  @Test(arguments: [0, 1, 2, 7]) func callsShareTheWork(_ calls: Int) {
    for _ in 0..<50 {
      let next = Atomic<Int>(0), sum = Atomic<Int>(0), made = Atomic<Int>(0)
      SideBySide.run(calls) {
        made.add(1, ordering: .relaxed)
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < 100 else { return }
          sum.add(index, ordering: .relaxed)
        }
      }
      #expect(sum.load(ordering: .relaxed) == 4950)
      #expect((1...max(calls, 1)).contains(made.load(ordering: .relaxed)))
    }
  }
}
