import Bytes
import ImagePlanes

/// Reads an image in strips of rows, from the top.
public final class PNMStripReader {
  private let source: any ByteSource
  private let header: PNMHeader
  private var row = 0
  /// Whether a row of P4 that has been read has bits behind its last pixel that are not 0: an image
  /// does not tell them.
  public private(set) var hasStrayBits = false

  /// - Parameters:
  ///   - source: the file.
  ///   - header: what `PNMFile.inspect` says of it.
  public init(_ source: any ByteSource, _ header: PNMHeader) {
    self.source = source
    self.header = header
  }

  /// Reads the next rows. Of P4, black is 0 as in a PNG file.
  ///
  /// Complexity: O(pixels of the strip).
  ///
  /// - Parameter rows: how many, at least 1; at the end of the image there may be fewer.
  /// - Returns: the strip.
  /// - Throws: `PNMError.reading`, `outOfMemory`.
  public func next(rows: Int) throws(PNMError) -> Image {
    let count = min(max(rows, 1), header.height - row)
    let rowBytes = header.rowBytes
    var strip: Image
    let rowsAtOnce: Int
    do {
      strip = try Image(header.format, width: header.width, height: count)
      rowsAtOnce = try strip.interleavedRowsAtOnce()
      try Memory.check(header.width * header.format.planeCount, of: rowsAtOnce)
    } catch {
      throw .outOfMemory(error)
    }
    for first in stride(from: 0, to: count, by: rowsAtOnce) {
      let some = min(rowsAtOnce, count - first)
      let start = header.bytes.count + (row + first) * rowBytes
      let bytes = try PNMError.reading { () throws(TransferError) in
        try source.bytes(start..<start + some * rowBytes)
      }
      let samples = header.isBits ? unpacked(bytes) : bytes
      samples.withUnsafeBufferPointer { strip.setRows(from: first, interleaved: $0) }
    }
    row += count
    return strip
  }

  /// Samples of bytes, of which a row has the first `width` bits.
  private func unpacked(_ bytes: [UInt8]) -> [UInt8] {
    let (width, rowBytes) = (header.width, header.rowBytes)
    var samples: [UInt8] = []
    samples.reserveCapacity(bytes.count / rowBytes * width)
    for start in stride(from: 0, to: bytes.count, by: rowBytes) {
      for column in 0..<width {
        samples.append(~bytes[start + (column >> 3)] >> UInt8(7 - (column & 7)) & 1)
      }
      let stray = UInt8(truncatingIfNeeded: 0xFF >> (((width - 1) & 7) + 1))
      if bytes[start + rowBytes - 1] & stray != 0 { hasStrayBits = true }
    }
    return samples
  }
}
