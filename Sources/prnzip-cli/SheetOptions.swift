import ArgumentParser
import Glibc
import PNGFile
import PRNZip
import Sampling

/// The options of the commands that draw images and write a sheet of them.
struct SheetOptions: ParsableArguments {
  /// The most images of a sheet's row or, of `sample`, of all of it.
  static let mostImages = 1000
  private static let sharpnesses =
    "\(Sampler.sharpnesses.lowerBound) to \(Sampler.sharpnesses.upperBound)"

  @Option(
    help: ArgumentHelp(
      """
      An embedded model's name ('prnzip models' lists them) or a weight file, instead of \
      photo-default, gray for gray images, or mnist-rowlstm for 1-bit ones.
      """, valueName: "name|file"))
  var model: String?

  @Option(help: ArgumentHelp("How many images to draw, 1 to \(mostImages).", valueName: "n"))
  var count = 4

  @Option(
    help: ArgumentHelp(
      "Another number, other images: the same number gives the same ones on every machine.",
      valueName: "n"))
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      """
      The power of the probabilities to draw with, \(Self.sharpnesses): 1 is the model as it is, \
      more keeps to what is likely.
      """, valueName: "n"))
  var sharpness = 1

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The PNG to write; '-' is standard output.", valueName: "sheet.png"))
  var output: OutputName

  @Flag(name: .shortAndLong, help: "Overwrite the output, and write to a terminal.")
  var force = false

  func validate() throws {
    if output.isOfFolder { throw ValidationError(output.refusal + ".") }
    if !Sampler.sharpnesses.contains(sharpness) {
      throw ValidationError("--sharpness takes \(Self.sharpnesses), not \(sharpness).")
    }
    if !(1...Self.mostImages).contains(count) {
      throw ValidationError("--count takes 1 to \(Self.mostImages), not \(count).")
    }
  }

  /// What draws the images.
  ///
  /// - Throws: `ExitCode.failure` if the model cannot be read, after reporting it.
  func sampler(threads: Int, limits: Limits) throws -> Sampler {
    var options = try ModelChoice(model).samplerOptions(threads: threads, limits: limits)
    options.sharpness = sharpness
    return Sampler(options)
  }

  /// Writes the sheet of the rows that `rows` gives.
  ///
  /// - Throws: `ExitCode.failure` if something fails, after reporting it.
  func write(inputs: [InputFile] = [], _ sheet: () throws -> Sheet) throws {
    do {
      let file = try OutputFile(output.place, overwrite: force, inputs: inputs)
      try file.append(PNGFile.encode(sheet().image(), level: 6))
      try file.commit(like: nil)
    } catch let error as ExitCode {
      throw error
    } catch {
      Console.report(error, file: output.place.name)
      throw ExitCode.failure
    }
  }
}
