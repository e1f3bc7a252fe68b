import Bytes
import ImagePlanes

/// What the caller allows a PNG file to ask for.
public struct PNGLimits: Equatable, Sendable {
  /// Pixels of an image.
  public var maximumPixels: Int
  /// Bytes of memory for the chunks of metadata, and for an image or, where it is only validated,
  /// for what is kept of it; with the rows that libpng keeps.
  public var maximumBytes: Int

  /// 2^30 pixels and 4 GiB unless told otherwise.
  public init(maximumPixels: Int = 1 << 30, maximumBytes: Int = 1 << 32) {
    self.maximumPixels = maximumPixels
    self.maximumBytes = maximumBytes
  }

  /// - Throws: `PNGError.tooMuchMemory`.
  func check(bytes: Int) throws(PNGError) {
    guard bytes <= maximumBytes else {
      throw .tooMuchMemory(bytes: bytes, maximumBytes: maximumBytes)
    }
  }
}

/// PNG files in memory, through libpng and zlib.
///
///     let information = try PNGFile.inspect(png)
///     let image = try PNGFile.decode(png)
///     let again = try PNGFile.encode(
///       image, metadata: information.metadata, isInterlaced: information.isInterlaced,
///       trailing: information.trailing)
public enum PNGFile {
  /// Rows that libpng keeps: the one in work, and the one before.
  private static let rowsOfLibrary = 2
  /// Rows that are held besides an image: libpng's, and one on its way.
  static let rowsBeside = rowsOfLibrary + 1
  /// zlib's level of what is written, unless another one is asked for: speed counts.
  public static let defaultLevel = 2

  /// The header and metadata; checks structure and CRCs but does not decode. O(bytes).
  ///
  /// - Throws: any `PNGError` but `library`.
  public static func inspect(
    _ source: any ByteSource, limits: PNGLimits = PNGLimits()
  ) throws(PNGError) -> PNGInformation {
    let information = try ChunkWalker(source: source, limits: limits).information()
    guard information.width <= limits.maximumPixels / information.height else {
      throw .tooLarge(
        width: information.width, height: information.height, maximumPixels: limits.maximumPixels)
    }
    return information
  }

  /// The same of a file in memory.
  ///
  /// - Throws: any `PNGError` but `library`.
  public static func inspect(
    _ bytes: [UInt8], limits: PNGLimits = PNGLimits()
  ) throws(PNGError) -> PNGInformation {
    try inspect(ArraySource(bytes), limits: limits)
  }

  /// Decodes a whole PNG file of any kind, to prove that it can be decoded.
  ///
  /// - Throws: any `PNGError`.
  public static func validate(
    _ bytes: [UInt8], limits: PNGLimits = PNGLimits()
  ) throws(PNGError) {
    let information = try inspect(bytes, limits: limits)
    let rowBytes = information.pixelFormat.pngRowBytes(width: information.width)
    let rows = information.isInterlaced ? information.height : 1
    try limits.check(bytes: rowBytes * (rows + rowsOfLibrary))
    try PNGReader(ArraySource(bytes)).readAll()
  }

  /// Decodes the image of a PNG file: of an animated one, the image of its IDAT chunks.
  ///
  /// Samples and palette indices of less than 8 bits become a byte each, with their own value; of
  /// 16 bits, two. What tRNS makes transparent has its colour; palettes are not looked up. The
  /// samples of an interlaced image are in the order of any other.
  ///
  /// Complexity: O(pixels).
  ///
  /// - Throws: any `PNGError`.
  public static func decode(
    _ bytes: [UInt8], limits: PNGLimits = PNGLimits()
  ) throws(PNGError) -> Image {
    try decode(ArraySource(bytes), limits: limits)
  }

  /// The same of a file that is anywhere.
  ///
  /// - Throws: any `PNGError`.
  public static func decode(
    _ source: any ByteSource, limits: PNGLimits = PNGLimits()
  ) throws(PNGError) -> Image {
    let information = try inspect(source, limits: limits)
    guard information.isInterlaced else {
      let reader = try PNGStripReader(source, information, limits: limits)
      let image = try reader.next(rows: information.height)
      try reader.finish()
      return image
    }
    let format = information.pixelFormat
    let (width, height) = (information.width, information.height)
    try limits.check(bytes: format.planeCount * width * (height + rowsBeside))
    var image: Image
    do {
      image = try Image(format, width: width, height: height)
      try Memory.check(format.planeCount * width)
    } catch {
      throw .outOfMemory(error)
    }
    let reader = try PNGReader(source)
    let rowBytes = try reader.readStart()
    guard rowBytes == format.planeCount * width else {
      throw .library("rows of \(rowBytes) bytes")
    }
    var row = [UInt8](repeating: 0, count: rowBytes)
    try row.withUnsafeMutableBufferPointer { row throws(PNGError) in
      for pass in Pass.all(width: width, height: height, isInterlaced: true) {
        for i in 0..<pass.height {
          try reader.readRows(into: row, count: 1)
          image.setRow(i, of: pass, row)
        }
      }
    }
    try reader.readEnd()
    return image
  }

  /// Encodes an image with its metadata: chunks before `imageDataMark` go before the image data.
  ///
  /// Values have as many bits as the image's depth: of larger ones the lower bits count, and any
  /// but 0 is 1 where there is only one bit. Complexity: O(pixels).
  ///
  /// - Parameters:
  ///   - image: of a format that PNG has.
  ///   - metadata: chunks, and one `imageDataMark`. An image with palette indices needs a PLTE
  ///     before the image data.
  ///   - isInterlaced: whether to write the passes of Adam7.
  ///   - trailing: what to write behind IEND.
  ///   - level: zlib's, 0 to 9, or nil for the one that suits.
  ///   - filters: how the rows are filtered.
  ///   - threads: to work on; the file is the same with any number.
  /// - Returns: the file.
  /// - Throws: `PNGError.unsupported`, `illegalMetadata`, `outOfMemory`, `library`.
  public static func encode(
    _ image: Image, metadata: [PNGChunk] = [.imageDataMark], isInterlaced: Bool = false,
    trailing: [UInt8] = [], level: Int? = defaultLevel, filters: FilterChoice = .leastSums,
    threads: Int = 1
  ) throws(PNGError) -> [UInt8] {
    let sink = ArraySink()
    try encode(
      image, metadata: metadata, isInterlaced: isInterlaced, trailing: trailing, level: level,
      filters: filters, threads: threads, to: sink)
    return sink.take()
  }

  /// The same to a sink, which gets the file bit by bit.
  ///
  /// - Throws: `PNGError.unsupported`, `illegalMetadata`, `outOfMemory`, `library`, `writing`.
  public static func encode(
    _ image: Image, metadata: [PNGChunk] = [.imageDataMark], isInterlaced: Bool = false,
    trailing: [UInt8] = [], level: Int? = defaultLevel, filters: FilterChoice = .leastSums,
    threads: Int = 1, to sink: any ByteSink
  ) throws(PNGError) {
    try check(image)
    let writer = try PNGStripWriter(
      image.format, width: image.width, height: image.height, metadata: metadata,
      isInterlaced: isInterlaced, trailing: trailing, level: level, filters: filters,
      threads: threads, to: sink)
    try writer.write(image)
    try writer.finish()
  }

  /// Checks that PNG has such images.
  static func check(_ image: Image) throws(PNGError) {
    try check(image.format, width: image.width, height: image.height, planes: image.planes.count)
  }

  /// Checks that PNG has images of such a kind and size.
  static func check(
    _ format: PixelFormat, width: Int, height: Int, planes: Int
  ) throws(PNGError) {
    guard (1..<1 << 31).contains(width), (1..<1 << 31).contains(height) else {
      throw .unsupported("a size of \(width) x \(height) pixels")
    }
    guard format.isOfPNG, planes == format.planeCount else {
      throw .unsupported("\(format.channels) of \(format.depth) bits in \(planes) planes")
    }
  }

  /// The chunks before and behind the image data, checked.
  static func split(
    _ metadata: [PNGChunk], of format: PixelFormat
  ) throws(PNGError) -> (before: ArraySlice<PNGChunk>, behind: ArraySlice<PNGChunk>) {
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
    if format.channels == .palette {
      let palettes = metadata[..<mark].filter { $0.name == "PLTE" }
      guard palettes.count == 1, (3...768).contains(palettes[0].data.count),
        palettes[0].data.count % 3 == 0
      else {
        throw .illegalMetadata(
          "palettes of \(palettes.map(\.data.count)) bytes with an image that needs one")
      }
    }
    return (metadata[..<mark], metadata[(mark + 1)...])
  }
}
