import ArgumentParser
import FoundationEssentials
import Glibc
import ModelStore

/// How much is said on standard error.
struct VerbosityOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say more: model, tiles, time.")
  var verbose = false

  @Flag(
    inversion: .prefixedNo,
    help: "Show how far the work is; done on a terminal unless told otherwise.")
  var progress: Bool?

  func validate() throws {
    if quiet && verbose { throw ValidationError("-q and -v exclude each other.") }
  }

  /// What is said of a job that is done; nil for nothing.
  ///
  /// - Parameters:
  ///   - job: the job.
  ///   - text: what is always said.
  ///   - details: what -v adds.
  /// - Returns: a line.
  func line(_ job: Job, _ text: String, details: @autoclosure () -> String? = nil) -> String? {
    if quiet { return nil }
    return Console.oneLine("\(job.input.name): \(text)" + (verbose ? details() ?? "" : ""))
  }

  /// Whether there is a line that says how far the work is.
  var showsProgress: Bool { progress ?? (!quiet && isatty(STDERR_FILENO) == 1) }
}

/// Where it is written down what became of each file.
struct LogOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Append a line of JSON for each input to a file; '-' is standard output. A name that is not \
      UTF-8 is there in base 64, too.
      """, valueName: "log"))
  var log: Place?

  /// - Throws: `ValidationError` where log and output would be one stream.
  func check(_ outputs: OutputOptions) throws {
    if log == .standardStream, outputs.goToStandardOutput {
      throw ValidationError("Log and output cannot both go to standard output.")
    }
  }

  /// The log, opened.
  ///
  /// - Throws: `ExitCode.failure` if it cannot be written, after reporting it.
  func open() throws -> BatchLog? {
    try log.map { log in try Console.reporting(log.name) { try BatchLog(log) } }
  }
}

extension Effort: ExpressibleByArgument {}

/// How much work goes into a small file.
struct EffortOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      """
      instant, fast, default or best: smaller files for more time, in both directions. instant \
      does without networks, and without lattices. Of the others, a higher one tries what the \
      lower ones do where that may be smaller.
      """, valueName: "effort"))
  var effort = Effort.default

  @Flag(help: "Code with the network's softmax alone, without mixing.")
  var pure = false
}

/// How much of the machine is used.
struct ThreadOptions: ParsableArguments {
  static let limit = 1024

  @Option(
    name: [.customShort("T", allowingJoined: true), .long],
    help: ArgumentHelp(
      """
      Threads, 1 to \(limit); all processors if not given, or 0. The output is the same for each \
      number.
      """, valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, !(0...Self.limit).contains(threads) {
      throw ValidationError("--threads takes 0 to \(Self.limit), not \(threads).")
    }
  }

  /// The number to use.
  var count: Int {
    if let threads, threads > 0 { return threads }
    return min(max(ProcessInfo.processInfo.activeProcessorCount, 1), Self.limit)
  }
}
