import ArgumentParser
import Glibc
import SystemPackage

/// Where bytes come from or go to.
enum Place: Hashable, Sendable {
  /// "-": standard input or standard output.
  case standardStream
  case file(FilePath)

  /// The name that messages use, with U+FFFD for what is not UTF-8.
  var name: String {
    switch self {
    case .standardStream: "-"
    case .file(let path): path.string
    }
  }
}

extension Place {
  /// Whether it is the name of something that is open already, as shells give for <(...).
  var isDescriptor: Bool {
    guard case .file(let path) = self else { return false }
    return ["/dev/fd/", "/proc/self/fd/"].contains { path.string.hasPrefix($0) }
  }

  /// Opens it.
  ///
  /// - Parameters:
  ///   - flags: of the system's `open`, for a file.
  ///   - standard: the standard stream that "-" means, which is open already.
  /// - Returns: a descriptor.
  /// - Throws: `FileError`.
  func open(_ flags: Int32, standard: Int32) throws(FileError) -> Int32 {
    guard case .file(let path) = self else { return standard }
    let descriptor = path.withPlatformString { Glibc.open($0, flags | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { throw .system(name) }
    return descriptor
  }
}

extension Place: ExpressibleByArgument {
  /// "-", and what the system calls the standard streams: beside those there are no files to make.
  private static let standardStreams = ["-", "/dev/stdin", "/dev/stdout"]

  /// - Parameter argument: one of `RawArguments`.
  init(argument: String) {
    self =
      Self.standardStreams.contains(argument)
      ? .standardStream : .file(FilePath(argument: argument))
  }

  var defaultValueDescription: String { name }
}
