import Bytes
import Container
import ImagePlanes
import PNGFile

// Pixels in memory, without a PNG file.

extension Decompressor {
  /// The pixels of a prn file, as viewers show them: palettes are looked up, samples of 1, 2 or 4
  /// bits are spread over 8, and what tRNS makes transparent has an alpha of 0. Gamma and colour
  /// profiles are not applied; of an animated file, it is the image that all viewers show.
  ///
  /// All pixels are verified against the digest in the file. Of a region, only what it needs is
  /// decoded, as `decompress(_:region:progress:)` does it, and the digest is not verified.
  /// Complexity: O(pixels * multiplications per pixel).
  ///
  /// - Parameters:
  ///   - prn: the file, from whatever it was made; any bytes may be given.
  ///   - region: which of the pixels; nil for all.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Returns: the pixels, with 16 bits a sample if the image has them, else 8.
  /// - Throws: `PRNZipError`; `unsuitableRegion` for one that is not in the image.
  public func pixels(
    of prn: [UInt8], region: PixelRegion? = nil, progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) -> PixelBuffer {
    if let region {
      let (image, metadata) = try part(of: prn, region, progress)
      return try pixels(image, metadata)
    }
    if try isInStrips(ArraySource(prn)) { return try pixelsOfStrips(prn, progress) }
    switch try decode(prn, wantsFrames: false, progress: progress) {
    case .stored(let file):
      let information = try InputInformation(ArraySource(file), options.limits)
      let image = try information.image(
        ArraySource(file), options.limits, options.cancellation
      ).image
      return try pixels(image, information.metadata)
    case .modelled(let content): return try pixels(content.image, content.metadata)
    }
  }

  /// Pixels of an image, or of some of its rows, as viewers show them.
  ///
  /// - Throws: `PRNZipError`.
  func pixels(
    _ image: Image, _ metadata: Metadata
  ) throws(PRNZipError) -> PixelBuffer {
    var assembly = try PixelAssembly(
      image.format, metadata, width: image.width, height: image.height,
      limit: options.limits.maximumBytes)
    assembly.add(image, row: 0)
    return assembly.finish()
  }

  private func pixelsOfStrips(
    _ prn: [UInt8], _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> PixelBuffer {
    var assembly: PixelAssembly?
    try forEachStrip(of: ArraySource(prn), progress) {
      header, format, metadata throws(PRNZipError) in
      assembly = try PixelAssembly(
        format, metadata, width: header.width, height: header.height,
        limit: options.limits.maximumBytes)
    } body: { strip, place, _ in
      assembly?.add(strip, row: place.row)
    }
    guard let assembly else { throw .container(.corrupt(reason: "strips without an image")) }
    return assembly.finish()
  }
}
