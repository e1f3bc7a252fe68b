import Bytes
import Platform
import TileCoding

/// Asks compressors and decompressors to end early.
///
///     var options = Compressor.Options()
///     options.cancellation = Cancellation()
///     ...
///     options.cancellation?.cancel()  // from any thread
///
/// Whoever works with it throws `PRNZipError.cancelled` within a fraction of a second, and gives
/// nothing back. It cannot be taken back: another work needs another one.
public final class Cancellation: Sendable {
  /// What codecs look at.
  let flag = StopFlag()
  private let followers = Followers()

  /// Nothing cancelled.
  public init() {}

  /// Ends all work with this cancellation; from any thread, any number of times.
  public func cancel() {
    flag.set()
    for follower in followers.all { follower.cancel() }
  }

  /// Whether somebody has cancelled.
  public var isCancelled: Bool { flag.isSet }

  /// - Throws: `PRNZipError.cancelled`.
  func check() throws(PRNZipError) {
    if isCancelled { throw .cancelled }
  }

  /// Does some work that ends with this cancellation, and with its own.
  func with<Result>(_ follower: Cancellation, _ work: () async -> Result) async -> Result {
    followers.add(follower)
    defer { followers.remove(follower) }
    if isCancelled { follower.cancel() }
    return await work()
  }

  /// Cancellations that are cancelled with another one.
  private final class Followers: @unchecked Sendable {
    private let lock = Lock()
    private var list: [Cancellation] = []

    var all: [Cancellation] { lock.withLock { list } }

    func add(_ follower: Cancellation) { lock.withLock { list.append(follower) } }

    func remove(_ follower: Cancellation) {
      lock.withLock { list.removeAll { $0 === follower } }
    }
  }
}

// Who reads a PNG file asks for bytes again and again, and who writes one gives some: where they
// stop, these do.

/// A source that gives no more bytes once it is cancelled.
private struct CancellableSource: ByteSource {
  let base: any ByteSource
  let cancellation: Cancellation

  var count: Int { base.count }

  func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws(TransferError) {
    if cancellation.isCancelled { throw .cancelled }
    try base.read(at: offset, into: target)
  }

  func all() throws(TransferError) -> [UInt8] {
    if cancellation.isCancelled { throw .cancelled }
    return try base.all()
  }
}

/// A sink that takes no more bytes once it is cancelled.
private final class CancellableSink: ByteSink {
  private let base: any ByteSink
  private let cancellation: Cancellation

  init(_ base: any ByteSink, _ cancellation: Cancellation) {
    self.base = base
    self.cancellation = cancellation
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(TransferError) {
    if cancellation.isCancelled { throw .cancelled }
    try base.write(bytes)
  }

  func restart() throws(TransferError) { try base.restart() }
}

extension Cancellation? {
  /// - Throws: `PRNZipError.cancelled`.
  func check() throws(PRNZipError) { try self?.check() }

  /// A source that ends with the work.
  func watching(_ source: any ByteSource) -> any ByteSource {
    map { CancellableSource(base: source, cancellation: $0) } ?? source
  }

  /// A sink that ends with the work.
  func watching(_ sink: any ByteSink) -> any ByteSink {
    map { CancellableSink(sink, $0) } ?? sink
  }
}
