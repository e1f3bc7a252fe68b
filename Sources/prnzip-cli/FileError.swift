import Bytes
import Foundation

/// What went wrong with a file, apart from what is in it.
struct FileError: Error, Equatable, CustomStringConvertible {
  enum Reason: Equatable {
    case system(Int32)
    case isDirectory
    case notWritableKind
    case exists
    case isItsOwnInput
    case terminal
    case tooLarge(limit: Int)
  }

  /// The file, or "-".
  let path: String
  let reason: Reason

  /// The error that the C library has just reported.
  static func system(_ path: String) -> FileError {
    FileError(path: path, reason: .system(errno))
  }

  /// What a failed transfer is, of the file called `path`.
  init(_ error: TransferError, path: String) {
    self.path = path
    switch error {
    case .system(let code): reason = .system(code)
    case .outOfMemory: reason = .system(ENOMEM)
    }
  }

  init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }

  var description: String {
    switch reason {
    case .system(let code): String(cString: strerror(code))
    case .isDirectory: "is a directory"
    case .notWritableKind: "is neither a regular file, a character device nor a pipe"
    case .exists: "exists already; -f overwrites it"
    case .isItsOwnInput: "is the input itself"
    case .terminal: "standard output is a terminal; use -o FILE, a pipe, or -f"
    case .tooLarge(let limit): "is larger than \(limit) bytes"
    }
  }
}
