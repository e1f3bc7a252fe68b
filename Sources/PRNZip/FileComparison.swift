import Bytes
import Crypto
import ImagePlanes
import PNGFile

/// Whether two files, PNG or prn files, hold the same: a proof that nothing was lost.
///
///     let comparison = try FileComparison(source, result)
///     print(comparison.isLossless)
public struct FileComparison: Equatable, Sendable {
  /// What one of the files holds, a prn file after it was decompressed.
  public struct Content: Equatable, Sendable {
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int
    /// Samples a pixel; of a palette's index, 1.
    public let channels: Int
    /// Bits a sample: 1, 2, 4, 8 or 16.
    public let depth: Int
    /// Chunks beside the image itself, palettes among them.
    public let chunks: Int
    /// SHA-256 of the samples, in hexadecimal: row by row, of each pixel a byte for each sample, or
    /// two, the higher one first, where they have more than 8 bits.
    public let sampleDigest: String
  }

  /// What the files hold; nil for one that comes back as no PNG file.
  public let contents: [Content?]
  /// Whether size, colour type, depth and interlacing are the same.
  public let headersAreEqual: Bool
  /// Whether all samples are the same.
  public let samplesAreEqual: Bool
  /// Whether all other chunks, their order, and the bytes behind the end are the same; of the
  /// frames of an animation, the samples.
  public let chunksAreEqual: Bool
  /// Whether the files themselves, prn files after they were decompressed, are the same.
  public let bytesAreEqual: Bool

  /// Whether header, samples and chunks are the same.
  public var isLossless: Bool {
    bytesAreEqual || headersAreEqual && samplesAreEqual && chunksAreEqual
  }

  /// Compares two files. Rows are decoded as they are compared, unless they are interlaced; what
  /// comes of a prn file is in memory.
  ///
  /// Complexity: O(pixels), and that of decompressing.
  ///
  /// - Parameters:
  ///   - first: a PNG or a prn file.
  ///   - second: the same.
  ///   - decompressor: for prn files; gives the limits.
  /// - Throws: `PRNZipError`.
  public init(
    _ first: any ByteSource, _ second: any ByteSource, _ decompressor: Decompressor = .init()
  ) throws(PRNZipError) {
    let files = [
      try Self.decompressed(first, decompressor), try Self.decompressed(second, decompressor),
    ]
    bytesAreEqual = try Self.areEqual(files[0], files[1])
    var informations: [PNGInformation?] = []
    var contents: [Content?] = []
    for file in files {
      guard try Self.format(of: file) == .png else {
        // A PNM file that comes back to the byte, or nothing that is an image.
        _ = try InputInformation(file, decompressor.options.limits)
        informations.append(nil)
        contents.append(nil)
        continue
      }
      let information = try PRNZipError.png { () throws(PNGError) in
        try PNGFile.inspect(file, limits: decompressor.options.limits.png)
      }
      informations.append(information)
      let digest = try Self.digest(file, information, decompressor.options.limits)
      contents.append(
        Content(
          width: information.width, height: information.height,
          channels: information.pixelFormat.channels.count, depth: information.pixelFormat.depth,
          chunks: information.metadata.count { $0 != .imageDataMark },
          sampleDigest: hexadecimal(digest)))
    }
    self.contents = contents
    guard let a = informations[0], let b = informations[1] else {
      (headersAreEqual, samplesAreEqual, chunksAreEqual) = (
        bytesAreEqual, bytesAreEqual, bytesAreEqual
      )
      return
    }
    headersAreEqual =
      a.width == b.width && a.height == b.height && a.pixelFormat == b.pixelFormat
      && a.isInterlaced == b.isInterlaced
    samplesAreEqual = contents[0]?.sampleDigest == contents[1]?.sampleDigest
    if a.trailing == b.trailing, a.metadata != b.metadata {
      chunksAreEqual = Self.haveEqualFrames(a, b, decompressor.options.limits)
    } else {
      chunksAreEqual = a.trailing == b.trailing
    }
  }

  /// - Throws: `PRNZipError.verificationFailed` if something was lost.
  public func check() throws(PRNZipError) {
    guard isLossless else { throw .verificationFailed }
  }

  /// Whether two animations have the same chunks and frames, however these are deflated.
  private static func haveEqualFrames(
    _ first: PNGInformation, _ second: PNGInformation, _ limits: Limits
  ) -> Bool {
    guard let a = Animation(first), let b = Animation(second), a.chunks == b.chunks,
      a.frames.count == b.frames.count
    else { return false }
    // One that cannot be decoded is equal to none but itself.
    return zip(a.frames, b.frames).allSatisfy { one, other in
      guard one != other else { return true }
      let image = try? a.image(of: one, first, limits: limits.png)
      return image != nil && image == (try? b.image(of: other, second, limits: limits.png))
    }
  }

  /// The file, or what comes of it if it is a prn file.
  private static func decompressed(
    _ file: any ByteSource, _ decompressor: Decompressor
  ) throws(PRNZipError) -> any ByteSource {
    guard try format(of: file) == .prn else { return file }
    let sink = ArraySink()
    try decompressor.decompress(file, to: sink)
    return ArraySource(sink.take())
  }

  private static func format(of file: any ByteSource) throws(PRNZipError) -> FileFormat? {
    FileFormat(
      start: try PRNZipError.reading { () throws(TransferError) in
        try file.bytes(0..<min(FileFormat.startSize, file.count))
      })
  }

  private static func areEqual(
    _ first: any ByteSource, _ second: any ByteSource
  ) throws(PRNZipError) -> Bool {
    guard first.count == second.count else { return false }
    return try PRNZipError.reading { () throws(TransferError) in
      let piece = 1 << 20
      for start in stride(from: 0, to: first.count, by: piece) {
        let range = start..<min(start + piece, first.count)
        guard try first.bytes(range) == second.bytes(range) else { return false }
      }
      return true
    }
  }

  private static func digest(
    _ file: any ByteSource, _ information: PNGInformation, _ limits: Limits
  ) throws(PRNZipError) -> [UInt8] {
    var hash = SHA256()
    if information.isInterlaced {
      try Digest.add(Image.decoded(limits.all(of: file), limits), to: &hash)
    } else {
      let reader = try PRNZipError.png { () throws(PNGError) in
        try PNGStripReader(file, information, limits: limits.png)
      }
      let rows = max((1 << 20) / max(information.width, 1), 1)
      for _ in stride(from: 0, to: information.height, by: rows) {
        let strip = try PRNZipError.png { () throws(PNGError) in try reader.next(rows: rows) }
        try Digest.add(strip, to: &hash)
      }
      try PRNZipError.png { () throws(PNGError) in try reader.finish() }
    }
    return Array(hash.finalize())
  }
}
