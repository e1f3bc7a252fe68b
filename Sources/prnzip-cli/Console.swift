import ArgumentParser
import Glibc
import PRNZip

/// What goes to standard output and standard error as text.
enum Console {
  /// Writes a line to standard error. One write, so that lines of several processes don't mix.
  static func note(_ line: String) {
    // A standard error that is closed is nothing that could be reported.
    try? writeAll(Array((line + "\n").utf8), to: STDERR_FILENO, name: "-")
  }

  /// Reports an error: `prnzip: FILE: message`, on one line whatever the name holds.
  static func report(_ error: any Error, file: String) {
    let known = error as? FileError
    // Who has stopped reading wants to hear nothing more.
    if known?.path == "-", known?.reason == .system(EPIPE) { return }
    let name = known?.path ?? file
    note(oneLine("prnzip: \(name.isEmpty ? "''" : name): \(error)\(advice(on: error))"))
  }

  /// Which option allows more.
  private static func advice(on error: any Error) -> String {
    guard case PRNZipError.limitExceeded(let what, _, _)? = error as? PRNZipError else { return "" }
    return switch what {
    case "pixels": "; --max-pixels allows more"
    case "bytes of memory": "; --memory-limit allows more"
    default: ""
    }
  }

  /// Does `body`; an error is reported as one of this file.
  ///
  /// - Throws: `ExitCode.failure`.
  static func reporting<Value>(_ file: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let code as ExitCode {
      throw code
    } catch {
      report(error, file: file)
      throw ExitCode.failure
    }
  }

  /// Writes text to standard output.
  ///
  /// - Throws: `ExitCode.failure` if that fails, after reporting it.
  static func print(_ text: String) throws {
    do {
      try writeAll(Array((text + "\n").utf8), to: STDOUT_FILENO, name: "-")
    } catch {
      report(error, file: "-")
      throw ExitCode.failure
    }
  }

  /// The text with every control character replaced by "?".
  static func oneLine(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
  }
}
