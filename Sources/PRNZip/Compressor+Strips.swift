import Bytes
import Container
import Crypto
import ImagePlanes
import PNGFile

// Large images, strip by strip: neither the PNG file nor the image nor the prn file is held.

extension Compressor {
  /// Compresses a PNG file of any kind, or a PNM file, of any size, from where it is to where it
  /// belongs.
  ///
  /// A large image is read, coded and written in strips of rows, so that memory follows a strip and
  /// not the image; but an interlaced one, whose rows come in another order, and an exact file are
  /// held as a whole. Complexity: O(pixels * multiplications per pixel).
  ///
  /// - Parameters:
  ///   - source: the file; it is decoded first, and refused if damaged.
  ///   - sink: gets the prn file, as `compress(_:progress:)` gives it.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Throws: `PRNZipError`, as `compress(_:progress:)`, and `reading` and `writing`. Then what is
  ///   in the sink is no file.
  public func compress(
    _ source: any ByteSource, to sink: any ByteSink,
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) {
    let heldBytes = source is ArraySource ? source.count : 0
    let source = options.cancellation.watching(source)
    let information = try InputInformation(source, options.limits)
    guard let stripHeight = options.stripHeight(information) else {
      let png = try options.limits.all(of: source)
      let prn = try compress(png, progress: progress)
      try PRNZipError.writing { () throws(TransferError) in try sink.write(prn) }
      return
    }
    let reader = try ImageReader(source, information, options.limits)
    var written = try writeStrips(
      information, height: stripHeight, heldBytes: heldBytes, to: sink, progress
    ) { rows throws(PRNZipError) in try reader.next(rows: rows.count) }
    // What the image does not tell of a PNM file is kept by storing it.
    if written != nil, try !reader.finish() { written = nil }
    guard let written, written < (try storedSize(source.count, information)) else {
      try store(source, information, to: sink)
      progress?(1)
      return
    }
    progress?(1)
  }

  /// Writes an image in strips.
  ///
  /// - Parameters:
  ///   - information: of the image's file.
  ///   - stripHeight: rows of each strip but the last.
  ///   - heldBytes: of what is held meanwhile.
  ///   - sink: gets the prn file.
  ///   - progress: is told the share done.
  ///   - next: the image of some rows, which follow those before.
  /// - Returns: bytes of the prn file; nil where a decoder would refuse a strip.
  /// - Throws: `PRNZipError`, also what `next` throws.
  func writeStrips(
    _ information: InputInformation, height stripHeight: Int, heldBytes: Int,
    to sink: any ByteSink, _ progress: (@Sendable (Double) -> Void)?,
    next: (Range<Int>) throws(PRNZipError) -> Image
  ) throws(PRNZipError) -> Int? {
    let metadata = information.metadata
    let (payload, kind) = try MetadataCoding.encode(metadata)
    let header = Header(.strips, information, digest: [], stripHeight: stripHeight)
    var written = 0
    func write(_ bytes: [UInt8]) throws(PRNZipError) {
      try PRNZipError.writing { () throws(TransferError) in try sink.write(bytes) }
      written += bytes.count
    }
    try write(
      PRNZipError.container { () throws(ContainerError) in
        try PRNStrips.start(header, metadata: payload, metadataKind: kind)
      })
    let count = header.stripCount
    for index in 0..<count {
      try options.cancellation.check()
      let row = index * stripHeight
      let image = try next(row..<row + header.height(ofStrip: index))
      let strip = try strip(image, row: row, of: header, metadata, heldBytes) { share in
        progress?((Double(index) + share) / Double(count))
      }
      guard let strip else { return nil }
      try write(strip)
    }
    return written
  }

  /// Codes a strip, as if it were an image of its own; nil for one that a decoder would refuse.
  private func strip(
    _ image: Image, row: Int, of header: Header, _ metadata: Metadata,
    _ heldBytes: Int, _ progress: @escaping @Sendable (Double) -> Void
  ) throws(PRNZipError) -> [UInt8]? {
    let layouts = Layouts(image, metadata, options, heldBytes: heldBytes)
    guard let coded = try layouts.smallest(progress) else {
      throw .container(.corrupt(reason: "a strip that nothing codes"))
    }
    guard coded.isInProportion(to: image) else { return nil }
    let size = Header.digestSize(.modelled, width: image.width, height: image.height)
    let strip = Header(
      .modelled, width: image.width, height: image.height, colourType: header.colourType,
      sampleDepth: header.sampleDepth, digest: Array(try Digest.of(image).prefix(size)),
      lattice: coded.lattice, groups: coded.groups.map(\.group))
    let bytes = try PRNZipError.container { () throws(ContainerError) in
      try PRNStrips.strip(strip, row: row, groups: coded.groups.map(\.payloads))
    }
    if options.verify { try verify(strip, coded, image, metadata) }
    return bytes
  }

  /// Decodes a strip again.
  ///
  /// - Throws: `PRNZipError.verificationFailed`.
  private func verify(
    _ header: Header, _ coded: CodedImage, _ image: Image, _ metadata: Metadata
  ) throws(PRNZipError) {
    // As a file of its own, which a decoder takes as it is.
    let file = try PRNZipError.container { () throws(ContainerError) in
      try PRNFile.encode(header, groups: coded.groups.map(\.payloads))
    }
    let parts = try PRNZipError.container { () throws(ContainerError) in try PRNFile(file) }
    let decoder = Decompressor(decompressorOptions)
    let decoded: Image
    do throws(PRNZipError) {
      decoded = try decoder.image(parts, metadata, file, nil)
    } catch {
      throw error == .cancelled ? .cancelled : .verificationFailed
    }
    guard decoded == image else { throw .verificationFailed }
  }

  /// Writes a stored image in the place of what has been written.
  private func store(
    _ source: any ByteSource, _ information: InputInformation, to sink: any ByteSink
  ) throws(PRNZipError) {
    var hash = SHA256()
    try PRNZipError.reading { () throws(TransferError) in
      try source.forEachPiece(of: 0..<source.count) { hash.update(bufferPointer: $0) }
    }
    let header = storedHeader(information, digest: Array(hash.finalize().prefix(16)))
    try PRNZipError.writing { () throws(TransferError) in try sink.restart() }
    var framing = try PRNZipError.container { () throws(ContainerError) in
      try StoredFraming(header, storedPNG: source.count)
    }
    try PRNZipError.writing { () throws(TransferError) in try sink.write(framing.start) }
    var failure: TransferError?
    try PRNZipError.reading { () throws(TransferError) in
      try source.forEachPiece(of: 0..<source.count) { piece in
        framing.add(piece)
        if failure == nil {
          do throws(TransferError) { try sink.write(piece) } catch { failure = error }
        }
      }
    }
    try PRNZipError.writing { () throws(TransferError) in
      if let failure { throw failure }
      try sink.write(framing.end)
    }
  }
}

extension Compressor.Options {
  /// Rows of a strip of an image; nil for one that is coded in one piece.
  func stripHeight(_ information: InputInformation) -> Int? {
    if isExact && !information.isPNM || information.isInterlaced { return nil }
    return stripHeight(width: information.width, height: information.height)
  }

  /// The same of an image that may be coded in strips.
  ///
  /// - Returns: as many rows as have about `stripPixels` pixels, in whole tiles of a network where
  ///   they are more than one.
  func stripHeight(width: Int, height: Int) -> Int? {
    guard height > 1, width * height > wholePixels else { return nil }
    let rows = min(max(stripPixels / width, 1), height)
    let tiles = rows / max(tileLimit, 1)
    if tiles > 0 { return tiles * tileLimit }
    // Of about equal size, where no tiles are cut.
    let strips = (height - 1) / rows + 1
    let fewest = (Header.fewestStripPixels - 1) / width + 1
    return min(max((height - 1) / strips + 1, fewest), height)
  }
}
