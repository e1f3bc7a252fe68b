import ArgumentParser
import Foundation
import PRNZip

/// `prnzip test`: decode and verify, write nothing.
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Decode and verify prn files; write nothing.",
    discussion: PRNZipCommand.exitStatus)

  @OptionGroup var inputs: InputOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var limits: LimitOptions
  @OptionGroup var verbosity: VerbosityOptions
  @OptionGroup var models: DecodingModelOptions

  func run() throws {
    let choice = try ModelChoice(models.model)
    let decompressor = Decompressor(
      choice.decompressorOptions(threads: threads.count, limits: limits.limits))

    try Console.forEach(inputs.files.map { Place($0) }, name: \.name) { place in
      let start = ContinuousClock.now
      let progress = ProgressLine(place.name, quiet: verbosity.quiet)
      let input = try InputFile(place)
      let prn = try input.source(limit: limits.limits.maximumBytes)
      try decompressor.test(prn) { progress.update($0) }
      progress.clear()
      if !verbosity.quiet {
        let report = try Summary(of: prn, store: choice.store)
        Console.note(
          Console.oneLine("\(place.name): ok, gives back \(report.givesBack)")
            + (verbosity.verbose ? report.details(since: start) : ""))
      }
    }
  }
}
