import Bytes
import ImagePlanes
import PNGFile

extension PNGInformation {
  /// Whether the image can be modelled (FORMAT.md, section 1.4), if there is a model for it.
  var canBeModelled: Bool { isPlain && PixelFormat.modelled.contains(pixelFormat) }
}

extension PixelFormat {
  /// Those of images that can be modelled.
  static let modelled: [PixelFormat] = [.rgb8, .gray8, .gray1]

  /// For messages: "1-bit images of one plane".
  var imagesInWords: String {
    let numbers = ["no plane", "one plane", "two planes", "three planes", "four planes"]
    let count = channels.count
    return (depth == 8 ? "" : "\(depth)-bit ")
      + (channels == .palette ? "images with a palette" : "images of \(numbers[count])")
  }
}

extension Image {
  /// The image as a picture of 8 bits: values of fewer bits are spread over 0 to 255.
  ///
  /// Other images are given back as they are.
  ///
  /// - Returns: the picture.
  /// - Throws: `OutOfMemory`.
  public func picture() throws(OutOfMemory) -> Image {
    guard format.depth < 8, format.channels != .palette else { return self }
    try Memory.check(width * height, of: planes.count)
    let white = 1 << format.depth - 1
    let values = (0...255).map { UInt8(min($0, white) * 255 / white) }
    return Image(
      PixelFormat(format.channels, depth: 8),
      planes: planes.map { plane in
        var plane = plane
        plane.samples = plane.samples.map { values[Int($0)] }
        return plane
      })
  }
}
