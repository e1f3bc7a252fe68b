import Glibc

/// A bare thread of the system.
///
/// Foundation's `Thread` allocates some MiB when its first one starts, and ends the process where
/// there are none.
package enum DetachedThread {
  /// Bytes of each stack, whatever the shell's limit is: the arithmetic takes less than 256 KiB.
  package static let stackSize = 1 << 20

  private final class Start {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Runs `body` on a thread of its own, or never, if the system does not give one.
  ///
  /// - Parameters:
  ///   - stackSize: bytes of its stack.
  ///   - body: what it does.
  /// - Returns: whether there is a thread.
  @discardableResult
  package static func start(
    stackSize: Int = stackSize, _ body: @escaping @Sendable () -> Void
  ) -> Bool {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return false }
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackSize)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let start = Unmanaged.passRetained(Start(body))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, &attributes,
      { argument in
        let argument: UnsafeMutableRawPointer? = argument
        if let argument { Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, start.toOpaque())
    if status != 0 { start.release() }
    return status == 0
  }
}
