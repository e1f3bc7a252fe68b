import Bytes
import Glibc

/// Bytes that a caller is given: memory of malloc, which the caller frees.
final class ResultMemory: ByteSink {
  /// What more bytes than the limit give.
  static let overLimit = TransferError.system(EFBIG)

  /// Memory that `prnzip_free` frees; nil where there is none.
  static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer? { malloc(bytes) }

  private let limit: Int
  private var memory: UnsafeMutableRawPointer?
  private var capacity = 0
  private var count = 0

  /// - Parameter limit: the most bytes.
  init(limit: Int) { self.limit = limit }

  deinit { free(memory) }

  /// Appends the bytes.
  ///
  /// - Throws: `TransferError.outOfMemory`; `overLimit` where they are more than the limit.
  func write(_ bytes: UnsafeRawBufferPointer) throws(TransferError) {
    guard bytes.count <= limit - count else { throw Self.overLimit }
    if bytes.count > capacity - count || memory == nil {
      let needed = count + bytes.count
      // What is written at once takes no more than it needs.
      let wanted = count == 0 ? max(needed, 1) : max(needed, capacity + capacity / 2)
      guard let grown = realloc(memory, wanted) else {
        throw .outOfMemory(OutOfMemory(bytes: wanted))
      }
      memory = grown
      capacity = wanted
    }
    guard let source = bytes.baseAddress, let memory else { return }
    (memory + count).copyMemory(from: source, byteCount: bytes.count)
    count += bytes.count
  }

  /// Nothing written again.
  func restart() { count = 0 }

  /// Gives the memory away.
  ///
  /// - Returns: where it is, nil if nothing was written, and how many bytes it has.
  func take() -> (memory: UnsafeMutablePointer<UInt8>?, count: Int) {
    defer {
      memory = nil
      capacity = 0
      count = 0
    }
    return (memory?.assumingMemoryBound(to: UInt8.self), count)
  }
}
