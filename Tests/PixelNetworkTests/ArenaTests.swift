import Testing

@testable import PixelNetwork

@Suite struct ArenaTests {
  @Test func piecesAreApartAndZero() throws {
    let counts = [1, 64, 0, 3, 65, 1000]
    let size = counts.reduce(0) { $0 + Arena.bytes($1, of: Int32.self) }
    let arena = try #require(Arena(bytes: size + Arena.bytes(5, of: UInt8.self)))
    var pieces: [UnsafeMutablePointer<Int32>] = []
    for count in counts { pieces.append(arena.take(count, of: Int32.self)) }
    #expect(arena.used == size)
    let bytes = arena.take(5, of: UInt8.self)
    #expect(arena.used == arena.size)
    for (number, (piece, count)) in zip(pieces, counts).enumerated() {
      #expect(UInt(bitPattern: piece) % 64 == 0)
      for i in 0..<count {
        #expect(piece[i] == 0)
        piece[i] = Int32(number + 1)
      }
    }
    // None has written into another.
    for (number, (piece, count)) in zip(pieces, counts).enumerated() {
      #expect((0..<count).allSatisfy { piece[$0] == Int32(number + 1) })
    }
    #expect((0..<5).allSatisfy { bytes[$0] == 0 })
    withExtendedLifetime(arena) {}
  }

  @Test func bytesAreWholeCacheLines() {
    #expect([0, 1, 32, 33].map { Arena.bytes($0, of: Int16.self) } == [0, 64, 64, 128])
    #expect(Arena.bytes(16, of: Int64.self) == 128)
  }

  @Test func tooMuchIsRefused() {
    #expect(Arena(bytes: 1 << 60) == nil)
  }

  @Test func whoTakesMoreThanThereIsStops() async {
    await #expect(processExitsWith: .failure) {
      let arena = Arena(bytes: 64)
      _ = arena?.take(33, of: Int16.self)
    }
  }
}
