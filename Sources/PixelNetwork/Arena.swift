import Glibc

/// Zeroed memory in one piece, which its owner deals out; freed with it.
final class Arena: @unchecked Sendable {
  private let memory: UnsafeMutableRawPointer
  /// Bytes dealt out so far.
  private(set) var used = 0
  /// Bytes that there are.
  let size: Int
  /// A cache line.
  private static let alignment = 64

  /// - Returns: nil where memory is short.
  init?(bytes: Int) {
    size = bytes
    guard let memory = calloc(max(bytes, 1) + Self.alignment, 1) else { return nil }
    self.memory = memory
  }

  deinit { free(memory) }

  /// What `count` elements take of an arena.
  static func bytes<Element>(_ count: Int, of type: Element.Type) -> Int {
    let bytes = count * MemoryLayout<Element>.stride
    return (bytes + alignment - 1) / alignment * alignment
  }

  /// The next `count` elements, all zero. Whoever makes the arena has counted them all in `bytes`.
  func take<Element: BitwiseCopyable>(
    _ count: Int, of type: Element.Type
  ) -> UnsafeMutablePointer<Element> {
    let start = memory.alignedUp(toMultipleOf: Self.alignment) + used
    used += Self.bytes(count, of: type)
    precondition(used <= size, "an arena of \(size) bytes is too small")
    return start.bindMemory(to: type, capacity: count)
  }
}
