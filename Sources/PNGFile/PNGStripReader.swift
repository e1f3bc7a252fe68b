import Bytes
import ImagePlanes

/// Decodes an image that is not interlaced in strips of rows, from the top, so that the whole image
/// need not be held.
///
///     let reader = try PNGStripReader(source, information)
///     let top = try reader.next(rows: 100)
///     ...
///     try reader.finish()
public final class PNGStripReader {
  private let reader: PNGReader
  private let format: PixelFormat
  private let width: Int
  private let height: Int
  private let limits: PNGLimits
  private var row = 0

  /// Reads up to the first row.
  ///
  /// - Parameters:
  ///   - source: the file.
  ///   - information: what `PNGFile.inspect` says of it.
  ///   - limits: of the memory that a strip takes.
  /// - Throws: `PNGError`; `unsupported` for an interlaced image.
  public init(
    _ source: any ByteSource, _ information: PNGInformation, limits: PNGLimits = PNGLimits()
  ) throws(PNGError) {
    guard !information.isInterlaced else { throw .unsupported("strips of an interlaced image") }
    format = information.pixelFormat
    width = information.width
    height = information.height
    self.limits = limits
    reader = try PNGReader(source)
    let rowBytes = try reader.readStart()
    guard rowBytes == format.planeCount * width else {
      throw .library("rows of \(rowBytes) bytes")
    }
  }

  /// Decodes the next rows.
  ///
  /// Complexity: O(pixels of the strip).
  ///
  /// - Parameter rows: how many, at least 1; at the end of the image there may be fewer.
  /// - Returns: the strip.
  /// - Throws: `PNGError`.
  public func next(rows: Int) throws(PNGError) -> Image {
    let count = min(max(rows, 1), height - row)
    try limits.check(bytes: format.planeCount * width * (count + PNGFile.rowsBeside))
    var strip: Image
    let rowsAtOnce: Int
    do {
      strip = try Image(format, width: width, height: count)
      rowsAtOnce = try strip.interleavedRowsAtOnce()
      try Memory.check(format.planeCount * width, of: rowsAtOnce)
    } catch {
      throw .outOfMemory(error)
    }
    let rowBytes = format.planeCount * width
    var bytes = [UInt8](repeating: 0, count: rowBytes * rowsAtOnce)
    try bytes.withUnsafeMutableBufferPointer { bytes throws(PNGError) in
      for first in stride(from: 0, to: count, by: rowsAtOnce) {
        let some = min(rowsAtOnce, count - first)
        try reader.readRows(into: bytes, count: some)
        strip.setRows(
          from: first, interleaved: UnsafeBufferPointer(rebasing: bytes[..<(some * rowBytes)]))
      }
    }
    row += count
    return strip
  }

  /// Reads what comes behind the last row.
  ///
  /// - Throws: `PNGError`.
  public func finish() throws(PNGError) { try reader.readEnd() }
}
