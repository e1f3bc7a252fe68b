/// A chunk of a PNG file, or a mark of where the image data stands.
public struct PNGChunk: Equatable, Sendable {
  /// Four ASCII letters.
  public let type: [UInt8]
  /// The chunk's data, without length and CRC.
  public let data: [UInt8]

  /// A chunk as given; `PNGFile.encode8` checks it.
  public init(type: [UInt8], data: [UInt8]) {
    self.type = type
    self.data = data
  }

  /// Stands in a list of metadata where the image data stood (FORMAT.md, section 1.3).
  public static let imageDataMark = PNGChunk(type: Array("IDAT".utf8), data: [])

  /// The type in letters.
  public var name: String { String(decoding: type, as: UTF8.self) }
}

/// What can be told of a PNG file without decoding it.
public struct PNGInformation: Equatable, Sendable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// 0 gray, 2 RGB, 3 palette, 4 gray with alpha, 6 RGBA.
  public let colourType: Int
  /// Bits of a sample: 1, 2, 4, 8 or 16.
  public let sampleDepth: Int
  /// Whether the image is interlaced (Adam7).
  public let isInterlaced: Bool
  /// Whether it is an APNG: there is an acTL chunk.
  public let isAnimated: Bool
  /// Bytes behind IEND.
  public let trailingByteCount: Int
  /// Every chunk but IHDR, IDAT and IEND in order, with `imageDataMark` where the image data stood.
  public let metadata: [PNGChunk]

  /// Whether the image is an RGB one that `PNGFile.decode8` gives back without loss. tRNS is metadata.
  public var isPlainRGB8: Bool { colourType == 2 && isPlain8 }

  /// The same of a gray one.
  public var isPlainGray8: Bool { colourType == 0 && isPlain8 }

  /// Whether the image is a 1-bit gray one that `PNGFile.decode1` gives back without loss.
  public var isPlainGray1: Bool { colourType == 0 && sampleDepth == 1 && isPlain }

  private var isPlain8: Bool { sampleDepth == 8 && isPlain }

  private var isPlain: Bool { !isInterlaced && !isAnimated && trailingByteCount == 0 }
}
