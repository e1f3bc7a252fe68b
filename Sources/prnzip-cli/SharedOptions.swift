import ArgumentParser
import Foundation
import ModelStore

/// The inputs of every subcommand that has any.
struct InputOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The files to read; '-' is standard input.", valueName: "file"))
  var files: [String]
}

/// Where the output goes.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The output, for one input; '-' is standard output.", valueName: "out"))
  var output: String?

  @Flag(name: .shortAndLong, help: "Overwrite outputs, and write to a terminal.")
  var force = false
}

/// How much is said on standard error.
struct VerbosityOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say more: model, tiles, time.")
  var verbose = false

  func validate() throws {
    if quiet && verbose { throw ValidationError("-q and -v exclude each other.") }
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
    name: .long,
    help: ArgumentHelp(
      """
      Threads, 1 to \(limit); all processors if not given. The output is the same for each number.
      """, valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, !(1...Self.limit).contains(threads) {
      throw ValidationError("--threads takes 1 to \(Self.limit), not \(threads).")
    }
  }

  /// The number to use.
  var count: Int {
    threads ?? min(max(ProcessInfo.processInfo.activeProcessorCount, 1), Self.limit)
  }
}
