import Mixing
import Container
import ModelStore

/// What can be told of a prn file without decoding it.
///
///     let information = try FileInformation(prn)
///     print(information.width, information.height, information.bitsPerSubpixel)
public struct FileInformation: Equatable, Sendable, Encodable {
  /// A section of the file.
  public struct SectionInformation: Equatable, Sendable, Encodable {
    /// `storedPNG`, `metadata`, `smallTile` or `tile`.
    public let kind: String
    /// All of its bytes, with its kind, length and checksum.
    public let size: Int
  }

  /// Whether the image is modelled; it is stored otherwise.
  public let isModelled: Bool
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
  /// `sha256/16` of the PNG file (stored) or the samples (modelled).
  public let digest: [UInt8]
  /// The model's name; nil if the image is stored or the store does not have the model.
  public let modelName: String?
  /// The model's identity; nil if the image is stored.
  public let modelIdentity: [UInt8]?
  /// Columns of a tile; nil if the image is stored.
  public let tileWidth: Int?
  /// Rows of a tile; nil if the image is stored.
  public let tileHeight: Int?
  /// The level of the mixing; nil if the image is stored.
  public let mixing: MixingLevel?
  /// How many tiles there are; nil if the image is stored.
  public let tileCount: Int?
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
  /// The bytes of the file.
  public let fileSize: Int
  /// Bits of the file for each sample of the image ("bpsp").
  public let bitsPerSubpixel: Double
  /// The size of the samples, uncompressed, over that of the file.
  public let ratio: Double

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
    let file: PRNFile
    do {
      file = try PRNFile(prn)
    } catch {
      throw PRNZipError(error)
    }
    let header = file.header
    isModelled = header.contentKind == .modelled
    width = header.width
    height = header.height
    colourType = Int(header.colourType)
    sampleDepth = Int(header.sampleDepth)
    channels = header.format?.channels.count ?? 1
    digest = header.digest
    let modelling = header.modelling
    modelIdentity = modelling?.modelIdentity
    let known = (modelling?.modelIdentity).flatMap { store.description(identity: $0) }
    modelName = known?.name
    smallImageBytes = file.smallTiles.reduce(0) { $0 + Section.size(payload: $1.payload.count) }
    // The model is loaded only for a file that has a small image.
    var scale: Int?
    if !file.smallTiles.isEmpty, let identity = modelling?.modelIdentity {
      scale = (try? store.model(identity: identity))?.scale
    }
    smallWidth = scale.map { (header.width + $0 - 1) / $0 }
    smallHeight = scale.map { (header.height + $0 - 1) / $0 }
    tileWidth = modelling?.tileWidth
    tileHeight = modelling?.tileHeight
    mixing = modelling.flatMap { MixingLevel(rawValue: $0.mixingLevel) }
    tileCount = modelling.map { _ in header.tileCount }
    headerSize = file.headerSize
    sections = file.sections.map {
      SectionInformation(kind: "\($0.kind)", size: Section.size(payload: $0.payload.count))
    }
    metadataBytes = file.metadata?.payload.count ?? 0
    fileSize = prn.count
    let samples = Double(width) * Double(height) * Double(channels)
    bitsPerSubpixel = 8 * Double(fileSize) / samples
    ratio = Double(sampleDepth) / bitsPerSubpixel
  }
}
