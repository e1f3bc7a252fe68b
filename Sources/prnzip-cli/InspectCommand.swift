import ArgumentParser
import Bytes
import Inspection
import PRNZip

/// `prnzip inspect`: a page that shows where the bytes of a file are.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Make a page (HTML) that shows where the bytes of an image are: FILE.html.",
    discussion: """
      FILE is a PNG, PNM or PAM file, which is compressed first, or a prn file. The page stands on \
      its own, without network and other files: the image, the bits of each pixel as a map, those \
      of planes, rows and tiles, what was chosen for each tile, and why a file is stored.

      \(PRNZipCommand.exitStatus)
      """)

  @OptionGroup var inputs: InputOptions
  @OptionGroup var outputs: OutputOptions
  @OptionGroup var effort: EffortOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var limits: LimitOptions
  @OptionGroup var verbosity: VerbosityOptions

  @Option(
    help: ArgumentHelp(
      "An embedded model's name or a weight file, to compress or decode with.",
      valueName: "name|file"))
  var model: String?

  func validate() throws {
    if outputs.sources == .removed { throw ValidationError("--rm does not go with a page.") }
  }

  func run() throws {
    let models = try ModelChoice(model)
    let batch = Batch(
      threads: threads.count, limits: limits.limits, verbosity: verbosity, log: nil)
    try batch.run(inputs, extensions: Paths.sources + Paths.compressed) { inputs in
      try outputs.jobs(inputs) { path, _ in Paths.pageName(for: path) }
    } _: { job, context in
      try inspect(job, context, models)
    }
  }

  private func inspect(
    _ job: Job, _ context: JobContext, _ models: ModelChoice
  ) throws -> JobReport {
    if outputs.skips(job) { return .skipped(outputs.skipLine(job, verbosity)) }
    var inspector = Inspector()
    inspector.compressor = Compressor(
      models.compressorOptions(threads: context.threads, limits: context.limits, effort: effort))
    inspector.decompressor = Decompressor(
      models.decompressorOptions(threads: context.threads, limits: context.limits))
    let input = try InputFile(job.input)
    let output = try outputs.file(job, inputs: [input])
    var source = try input.source(limit: context.limits.maximumBytes)
    var pngBytes: Int?
    let start = try source.bytes(0..<min(FileFormat.startSize, source.count))
    if FileFormat(start: start) != .prn {
      let prn = ArraySink()
      try inspector.compressor.compress(source, to: prn) { context.progress?.update($0) }
      pngBytes = source.count
      source = ArraySource(prn.take())
    }
    let page = try inspector.page(of: source, name: job.input.name, pngBytes: pngBytes) {
      context.progress?.update($0)
    }
    context.progress?.clear()
    try output.append(page)
    try output.commit(like: nil)
    let text = "page of \(output.size) bytes, \(output.place.name)"
    return JobReport(line: verbosity.line(job, text))
  }
}
