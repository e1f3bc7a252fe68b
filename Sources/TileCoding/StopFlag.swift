import CAdaptive
import EntropyCoding

/// Tells work on other threads to end, once and for all.
///
/// Codecs look at it at each row or diagonal: what they have made then is worth nothing.
package final class StopFlag: @unchecked Sendable {
  // Unchecked: all access is atomic.
  private let value: UnsafeMutablePointer<Int32>

  /// Not set.
  package init() {
    value = .allocate(capacity: 1)
    value.initialize(to: 0)
  }

  deinit { value.deallocate() }

  /// Sets it.
  package func set() { prn_stop(value) }

  /// Whether it is set.
  package var isSet: Bool { prn_is_stopped(value) != 0 }

  /// What code in C looks at, as long as the flag lives.
  package var pointer: UnsafePointer<Int32> { UnsafePointer(value) }

  /// - Throws: `EntropyCodingError.cancelled` once it is set.
  package func check() throws(EntropyCodingError) {
    if isSet { throw .cancelled }
  }
}
