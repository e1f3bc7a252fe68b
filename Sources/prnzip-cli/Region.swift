import ArgumentParser
import PRNZip

/// A rectangle of pixels, as `X,Y,WxH` of the command line.
struct Region: Equatable {
  let pixels: PixelRegion

  /// - Throws: `ValidationError` where it is no rectangle.
  init(argument: String) throws {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let size = parts.last.map { $0.split(separator: "x", omittingEmptySubsequences: false) } ?? []
    let numbers = (parts.dropLast() + size).map(Self.number)
    guard parts.count == 3, size.count == 2, let x = numbers[0], let y = numbers[1],
      let width = numbers[2], let height = numbers[3]
    else { throw ValidationError("not four numbers such as 10,20,64x48.") }
    guard width > 0, height > 0 else {
      throw ValidationError("\(width)x\(height) pixels are none.")
    }
    pixels = PixelRegion(x: x, y: y, width: width, height: height)
  }

  /// A number without a sign.
  private static func number(_ text: Substring) -> Int? {
    text.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text) : nil
  }
}
