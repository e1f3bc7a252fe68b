import Bytes
import ImagePlanes

/// Binary PNM and PAM files: P4 (PBM), P5 (PGM), P6 (PPM) and P7 (PAM), with one image.
///
///     let header = try PNMFile.inspect(source)
///     let reader = PNMStripReader(source, header)
///     let image = try reader.next(rows: header.height)
///     let writer = PNMStripWriter(header, trailing: PNMFile.trailing(source, header), to: sink)
///     try writer.write(image)
///     try writer.finish()   // the very file, unless reader.hasStrayBits
public enum PNMFile {
  /// The header of a file, whose size fits it. O(bytes of the header).
  ///
  /// - Parameters:
  ///   - source: the file.
  ///   - maximumPixels: that an image may have.
  /// - Returns: the header.
  /// - Throws: `PNMError`.
  public static func inspect(
    _ source: any ByteSource, maximumPixels: Int = 1 << 30
  ) throws(PNMError) -> PNMHeader {
    let start = try PNMError.reading { () throws(TransferError) in
      try source.bytes(0..<min(PNMHeader.mostBytes, source.count))
    }
    let header = try PNMHeader(start: start)
    guard header.width <= maximumPixels / header.height else {
      throw .tooLarge(width: header.width, height: header.height, maximumPixels: maximumPixels)
    }
    // Below 2^31 * 2^31 * 8 bytes, it could overflow if there were no limit of pixels.
    let (samples, overflow) = header.rowBytes.multipliedReportingOverflow(by: header.height)
    let (size, overflows) = samples.addingReportingOverflow(header.bytes.count)
    guard !overflow, !overflows, size <= source.count else {
      throw .truncated(expected: overflow || overflows ? .max : size, available: source.count)
    }
    return header
  }

  /// What stands behind the samples of a file that `inspect` has taken.
  ///
  /// - Throws: `PNMError.reading`, `outOfMemory`.
  public static func trailing(
    _ source: any ByteSource, _ header: PNMHeader
  ) throws(PNMError) -> [UInt8] {
    let end = header.bytes.count + header.rowBytes * header.height
    return try PNMError.reading { () throws(TransferError) in
      try source.bytes(end..<max(end, source.count))
    }
  }
}
