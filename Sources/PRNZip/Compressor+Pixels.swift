import Bytes
import Container
import ImagePlanes
import PNGFile

// Pixels that are in memory, without a PNG file.

extension Compressor {
  /// A file of so many pixels is compared with a PNG file of them.
  private static let comparedPixels = 1 << 16
  /// zlib's level of a PNG file that is kept.
  private static let storedLevel = 9

  /// Compresses pixels: what `decompress` makes of the file is a PNG file of them.
  ///
  /// They are modelled like those of a PNG file. A PNG file of them is made, and stored, only where
  /// no codec makes them much smaller. `isExact` is for PNG files and counts for nothing here.
  /// Complexity: O(pixels * multiplications per pixel).
  ///
  /// - Parameters:
  ///   - pixels: of any kind.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Returns: the prn file.
  /// - Throws: `PRNZipError`, as `compress` of a PNG file.
  public func compress(
    _ pixels: PixelBuffer, progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) -> [UInt8] {
    try options.cancellation.check()
    try options.limits.check(width: pixels.width, height: pixels.height)
    let prn = try modelled(pixels, progress)
    if let prn, pixels.width * pixels.height > Self.comparedPixels,
      prn.count < pixels.bytes.count / 4 * 3
    {
      return prn
    }
    let png = try png(of: pixels)
    let information = try InputInformation(ArraySource(png), options.limits)
    if let prn, prn.count < (try storedSize(png.count, information)) { return prn }
    return try stored(png, information)
  }

  /// The modelled file; nil where no codec fits.
  private func modelled(
    _ pixels: PixelBuffer, _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> [UInt8]? {
    let information = InputInformation(
      plain: pixels.format, width: pixels.width, height: pixels.height)
    guard let height = options.stripHeight(width: pixels.width, height: pixels.height) else {
      let image = try image(of: pixels, 0..<pixels.height)
      let layouts = Layouts(image, Metadata(), options, heldBytes: pixels.bytes.count)
      let coded = try layouts.smallest(progress)
      progress?(1)
      guard let coded else { return nil }
      let file = try file(of: image, information, Metadata(), coded)
      if options.verify { try verify(file, image, Metadata()) }
      return file
    }
    let sink = ArraySink()
    let written = try writeStrips(
      information, height: height, heldBytes: pixels.bytes.count, to: sink, progress
    ) { rows throws(PRNZipError) in try image(of: pixels, rows) }
    guard written != nil else { return nil }
    progress?(1)
    return sink.take()
  }

  /// Some rows as an image, besides which the pixels are held.
  private func image(of pixels: PixelBuffer, _ rows: Range<Int>) throws(PRNZipError) -> Image {
    let (all, overflow) = pixels.bytes.count.addingReportingOverflow(
      rows.count * pixels.bytesPerRow)
    guard !overflow, all <= options.limits.maximumBytes else {
      throw .limitExceeded(
        what: "bytes of memory", value: overflow ? .max : all, limit: options.limits.maximumBytes)
    }
    return try pixels.image(rows: rows)
  }

  /// A small PNG file.
  private func png(of pixels: PixelBuffer) throws(PRNZipError) -> [UInt8] {
    let sink = ArraySink()
    let target = options.cancellation.watching(sink)
    let writer = try PRNZipError.png { () throws(PNGError) in
      try PNGStripWriter(
        pixels.format, width: pixels.width, height: pixels.height, level: Self.storedLevel,
        to: target)
    }
    let rowsAtOnce = max((1 << 20) / pixels.bytesPerRow, 1)
    for row in stride(from: 0, to: pixels.height, by: rowsAtOnce) {
      let strip = try image(of: pixels, row..<min(row + rowsAtOnce, pixels.height))
      try PRNZipError.png { () throws(PNGError) in try writer.write(strip) }
    }
    try PRNZipError.png { () throws(PNGError) in try writer.finish() }
    return sink.take()
  }
}
