import Bytes
import CPNGShims
import ImagePlanes

/// The chunks of a PNG file being written by libpng.
final class PNGWriter {
  private let writer: OpaquePointer
  private let sink: any ByteSink

  /// - Parameter sink: gets the file, a call's part with each call.
  /// - Throws: `PNGError.outOfMemory`.
  init(to sink: any ByteSink) throws(PNGError) {
    guard let writer = prn_png_writer_create() else {
      throw .outOfMemory(.ofLibrary)
    }
    self.writer = writer
    self.sink = sink
  }

  deinit { prn_png_writer_destroy(writer) }

  /// Writes the signature and IHDR of an image.
  func writeStart(
    _ format: PixelFormat, width: Int, height: Int, isInterlaced: Bool
  ) throws(PNGError) {
    try check(
      prn_png_write_start(
        writer, UInt32(width), UInt32(height), Int32(format.channels.pngColourType),
        Int32(format.depth), isInterlaced))
  }

  /// Writes a chunk.
  func write(_ chunk: PNGChunk) throws(PNGError) {
    let status = chunk.data.withUnsafeBufferPointer {
      prn_png_write_chunk(writer, chunk.type, $0.baseAddress, $0.count)
    }
    try check(status)
  }

  /// Writes IEND, and what is to come behind it.
  func writeEnd(trailing: [UInt8]) throws(PNGError) {
    try write(PNGChunk(type: Array("IEND".utf8), data: []))
    try PNGError.writing { () throws(TransferError) in try sink.write(trailing) }
  }

  /// Hands on what a call has written, unless it has failed.
  private func check(_ status: Int32) throws(PNGError) {
    if let error = PNGError(status, prn_png_writer_failure(writer)) { throw error }
    var count = 0
    let new = prn_png_writer_take(writer, &count)
    try PNGError.writing { () throws(TransferError) in
      try sink.write(UnsafeRawBufferPointer(start: new, count: count))
    }
  }
}
