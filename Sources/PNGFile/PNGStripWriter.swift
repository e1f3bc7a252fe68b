import Bytes
import ImagePlanes

/// Encodes an image in strips of rows, from the top, so that neither the image nor the file need be
/// held. An interlaced image is one strip.
///
///     let writer = try PNGStripWriter(.rgb8, width: 640, height: 480, to: sink)
///     try writer.write(strip)
///     ...
///     try writer.finish()
public final class PNGStripWriter {
  private let writer: PNGWriter
  private let behind: ArraySlice<PNGChunk>
  private let trailing: [UInt8]
  private let layout: RowLayout
  private let level: Int?
  private let filters: FilterChoice
  private let threads: Int
  /// Once it is settled how rows are filtered.
  private var imageData: ImageDataWriter?

  /// Writes what comes before the rows.
  ///
  /// - Parameters:
  ///   - format: of the pixels, one that PNG has.
  ///   - width: of the image, 1 or more.
  ///   - height: of the image, 1 or more.
  ///   - metadata: as for `PNGFile.encode`.
  ///   - isInterlaced: whether to write the passes of Adam7.
  ///   - trailing: what to write behind IEND.
  ///   - level: zlib's, 0 to 9, or nil for the one that suits the first strip.
  ///   - filters: how the rows are filtered; what is found by trying is that of the first strip.
  ///   - threads: to work on; the file is the same with any number.
  ///   - sink: gets the file.
  /// - Throws: as `PNGFile.encode`; `PNGError.writing`.
  public init(
    _ format: PixelFormat, width: Int, height: Int, metadata: [PNGChunk] = [.imageDataMark],
    isInterlaced: Bool = false, trailing: [UInt8] = [], level: Int? = PNGFile.defaultLevel,
    filters: FilterChoice = .leastSums, threads: Int = 1, to sink: any ByteSink
  ) throws(PNGError) {
    try PNGFile.check(format, width: width, height: height, planes: format.planeCount)
    let (before, behind) = try PNGFile.split(metadata, of: format)
    self.behind = behind
    self.trailing = trailing
    self.level = level
    self.filters = filters
    self.threads = threads
    layout = RowLayout(width: width, height: height, format: format, isInterlaced: isInterlaced)
    writer = try PNGWriter(to: sink)
    try writer.writeStart(
      format, width: width, height: height, isInterlaced: isInterlaced)
    for chunk in before { try writer.write(chunk) }
  }

  /// Encodes the next rows.
  ///
  /// Complexity: O(pixels of the strip).
  ///
  /// - Parameter strip: of the format and the width of the image, of no more rows than are left.
  /// - Throws: `PNGError.outOfMemory`, `library`, `writing`, `unsupported` for more rows.
  public func write(_ strip: Image) throws(PNGError) {
    let writer = if let imageData { imageData } else { try start(strip) }
    try writer.write(strip) { data throws(PNGError) in
      try self.writer.write(PNGChunk(type: PNGChunk.imageDataMark.type, data: data))
    }
  }

  private func start(_ strip: Image) throws(PNGError) -> ImageDataWriter {
    let settings = try filters.settings(for: strip, level: level, threads: threads)
    let started = ImageDataWriter(layout, settings, threads: threads)
    imageData = started
    return started
  }

  /// Writes what comes behind the last row.
  ///
  /// - Throws: `PNGError.unsupported` where rows are missing, `library`, `writing`.
  public func finish() throws(PNGError) {
    guard imageData?.isComplete == true else {
      throw .unsupported("fewer rows than the image has")
    }
    for chunk in behind { try writer.write(chunk) }
    try writer.writeEnd(trailing: trailing)
  }
}
