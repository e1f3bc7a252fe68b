import Bytes
import Container
import ImagePlanes
import PNGFile

// A part of an image, of which no more is decoded than it needs.

extension Decompressor {
  /// The part of an image in a region, as a PNG file of the same kind: with its palette, and what
  /// says what its colours are, but without other chunks, and not interlaced.
  ///
  /// Only what the region needs is decoded: strips and tiles that have some of it, and in a tile no
  /// more than what comes before its last pixel. An image in one tile is decoded to there. With a
  /// lattice, it takes the luma under whole tiles of chroma; a stored PNG file is decoded as a
  /// whole. So the digest, which is that of all pixels, is not verified unless all are decoded; the
  /// checksums of all sections are.
  ///
  /// - Parameters:
  ///   - prn: the file; any bytes may be given.
  ///   - region: in the image.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Returns: the PNG file.
  /// - Throws: `PRNZipError`; `unsuitableRegion` for one that is not in the image.
  public func decompress(
    _ prn: [UInt8], region: PixelRegion, progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) -> [UInt8] {
    let (image, metadata) = try part(of: prn, region, progress)
    let chunks = metadata.beforeImage.filter {
      Self.kept.contains(String(decoding: $0.type, as: UTF8.self))
    }
    let sink = ArraySink()
    try PRNZipError.png { () throws(PNGError) in
      try PNGFile.encode(
        image,
        metadata: chunks.map { PNGChunk(type: $0.type, data: $0.data) } + [.imageDataMark],
        level: options.level, filters: .tried, threads: options.threads,
        to: options.cancellation.watching(sink))
    }
    return sink.take()
  }

  /// Chunks before the image data that are as true of a part.
  private static let kept: Set<String> = [
    "PLTE", "tRNS", "bKGD", "sBIT", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "mDCV", "cLLI", "pHYs",
  ]

  /// The part of an image in a region, in the image's own format, and the image's chunks.
  ///
  /// - Throws: `PRNZipError`.
  func part(
    of prn: [UInt8], _ region: PixelRegion, _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> (image: Image, metadata: Metadata) {
    try options.cancellation.check()
    if try isInStrips(ArraySource(prn)) { return try partOfStrips(prn, region, progress) }
    let file = try PRNZipError.container { () throws(ContainerError) in try PRNFile(prn) }
    let header = file.header
    try region.check(width: header.width, height: header.height)
    if let section = file.storedPNG {
      let stored = ArraySource(try storedFile(header, prn[section.payload]))
      let information = try InputInformation(stored, options.limits)
      let image = try information.image(stored, options.limits, options.cancellation).image
      progress?(1)
      return (try image.part(region.rectangle), information.metadata)
    }
    let metadata = try file.metadata.map { section throws(PRNZipError) in
      try MetadataCoding.decode(prn, section)
    }
    let isWhole = region == PixelRegion(x: 0, y: 0, width: header.width, height: header.height)
    let image = try image(
      file, metadata ?? Metadata(), prn, part: isWhole ? nil : region.rectangle, progress)
    if isWhole { try verify(header, Digest.of(image)) }
    return (image, metadata ?? Metadata())
  }

  private func partOfStrips(
    _ prn: [UInt8], _ region: PixelRegion, _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> (image: Image, metadata: Metadata) {
    var result: (image: Image, metadata: Metadata)?
    try forEachStrip(of: ArraySource(prn), region: region.rectangle, progress) {
      header, format, metadata throws(PRNZipError) in
      try region.check(width: header.width, height: header.height)
      result = (
        try Image.black(format, width: region.width, height: region.height), metadata
      )
    } body: { part, place, _ in
      result?.image.paste(part, row: place.row - region.y, column: place.column - region.x)
    }
    guard let result else { throw .container(.corrupt(reason: "strips without an image")) }
    return result
  }
}

extension PixelRegion {
  /// The same pixels.
  var rectangle: TileRectangle { TileRectangle(row: y, column: x, height: height, width: width) }
}

extension Image {
  /// A part of it.
  ///
  /// - Throws: `PRNZipError.outOfMemory`.
  func part(_ rectangle: TileRectangle) throws(PRNZipError) -> Image {
    do throws(OutOfMemory) {
      return try crop(rectangle)
    } catch {
      throw .outOfMemory(error)
    }
  }
}
