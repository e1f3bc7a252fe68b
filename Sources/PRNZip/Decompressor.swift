import Bytes
import ColourLattices
import Container
import ImagePlanes
import Mixing
import ModelStore
import PNGFile
import PNMFile
import PixelNetwork
import Platform
import TileCoding

/// Makes PNG files of prn files, or the PNM and PAM files that they were made of.
///
///     let png = try Decompressor().decompress(prn)
///
/// What comes out has always been verified against the digest in the file. A stored PNG file and an
/// exact one come back byte for byte, as does any PNM file; a modelled image with the same pixels,
/// header and ancillary chunks, though the bytes of its PNG file are new.
public struct Decompressor: Sendable {
  /// What can be chosen.
  public struct Options: Sendable {
    /// The models that files may have been made with.
    public var store = ModelStore.embedded
    /// Threads to use, 1 or more.
    public var threads = 1
    /// Write a new PNG file even where the very file could be made again: so it does not matter how
    /// zlib of this machine compresses.
    public var pixelsOnly = false
    /// zlib's level of new PNG files, 0 to 9; nil for 2 for photographs, and 6 where that is much
    /// smaller. Filters are found by trying: most files are about as small as those that were
    /// compressed.
    public var level: Int?
    /// What a file may ask for.
    public var limits = Limits()
    /// What ends the work early; nil for nothing.
    public var cancellation: Cancellation?
    /// The version of the arithmetic; nil for what is fastest. All give the same image.
    var instructions: InstructionSet?
    /// Is told of each tile that is decoded, at least in part; from any thread.
    var onTile: (@Sendable (TileRectangle) -> Void)?

    /// The defaults.
    public init() {}
  }

  /// What a file holds.
  enum Content: Equatable {
    case stored([UInt8])
    case modelled(Modelled)
  }

  /// An image, and what else a PNG file of it has.
  struct Modelled: Equatable {
    var image: Image
    /// With films, without the data of their frames.
    var metadata: Metadata
    /// Frames of an animation.
    var films: DecodedFilms?
    var isInterlaced = false
    /// Of a PNM file; nil of a PNG file.
    var pnm: PNMHeader?
    /// How the very PNG file is made, and the first bytes of its SHA-256; nil where nobody knows.
    var recipe: Recipe?

    struct Recipe: Equatable {
      var recipe: PNGRecipe
      var fileDigest: [UInt8]
    }
  }

  /// What was chosen.
  public let options: Options

  /// A decompressor with these options.
  public init(_ options: Options = Options()) { self.options = options }

  /// Decompresses a prn file.
  ///
  /// Complexity: O(pixels * multiplications per pixel).
  ///
  /// - Parameters:
  ///   - prn: the file; any bytes may be given.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Returns: the PNG file.
  /// - Throws: `PRNZipError`.
  public func decompress(
    _ prn: [UInt8], progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) -> [UInt8] {
    guard try isInStrips(ArraySource(prn)) else { return try png(prn, progress) }
    let sink = ArraySink()
    try decompress(ArraySource(prn), to: sink, progress: progress)
    return sink.take()
  }

  /// The PNG file of a prn file in one piece.
  func png(
    _ prn: [UInt8], _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> [UInt8] {
    switch try decode(prn, progress: progress) {
    case .stored(let png): return png
    case .modelled(let content):
      guard let header = content.pnm else { return try png(content) }
      let sink = ArraySink()
      let trailing = content.metadata.trailing
      try PRNZipError.pnm { () throws(PNMError) in
        let writer = try PNMStripWriter(header, trailing: trailing, to: sink)
        try writer.write(content.image)
        try writer.finish()
      }
      return sink.take()
    }
  }

  /// Decodes and verifies a prn file, and gives nothing back.
  ///
  /// - Parameters:
  ///   - prn: the file; any bytes may be given.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Throws: `PRNZipError`.
  public func test(
    _ prn: [UInt8], progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) {
    try test(ArraySource(prn), progress: progress)
  }

  /// Decodes and verifies a prn file in one piece.
  func testWhole(
    _ prn: [UInt8], _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) {
    if case .modelled(let content) = try decode(prn, progress: progress), content.recipe != nil {
      _ = try png(content)
    }
  }

  /// The PNG file of an image: the very one, if it is told how to make it.
  func png(_ content: Modelled) throws(PRNZipError) -> [UInt8] {
    let metadata = content.metadata
    let chunks = try chunks(of: content)
    do throws(PNGError) {
      guard !options.pixelsOnly, let exact = content.recipe else {
        let sink = ArraySink()
        try PNGFile.encode(
          content.image, metadata: chunks, isInterlaced: content.isInterlaced,
          trailing: metadata.trailing, level: options.level, filters: .tried,
          threads: options.threads, to: options.cancellation.watching(sink))
        return sink.take()
      }
      let png = try PNGFile.encode(
        content.image, metadata: chunks, recipe: exact.recipe,
        trailing: metadata.trailing, limits: options.limits.png,
        isCancelled: { options.cancellation?.isCancelled ?? false })
      let digest = Digest.of(png)
      guard digest.starts(with: exact.fileDigest) else {
        throw PNGError.damagedRecipe(
          "zlib makes another file of it here; its pixels are right, and --pixels writes them")
      }
      return png
    } catch {
      throw PRNZipError(error)
    }
  }

  /// Decodes and verifies a prn file in one piece; `costs` gets what its values take. Frames of an
  /// animation are left out where they are not wanted.
  func decode(
    _ prn: [UInt8], costs: CostNotes? = nil, wantsFrames: Bool = true,
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) -> Content {
    try options.cancellation.check()
    let file: PRNFile
    do throws(ContainerError) {
      file = try PRNFile(prn)
    } catch {
      throw PRNZipError(error)
    }
    let header = file.header
    if let section = file.storedPNG {
      progress?(1)
      return .stored(try storedFile(header, prn[section.payload]))
    }
    var metadata = Metadata()
    if let section = file.metadata {
      metadata = try MetadataCoding.decode(prn, section)
    }
    let pnm = try pnmHeader(header, metadata)
    // A film takes about as long as the image.
    let share = wantsFrames ? Double(file.films.count) / Double(file.films.count + 1) : 0
    let films =
      wantsFrames
      ? try films(file.films, of: header, metadata, prn) { progress?(share * $0) } : nil
    let image = try image(file, metadata, prn, costs: costs) {
      progress?(share + (1 - share) * $0)
    }
    try verify(header, Digest.of(image))
    let recipe = try file.recipe.map { section throws(PRNZipError) in
      Modelled.Recipe(
        recipe: try RecipeCoding.decode(prn[section.payload]),
        fileDigest: header.fileDigest)
    }
    return .modelled(
      Modelled(
        image: image, metadata: metadata, films: films, isInterlaced: header.isInterlaced, pnm: pnm,
        recipe: recipe))
  }

  /// The header of a PNM file, which has to be one of such an image; nil of a PNG file.
  ///
  /// - Throws: `PRNZipError.container`, `pnm`.
  func pnmHeader(_ header: Header, _ metadata: Metadata) throws(PRNZipError) -> PNMHeader? {
    guard header.isPNM else { return nil }
    guard let bytes = metadata.pnmHeader else {
      throw .container(.corrupt(reason: "metadata that is not that of a PNM file"))
    }
    let pnm = try PRNZipError.pnm { () throws(PNMError) in try PNMHeader(start: bytes) }
    guard pnm.bytes.count == bytes.count, pnm.width == header.width,
      pnm.height == header.height, pnm.format == header.format
    else {
      throw .container(.corrupt(reason: "the header of a PNM file of another image"))
    }
    return pnm
  }

  /// The file of a stored image, checked.
  ///
  /// - Throws: `PRNZipError.digestMismatch`, `container`, `png`, `pnm`, `limitExceeded`,
  ///   `outOfMemory`.
  func storedFile(
    _ header: Header, _ payload: ArraySlice<UInt8>
  ) throws(PRNZipError) -> [UInt8] {
    try verify(header, Digest.of(payload))
    guard Memory.canAllocate(payload.count) else {
      throw .outOfMemory(OutOfMemory(bytes: payload.count))
    }
    let png = Array(payload)
    let information = try InputInformation(ArraySource(png), options.limits)
    guard information.width == header.width, information.height == header.height,
      information.format == header.format, information.isInterlaced == header.isInterlaced,
      information.isPNM == header.isPNM
    else {
      throw .container(.corrupt(reason: "the header is not that of the stored file"))
    }
    return png
  }

  /// The image of a modelled file, or of a strip.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - metadata: its chunks.
  ///   - prn: its bytes.
  ///   - part: what is wanted of the image, in it; nil for all.
  ///   - costs: gets what its values take.
  ///   - progress: is told the share done.
  /// - Returns: the image, or the part of it.
  /// - Throws: `PRNZipError`.
  func image(
    _ file: PRNFile, _ metadata: Metadata, _ prn: [UInt8], part: TileRectangle? = nil,
    costs: CostNotes? = nil,
    _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> Image {
    let header = file.header
    guard let format = header.format else {
      throw .container(.corrupt(reason: "pixels that PNG does not have"))
    }
    try options.limits.check(width: header.width, height: header.height)
    try options.limits.check(image: format, header, file: prn.count)
    try Limits.checkShares(of: header, sizes: file.groups.map(\.size))
    let decoder = GroupDecoder(options: options, header: header)
    let mapping = GroupMapping(header: header, metadata: metadata)
    // With a lattice, the whole planes are kept, so that cells and pixels have their places.
    var frame = header
    if let part, header.lattice == nil { (frame.width, frame.height) = (part.width, part.height) }
    var channels = try frame.blackChannels(format)
    let coded = header.groups.count { $0.codec != .constant }
    var done = 0
    for (group, sections) in zip(header.groups, file.groups) {
      try options.cancellation.check()
      if group.codec == .constant {
        try mapping.apply(group, nil, to: &channels)
        _ = try costs?.begin(group, sections, of: header)
        continue
      }
      let before = done
      let planes = try decoder.planes(
        of: group, sections, prn, known: header.knownPlanes(of: group, channels),
        part: part.map { part throws(PRNZipError) in try decoder.part(of: group, for: part) },
        costs: costs?.begin(group, sections, of: header)
      ) { share in
        progress?((Double(before) + share) / Double(coded))
      }
      try mapping.apply(group, planes, to: &channels)
      done += 1
    }
    try options.cancellation.check()
    var image = frame.image(format, channels, threads: options.threads)
    mapping.hide(in: &image)
    progress?(1)
    guard let part, header.lattice != nil else { return image }
    return try image.part(part)
  }

  /// Checks a digest.
  ///
  /// - Throws: `PRNZipError.digestMismatch`.
  func verify(_ header: Header, _ digest: [UInt8]) throws(PRNZipError) {
    guard digest.starts(with: header.digest) else {
      throw .digestMismatch(
        expected: hexadecimal(header.digest),
        computed: hexadecimal(digest.prefix(header.digest.count)))
    }
  }
}
