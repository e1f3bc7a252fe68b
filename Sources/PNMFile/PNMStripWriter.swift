import Bytes
import ImagePlanes

/// Writes an image in strips of rows, from the top.
public final class PNMStripWriter {
  private let header: PNMHeader
  private let trailing: [UInt8]
  private let sink: any ByteSink

  /// Writes the header.
  ///
  /// - Parameters:
  ///   - header: its bytes are written as they are.
  ///   - trailing: what to write behind the samples.
  ///   - sink: gets the file.
  /// - Throws: `PNMError.writing`.
  public init(
    _ header: PNMHeader, trailing: [UInt8] = [], to sink: any ByteSink
  ) throws(PNMError) {
    self.header = header
    self.trailing = trailing
    self.sink = sink
    try PNMError.writing { () throws(TransferError) in try sink.write(header.bytes) }
  }

  /// Writes the next rows.
  ///
  /// Complexity: O(pixels of the strip).
  ///
  /// - Parameter strip: of the format and the width of the header, of no more rows than are left.
  /// - Throws: `PNMError.unsupported` for another format, `outOfMemory`, `writing`.
  public func write(_ strip: Image) throws(PNMError) {
    guard strip.format == header.format, strip.width == header.width else {
      throw .unsupported("an image of another kind than the header's")
    }
    let rowsAtOnce: Int
    do {
      rowsAtOnce = try strip.interleavedRowsAtOnce()
      try Memory.check(strip.planes.count * strip.width, of: rowsAtOnce)
    } catch {
      throw .outOfMemory(error)
    }
    try strip.forEachInterleavedRows(atOnce: rowsAtOnce) { rows throws(PNMError) in
      let bits = header.isBits ? packed(rows) : []
      try PNMError.writing { () throws(TransferError) in
        if header.isBits {
          try sink.write(bits)
        } else {
          try sink.write(UnsafeRawBufferPointer(rows))
        }
      }
    }
  }

  /// Writes what comes behind the samples.
  ///
  /// - Throws: `PNMError.writing`.
  public func finish() throws(PNMError) {
    try PNMError.writing { () throws(TransferError) in try sink.write(trailing) }
  }

  /// Rows of bits, of which 1 is black, filled up to whole bytes with 0.
  private func packed(_ samples: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    let (width, rowBytes) = (header.width, header.rowBytes)
    var bytes = [UInt8](repeating: 0, count: samples.count / width * rowBytes)
    for row in 0..<samples.count / width {
      for column in 0..<width where samples[row * width + column] == 0 {
        bytes[row * rowBytes + (column >> 3)] |= 0x80 >> UInt8(column & 7)
      }
    }
    return bytes
  }
}
