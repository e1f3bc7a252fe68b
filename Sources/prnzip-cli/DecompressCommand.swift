import ArgumentParser
import Bytes
import Glibc
import PRNZip
import SystemPackage

/// `prnzip decompress`: prn files to PNG files.
struct DecompressCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decompress",
    abstract: "Decompress prn files: FILE.prn becomes FILE.png.",
    discussion: """
      What is decoded is always verified against the digest in the file; a preview or a region, \
      only against checksums.

      \(PRNZipCommand.exitStatus)
      """)

  @OptionGroup var inputs: InputOptions
  @OptionGroup var outputs: OutputOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var limits: LimitOptions
  @OptionGroup var verbosity: VerbosityOptions
  @OptionGroup var log: LogOptions
  @OptionGroup var models: DecodingModelOptions

  @Flag(
    help: ArgumentHelp(
      """
      Write the small image of files of a multi-scale model alone: FILE.prn becomes \
      FILE-preview.png. What comes behind it in the file is not read, and may be missing.
      """))
  var preview = false

  @Option(
    help: ArgumentHelp(
      """
      Write these pixels alone, W columns and H rows from column X and row Y on, both from 0: \
      FILE.prn becomes FILE-region.png. No more is decoded than it takes.
      """, valueName: "X,Y,WxH"), transform: Region.init(argument:))
  var region: Region?

  @Flag(
    help: ArgumentHelp(
      """
      Write a new PNG file of the pixels and chunks, also of files made with --exact: for machines \
      whose zlib compresses differently.
      """))
  var pixels = false

  @OptionGroup var writing: WritingOptions

  func validate() throws {
    if [preview, region != nil, writing.size != nil, writing.salvage].count(where: { $0 }) > 1 {
      throw ValidationError("--preview, --region, --size and --salvage exclude each other.")
    }
    if outputs.sources == .removed, part != nil || writing.salvage {
      throw ValidationError(
        "--rm goes with whole images, not with --preview, --region, --size or --salvage.")
    }
  }

  /// What is written in the place of the whole image; nil for that.
  private var part: String? {
    preview ? "preview" : region != nil ? "region" : writing.size != nil ? "small image" : nil
  }

  /// Where the output of an input goes.
  private func outputName(for path: FilePath, of input: Place) -> FilePath {
    if preview { return Paths.previewName(for: path) }
    if region != nil { return Paths.regionName(for: path) }
    if writing.size != nil { return Paths.smallName(for: path) }
    // What cannot be read now is reported when its turn comes.
    // Nor is a pipe opened twice.
    var status = stat()
    let isRegular =
      path.withPlatformString({ stat($0, &status) }) == 0 && status.st_mode & S_IFMT == S_IFREG
    let ending = isRegular ? try? FileInformation.fileExtension(InputFile(input).start()) : nil
    return Paths.decompressedName(for: path, ending: ending ?? "png")
  }

  func run() throws {
    try log.check(outputs)
    let choice = try ModelChoice(models.model)
    let batch = Batch(
      threads: threads.count, limits: limits.limits, verbosity: verbosity, log: try log.open())
    try batch.run(inputs, extensions: Paths.compressed) { inputs in
      try outputs.jobs(inputs, naming: outputName)
    } _: { job, context in
      try decompress(job, context, choice)
    }
  }

  private func decompress(
    _ job: Job, _ context: JobContext, _ choice: ModelChoice
  ) throws -> JobReport {
    let start = ContinuousClock.now
    if outputs.skips(job) { return .skipped(outputs.skipLine(job, verbosity)) }
    var options = choice.decompressorOptions(threads: context.threads, limits: context.limits)
    options.pixelsOnly = pixels
    options.level = writing.level
    let decompressor = Decompressor(options)

    let input = try InputFile(job.input)
    let output = try outputs.file(job, inputs: [input])
    let limit = context.limits.maximumBytes
    let prn: any ByteSource
    if preview {
      let bytes = try input.readAll(limit: limit)
      try output.append(decompressor.preview(bytes))
      prn = ArraySource(bytes)
    } else if let region {
      let bytes = try input.readAll(limit: limit)
      try output.append(
        decompressor.decompress(bytes, region: region.pixels) { context.progress?.update($0) })
      prn = ArraySource(bytes)
    } else if let size = writing.size {
      prn = try input.source(limit: limit)
      try output.append(
        decompressor.thumbnail(of: prn, side: size) { context.progress?.update($0) })
    } else if writing.salvage {
      let bytes = try input.readAll(limit: limit)
      let salvage = try decompressor.salvage(bytes)
      try output.append(salvage.file)
      guard salvage.isWhole else {
        context.progress?.clear()
        try output.commit(like: input)
        for line in salvage.lines { Console.note(Console.oneLine("\(job.input.name): \(line)")) }
        throw IncompleteFile(salvage: salvage)
      }
      prn = ArraySource(bytes)
    } else {
      prn = try input.source(limit: limit)
      try output.receive { () throws(PRNZipError) in
        try decompressor.decompress(prn, to: output) { context.progress?.update($0) }
      }
    }
    context.progress?.clear()
    if outputs.sources == .removed, let png = try output.written() {
      try FileComparison(png, prn, decompressor).check()
    }
    let summary = part != nil ? nil : try Summary(of: prn, store: choice.store)
    try output.commit(like: input)
    if outputs.sources == .removed { try input.remove() }
    let text =
      summary?.decompression(to: output.size) ?? "\(part ?? "image") of \(output.size) bytes"
    return JobReport(
      line: verbosity.line(job, text, details: summary?.details(since: start)),
      inputBytes: prn.count, outputBytes: output.size,
      information: summary?.information)
  }
}
