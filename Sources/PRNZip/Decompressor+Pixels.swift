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
    if try isInStrips(ArraySource(prn)) { return try pixelsOfStrips(prn, region, progress) }
    let image: Image, metadata: Metadata
    switch try decode(prn, progress: progress) {
    case .stored(let png):
      image = try Image.decoded(png, options.limits)
      metadata = Metadata(try inspect(ArraySource(png), options.limits))
    case .modelled(let content):
      (image, metadata) = (content.image, content.metadata)
    }
    var assembly = try assembly(
      image.format, metadata, region, width: image.width, height: image.height)
    assembly.add(image)
    return assembly.finish()
  }

  private func pixelsOfStrips(
    _ prn: [UInt8], _ region: PixelRegion?, _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> PixelBuffer {
    var assembly: PixelAssembly?
    var row = 0
    try forEachStrip(of: ArraySource(prn), progress) {
      header, format, metadata throws(PRNZipError) in
      assembly = try self.assembly(
        format, metadata, region, width: header.width, height: header.height)
    } body: { strip in
      assembly?.add(strip, y: row)
      row += strip.height
    }
    guard let assembly else { throw .container(.corrupt(reason: "strips without an image")) }
    return assembly.finish()
  }

  private func assembly(
    _ format: PixelFormat, _ metadata: Metadata, _ region: PixelRegion?, width: Int, height: Int
  ) throws(PRNZipError) -> PixelAssembly {
    let region = region ?? PixelRegion(x: 0, y: 0, width: width, height: height)
    try region.check(width: width, height: height)
    return try PixelAssembly(format, metadata, region, limit: options.limits.maximumBytes)
  }
}
