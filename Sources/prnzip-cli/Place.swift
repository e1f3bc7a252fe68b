import ArgumentParser
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

extension Place: ExpressibleByArgument {
  /// - Parameter argument: one of `RawArguments`.
  init(argument: String) {
    self = argument == "-" ? .standardStream : .file(FilePath(argument: argument))
  }

  var defaultValueDescription: String { name }
}
