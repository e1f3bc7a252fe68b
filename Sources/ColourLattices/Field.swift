import Glibc

/// Memory for one number of each pixel, or cell, that may be had or not.
///
/// Threads that share it write different numbers.
final class Field<Element: BitwiseCopyable>: @unchecked Sendable {
  /// How many there are.
  let count: Int
  /// The numbers, at first zeros.
  let values: UnsafeMutablePointer<Element>

  /// nil where memory is short.
  init?(_ count: Int) {
    self.count = max(count, 1)
    guard let memory = calloc(self.count, MemoryLayout<Element>.stride) else { return nil }
    values = memory.bindMemory(to: Element.self, capacity: self.count)
  }

  deinit { free(values) }

  /// The numbers of a row of `width`.
  @inline(__always)
  func row(_ row: Int, width: Int) -> UnsafeMutablePointer<Element> { values + row &* width }
}
