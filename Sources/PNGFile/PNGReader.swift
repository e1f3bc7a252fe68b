import Bytes
import CPNGShims

/// A PNG file being read by libpng.
final class PNGReader {
  private let reader: OpaquePointer
  private let cursor: Cursor

  /// - Throws: `PNGError.outOfMemory`.
  init(_ source: any ByteSource) throws(PNGError) {
    cursor = Cursor(source)
    // The cursor lives as long as this object, and so as the reader.
    let context = Unmanaged.passUnretained(cursor).toOpaque()
    let reader = prn_png_reader_create(
      { context, bytes, count in
        guard let context else { return false }
        let cursor = Unmanaged<Cursor>.fromOpaque(context).takeUnretainedValue()
        return cursor.read(into: UnsafeMutableRawBufferPointer(start: bytes, count: count))
      }, context)
    guard let reader else { throw .outOfMemory(.ofLibrary) }
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
    guard let error = PNGError(status, prn_png_reader_failure(reader)) else { return }
    // What libpng says then is that the file ends.
    throw cursor.failure.map { .reading($0) } ?? error
  }
}

/// Reads a source from its start to its end, a window of it at a time.
private final class Cursor {
  private static let windowSize = 1 << 16

  private let source: any ByteSource
  private var position = 0
  private var window: [UInt8] = []
  /// Where in the source the window begins.
  private var windowStart = 0
  /// Why a read has failed, if it was not for the end.
  private(set) var failure: TransferError?

  init(_ source: any ByteSource) { self.source = source }

  /// Reads the next bytes; whether there are as many.
  func read(into target: UnsafeMutableRawBufferPointer) -> Bool {
    guard target.count <= source.count - position else { return false }
    do throws(TransferError) {
      if target.count >= Self.windowSize {
        try source.read(at: position, into: target)
      } else {
        if position + target.count > windowStart + window.count {
          let end = min(position + Self.windowSize, source.count)
          window = try source.bytes(position..<end)
          windowStart = position
        }
        window.withUnsafeBytes {
          let first = position - windowStart
          target.copyMemory(
            from: UnsafeRawBufferPointer(rebasing: $0[first..<first + target.count]))
        }
      }
    } catch {
      failure = error
      return false
    }
    position += target.count
    return true
  }
}
