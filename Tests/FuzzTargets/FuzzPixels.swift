import Bytes
import ImagePlanes
import ModelStore
import PNGFile
import TestSupport

/// An image of bytes: the first ones say format, size, effort and tiles, the others are samples,
/// over and over.
struct FuzzPixels {
  let png: [UInt8]
  let effort: Effort
  /// Pixels of a tile's side at most; nil for the program's own choice.
  let tileLimit: Int?

  /// Nil if there are fewer than 10 bytes.
  init?(_ bytes: [UInt8]) throws {
    guard bytes.count >= 10 else { return nil }
    let formats = PixelFormat.ofPNG.filter { $0.channels != .palette }
    let format = formats[Int(bytes[0]) % formats.count]
    let width = 1 + Int(bytes[1]) % 40, height = 1 + Int(bytes[2]) % 24
    var image = try Image(format, width: width, height: height)
    let samples = bytes[8...]
    let period = 1 + Int(bytes[3]) % samples.count
    let mask = UInt8(truncatingIfNeeded: format.depth < 8 ? 1 << format.depth - 1 : 0xFF)
    let few = bytes[4] < 128
    for k in image.planes.indices {
      for i in 0..<width * height {
        let value = samples[8 + (i + 5 * k * Int(bytes[5] & 1)) % period]
        image.planes[k].samples[i] = (few ? value & 0x41 : value) & mask
      }
    }
    png = try PNGFile.encode(image, isInterlaced: bytes[6] & 3 == 0)
    effort = [.fast, .default, .best][safe: Int(bytes[7] >> 3 & 15)] ?? .instant
    tileLimit = bytes[7] & 7 == 0 ? 24 : nil
  }
}

extension Array {
  fileprivate subscript(safe i: Int) -> Element? { indices.contains(i) ? self[i] : nil }
}
