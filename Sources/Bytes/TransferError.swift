import Glibc

/// Why bytes did not come from where they are, or not get to where they belong.
public enum TransferError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What the system says, as `errno`.
  case system(Int32)
  /// There is not as much memory as they take.
  case outOfMemory(OutOfMemory)
  /// Somebody has asked that no more be transferred.
  case cancelled

  /// What the system has just said.
  package static var last: TransferError { .system(errno) }

  /// One line for people.
  public var description: String {
    switch self {
    case .system(let code): String(cString: strerror(code))
    case .outOfMemory(let error): error.description
    case .cancelled: "cancelled"
    }
  }
}
