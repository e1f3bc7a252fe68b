import ArgumentParser
import PRNZip

/// How much of the machine an image may ask for.
struct LimitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The most pixels of an image: a number, or one with K, M or G for 2^10, 2^20 or 2^30.",
      valueName: "n"))
  var maxPixels = Quantity(Limits().maximumPixels)

  @Option(
    help: ArgumentHelp(
      """
      The most bytes of memory for a file and its image, or for a strip of a large one, all \
      threads together; likewise.
      """, valueName: "n"))
  var memoryLimit = Quantity(Limits().maximumBytes)

  /// The limits.
  var limits: Limits {
    Limits(maximumPixels: maxPixels.value, maximumBytes: memoryLimit.value)
  }
}

/// A positive number such as 8192, 64M or 2G.
struct Quantity: ExpressibleByArgument, Equatable, CustomStringConvertible {
  let value: Int

  private static let units: [(suffix: String, shift: Int)] = [("G", 30), ("M", 20), ("K", 10)]

  init(_ value: Int) { self.value = value }

  init?(argument: String) {
    let unit = Self.units.first { argument.uppercased().hasSuffix($0.suffix) }
    let digits = unit == nil ? argument[...] : argument.dropLast()
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      let number = Int(digits), number > 0
    else { return nil }
    let (value, overflow) = number.multipliedReportingOverflow(by: 1 << (unit?.shift ?? 0))
    guard !overflow else { return nil }
    self.value = value
  }

  var description: String {
    let unit = Self.units.first { value % (1 << $0.shift) == 0 }
    return unit.map { "\(value >> $0.shift)\($0.suffix)" } ?? "\(value)"
  }

  var defaultValueDescription: String { description }
}
