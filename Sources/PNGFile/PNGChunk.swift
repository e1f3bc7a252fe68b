import ImagePlanes

/// A chunk of a PNG file, or a mark of where the image data stands.
public struct PNGChunk: Equatable, Sendable {
  /// Four ASCII letters.
  public let type: [UInt8]
  /// The chunk's data, without length and CRC.
  public let data: [UInt8]

  /// A chunk as given; `PNGFile.encode` checks it.
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
  /// Of what kind the pixels are.
  public let pixelFormat: PixelFormat
  /// Whether the image is interlaced (Adam7).
  public let isInterlaced: Bool
  /// Whether it is an APNG: there is an acTL chunk.
  public let isAnimated: Bool
  /// Every chunk but IHDR, IDAT and IEND in order, with `imageDataMark` where the image data stood.
  /// Those of an animation (acTL, fcTL, fdAT) are among them.
  public let metadata: [PNGChunk]
  /// The bytes behind IEND, none in most files.
  public let trailing: [UInt8]

  /// Whether image and metadata say all that the file does: it is neither interlaced nor animated,
  /// and nothing is behind IEND. A palette and tRNS are metadata.
  public var isPlain: Bool { !isInterlaced && !isAnimated && trailing.isEmpty }

  /// That of a file, as the walk over its chunks finds it.
  init(
    width: Int, height: Int, pixelFormat: PixelFormat, isInterlaced: Bool, isAnimated: Bool,
    metadata: [PNGChunk], trailing: [UInt8]
  ) {
    self.width = width
    self.height = height
    self.pixelFormat = pixelFormat
    self.isInterlaced = isInterlaced
    self.isAnimated = isAnimated
    self.metadata = metadata
    self.trailing = trailing
  }

  /// That of a file with nothing but an image of this kind and size, which is not interlaced.
  package init(_ pixelFormat: PixelFormat, width: Int, height: Int) {
    self.init(
      width: width, height: height, pixelFormat: pixelFormat, isInterlaced: false,
      isAnimated: false, metadata: [.imageDataMark], trailing: [])
  }
}
