/// The header of a prn file (FORMAT.md, section 1.1), with the format's names.
public struct Header: Equatable, Sendable {
  /// The version of the format that this program reads and writes.
  public static let version: UInt8 = 4
  /// 0x89, "PRN", CR LF, SUB, LF: a transfer in text mode damages it.
  public static let magic: [UInt8] = [0x89, 0x50, 0x52, 0x4E, 0x0D, 0x0A, 0x1A, 0x0A]
  /// The largest `width` and `height`.
  public static let largestSide = 1 << 31 - 1
  /// The largest number of pixels of a modelled image.
  public static let largestPixelCount = 1 << 40
  /// The largest `tileWidth` and `tileHeight`.
  public static let largestTileSide = 65535
  /// The largest `tilesPerSection`.
  public static let mostTilesPerSection = 1 << 20
  /// Tiles of fewer pixels may share a section.
  public static let sharingTilePixels = 1 << 17

  /// What the file holds of the image.
  public enum ContentKind: UInt8, Sendable {
    /// The PNG file's own bytes.
    case stored = 0
    /// The samples, coded with a model's predictions.
    case modelled = 1
  }

  /// The fields that only a modelled image has.
  public struct Modelling: Equatable, Sendable {
    /// `sha256/16` of the weight file: 16 bytes.
    public var modelIdentity: [UInt8]
    /// Columns of a tile, 1 to 65535.
    public var tileWidth: Int
    /// Rows of a tile, 1 to 65535.
    public var tileHeight: Int
    /// Tiles that a section holds, in raster order; the last may have fewer. 1 to 2^20; 1 where a
    /// tile has 2^17 pixels or more.
    public var tilesPerSection: Int

    /// The level of the mixing, 0 (none) to 3.
    public var mixingLevel: UInt8
    /// How fast the mixing follows the image: 0 to 2; 0 where there is none.
    public var adaptation: UInt8

    /// The fields, unchecked; `Header.validate()` checks them.
    public init(
      modelIdentity: [UInt8], tileWidth: Int, tileHeight: Int, tilesPerSection: Int = 1,
      mixingLevel: UInt8, adaptation: UInt8 = 0
    ) {
      self.modelIdentity = modelIdentity
      self.tileWidth = tileWidth
      self.tileHeight = tileHeight
      self.tilesPerSection = tilesPerSection
      self.mixingLevel = mixingLevel
      self.adaptation = adaptation
    }
  }

  /// Columns of the image, 1 to 2^31 - 1.
  public var width: Int
  /// Rows of the image, 1 to 2^31 - 1.
  public var height: Int
  /// PNG's colour type: 0, 2, 3, 4 or 6; of a modelled image 0 (gray) or 2 (RGB).
  public var colourType: UInt8
  /// Bits a sample: 1, 2, 4, 8 or 16; of a modelled image 8, or 1 of a gray one.
  public var sampleDepth: UInt8
  /// `sha256/16` of the PNG file (stored) or of the samples (modelled): 16 bytes.
  public var digest: [UInt8]
  /// nil for a stored image.
  public var modelling: Modelling?

  /// A header with these fields, unchecked; `validate()` checks them.
  public init(
    width: Int, height: Int, colourType: UInt8, sampleDepth: UInt8, digest: [UInt8],
    modelling: Modelling?
  ) {
    self.width = width
    self.height = height
    self.colourType = colourType
    self.sampleDepth = sampleDepth
    self.digest = digest
    self.modelling = modelling
  }

  /// Whether the image is stored or modelled.
  public var contentKind: ContentKind { modelling == nil ? .stored : .modelled }

  /// How many tiles there are; 0 for a stored image. At most 2^40 in a valid header.
  public var tileCount: Int {
    guard let modelling else { return 0 }
    let across = (width - 1) / max(modelling.tileWidth, 1) + 1
    let down = (height - 1) / max(modelling.tileHeight, 1) + 1
    return across &* down
  }

  /// How many `tile` sections follow; 0 for a stored image.
  public var sectionCount: Int {
    guard let modelling, tileCount > 0 else { return 0 }
    return (tileCount - 1) / max(modelling.tilesPerSection, 1) + 1
  }

  /// Checks every field against its legal values.
  ///
  /// - Throws: `ContainerError.corrupt`.
  public func validate() throws(ContainerError) {
    let sides = 1...Self.largestSide
    guard sides.contains(width), sides.contains(height) else {
      throw .corrupt(reason: "an image of \(width) x \(height) pixels")
    }
    guard [0, 2, 3, 4, 6].contains(colourType) else {
      throw .corrupt(reason: "colour type \(colourType)")
    }
    guard [1, 2, 4, 8, 16].contains(sampleDepth) else {
      throw .corrupt(reason: "sample depth \(sampleDepth)")
    }
    guard digest.count == 16 else {
      throw .corrupt(reason: "a digest of \(digest.count) bytes")
    }
    guard let modelling else { return }
    guard [0, 2].contains(colourType), sampleDepth == 8 || (sampleDepth == 1 && colourType == 0)
    else {
      throw .corrupt(
        reason: "a modelled image of colour type \(colourType) and sample depth \(sampleDepth)")
    }
    guard modelling.modelIdentity.count == 16 else {
      throw .corrupt(reason: "a model identity of \(modelling.modelIdentity.count) bytes")
    }
    let tileSides = 1...Self.largestTileSide
    guard tileSides.contains(modelling.tileWidth), tileSides.contains(modelling.tileHeight) else {
      throw .corrupt(
        reason: "tiles of \(modelling.tileWidth) x \(modelling.tileHeight) pixels")
    }
    let share = modelling.tilesPerSection
    guard (1...Self.mostTilesPerSection).contains(share),
      share == 1 || modelling.tileWidth * modelling.tileHeight < Self.sharingTilePixels
    else {
      throw .corrupt(
        reason:
          "\(share) tiles of \(modelling.tileWidth) x \(modelling.tileHeight) pixels in a section")
    }
    guard modelling.mixingLevel <= 3 else {
      throw .corrupt(reason: "mixing level \(modelling.mixingLevel)")
    }
    guard modelling.adaptation <= (modelling.mixingLevel == 0 ? 0 : 2) else {
      throw .corrupt(reason: "adaptation \(modelling.adaptation)")
    }
    guard width * height <= Self.largestPixelCount else {
      throw .corrupt(reason: "a modelled image of \(width) x \(height) pixels")
    }
  }
}
