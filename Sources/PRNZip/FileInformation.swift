import Bytes
import Container
import Mixing
import ModelStore

/// What can be told of a prn file without decoding it.
///
///     let information = try FileInformation(prn)
///     print(information.width, information.height, information.bitsPerSubpixel)
public struct FileInformation: Equatable, Sendable, Encodable {
  /// A section of the file.
  public struct SectionInformation: Equatable, Sendable, Encodable {
    /// `storedPNG`, `metadata`, `smallTile`, `tile` and others of FORMAT.md, section 1.2.
    public let kind: String
    /// All of its bytes, with its kind, length and checksum.
    public let size: Int
  }

  /// A group of channels that are coded together; of an image in strips, all such groups of the
  /// strips.
  public struct GroupInformation: Equatable, Sendable, Encodable {
    /// Its channels in letters: R, G, B, Y (gray, luma), A (alpha), I (indices of a palette), C
    /// (each of the two chroma), r, g, b (corrections of red, green, blue).
    public let channels: String
    /// `constant`, `network`, `graphics`, `bilevel`, `deep`, `patches`, `sparse`, `linear` or
    /// `runs`.
    public let codec: String
    /// How samples follow from coded values: `none`, `doubled`, `table` or `palette`.
    public let mapping: String
    /// How many colours are numbered, or how many bits a value has; nil where that says nothing.
    public let colours: Int?
    /// The model's name; nil without a network, or if the store does not have the model.
    public let modelName: String?
    /// The model's identity, 8 bytes; nil without a network.
    public let modelIdentity: [UInt8]?
    /// The level of the mixing; nil without a network.
    public let mixing: MixingLevel?
    /// Columns of a tile.
    public let tileWidth: Int
    /// Rows of a tile.
    public let tileHeight: Int
    /// How many tiles there are; 0 where nothing is coded.
    public internal(set) var tileCount: Int
    /// All bytes of its sections.
    public internal(set) var size: Int
  }

  /// Whether the image is modelled; it is stored otherwise.
  public let isModelled: Bool
  /// Whether the very file comes back: it is stored, told how to make, or a PNM file.
  public let isExact: Bool
  /// Whether the PNG file is interlaced.
  public let isInterlaced: Bool
  /// Whether the file that comes back, to the byte, is a PNM or PAM file.
  public let isPNM: Bool
  /// How the name of the file that comes back should end: png; or, by its pixels, pbm, pgm, ppm or,
  /// with alpha, pam.
  public let fileExtension: String
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// PNG's colour type: 0 gray, 2 RGB, 3 palette, 4 gray with alpha, 6 RGBA.
  public let colourType: Int
  /// Bits a sample: 1, 2, 4, 8 or 16.
  public let sampleDepth: Int
  /// Samples a pixel: 1 to 4; of a palette's index, 1.
  public let channels: Int
  /// How many strips the image is coded in; 1 if it is in one piece.
  public let stripCount: Int
  /// The first bytes of the SHA-256 of the PNG file (stored) or the samples (modelled); none of an
  /// image in strips.
  public let digest: [UInt8]
  /// The transform that luma and chroma become colours by, as `ColourTransform` has it; nil where
  /// the colours themselves are coded. Of an image in strips, that of the first one that has any.
  public let transform: String?
  /// How chroma is kept, as `ChromaSampling` has it; nil likewise.
  public let chromaSampling: String?
  /// The groups; none if the image is stored.
  public let groups: [GroupInformation]
  /// Columns of the small image; nil if there is none, or the store does not have the model.
  public let smallWidth: Int?
  /// Rows of the small image; nil likewise.
  public let smallHeight: Int?
  /// The sections of the small image, in bytes; 0 if there is none.
  public let smallImageBytes: Int
  /// The bytes before the first section.
  public let headerSize: Int
  /// The sections, in the order of the file.
  public let sections: [SectionInformation]
  /// The payload of the metadata section, in bytes; 0 if there is none.
  public let metadataBytes: Int
  /// Frames of an animation that are coded as images; 0 where there are none, or where their chunks
  /// are kept.
  public let frameCount: Int
  /// All bytes of the sections that hold them.
  public var filmBytes: Int { sections.reduce(0) { $0 + ($1.kind == "film" ? $1.size : 0) } }
  /// The bytes of the file.
  public let fileSize: Int
  /// Samples of the image and of these frames.
  public let sampleCount: Double
  /// Bits of the file for each sample of the image and of these frames ("bpsp").
  public let bitsPerSubpixel: Double
  /// The size of the samples, uncompressed, over that of the file.
  public let ratio: Double

  /// How the name of the file that comes back should end, by the first bytes alone.
  ///
  /// - Parameter start: of a file: some thousand bytes are enough for nearly all.
  /// - Returns: as `fileExtension`; nil if the bytes do not hold the header of a prn file.
  public static func fileExtension(_ start: [UInt8]) -> String? {
    guard let header = try? Header.decode(start).header else { return nil }
    guard header.isPNM else { return "png" }
    if isPAM(start) { return "pam" }
    return switch header.colourType {
    case 0: header.sampleDepth == 1 ? "pbm" : "pgm"
    case 2: "ppm"
    default: "pam"
    }
  }

  private static func fileExtension(of source: any ByteSource) throws(PRNZipError) -> String {
    do throws(ContainerError) {
      let start = try ContainerError.reading { () throws(TransferError) in
        try source.bytes(0..<min(source.count, startSize))
      }
      return fileExtension(start) ?? "pnm"
    } catch {
      throw PRNZipError(error)
    }
  }

  /// Whether the header of a PNM file is of a PAM file, which may have any colours.
  private static func isPAM(_ start: [UInt8]) -> Bool {
    let magic = Array("P7".utf8)
    if let stored = PRNFile.stored(startOf: start) { return stored.starts(with: magic) }
    guard let section = try? PRNFile.metadata(startOf: start),
      let metadata = try? MetadataCoding.decode(start, section)
    else { return false }
    return metadata.pnmHeader?.starts(with: magic) == true
  }

  /// Bytes that tell the ending of nearly all files.
  public static let startSize = 1 << 16

  /// Reads the header and the sections' framing; checks every checksum.
  ///
  /// Complexity: O(size of the file).
  ///
  /// - Parameters:
  ///   - prn: the file; any bytes may be given.
  ///   - store: where to look for the model's name.
  /// - Throws: `PRNZipError.container`. A model that is not in the store is no error.
  public init(
    _ prn: [UInt8], store: ModelStore = .embedded
  ) throws(PRNZipError) {
    try self.init(ArraySource(prn), store: store)
  }

  /// The same of a file that need not be in memory.
  ///
  /// - Throws: `PRNZipError.container`, `reading`, `outOfMemory`.
  public init(
    _ source: any ByteSource, store: ModelStore = .embedded
  ) throws(PRNZipError) {
    let parts = try Parts(source, store)
    let header = parts.header
    isModelled = header.contentKind != .stored
    isExact = header.contentKind == .stored || header.contentKind == .exact || header.isPNM
    isPNM = header.isPNM
    fileExtension = header.isPNM ? try Self.fileExtension(of: source) : "png"
    isInterlaced = header.isInterlaced
    width = header.width
    height = header.height
    colourType = Int(header.colourType)
    sampleDepth = Int(header.sampleDepth)
    channels = header.channelCount
    stripCount = max(header.stripCount, 1)
    digest = header.digest
    transform = parts.lattice.map { "\($0.transform)" }
    chromaSampling = parts.lattice.map { "\($0.sampling)" }
    groups = parts.groups
    smallImageBytes = parts.sections.reduce(0) { $0 + ($1.kind == "smallTile" ? $1.size : 0) }
    // The model is loaded only for a file that has a small image.
    var scale: Int?
    if smallImageBytes > 0, let identity = groups.compactMap(\.modelIdentity).first {
      scale = (try? store.model(identity: identity))?.scale
    }
    smallWidth = scale.map { (header.width + $0 - 1) / $0 }
    smallHeight = scale.map { (header.height + $0 - 1) / $0 }
    headerSize = parts.headerSize
    sections = parts.sections
    metadataBytes = parts.metadataBytes
    fileSize = source.count
    frameCount = parts.frameCount
    sampleCount = (Double(width) * Double(height) + parts.framePixels) * Double(channels)
    bitsPerSubpixel = 8 * Double(fileSize) / sampleCount
    ratio = Double(sampleDepth) / bitsPerSubpixel
  }
}
