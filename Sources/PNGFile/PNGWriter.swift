import Bytes
import CPNGShims
import ImagePlanes

/// A PNG file being written by libpng.
final class PNGWriter {
  private let writer: OpaquePointer
  /// What has been written.
  private var bytes: [UInt8] = []

  /// - Throws: `PNGError.outOfMemory`.
  init() throws(PNGError) {
    guard let writer = prn_png_writer_create() else {
      throw .outOfMemory(.ofLibrary)
    }
    self.writer = writer
  }

  deinit { prn_png_writer_destroy(writer) }

  /// Writes the signature and IHDR of an image.
  func writeStart(_ image: Image, isInterlaced: Bool, level: Int) throws(PNGError) {
    let format = image.format
    try check(
      prn_png_write_start(
        writer, UInt32(image.width), UInt32(image.height), Int32(format.channels.pngColourType),
        Int32(format.depth), isInterlaced, Int32(level)))
  }

  /// Writes a chunk.
  func write(_ chunk: PNGChunk) throws(PNGError) {
    let status = chunk.data.withUnsafeBufferPointer {
      prn_png_write_chunk(writer, chunk.type, $0.baseAddress, $0.count)
    }
    try check(status)
  }

  /// Writes the next rows; of an interlaced image, of the next pass that has pixels.
  func write(rows: UnsafeBufferPointer<UInt8>, count: Int) throws(PNGError) {
    try check(prn_png_write_rows(writer, rows.baseAddress, count))
  }

  /// Writes IEND, and what is to come behind it.
  ///
  /// - Returns: the file.
  func finish(trailing: [UInt8]) throws(PNGError) -> [UInt8] {
    try check(prn_png_write_end(writer))
    try reserve(trailing.count)
    bytes += trailing
    let result = bytes
    bytes = []
    return result
  }

  /// Takes over what a call has written, unless it has failed.
  private func check(_ status: Int32) throws(PNGError) {
    if let error = PNGError(status, prn_png_writer_failure(writer)) { throw error }
    var count = 0
    let new = prn_png_writer_take(writer, &count)
    try reserve(count)
    bytes.append(contentsOf: UnsafeBufferPointer(start: new, count: count))
  }

  /// Makes room for more bytes.
  private func reserve(_ count: Int) throws(PNGError) {
    guard count > bytes.capacity - bytes.count else { return }
    let capacity = 2 * bytes.capacity + count
    guard Memory.canAllocate(capacity) else {
      throw .outOfMemory(OutOfMemory(bytes: capacity))
    }
    bytes.reserveCapacity(capacity)
  }
}
