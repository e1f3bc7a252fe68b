import Glibc
import Platform

/// A line on standard error that says how far a file is.
final class ProgressLine: @unchecked Sendable {
  private let name: String
  private let isShown: Bool
  private let lock = Lock()
  private let start = ContinuousClock.now
  // Both are used with the lock held.
  private var lastUpdate: ContinuousClock.Instant?
  private var isDrawn = false

  /// - Parameters:
  ///   - name: the file, as the line calls it.
  ///   - isShown: whether there is a line at all.
  init(_ name: String, isShown: Bool) {
    self.name = Console.oneLine(name)
    self.isShown = isShown
  }

  deinit { clear() }

  /// Shows that `fraction`, 0 to 1, is done; at most ten times a second. May come from any thread.
  func update(_ fraction: Double) {
    guard isShown else { return }
    lock.withLock {
      let now = ContinuousClock.now
      if let lastUpdate, now - lastUpdate < .milliseconds(100) { return }
      lastUpdate = now
      isDrawn = true
      let percent = Int((min(max(fraction, 0), 1) * 100).rounded(.down))
      draw("\(name): \(percent) %\(remaining(fraction, elapsed: (now - start).seconds))")
    }
  }

  /// Removes the line.
  func clear() {
    lock.withLock {
      if isDrawn { draw("") }
      isDrawn = false
    }
  }

  private func remaining(_ fraction: Double, elapsed: Double) -> String {
    guard fraction > 0.01, fraction < 1, elapsed > 1 else { return "" }
    let seconds = elapsed * (1 - fraction) / fraction
    guard seconds < 1e6 else { return "" }
    return ", \(Int(seconds.rounded(.up))) s left"
  }

  private func draw(_ text: String) {
    // A line that is too long would go on in the next one, and stay there.
    let shown = text.count < columns ? text : "..." + text.suffix(max(columns - 4, 0))
    try? writeAll(Array("\r\u{1B}[K\(shown)".utf8), to: STDERR_FILENO, name: "-")
  }

  /// Those of the terminal.
  private var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}

extension Duration {
  /// The duration in seconds.
  var seconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
