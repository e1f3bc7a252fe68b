import ArgumentParser
import PRNZip

/// The root command: it only knows its subcommands.
@main
struct PRNZipCommand: ParsableCommand {
  static let exitStatus = """
    Exit status: 0 when all is well, 1 when some file failed, 64 for wrong usage.
    """

  static let configuration = CommandConfiguration(
    commandName: "prnzip",
    abstract: "Compress PNG images without loss, with a neural network and a range coder.",
    discussion: """
      FILE may be '-', standard input; the output then is standard output unless -o names one. \
      Sources are kept. An output appears complete or not at all.

      \(exitStatus)
      """,
    version: "prnzip 0.1.0, format version \(Compressor.formatVersion)",
    subcommands: [
      CompressCommand.self, DecompressCommand.self, TestCommand.self, InfoCommand.self,
      ModelsCommand.self, SampleCommand.self, CompleteCommand.self,
    ])

  static func main() {
    Signals.install()
    main(nil)
  }
}
