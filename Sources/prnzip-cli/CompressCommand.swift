import ArgumentParser
import Bytes
import Glibc
import PNGFile
import PRNZip

extension ColourTransformChoice: ExpressibleByArgument {}

/// `prnzip compress`: PNG files to prn files.
struct CompressCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compress",
    abstract: "Compress PNG, PNM and PAM files: FILE.png becomes FILE.prn.",
    discussion: """
      Photographs are predicted by a network, and pictures of few colours by what they repeat. \
      Pixels, header and chunks come back as they were, and so do the pixels of an animation's \
      frames; with --exact, or if a PNG file cannot be \
      made smaller, its very bytes.

      \(PRNZipCommand.exitStatus)
      """)

  @OptionGroup var inputs: InputOptions
  @OptionGroup var outputs: OutputOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var limits: LimitOptions
  @OptionGroup var verbosity: VerbosityOptions
  @OptionGroup var log: LogOptions
  @OptionGroup var chunks: ChunkOptions

  @Option(
    help: ArgumentHelp(
      """
      An embedded model's name ('prnzip models' lists them) or a weight file, instead of the \
      effort's own.
      """, valueName: "name|file"))
  var model: String?

  @OptionGroup var effort: EffortOptions

  @Option(
    help: ArgumentHelp(
      """
      The largest width and height of a network's tile in pixels, 1 to 65535. A size that divides \
      the image's sides is kept, so that the small images of a mosaic, say, are predicted one by \
      one. Models of digits take 28 at most. At effort instant, the largest width alone, of \
      photographs 1024 at most.
      """, valueName: "n"))
  var tile = Compressor.Options().tileLimit

  @Option(
    help: ArgumentHelp(
      """
      auto or none: whether colours are coded as the luma and chroma that they came from, where \
      the pixels show that they did. Not used with --model or --pure.
      """, valueName: "transform"))
  var transform = ColourTransformChoice.auto

  @Flag(
    help: ArgumentHelp(
      """
      Keep what it takes to give back the very PNG file: how it was filtered and deflated. A file \
      that no settings of zlib make is stored.
      """))
  var exact = false

  @Flag(help: "Decode each result and compare it with the source before it gets its name.")
  var verify = false

  func validate() throws {
    if !(1...65535).contains(tile) {
      throw ValidationError("--tile takes 1 to 65535, not \(tile).")
    }
    if exact && chunks.selection != .all {
      throw ValidationError("--exact keeps every byte; --strip and --keep do not.")
    }
  }

  func run() throws {
    try log.check(outputs)
    let models = try ModelChoice(model)
    let batch = Batch(
      threads: threads.count, limits: limits.limits, verbosity: verbosity, log: try log.open())
    try batch.run(inputs, extensions: Paths.sources) { inputs in
      try outputs.jobs(inputs) { path, _ in Paths.compressedName(for: path) }
    } _: { job, context in
      try compress(job, context, models)
    }
  }

  private func compress(
    _ job: Job, _ context: JobContext, _ models: ModelChoice
  ) throws -> JobReport {
    let start = ContinuousClock.now
    if outputs.skips(job) { return .skipped(outputs.skipLine(job, verbosity)) }
    var options = models.compressorOptions(
      threads: context.threads, limits: context.limits, effort: effort)
    options.tileLimit = tile
    options.isExact = exact
    options.transform = transform

    let input = try InputFile(job.input)
    let output = try outputs.file(job, inputs: [input])
    let given = try input.source(limit: context.limits.maximumBytes)
    let png: any ByteSource =
      chunks.selection == .all ? given : try StrippedPNG(given, keeping: chunks.selection)
    // A pipe gets nothing before all is well.
    let held = output.canRestart ? nil : ArraySink()
    try output.receive { () throws(PRNZipError) in
      try Compressor(options).compress(png, to: held ?? output) { context.progress?.update($0) }
    }
    context.progress?.clear()
    let prn: any ByteSource = try output.written() ?? ArraySource(held?.bytes ?? [])
    if verify || outputs.sources == .removed {
      let decompressor = Decompressor(
        models.decompressorOptions(threads: context.threads, limits: context.limits))
      try FileComparison(png, prn, decompressor).check()
      context.progress?.clear()
    }
    if let held { try output.append(held.bytes) }
    let summary = try Summary(of: prn, store: models.store)
    try output.commit(like: input)
    if outputs.sources == .removed { try input.remove() }
    return JobReport(
      line: verbosity.line(
        job, summary.compression(from: given.count),
        details: summary.details(since: start, isExact: exact)),
      inputBytes: given.count, outputBytes: prn.count, information: summary.information)
  }
}
