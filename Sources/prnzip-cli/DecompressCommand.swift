import ArgumentParser
import Bytes
import Foundation
import PRNZip

/// `prnzip decompress`: prn files to PNG files.
struct DecompressCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decompress",
    abstract: "Decompress prn files: FILE.prn becomes FILE.png.",
    discussion: """
      What is decoded is always verified against the digest in the file; a preview, only against \
      the checksums of its part of the file.

      \(PRNZipCommand.exitStatus)
      """)

  @OptionGroup var inputs: InputOptions
  @OptionGroup var outputs: OutputOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var limits: LimitOptions
  @OptionGroup var verbosity: VerbosityOptions
  @OptionGroup var models: DecodingModelOptions

  @Flag(
    help: ArgumentHelp(
      """
      Write the small image of files of a multi-scale model alone: FILE.prn becomes \
      FILE-preview.png. What comes behind it in the file is not read, and may be missing.
      """))
  var preview = false

  @Flag(
    help: ArgumentHelp(
      """
      Write a new PNG file of the pixels and chunks, also of files made with --exact: for machines \
      whose zlib compresses differently.
      """))
  var pixels = false

  func run() throws {
    let jobs = try Paths.jobs(
      inputs: inputs.files, output: outputs.output,
      naming: preview ? Paths.previewName : Paths.decompressedName)
    let choice = try ModelChoice(models.model)
    var options = choice.decompressorOptions(threads: threads.count, limits: limits.limits)
    options.pixelsOnly = pixels
    let decompressor = Decompressor(options)

    try Console.forEach(jobs, name: \.input.name) { job in
      let start = ContinuousClock.now
      let input = try InputFile(job.input)
      let output = try OutputFile(job.output, overwrite: outputs.force, inputs: [input])
      let progress = ProgressLine(job.input.name, quiet: verbosity.quiet)
      let limit = limits.limits.maximumBytes
      let prn: any ByteSource
      if preview {
        let bytes = try input.readAll(limit: limit)
        try output.append(decompressor.preview(bytes))
        prn = ArraySource(bytes)
      } else {
        prn = try input.source(limit: limit)
        try output.receive { () throws(PRNZipError) in
          try decompressor.decompress(prn, to: output) { progress.update($0) }
        }
      }
      progress.clear()
      try output.commit(like: input)
      if preview && !verbosity.quiet {
        Console.note(Console.oneLine("\(job.input.name): preview of \(output.size) bytes"))
      } else if !verbosity.quiet {
        let report = try Summary(of: prn, store: choice.store)
        Console.note(
          Console.oneLine("\(job.input.name): \(report.decompression(to: output.size))")
            + (verbosity.verbose ? report.details(since: start) : ""))
      }
    }
  }
}
