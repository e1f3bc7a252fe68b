/// Where bytes are written to, one after the other.
public protocol ByteSink: AnyObject {
  /// Writes bytes behind those before.
  ///
  /// - Throws: `TransferError`.
  func write(_ bytes: UnsafeRawBufferPointer) throws(TransferError)

  /// The same of an array.
  ///
  /// - Throws: `TransferError`.
  func write(_ bytes: [UInt8]) throws(TransferError)

  /// Forgets what has been written, so that the next bytes are the first ones.
  ///
  /// - Throws: `TransferError`.
  func restart() throws(TransferError)
}

extension ByteSink {
  /// Writes the bytes where they lie.
  ///
  /// - Throws: `TransferError`.
  public func write(_ bytes: [UInt8]) throws(TransferError) {
    try bytes.withUnsafeBufferPointer { bytes throws(TransferError) in
      try write(UnsafeRawBufferPointer(bytes))
    }
  }
}

/// Keeps what is written in an array.
public final class ArraySink: ByteSink {
  /// What has been written.
  public private(set) var bytes: [UInt8] = []

  /// Nothing written.
  public init() {}

  /// Appends the bytes.
  ///
  /// - Throws: `TransferError.outOfMemory`.
  public func write(_ more: UnsafeRawBufferPointer) throws(TransferError) {
    if more.count > bytes.capacity - bytes.count {
      let capacity = 2 * bytes.capacity + more.count
      guard Memory.canAllocate(capacity) else {
        throw .outOfMemory(OutOfMemory(bytes: capacity))
      }
      bytes.reserveCapacity(capacity)
    }
    bytes.append(contentsOf: more)
  }

  /// Takes the array over where it is the first, so that it is not copied.
  ///
  /// - Throws: `TransferError.outOfMemory`.
  public func write(_ more: [UInt8]) throws(TransferError) {
    if bytes.isEmpty {
      bytes = more
      return
    }
    try more.withUnsafeBufferPointer { more throws(TransferError) in
      try write(UnsafeRawBufferPointer(more))
    }
  }

  /// Nothing written again.
  public func restart() { bytes.removeAll() }

  /// Gives away what has been written.
  package func take() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }
}

/// Counts what is written, and keeps nothing.
package final class CountingSink: ByteSink {
  /// How many bytes have been written.
  package private(set) var count = 0

  /// Nothing written.
  package init() {}

  package func write(_ bytes: UnsafeRawBufferPointer) { count += bytes.count }

  package func restart() { count = 0 }
}
