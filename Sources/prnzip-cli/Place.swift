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
    let name = path.lexicallyNormalized().string
    return ["/dev/fd/", "/dev/std", "/proc/"].contains { name.hasPrefix($0) }
  }

  /// Where the system's name of a standard stream stands for that stream.
  ///
  /// - Parameter name: of the stream.
  /// - Returns: "-" for that name; else the same place.
  func standard(_ name: String) -> Place {
    guard case .file(let path) = self, path.lexicallyNormalized().string == name else {
      return self
    }
    return .standardStream
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
  /// - Parameter argument: one of `RawArguments`.
  init(argument: String) {
    self = argument == "-" ? .standardStream : .file(FilePath(argument: argument))
  }

  var defaultValueDescription: String { name }
}
