import Glibc

/// There is not as much memory as something needs.
public struct OutOfMemory: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was asked for; `Int.max` for more than any number tells.
  public let bytes: Int

  /// An error that tells of so many bytes.
  public init(bytes: Int) { self.bytes = bytes }

  /// One line for people.
  public var description: String { "not enough memory for \(bytes) bytes" }
}

/// Asks for memory before Swift does, which ends the process where there is none.
package enum Memory {
  /// Bytes that stay behind what is asked for: of the many small things nobody asks.
  private static let reserve = 1 << 20

  /// Bytes that an array takes besides its elements, and more.
  private static let header = 1 << 12

  /// Whether `bytes` bytes can be had at once, with some left.
  ///
  /// They are allocated and freed again, and never touched. Another thread may take them before the
  /// caller does.
  package static func canAllocate(_ bytes: Int) -> Bool {
    guard bytes > 0 else { return bytes == 0 }
    let (all, overflow) = bytes.addingReportingOverflow(header)
    let block = overflow ? nil : malloc(all)
    let behind = malloc(reserve)
    release(block)
    release(behind)
    return block != nil && behind != nil
  }

  /// Checks that memory can be had.
  ///
  /// - Parameters:
  ///   - count: of elements, 0 or more.
  ///   - size: bytes of an element.
  /// - Throws: `OutOfMemory`, also where the product is too large for an `Int`.
  package static func check(_ count: Int, of size: Int = 1) throws(OutOfMemory) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow, canAllocate(bytes) else { throw OutOfMemory(bytes: overflow ? .max : bytes) }
  }

  /// Asks ahead for memory of many small things, so that not each has to ask.
  package struct Allowance {
    /// Bytes to ask for at least.
    private static let step = 1 << 20
    private var taken = 0
    private var left = 0

    /// Nothing taken.
    package init() {}

    /// Takes some bytes of memory, which are allocated then.
    ///
    /// - Parameter bytes: 0 or more.
    /// - Throws: `OutOfMemory` if there are no such, or not as many as all that has been taken: an
    ///   array that grows is held twice.
    package mutating func take(_ bytes: Int) throws(OutOfMemory) {
      if bytes > left {
        left = max(bytes, taken, Self.step)
        try Memory.check(left)
      }
      left -= bytes
      taken += bytes
    }
  }

  /// In a function of its own: a compiler that sees both calls may leave them out.
  @inline(never)
  private static func release(_ block: UnsafeMutableRawPointer?) { free(block) }
}
