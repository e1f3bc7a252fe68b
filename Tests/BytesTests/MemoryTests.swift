import Bytes
import Testing

@Suite struct MemoryTests {
  /// Fails if the compiler leaves the allocation out.
  @Test func whatThereIsNotIsTold() {
    for bytes in [-1, .min, .max, 1 << 60] { #expect(!Memory.canAllocate(bytes)) }
    for bytes in [0, 1, 1 << 20] { #expect(Memory.canAllocate(bytes)) }
  }

  @Test func theErrorTellsTheBytes() {
    #expect(throws: OutOfMemory(bytes: 1 << 60)) { try Memory.check(1 << 58, of: 4) }
    #expect(throws: OutOfMemory(bytes: .max)) { try Memory.check(.max, of: 2) }
    #expect(throws: Never.self) { try Memory.check(1000, of: 4) }
    #expect("\(OutOfMemory(bytes: 12))" == "not enough memory for 12 bytes")
  }
}
