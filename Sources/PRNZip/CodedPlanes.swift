import Bytes
import ImagePlanes

extension PixelFormat {
  /// A format of so many planes of bytes, for planes that are coded.
  ///
  /// - Parameters:
  ///   - count: of channels, 1 to 4.
  ///   - isDeep: whether each has two planes.
  init(codedChannels count: Int, isDeep: Bool = false) {
    let channels: [Channels] = [.gray, .gray, .grayAlpha, .rgb, .rgba]
    self.init(channels[min(max(count, 0), 4)], depth: isDeep ? 16 : 8)
  }
}

extension Image {
  /// The planes of some channels of this image, which are not copied.
  ///
  /// - Parameters:
  ///   - channels: their numbers.
  ///   - byte: which byte of samples of 16 bits, 0 the high one; nil for both.
  /// - Returns: the planes.
  func coded(_ channels: [Int], byte: Int? = nil) -> Image {
    let bytes = format.depth > 8 ? 2 : 1
    let kept = channels.flatMap { channel in
      (0..<bytes).filter { byte == nil || $0 == byte }.map { planes[channel * bytes + $0] }
    }
    return Image(
      PixelFormat(codedChannels: channels.count, isDeep: bytes == 2 && byte == nil), planes: kept)
  }

  /// An image of zeros, of planes of bytes.
  ///
  /// - Throws: `PRNZipError.outOfMemory`.
  static func black(
    codedChannels: Int, isDeep: Bool = false, width: Int, height: Int
  ) throws(PRNZipError) -> Image {
    try black(
      PixelFormat(codedChannels: codedChannels, isDeep: isDeep), width: width, height: height)
  }

  /// Which pixels have alpha 0.
  ///
  /// Complexity: O(pixels).
  var isTransparent: [Bool] {
    guard format.channels.hasAlpha else { return [] }
    let bytes = format.depth > 8 ? 2 : 1
    let alpha = planes.suffix(bytes)
    var result = [Bool](repeating: true, count: width * height)
    for plane in alpha {
      for (index, sample) in plane.samples.enumerated() where sample != 0 {
        result[index] = false
      }
    }
    return result
  }
}
