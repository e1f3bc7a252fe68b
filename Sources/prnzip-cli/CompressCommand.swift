import ArgumentParser
import Bytes
import Foundation
import PRNZip

extension ColourTransformChoice: ExpressibleByArgument {}

/// `prnzip compress`: PNG files to prn files.
struct CompressCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compress",
    abstract: "Compress PNG files: FILE.png becomes FILE.prn.",
    discussion: """
      Photographs are predicted by a network, and pictures of few colours by what they repeat. \
      Pixels, header and chunks come back as they were; with --exact, or if a PNG file cannot be \
      made smaller, its very bytes.

      \(PRNZipCommand.exitStatus)
      """)

  @OptionGroup var inputs: InputOptions
  @OptionGroup var outputs: OutputOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var limits: LimitOptions
  @OptionGroup var verbosity: VerbosityOptions

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
      one. Models of digits take 28 at most. At effort instant, the largest width alone, 1024 at \
      most.
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

  @Flag(help: "Decode each result and compare before it is written.")
  var verify = false

  func validate() throws {
    if !(1...65535).contains(tile) {
      throw ValidationError("--tile takes 1 to 65535, not \(tile).")
    }
  }

  func run() throws {
    let jobs = try Paths.jobs(
      inputs: inputs.files, output: outputs.output, naming: Paths.compressedName)
    let models = try ModelChoice(model)
    var options = models.compressorOptions(
      threads: threads.count, limits: limits.limits, effort: effort)
    options.tileLimit = tile
    options.isExact = exact
    options.transform = transform
    let compressor = Compressor(options)
    let verifier =
      verify
      ? Decompressor(
        models.decompressorOptions(threads: threads.count, limits: limits.limits)) : nil

    try Console.forEach(jobs, name: \.input.name) { job in
      let start = ContinuousClock.now
      let input = try InputFile(job.input)
      let output = try OutputFile(job.output, overwrite: outputs.force, inputs: [input])
      let progress = ProgressLine(job.input.name, quiet: verbosity.quiet)
      let png = try input.source(limit: limits.limits.maximumBytes)
      // A pipe gets nothing before all is well.
      let held = output.canRestart ? nil : ArraySink()
      try output.receive { () throws(PRNZipError) in
        try compressor.compress(png, to: held ?? output) { progress.update($0) }
      }
      progress.clear()
      let prn: any ByteSource = try output.written() ?? ArraySource(held?.bytes ?? [])
      try verifier?.test(prn) { progress.update($0) }
      progress.clear()
      if let held { try output.append(held.bytes) }
      let report = verbosity.quiet ? nil : try Summary(of: prn, store: models.store)
      try output.commit(like: input)
      if let report {
        Console.note(
          Console.oneLine("\(job.input.name): \(report.compression(from: png.count))")
            + (verbosity.verbose ? report.details(since: start) : ""))
      }
    }
  }
}
