import Glibc

/// Bytes that can be read in any order: an array, or a file on a disk, which need not fit into
/// memory.
///
/// Ranges are always inside of 0 ..< `count`.
public protocol ByteSource: Sendable {
  /// How many bytes there are.
  var count: Int { get }

  /// Reads `target.count` bytes from `offset` on.
  ///
  /// - Throws: `TransferError.system`.
  func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws(TransferError)

  /// All bytes.
  ///
  /// - Throws: `TransferError`.
  func all() throws(TransferError) -> [UInt8]

  /// Gives `body` the bytes of a range, in one piece or several, in their order. Each is valid
  /// until `body` returns.
  ///
  /// - Throws: `TransferError`.
  func forEachPiece(
    of range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(TransferError)
}

extension ByteSource {
  /// Bytes that are read at once.
  private static var pieceSize: Int { 1 << 18 }

  private static func check(_ count: Int) throws(TransferError) {
    do {
      try Memory.check(count)
    } catch {
      throw .outOfMemory(error)
    }
  }

  /// The bytes of a range.
  ///
  /// - Throws: `TransferError`.
  package func bytes(_ range: Range<Int>) throws(TransferError) -> [UInt8] {
    try Self.check(range.count)
    var bytes = [UInt8](repeating: 0, count: range.count)
    try bytes.withUnsafeMutableBufferPointer { target throws(TransferError) in
      try read(at: range.lowerBound, into: UnsafeMutableRawBufferPointer(target))
    }
    return bytes
  }

  /// All bytes, read at once.
  ///
  /// - Throws: `TransferError`.
  public func all() throws(TransferError) -> [UInt8] { try bytes(0..<count) }

  /// Pieces of 256 KiB.
  ///
  /// - Throws: `TransferError`.
  public func forEachPiece(
    of range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(TransferError) {
    try Self.check(min(range.count, Self.pieceSize))
    var piece: [UInt8] = []
    for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.pieceSize) {
      let end = min(start + Self.pieceSize, range.upperBound)
      if end - start != piece.count { piece = [UInt8](repeating: 0, count: end - start) }
      try piece.withUnsafeMutableBufferPointer { piece throws(TransferError) in
        try read(at: start, into: UnsafeMutableRawBufferPointer(piece))
        body(UnsafeRawBufferPointer(UnsafeBufferPointer(piece)))
      }
    }
  }
}

/// The bytes of an array, which is not copied.
public struct ArraySource: ByteSource {
  private let array: [UInt8]

  /// A source of these bytes.
  public init(_ array: [UInt8]) { self.array = array }

  /// Those of the array.
  public var count: Int { array.count }

  /// Copies bytes.
  public func read(
    at offset: Int, into target: UnsafeMutableRawBufferPointer
  ) throws(TransferError) {
    array.withUnsafeBytes {
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + target.count]))
    }
  }

  /// One piece, where it lies.
  public func forEachPiece(
    of range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(TransferError) {
    array.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }

  /// The array.
  public func all() -> [UInt8] { array }
}

/// The bytes of a file that is open for reading. They must not change meanwhile: a file that has
/// become shorter gives an error.
public struct FileSource: ByteSource {
  /// As many as the file has when the source is made.
  public let count: Int
  private let descriptor: Int32
  private let owner: (any AnyObject & Sendable)?

  /// - Parameters:
  ///   - descriptor: of a regular file; the source does not close it.
  ///   - owner: who does; it lives as long as the source.
  /// - Throws: `TransferError.system`.
  public init(
    descriptor: Int32, owner: (any AnyObject & Sendable)? = nil
  ) throws(TransferError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .last }
    self.descriptor = descriptor
    self.owner = owner
    count = Int(status.st_size)
  }

  /// Reads bytes, wherever the file stands.
  ///
  /// - Throws: `TransferError.system`; `ENODATA` where the file has ended.
  public func read(
    at offset: Int, into target: UnsafeMutableRawBufferPointer
  ) throws(TransferError) {
    var done = 0
    while done < target.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: target[done...])
      let count = pread(
        descriptor, rest.baseAddress, min(rest.count, 1 << 30), off_t(offset + done))
      if count > 0 {
        done += count
      } else if count == 0 {
        throw .system(ENODATA)
      } else if errno != EINTR {
        throw .last
      }
    }
  }
}
