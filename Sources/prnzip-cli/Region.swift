import ArgumentParser
import PRNZip

/// A rectangle of pixels, as `X,Y,WxH` of the command line.
struct Region: ExpressibleByArgument, Equatable {
  let pixels: PixelRegion

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 3 else { return nil }
    let size = parts[2].split(separator: "x", omittingEmptySubsequences: false)
    let numbers = (parts.prefix(2) + size).map(Self.number)
    guard size.count == 2, let x = numbers[0], let y = numbers[1], let width = numbers[2],
      let height = numbers[3], width > 0, height > 0
    else { return nil }
    pixels = PixelRegion(x: x, y: y, width: width, height: height)
  }

  /// A number without a sign.
  private static func number(_ text: Substring) -> Int? {
    text.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text) : nil
  }
}
