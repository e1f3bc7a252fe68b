import ArgumentParser
import PRNZip

/// How a PNG file is written, and whether of damaged files, too.
struct WritingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      How well new PNG files are deflated, 0 to 9; 0 is fastest. If not given, 2 for photographs, \
      and 6 where that is much smaller. Filters are chosen by trying. Exact, stored and PNM files \
      come back as they were.
      """, valueName: "n"))
  var level: Int?

  @Option(
    help: ArgumentHelp(
      """
      Write a PNG file of at most so many pixels on a side, scaled down, for thumbnails: FILE.prn \
      becomes FILE-small.png.
      """, valueName: "pixels"))
  var size: Int?

  @Flag(
    help: ArgumentHelp(
      """
      Write what can be saved of a damaged file: what is missing is transparent, or gray. The \
      missing rectangles go to standard error, and the exit status is 1.
      """))
  var salvage = false

  func validate() throws {
    if let size, !(1...65535).contains(size) {
      throw ValidationError("--size takes 1 to 65535, not \(size).")
    }
    if let level, !(0...9).contains(level) {
      throw ValidationError("--level takes 0 to 9, not \(level).")
    }
  }
}

extension Salvage {
  /// What is missing and what else is wrong, a line each.
  var lines: [String] {
    missing.map {
      "missing: rows \($0.row) to \($0.row + $0.height - 1), columns \($0.column) to "
        + "\($0.column + $0.width - 1): \($0.reason)"
    } + problems.map { "\($0)" }
  }
}

/// A file was written, but not all of what it should be.
struct IncompleteFile: Error, CustomStringConvertible {
  let salvage: Salvage

  var description: String {
    let (missing, problems) = (salvage.missing.count, salvage.problems.count)
    return "salvaged: \(missing) \(missing == 1 ? "rectangle is" : "rectangles are") missing, and "
      + "\(problems) other \(problems == 1 ? "thing is" : "things are") wrong"
  }
}
