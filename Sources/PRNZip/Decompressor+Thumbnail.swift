import Bytes
import Container
import ImagePlanes
import PNGFile

extension Decompressor {
  /// Decodes and verifies a prn file, and scales its picture down.
  ///
  /// Of an image in strips, a strip at a time is held, and the result. Complexity: that of
  /// decoding.
  ///
  /// - Parameters:
  ///   - source: the file; any bytes may be given.
  ///   - side: the most pixels of a side of the result, 1 or more.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Returns: a PNG file of 8 bits, gray or RGB, with alpha if the image has any.
  /// - Throws: `PRNZipError`.
  public func thumbnail(
    of source: any ByteSource, side: Int, progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) -> [UInt8] {
    let small = try reduced(source, side, progress)
    let image = try small.image(rows: 0..<small.height)
    return try PRNZipError.png { () throws(PNGError) in
      try PNGFile.encode(image, level: nil, filters: .tried)
    }
  }

  /// The same of a file in memory.
  ///
  /// - Throws: `PRNZipError`.
  public func thumbnail(
    of prn: [UInt8], side: Int, progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) -> [UInt8] {
    try thumbnail(of: ArraySource(prn), side: side, progress: progress)
  }

  private func reduced(
    _ source: any ByteSource, _ side: Int, _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> PixelBuffer {
    guard try isInStrips(source) else {
      return try pixels(of: whole(source), progress: progress).reduced(toFit: side)
    }
    var size = (width: 0, height: 0)
    var metadata = Metadata()
    var reduction: Reduction?
    try forEachStrip(of: source, progress) { header, _, its throws(PRNZipError) in
      size = (header.width, header.height)
      metadata = its
    } body: { strip, _, _ throws(PRNZipError) in
      let pixels = try self.pixels(strip, metadata)
      if reduction == nil {
        reduction = try Reduction(
          width: size.width, height: size.height, toFit: side, kind: pixels.kind,
          depth: pixels.depth, limit: options.limits.maximumBytes)
      }
      reduction?.add(pixels)
    }
    guard let reduction else { throw .container(.corrupt(reason: "strips without an image")) }
    return try reduction.finish()
  }
}

extension PixelBuffer {
  /// The picture with at most `side` pixels on a side, of 8 bits. Each of its pixels is the mean of
  /// those that it covers; transparent ones have no part in its colour.
  ///
  /// Complexity: O(pixels).
  ///
  /// - Parameter side: 1 or more.
  /// - Returns: the picture; one that fits already keeps its size.
  /// - Throws: `PRNZipError.unsuitablePixels` for a side below 1.
  public func reduced(toFit side: Int) throws(PRNZipError) -> PixelBuffer {
    var reduction = try Reduction(
      width: width, height: height, toFit: side, kind: kind, depth: depth)
    reduction.add(self)
    return try reduction.finish()
  }
}
