import Glibc
import Platform
import SystemPackage

/// The unfinished output files, for the signal handler: C strings, as a handler must not allocate.
/// One that has been set aside is not freed, because a handler may be reading it.
nonisolated(unsafe) private let unfinishedPaths = UnsafeMutablePointer<
  UnsafeMutablePointer<CChar>?
>.allocate(capacity: Signals.mostFiles)
private let unfinishedLock = Lock()

/// What the process does when it is told to stop, or when nobody reads its output.
enum Signals {
  /// How many files may be unfinished at the same time; as many as there may be threads.
  static let mostFiles = ThreadOptions.limit

  /// What ends a process, unless it is told otherwise, and can be caught.
  private static let ends = [
    SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU, SIGALRM, SIGVTALRM, SIGPROF, SIGUSR1, SIGUSR2,
  ]

  /// Makes signals that end the process remove the unfinished output before, and
  /// turns SIGPIPE and SIGXFSZ into errors of `write`.
  static func install() {
    unfinishedPaths.initialize(repeating: nil, count: mostFiles)
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    for number in ends where !isIgnored(number) {
      signal(number) { number in
        for index in 0..<Signals.mostFiles {
          if let path = unfinishedPaths[index] { unlink(path) }
        }
        // The default action ends the process with the signal's own status.
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }

  /// Names a file to remove; to be called before it is created.
  static func willCreate(_ path: FilePath) {
    unfinishedLock.withLock {
      let free = (0..<mostFiles).first { unfinishedPaths[$0] == nil }
      if let free { unfinishedPaths[free] = path.withPlatformString { strdup($0) } }
    }
  }

  /// A file named before is complete or gone.
  static func didFinish(_ path: FilePath) {
    unfinishedLock.withLock {
      path.withPlatformString { name in
        for index in 0..<mostFiles {
          if let other = unfinishedPaths[index], strcmp(other, name) == 0 {
            unfinishedPaths[index] = nil
          }
        }
      }
    }
  }

  /// Under nohup, or in the background of a script, a signal that is ignored stays ignored.
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    let handler = action.__sigaction_handler.sa_handler
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
