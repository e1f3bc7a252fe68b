import Bytes
import Container
import ImagePlanes
import PNGFile
import PNMFile

// From where a file is to where it belongs: of an image in strips, strip by strip.

extension Decompressor {
  /// Decompresses a prn file of any size.
  ///
  /// Of an image in strips, neither the prn file nor the image nor the PNG file is held: memory
  /// follows a strip. Complexity: O(pixels * multiplications per pixel).
  ///
  /// - Parameters:
  ///   - source: the file; any bytes may be given.
  ///   - sink: gets the PNG file.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Throws: `PRNZipError`. Then what is in the sink is no file.
  public func decompress(
    _ source: any ByteSource, to sink: any ByteSink,
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) {
    guard try isInStrips(source) else {
      let png = try png(whole(source), progress)
      try PRNZipError.writing { () throws(TransferError) in try sink.write(png) }
      return
    }
    var writer: ImageWriter?
    try forEachStrip(of: source, progress) { header, format, metadata throws(PRNZipError) in
      if let pnm = try pnmHeader(header, metadata) {
        writer = .pnm(
          try PRNZipError.pnm { () throws(PNMError) in
            try PNMStripWriter(
              pnm, trailing: metadata.trailing, to: options.cancellation.watching(sink))
          })
        return
      }
      writer = .png(
        try PRNZipError.png { () throws(PNGError) in
          try PNGStripWriter(
            format, width: header.width, height: header.height, metadata: metadata.chunks,
            trailing: metadata.trailing, level: options.level, filters: .tried,
            threads: options.threads, to: options.cancellation.watching(sink))
        })
    } body: { strip, _, _ throws(PRNZipError) in
      try writer?.write(strip)
    }
    try writer?.finish()
  }

  /// Writes the image of a file in strips of rows.
  private enum ImageWriter {
    case png(PNGStripWriter)
    case pnm(PNMStripWriter)

    /// Writes the next rows.
    ///
    /// - Throws: `PRNZipError`.
    func write(_ strip: Image) throws(PRNZipError) {
      switch self {
      case .png(let writer):
        try PRNZipError.png { () throws(PNGError) in try writer.write(strip) }
      case .pnm(let writer):
        try PRNZipError.pnm { () throws(PNMError) in try writer.write(strip) }
      }
    }

    /// Writes what comes behind the rows.
    ///
    /// - Throws: `PRNZipError`.
    func finish() throws(PRNZipError) {
      switch self {
      case .png(let writer): try PRNZipError.png { () throws(PNGError) in try writer.finish() }
      case .pnm(let writer): try PRNZipError.pnm { () throws(PNMError) in try writer.finish() }
      }
    }
  }

  /// Decodes and verifies a prn file of any size, and gives nothing back.
  ///
  /// - Parameters:
  ///   - source: the file; any bytes may be given.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Throws: `PRNZipError`.
  public func test(
    _ source: any ByteSource, progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) {
    guard try isInStrips(source) else { return try testWhole(whole(source), progress) }
    try forEachStrip(of: source, progress) { _, _, _ in }
  }

  /// Whether a file is one in strips.
  func isInStrips(_ source: any ByteSource) throws(PRNZipError) -> Bool {
    try PRNZipError.container { () throws(ContainerError) in try PRNStrips.isOne(source) }
  }

  func whole(_ source: any ByteSource) throws(PRNZipError) -> [UInt8] {
    try options.limits.all(of: source)
  }

  /// Decodes and verifies strips in turn.
  ///
  /// - Parameters:
  ///   - source: a file in strips.
  ///   - region: what is wanted of the image; nil for all. Strips without any are left out, and of
  ///     the others only the checksums are verified where they are not wanted as a whole.
  ///   - costs: gets what the values of each strip take; `body` comes then.
  ///   - progress: is told the share done.
  ///   - start: gets what is known before the first strip.
  ///   - body: gets each strip, or what is wanted of it, the place in the image, and its header.
  /// - Throws: `PRNZipError`, also what `start` and `body` throw.
  func forEachStrip(
    of source: any ByteSource, region: TileRectangle? = nil, costs: CostNotes? = nil,
    _ progress: (@Sendable (Double) -> Void)?,
    start: (Header, PixelFormat, Metadata) throws(PRNZipError) -> Void = { _, _, _ in },
    body: (Image, TileRectangle, Header) throws(PRNZipError) -> Void
  ) throws(PRNZipError) {
    var file = try PRNZipError.container { () throws(ContainerError) in try PRNStrips(source) }
    let header = file.header
    guard let format = header.format else {
      throw .container(.corrupt(reason: "pixels that PNG does not have"))
    }
    try options.limits.check(width: header.width, height: header.height)
    let metadata = try file.metadata.map { section throws(PRNZipError) in
      try MetadataCoding.decode(file.metadataBytes, section)
    }
    try start(header, format, metadata ?? Metadata())
    let count = header.stripCount
    var index = 0
    func next() throws(PRNZipError) -> PRNStrips.Strip? {
      try PRNZipError.container { () throws(ContainerError) in try file.next() }
    }
    while let strip = try next() {
      try options.cancellation.check()
      let done = index
      index += 1
      let place = TileRectangle(
        row: strip.row, column: 0, height: strip.file.header.height, width: header.width)
      guard let wanted = place.intersection(region ?? place) else { continue }
      let part = TileRectangle(
        row: wanted.row - place.row, column: wanted.column, height: wanted.height,
        width: wanted.width)
      let image = try image(
        strip.file, metadata ?? Metadata(), strip.bytes, part: wanted == place ? nil : part,
        costs: costs
      ) { share in progress?((Double(done) + share) / Double(count)) }
      if wanted == place { try verify(strip.file.header, Digest.of(image)) }
      try body(image, wanted, strip.file.header)
    }
    progress?(1)
  }
}
