import CPNGShims
import Foundation
import ImagePlanes

/// What the caller allows a PNG file to ask for.
public struct PNGLimits: Equatable, Sendable {
  /// Pixels of an image.
  public var maximumPixels: Int
  /// Bytes of working memory.
  public var maximumBytes: Int

  /// 2^30 pixels and 4 GiB unless told otherwise.
  public init(maximumPixels: Int = 1 << 30, maximumBytes: Int = 1 << 32) {
    self.maximumPixels = maximumPixels
    self.maximumBytes = maximumBytes
  }
}

/// PNG files in memory, through libpng.
public enum PNGFile {
  /// The header and metadata; checks structure and CRCs but does not decode. O(bytes).
  public static func inspect(
    _ bytes: [UInt8], limits: PNGLimits = PNGLimits()
  ) throws(PNGError) -> PNGInformation {
    let information = try ChunkWalker(bytes: bytes).information()
    guard information.width <= limits.maximumPixels / information.height else {
      throw .tooLarge(
        width: information.width, height: information.height, maximumPixels: limits.maximumPixels)
    }
    return information
  }

  /// Decodes a whole PNG file of any kind, to prove that it can be decoded.
  public static func validate(
    _ bytes: [UInt8], limits: PNGLimits = PNGLimits()
  ) throws(PNGError) {
    let information = try inspect(bytes, limits: limits)
    try call { message in
      bytes.withUnsafeBufferPointer {
        prn_png_validate(
          $0.baseAddress, $0.count, UInt32(information.width), UInt32(information.height),
          limits.maximumBytes, message)
      }
    }
  }

  /// Decodes an image that `PNGInformation.isPlainRGB8` or `isPlainGray8` tells of, into three planes or one;
  /// throws `unsupported` for others.
  public static func decode8(
    _ bytes: [UInt8], limits: PNGLimits = PNGLimits()
  ) throws(PNGError) -> Image {
    let information = try inspect(bytes, limits: limits)
    guard information.isPlainRGB8 || information.isPlainGray8 else {
      throw .unsupported("it is not a plain 8-bit RGB or gray image")
    }
    return try decode(bytes, information, colours: information.isPlainGray8 ? 1 : 3, depth: 8)
  }

  /// Decodes an image that `PNGInformation.isPlainGray1` tells of, into one plane of 0 (black) and 1; throws `unsupported`
  /// for others.
  public static func decode1(
    _ bytes: [UInt8], limits: PNGLimits = PNGLimits()
  ) throws(PNGError) -> Image {
    let information = try inspect(bytes, limits: limits)
    guard information.isPlainGray1 else {
      throw .unsupported("it is not a plain 1-bit gray image")
    }
    return try decode(bytes, information, colours: 1, depth: 1)
  }

  private static func decode(
    _ bytes: [UInt8], _ information: PNGInformation, colours: Int, depth: UInt32
  ) throws(PNGError) -> Image {
    var pixels = [UInt8](repeating: 0, count: colours * information.width * information.height)
    try call { message in
      bytes.withUnsafeBufferPointer { source in
        pixels.withUnsafeMutableBufferPointer {
          prn_png_decode(
            source.baseAddress, source.count, UInt32(colours), depth, $0.baseAddress, $0.count,
            message)
        }
      }
    }
    return Image(
      width: information.width, height: information.height, interleaved: pixels, colours: colours)
  }

  /// Encodes an image with its metadata: chunks before `imageDataMark` go before the image data.
  ///
  /// An image of three planes becomes RGB, of one gray; `unsupported` is thrown for another number.
  /// `level` is zlib's, 1...9. Level 2 is the default: a .prn is unpacked to be used, not kept, so speed counts.
  public static func encode8(
    _ image: Image, metadata: [PNGChunk] = [.imageDataMark], level: Int = 2
  ) throws(PNGError) -> [UInt8] {
    try encode(image, depth: 8, metadata: metadata, level: level)
  }

  /// Encodes an image of one plane, whose values are 0 (black) and 1, as a 1-bit gray PNG; values above 1 count as 1.
  ///
  /// Metadata and `level` as for `encode8`; `unsupported` is thrown for another number of planes.
  public static func encode1(
    _ image: Image, metadata: [PNGChunk] = [.imageDataMark], level: Int = 2
  ) throws(PNGError) -> [UInt8] {
    guard image.colours == 1 else {
      throw .unsupported("a 1-bit image of \(image.colours) planes")
    }
    return try encode(image, depth: 1, metadata: metadata, level: level)
  }

  private static func encode(
    _ image: Image, depth: UInt32, metadata: [PNGChunk], level: Int
  ) throws(PNGError) -> [UInt8] {
    let marks = metadata.indices.filter { metadata[$0].type == PNGChunk.imageDataMark.type }
    guard let mark = marks.first, marks.count == 1, metadata[mark].data.isEmpty else {
      throw .illegalMetadata("\(marks.count) marks of the image data")
    }
    for chunk in metadata {
      let letters = chunk.type.allSatisfy { (0x41...0x5A).contains($0 & 0xDF) }
      guard chunk.type.count == 4, letters, chunk.data.count <= 0x7FFF_FFFF,
        !["IHDR", "IEND"].contains(chunk.name)
      else { throw .illegalMetadata("chunk \(chunk.name) of \(chunk.data.count) bytes") }
    }
    guard (1..<1 << 31).contains(image.width), (1..<1 << 31).contains(image.height) else {
      throw .unsupported("a size of \(image.width) x \(image.height) pixels")
    }
    guard image.colours == 1 || image.colours == 3 else {
      throw .unsupported("an image of \(image.colours) planes")
    }
    var out: UnsafeMutablePointer<UInt8>?
    var count = 0
    let pixels = image.interleaved
    // One buffer holds all chunk data, so that no pointer outlives its array.
    let data = metadata.flatMap(\.data)
    try call { message in
      data.withUnsafeBufferPointer { data in
        var offset = 0
        let chunks = metadata.map { chunk -> prn_png_chunk in
          var c = prn_png_chunk()
          c.type = (chunk.type[0], chunk.type[1], chunk.type[2], chunk.type[3], 0)
          c.data = data.baseAddress.map { $0 + offset }
          c.length = chunk.data.count
          offset += chunk.data.count
          return c
        }
        let before = Array(chunks[..<mark])
        let after = Array(chunks[(mark + 1)...])
        return prn_png_encode(
          pixels, UInt32(image.width), UInt32(image.height), UInt32(image.colours), depth, before,
          before.count, after, after.count, Int32(min(max(level, 1), 9)), &out, &count, message)
      }
    }
    defer { free(out) }
    return Array(UnsafeBufferPointer(start: out, count: count))
  }

  private static func call(
    _ body: (UnsafeMutablePointer<CChar>) -> Int32
  ) throws(PNGError) {
    var message = [CChar](repeating: 0, count: Int(PRN_PNG_MESSAGE))
    let status = message.withUnsafeMutableBufferPointer { buffer -> Int32 in
      guard let base = buffer.baseAddress else { return 1 }
      return body(base)
    }
    guard status == 0 else {
      let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw .library(String(decoding: bytes, as: UTF8.self))
    }
  }
}
