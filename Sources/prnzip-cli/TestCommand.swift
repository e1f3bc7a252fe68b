import ArgumentParser
import Glibc
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
  @OptionGroup var log: LogOptions
  @OptionGroup var models: DecodingModelOptions

  func run() throws {
    let choice = try ModelChoice(models.model)
    let batch = Batch(
      threads: threads.count, limits: limits.limits, verbosity: verbosity, log: try log.open())
    try batch.run(inputs, extensions: Paths.compressed) { inputs in
      inputs.map { .job(Job(input: $0.place, output: nil)) }
    } _: { job, context in
      let start = ContinuousClock.now
      let prn = try InputFile(job.input).source(limit: context.limits.maximumBytes)
      let decompressor = Decompressor(
        choice.decompressorOptions(threads: context.threads, limits: context.limits))
      try decompressor.test(prn) { context.progress?.update($0) }
      let summary = try Summary(of: prn, store: choice.store)
      return JobReport(
        line: verbosity.line(
          job, "ok, gives back \(summary.givesBack)", details: summary.details(since: start)),
        inputBytes: prn.count, information: summary.information)
    }
  }
}
