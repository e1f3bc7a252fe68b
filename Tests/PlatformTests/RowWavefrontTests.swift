import Platform
import Testing

@Suite struct RowWavefrontTests {
  /// Numbers that follow from the left and the upper one.
  private func numbers(_ rows: Int, _ columns: Int, threads: Int) -> [UInt32] {
    let target = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: max(rows * columns, 1))
    defer { target.deallocate() }
    target.initialize(repeating: 0)
    nonisolated(unsafe) let shared = target
    RowWavefront(rows: rows, columns: columns).run(threads: threads) { front in
      while let row = front.nextRow() {
        front.forEachPiece(of: row) { piece in
          for column in piece {
            let left = column > 0 ? shared[row * columns + column - 1] : 1
            let above = row > 0 ? shared[(row - 1) * columns + column] : 7
            shared[row * columns + column] = (left ^ (above &* 31)) &* 2_654_435_761 &+ 1
          }
        }
      }
    }
    return Array(target.prefix(rows * columns))
  }

  @Test(arguments: [(0, 5), (5, 0), (1, 1), (1, 200), (300, 1), (70, 64), (57, 129), (40, 1000)])
  func resultsDoNotDependOnTheThreads(_ rows: Int, _ columns: Int) {
    let expected = numbers(rows, columns, threads: 1)
    #expect(expected.count == rows * columns)
    #expect(!expected.contains(0))
    for threads in [0, 2, 3, 8] {
      #expect(numbers(rows, columns, threads: threads) == expected)
    }
  }

  /// Every piece of every row once, in order.
  @Test func piecesCoverTheRow() {
    var seen: [Range<Int>] = []
    let front = RowWavefront(rows: 2, columns: 150)
    while let row = front.nextRow() { front.forEachPiece(of: row) { seen.append($0) } }
    #expect(seen.filter { $0.lowerBound == 0 }.count == 2)
    #expect(seen.map(\.count).reduce(0, +) == 300)
    #expect(zip(seen, seen.dropFirst()).allSatisfy { $1.lowerBound == $0.upperBound % 150 })
    #expect(front.nextRow() == nil)
  }
}
