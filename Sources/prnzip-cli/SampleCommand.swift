import ArgumentParser
import PRNZip
import Sampling

/// `prnzip sample`: images that a model makes up.
struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Draw images from a model, and write a sheet of them as PNG.",
    discussion: """
      Each value is drawn with the probability that the network gives it, without mixing.

      \(PRNZipCommand.exitStatus)
      """)

  @Option(
    help: ArgumentHelp(
      "Width and height of an image in pixels; 64x64 if it is not given.", valueName: "wxh"),
    transform: PixelSize.init(argument:))
  var size = PixelSize(width: 64, height: 64)

  @OptionGroup var sheet: SheetOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var limits: LimitOptions

  func run() throws {
    let sampler = try sheet.sampler(threads: threads.count, limits: limits.limits)
    try sheet.write {
      let images = try sampler.sample(
        width: size.width, height: size.height, count: sheet.count, seed: sheet.seed)
      return Sheet(try images.map { try $0.picture() })
    }
  }
}

/// A size such as 64x48.
struct PixelSize: Equatable, CustomStringConvertible {
  static let limit = 65535
  let width: Int
  let height: Int

  var description: String { "\(width)x\(height)" }

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// - Throws: `ValidationError` where it is no size.
  init(argument: String) throws {
    let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1] else {
      throw ValidationError("not two numbers such as 64x48.")
    }
    guard (1...Self.limit).contains(width), (1...Self.limit).contains(height) else {
      throw ValidationError("width and height are 1 to \(Self.limit).")
    }
    self.init(width: width, height: height)
  }
}
