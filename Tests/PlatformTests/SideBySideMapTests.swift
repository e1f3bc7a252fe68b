import Platform
import Testing

@Suite struct SideBySideMapTests {
  private struct Odd: Error, Equatable { let number: Int }

  @Test(arguments: [0, 1, 2, 100], [0, 1, 3]) func resultsAreInOrder(_ count: Int, threads: Int) {
    let squares = SideBySide.map(count, threads: threads) { $0 * $0 }
    #expect(squares == (0..<count).map { $0 * $0 })
  }

  /// On one thread, nothing is begun behind an error.
  @Test(arguments: [1, 4]) func errorsComeOut(threads: Int) {
    let error = #expect(throws: Odd.self) {
      try SideBySide.map(100, threads: threads) { number throws(Odd) in
        if number % 2 == 1 { throw Odd(number: number) }
        return number
      }
    }
    if threads == 1 { #expect(error == Odd(number: 1)) }
  }
}
