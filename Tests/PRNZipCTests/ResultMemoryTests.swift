import Bytes
import Glibc
import Testing

@testable import PRNZipC

@Suite struct ResultMemoryTests {
  private func taken(_ result: ResultMemory) -> [UInt8]? {
    let (memory, count) = result.take()
    defer { free(memory) }
    return memory.map { Array(UnsafeBufferPointer(start: $0, count: count)) }
  }

  @Test(arguments: [[], [0], [1], [3, 0, 5], [1, 1, 1, 1, 1, 70, 1], [1000, 1]])
  func writesComeBack(_ sizes: [Int]) throws {
    let result = ResultMemory(limit: .max)
    var expected: [UInt8] = []
    for (index, size) in sizes.enumerated() {
      let bytes = [UInt8](repeating: UInt8(index + 1), count: size)
      try result.write(bytes)
      expected += bytes
    }
    #expect(taken(result) == (sizes.isEmpty ? nil : expected))
    #expect(taken(result) == nil)
  }

  @Test func whatIsWrittenBeforeARestartIsGone() throws {
    let result = ResultMemory(limit: 4)
    try result.write([1, 2, 3, 4])
    result.restart()
    try result.write([5, 6])
    #expect(taken(result) == [5, 6])
  }

  @Test func noMoreThanTheLimit() throws {
    let result = ResultMemory(limit: 4)
    try result.write([1, 2, 3])
    #expect(throws: TransferError.system(EFBIG)) { try result.write([4, 5]) }
    try result.write([4])
    #expect(taken(result) == [1, 2, 3, 4])
  }
}
