import ArgumentParser
import ImagePlanes
import PRNZip
import Sampling

/// `prnzip complete`: what a model takes the hidden part of an image to be.
struct CompleteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "complete",
    abstract: "Hide a part of images, draw it from a model, and write a sheet of them as PNG.",
    discussion: """
      A row of the sheet shows an image with its hidden part in black, the completions, and the \
      image itself.

      Each hidden value is drawn with the probability that the network gives it after what is \
      visible above it and to its left, without mixing.

      \(PRNZipCommand.exitStatus)
      """)

  @Argument(
    help: ArgumentHelp("8-bit RGB or gray PNG files, or 1-bit gray ones.", valueName: "image"))
  var images: [Place]

  @Option(
    help: ArgumentHelp(
      "bottom-half, or a gray 8-bit PNG of the images' size, which hides what it has below 128.",
      valueName: "bottom-half|mask.png"))
  var occlude = "bottom-half"

  @OptionGroup var sheet: SheetOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var limits: LimitOptions

  func run() throws {
    let limits = limits.limits
    func decoded(_ input: InputFile) throws -> Image {
      try Image.decoded(input.readAll(limit: limits.maximumBytes), limits)
    }
    let sampler = try sheet.sampler(threads: threads.count, limits: limits)
    let occlusion =
      occlude == "bottom-half"
      ? Occlusion.bottomHalf
      : .mask(try Console.reporting(occlude) { try decoded(InputFile(Place(argument: occlude))) })
    let inputs = try images.map { place in
      try Console.reporting(place.name) { try InputFile(place) }
    }
    try sheet.write(inputs: inputs) {
      let rows = try zip(images, inputs).map { place, input in
        try Console.reporting(place.name) {
          let image = try decoded(input)
          let completions = try sampler.complete(
            image, occlusion, count: sheet.count, seed: sheet.seed)
          return try ([occlusion.apply(to: image)] + completions + [image]).map {
            try $0.picture()
          }
        }
      }
      return Sheet(rows: rows)
    }
  }
}
