import Bytes
import Container
import ImagePlanes
import PNGFile
import PNMFile

/// What is to be compressed, looked over: a PNG file, or a PNM or PAM file.
struct InputInformation {
  private enum Kind {
    case png(PNGInformation)
    case pnm(PNMHeader)
  }

  private let kind: Kind
  /// Columns.
  let width: Int
  /// Rows.
  let height: Int
  /// Of what kind the pixels are.
  let format: PixelFormat
  /// What the file has beside its image.
  let metadata: Metadata

  /// Looks a file over, and checks its size against the limits.
  ///
  /// - Throws: `PRNZipError.png`, `pnm`, `limitExceeded`, `outOfMemory`, `reading`.
  init(_ source: any ByteSource, _ limits: Limits) throws(PRNZipError) {
    let start = try PRNZipError.reading { () throws(TransferError) in
      try source.bytes(0..<min(FileFormat.startSize, source.count))
    }
    if [.pnm, .plainPNM].contains(FileFormat(start: start)) {
      let header = try PRNZipError.pnm { () throws(PNMError) in
        try PNMFile.inspect(source, maximumPixels: limits.maximumPixels)
      }
      let behind = source.count - header.bytes.count - header.rowBytes * header.height
      guard behind <= limits.maximumBytes else {
        throw .limitExceeded(
          what: "bytes of memory", value: behind, limit: limits.maximumBytes)
      }
      let trailing = try PRNZipError.pnm { () throws(PNMError) in
        try PNMFile.trailing(source, header)
      }
      kind = .pnm(header)
      (width, height, format) = (header.width, header.height, header.format)
      metadata = Metadata(pnmHeader: header.bytes, trailing: trailing)
      return
    }
    let information = try PRNZipError.png { () throws(PNGError) in
      try PNGFile.inspect(source, limits: limits.png)
    }
    kind = .png(information)
    (width, height, format) = (information.width, information.height, information.pixelFormat)
    metadata = Metadata(information)
  }

  /// That of a PNG file with nothing but an image.
  init(plain format: PixelFormat, width: Int, height: Int) {
    kind = .png(PNGInformation(format, width: width, height: height))
    (self.width, self.height, self.format) = (width, height, format)
    metadata = Metadata()
  }

  /// Whether it is a PNM or PAM file.
  var isPNM: Bool {
    if case .pnm = kind { return true }
    return false
  }

  /// What is told of a PNG file with an acTL chunk; nil of any other.
  var animated: PNGInformation? {
    guard case .png(let information) = kind, information.isAnimated else { return nil }
    return information
  }

  /// The chunks of a PNG file.
  var chunks: [PNGChunk] {
    if case .png(let information) = kind { return information.metadata }
    return []
  }

  /// Whether the PNG file is interlaced.
  var isInterlaced: Bool {
    if case .png(let information) = kind { return information.isInterlaced }
    return false
  }

  /// The image of a file in memory.
  ///
  /// - Returns: the image, and whether it and `metadata` tell all of a PNM file.
  /// - Throws: `PRNZipError.png`, `pnm`, `limitExceeded`, `outOfMemory`.
  func image(
    _ source: ArraySource, _ limits: Limits, _ cancellation: Cancellation? = nil
  ) throws(PRNZipError) -> (image: Image, isWhole: Bool) {
    guard isPNM else { return (try Image.decoded(source.all(), limits, cancellation), true) }
    let reader = try ImageReader(source, self, limits)
    let image = try reader.next(rows: height)
    return (image, try reader.finish())
  }
}

extension Compressor {
  /// The image of a file that could be compressed.
  ///
  /// - Parameter file: a PNG file, or a PNM or PAM file.
  /// - Returns: the image, and the chunks of a PNG file.
  /// - Throws: `PRNZipError.png`, `pnm`, `limitExceeded`, `outOfMemory`.
  package func image(
    of file: [UInt8]
  ) throws(PRNZipError) -> (image: Image, chunks: [PNGChunk]) {
    let information = try InputInformation(ArraySource(file), options.limits)
    let image = try information.image(ArraySource(file), options.limits).image
    return (image, information.chunks)
  }
}

/// Reads the image of a file in strips of rows.
struct ImageReader {
  fileprivate enum Reader {
    case png(PNGStripReader)
    case pnm(PNMStripReader)
  }

  private let reader: Reader
  private let format: PixelFormat
  private let width: Int
  private let limits: Limits

  /// Reads up to the first row.
  ///
  /// - Parameters:
  ///   - source: the file; if it is a PNG file, not an interlaced one.
  ///   - information: of the file.
  ///   - limits: of the memory that a strip takes.
  /// - Throws: `PRNZipError`.
  init(
    _ source: any ByteSource, _ information: InputInformation, _ limits: Limits
  ) throws(PRNZipError) {
    (format, width) = (information.format, information.width)
    self.limits = limits
    reader = try information.reader(of: source, limits)
  }

  /// Reads the next rows.
  ///
  /// - Throws: `PRNZipError`.
  func next(rows: Int) throws(PRNZipError) -> Image {
    switch reader {
    case .png(let reader):
      return try PRNZipError.png { () throws(PNGError) in try reader.next(rows: rows) }
    case .pnm(let reader):
      let bytes = format.planeCount * width * rows
      guard bytes <= limits.maximumBytes else {
        throw .limitExceeded(what: "bytes of memory", value: bytes, limit: limits.maximumBytes)
      }
      return try PRNZipError.pnm { () throws(PNMError) in try reader.next(rows: rows) }
    }
  }

  /// Reads what comes behind the last row.
  ///
  /// - Returns: whether the rows and the metadata tell all of a PNM file.
  /// - Throws: `PRNZipError`.
  func finish() throws(PRNZipError) -> Bool {
    switch reader {
    case .png(let reader):
      try PRNZipError.png { () throws(PNGError) in try reader.finish() }
      return true
    case .pnm(let reader): return !reader.hasStrayBits
    }
  }
}

extension InputInformation {
  fileprivate func reader(
    of source: any ByteSource, _ limits: Limits
  ) throws(PRNZipError) -> ImageReader.Reader {
    switch kind {
    case .pnm(let header): return .pnm(PNMStripReader(source, header))
    case .png(let information):
      return .png(
        try PRNZipError.png { () throws(PNGError) in
          try PNGStripReader(source, information, limits: limits.png)
        })
    }
  }
}
