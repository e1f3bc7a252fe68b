import Bytes
import Container
import ImagePlanes
import PNGFile

extension Decompressor {
  /// Decodes and verifies a prn file, and tells how many bits each value takes.
  ///
  ///     try Decompressor().costs(of: ArraySource(prn)) { costs throws(PRNZipError) in
  ///       for group in costs.groups { print(group.information.channels, group.bits) }
  ///     }
  ///
  /// Memory is that of decoding, and 4 bytes for each value. Complexity: O(pixels * multiplications
  /// per pixel).
  ///
  /// - Parameters:
  ///   - source: the file; any bytes may be given.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  ///   - body: gets the image, or its strips in turn; nothing of a stored file.
  /// - Throws: `PRNZipError`, also what `body` throws.
  public func costs(
    of source: any ByteSource, progress: (@Sendable (Double) -> Void)? = nil,
    body: (CodingCosts) throws(PRNZipError) -> Void
  ) throws(PRNZipError) {
    let notes = CostNotes(options)
    guard try isInStrips(source) else {
      let prn = try whole(source)
      guard case .modelled(let content) = try decode(prn, costs: notes, progress: progress) else {
        return
      }
      let header = try PRNZipError.container { () throws(ContainerError) in
        try Header.decode(prn).header
      }
      // What cannot be made again here has no size, but its costs are right.
      let png = try? png(content)
      return try body(
        notes.take(
          content.image, of: header, firstRow: 0, chunks: content.metadata.chunks,
          pngBytes: png?.count))
    }
    var row = 0
    var chunks: [PNGChunk] = []
    try forEachStrip(of: source, costs: notes, progress) { _, _, metadata in
      chunks = metadata.chunks
    } body: { image, _, header throws(PRNZipError) in
      try body(notes.take(image, of: header, firstRow: row, chunks: chunks))
      row += image.height
    }
  }
}
