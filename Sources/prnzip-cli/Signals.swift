import Foundation

/// The unfinished output file, for the signal handler. A C string: a handler must not allocate.
nonisolated(unsafe) private var unfinishedPath: UnsafeMutablePointer<CChar>?

/// What the process does when it is told to stop, or when nobody reads its output.
enum Signals {
  /// Makes SIGINT, SIGTERM and SIGHUP remove the unfinished output before they end the process, and
  /// turns SIGPIPE and SIGXFSZ into errors of `write`.
  static func install() {
    unfinishedPath = nil
    signal(SIGPIPE, SIG_IGN)
    #if os(Linux)
      signal(SIGXFSZ, SIG_IGN)
    #endif
    for number in [SIGINT, SIGTERM, SIGHUP] where !isIgnored(number) {
      signal(number) { number in
        if let path = unfinishedPath { unlink(path) }
        // The default action ends the process with the signal's own status.
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }

  /// Names the file to remove; to be called before it is created. At most one at a time.
  static func willCreate(_ path: String) {
    unfinishedPath = strdup(path)
  }

  /// The file named before is complete or gone.
  static func didFinish() {
    let path = unfinishedPath
    unfinishedPath = nil
    free(path)
  }

  /// Under nohup, or in the background of a script, a signal that is ignored stays ignored.
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    #if os(Linux)
      let handler = action.__sigaction_handler.sa_handler
    #else
      let handler = action.__sigaction_u.__sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
