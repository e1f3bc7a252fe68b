import Bytes
import ImagePlanes

/// Encodes an image that is not interlaced in strips of rows, from the top, so that neither the
/// image nor the file need be held.
///
///     let writer = try PNGStripWriter(.rgb8, width: 640, height: 480, to: sink)
///     try writer.write(strip)
///     ...
///     try writer.finish()
public final class PNGStripWriter {
  private let writer: PNGWriter
  private let behind: ArraySlice<PNGChunk>
  private let trailing: [UInt8]
  private let level: Int?
  /// How rows are filtered, until that has been settled.
  private var filters: FilterChoice?

  /// Writes what comes before the rows.
  ///
  /// - Parameters:
  ///   - format: of the pixels, one that PNG has.
  ///   - width: of the image, 1 or more.
  ///   - height: of the image, 1 or more.
  ///   - metadata: as for `PNGFile.encode`.
  ///   - trailing: what to write behind IEND.
  ///   - level: zlib's, 0 to 9, or nil for the one that suits the first strip.
  ///   - filters: how the rows are filtered; what is found by trying is that of the first strip.
  ///   - sink: gets the file.
  /// - Throws: as `PNGFile.encode`; `PNGError.writing`.
  public init(
    _ format: PixelFormat, width: Int, height: Int, metadata: [PNGChunk] = [.imageDataMark],
    trailing: [UInt8] = [], level: Int? = PNGFile.defaultLevel,
    filters: FilterChoice = .libpng, to sink: any ByteSink
  ) throws(PNGError) {
    try PNGFile.check(format, width: width, height: height, planes: format.planeCount)
    let (before, behind) = try PNGFile.split(metadata, of: format)
    self.behind = behind
    self.trailing = trailing
    self.level = level
    self.filters = filters
    writer = try PNGWriter(to: sink)
    try writer.writeStart(
      format, width: width, height: height, isInterlaced: false)
    for chunk in before { try writer.write(chunk) }
  }

  /// Encodes the next rows.
  ///
  /// Complexity: O(pixels of the strip).
  ///
  /// - Parameter strip: of the format and the width of the image, of no more rows than are left.
  /// - Throws: `PNGError.outOfMemory`, `library`, `writing`.
  public func write(_ strip: Image) throws(PNGError) {
    let rowBytes = strip.planes.count * strip.width
    let rowsAtOnce: Int
    do {
      rowsAtOnce = try strip.interleavedRowsAtOnce()
      try Memory.check(rowBytes, of: rowsAtOnce)
    } catch {
      throw .outOfMemory(error)
    }
    if let filters { try writer.set(filters.settings(for: strip, level: level)) }
    filters = nil
    try strip.forEachInterleavedRows(atOnce: rowsAtOnce) { rows throws(PNGError) in
      try writer.write(rows: rows, count: rows.count / rowBytes)
    }
  }

  /// Writes what comes behind the last row.
  ///
  /// - Throws: `PNGError.library`, `writing`.
  public func finish() throws(PNGError) {
    for chunk in behind { try writer.write(chunk) }
    try writer.writeEnd(trailing: trailing)
  }
}
