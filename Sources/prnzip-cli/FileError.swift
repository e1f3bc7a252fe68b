import Bytes
import Glibc

/// What went wrong with a file, apart from what is in it.
struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  enum Reason: Equatable, Sendable {
    case system(Int32)
    case isDirectory
    case isFolder
    case notWritableKind
    case exists
    case isItsOwnInput
    case terminal
    case tooLarge(limit: Int)
    case isWrittenAlready(from: String)
    case notRemovable
    case hasChanged
    case isLink
    case notVerifiable
    case notALog
    case hasNoFolder
    case cannotBeRemoved(Int32)
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
    case .cancelled: reason = .system(ECANCELED)
    }
  }

  init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }

  var description: String {
    switch reason {
    case .system(let code): String(cString: strerror(code))
    case .isDirectory: "is a directory; -r takes the files in it"
    case .isFolder: "is a directory; --output-dir puts files into it"
    case .notWritableKind: "is neither a regular file, a character device nor a pipe"
    case .exists: "exists already; -f overwrites it"
    case .isItsOwnInput: "is the input itself"
    case .terminal: "standard output is a terminal; use -o FILE, a pipe, or -f"
    case .tooLarge(let limit): "is larger than \(limit) bytes"
    case .isWrittenAlready(let other): "is where \(other) is written to already"
    case .notRemovable: "is no regular file, and is not removed"
    case .isLink: "is a symbolic link, and is not removed"
    case .notVerifiable: "is no regular file, and --rm needs an output that can be verified"
    case .notALog: "is no log, and nothing is appended to it"
    case .hasNoFolder: "is nothing that an output could be put beside; use -o FILE or -c"
    case .cannotBeRemoved(let code):
      "is done, but cannot be removed: \(String(cString: strerror(code)))"
    case .hasChanged: "has changed meanwhile, and is not removed"
    }
  }
}
