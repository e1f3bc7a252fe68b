import Bytes
import CPNGShims

/// A PNG file being read by libpng.
final class PNGReader {
  private let reader: OpaquePointer

  /// - Parameter bytes: must outlive the reader.
  /// - Throws: `PNGError.outOfMemory`.
  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(PNGError) {
    guard let reader = prn_png_reader_create(bytes.baseAddress, bytes.count) else {
      throw .outOfMemory(.ofLibrary)
    }
    self.reader = reader
  }

  deinit { prn_png_reader_destroy(reader) }

  /// Reads up to the first row.
  ///
  /// - Returns: bytes of a row, one for each sample, or two.
  func readStart() throws(PNGError) -> Int {
    var rowBytes = 0
    try check(prn_png_read_start(reader, &rowBytes))
    return rowBytes
  }

  /// Reads the next rows; `rows` has room for them. Of an interlaced image, they are of the next
  /// pass that has pixels, shorter, and read one at a time.
  func readRows(into rows: UnsafeMutableBufferPointer<UInt8>, count: Int) throws(PNGError) {
    try check(prn_png_read_rows(reader, rows.baseAddress, count))
  }

  /// Reads what comes behind the rows.
  func readEnd() throws(PNGError) { try check(prn_png_read_end(reader)) }

  /// Reads everything, of a PNG of any kind.
  func readAll() throws(PNGError) { try check(prn_png_read_all(reader)) }

  private func check(_ status: Int32) throws(PNGError) {
    if let error = PNGError(status, prn_png_reader_failure(reader)) { throw error }
  }
}
