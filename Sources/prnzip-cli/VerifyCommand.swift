import ArgumentParser
import Bytes
import Glibc
import PRNZip

/// `prnzip verify`: a proof that nothing was lost.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Prove that two files, PNG or prn, hold the same image.",
    discussion: """
      What is compared is what decompressing gives: size and kind, each sample, all chunks, and of \
      animations the samples of each frame. The digests are those of the samples, row by row \
      (SHA-256), so that others can check them.

      Exit status: 0 when nothing was lost, 1 when something was, or a file cannot be read, 64 for \
      wrong usage.
      """)

  @Argument(help: ArgumentHelp("A PNG or prn file.", valueName: "source"))
  var source: Place

  @Argument(help: ArgumentHelp("What was made of it: a prn or PNG file.", valueName: "result"))
  var result: Place

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var limits: LimitOptions
  @OptionGroup var models: DecodingModelOptions

  @Flag(name: .shortAndLong, help: "Print nothing: the exit status tells.")
  var quiet = false

  func run() throws {
    let choice = try ModelChoice(models.model)
    let decompressor = Decompressor(
      choice.decompressorOptions(threads: threads.count, limits: limits.limits))
    let files = try [source, result].map { place in
      try Console.reporting(place.name) {
        try InputFile(place).source(limit: limits.limits.maximumBytes)
      }
    }
    let comparison = try Console.reporting(result.name) {
      do {
        return try FileComparison(files[0], files[1], decompressor)
      } catch {
        // Is it the source that is wrong?
        try Console.reporting(source.name) {
          _ = try FileComparison(files[0], files[0], decompressor)
        }
        throw error
      }
    }
    if !quiet { try Console.print(text(comparison)) }
    if !comparison.isLossless { throw ExitCode.failure }
  }

  private func text(_ comparison: FileComparison) -> String {
    var lines = [
      Console.oneLine("\(source.name), \(result.name): ")
        + (comparison.isLossless ? "the same image" : "NOT the same image")
    ]
    for (place, content) in zip([source, result], comparison.contents) {
      guard let content else { continue }
      lines.append(
        "  \(content.sampleDigest)  \(content.width)x\(content.height), "
          + "\(content.channels) x \(content.depth) bit, \(content.chunks) chunks  "
          + Console.oneLine(place.name))
    }
    func told(_ name: String, _ isEqual: Bool) -> String {
      "  \(name) \(isEqual ? "equal" : "DIFFERENT")"
    }
    lines.append(told("header ", comparison.headersAreEqual))
    lines.append(told("samples", comparison.samplesAreEqual))
    lines.append(told("chunks ", comparison.chunksAreEqual))
    lines.append("  files   \(comparison.bytesAreEqual ? "equal" : "made anew")")
    return lines.joined(separator: "\n")
  }
}
