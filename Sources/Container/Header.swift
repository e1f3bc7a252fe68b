import ColourLattices

/// The header of a prn file (FORMAT.md, section 1.1), with the format's names.
public struct Header: Equatable, Sendable {
  /// The version of the format that this program reads and writes.
  public static let version: UInt8 = 14
  /// 0x89, "PRN".
  public static let magic: [UInt8] = [0x89, 0x50, 0x52, 0x4E]
  /// What followed the magic where the version stands now, in drafts up to version 4.
  static let draftMark: [UInt8] = [0x0D, 0x0A, 0x1A, 0x0A]
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
  /// Bytes of a `modelIdentity`.
  public static let identitySize = 8
  /// Bytes of the digest of a PNG file.
  public static let fileDigestSize = 8
  /// The fewest pixels of a strip, unless it is the last one.
  public static let fewestStripPixels = 1 << 16
  /// The most bytes of the fields.
  public static let mostBytes = 1 << 20

  /// What the file holds of the image.
  public enum ContentKind: UInt8, Sendable {
    /// The file's own bytes.
    case stored = 0
    /// Its samples and chunks.
    case modelled = 1
    /// The same, and what else it takes to make the very PNG file of them.
    case exact = 2
    /// Samples and chunks again, but in strips of rows, each with a header of its own.
    case strips = 3
  }

  /// What the file holds of the image.
  public var contentKind: ContentKind
  /// Whether the file that comes back is a PNM or PAM file, and not a PNG file.
  public var isPNM: Bool
  /// Columns of the image, 1 to 2^31 - 1.
  public var width: Int
  /// Rows of the image, 1 to 2^31 - 1.
  public var height: Int
  /// PNG's colour type: 0, 2, 3, 4 or 6.
  public var colourType: UInt8
  /// Bits a sample: 1, 2, 4, 8 or 16.
  public var sampleDepth: UInt8
  /// Whether the PNG file is interlaced (Adam7).
  public var isInterlaced: Bool
  /// The first bytes of the SHA-256 of the PNG file (stored) or of the samples (modelled, exact):
  /// `digestSize` of them. None of an image in strips: each strip has its own.
  public var digest: [UInt8]
  /// Those of the PNG file, if it is exact; else none.
  public var fileDigest: [UInt8]
  /// What the colours of an RGB or RGBA image of 8 bits were before; nil where that is not used.
  /// Then the channels of groups are luma (0), chroma (1 and 2), alpha (3), and the corrections of
  /// red, green and blue (4 to 6).
  public var lattice: ColourLattice?
  /// How the samples are coded; none of an image that is stored or in strips.
  public var groups: [Group]
  /// Rows of each strip but the last one; 0 of an image that is not in strips.
  public var stripHeight: Int
  /// Films: sections with frames of an animation; nil where there is no animation, or its chunks
  /// are kept as they are.
  public var filmCount: Int?

  /// A header with these fields, unchecked; `validate()` checks them.
  public init(
    _ contentKind: ContentKind, isPNM: Bool = false, width: Int, height: Int, colourType: UInt8,
    sampleDepth: UInt8, isInterlaced: Bool = false, digest: [UInt8], fileDigest: [UInt8] = [],
    lattice: ColourLattice? = nil, groups: [Group] = [], stripHeight: Int = 0,
    filmCount: Int? = nil
  ) {
    self.contentKind = contentKind
    self.isPNM = isPNM
    self.width = width
    self.height = height
    self.colourType = colourType
    self.sampleDepth = sampleDepth
    self.isInterlaced = isInterlaced
    self.digest = digest
    self.fileDigest = fileDigest
    self.lattice = lattice
    self.groups = groups
    self.stripHeight = stripHeight
    self.filmCount = filmCount
  }

  /// Samples of a pixel, in PNG's order; 0 for an illegal colour type.
  public var channelCount: Int {
    switch colourType {
    case 0, 3: 1
    case 4: 2
    case 2: 3
    case 6: 4
    default: 0
    }
  }

  /// The bit of alpha among the channels of a group; 0 if there is none.
  public var alphaChannel: UInt8 {
    [4, 6].contains(colourType) ? 1 << UInt8(channelCount - 1) : 0
  }

  /// Bytes of `digest`: those of few samples have checksums enough.
  public var digestSize: Int {
    Self.digestSize(contentKind, width: width, height: height)
  }

  /// Bytes of the digest of such an image.
  public static func digestSize(_ contentKind: ContentKind, width: Int, height: Int) -> Int {
    if contentKind == .strips { return 0 }
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    return contentKind != .stored && !overflow && pixels <= 4096 ? 4 : 8
  }

  /// How many tiles all groups have together; 0 for a stored image.
  public var tileCount: Int {
    groups.reduce(0) {
      let (width, height) = extent(of: $1)
      return $0 &+ $1.counts(width: width, height: height).tiles
    }
  }

  /// How many `tile` sections each group has.
  public var sectionCounts: [Int] {
    groups.map {
      let (width, height) = extent(of: $0)
      return $0.counts(width: width, height: height).sections
    }
  }

  /// Checks every field against its legal values.
  ///
  /// - Throws: `ContainerError.corrupt`.
  public func validate() throws(ContainerError) {
    let sides = 1...Self.largestSide
    guard sides.contains(width), sides.contains(height) else {
      throw .corrupt(reason: "an image of \(width) x \(height) pixels")
    }
    guard channelCount > 0 else { throw .corrupt(reason: "colour type \(colourType)") }
    guard [1, 2, 4, 8, 16].contains(sampleDepth) else {
      throw .corrupt(reason: "sample depth \(sampleDepth)")
    }
    guard digest.count == digestSize, fileDigest.count == fileDigestSize else {
      throw .corrupt(reason: "digests of \(digest.count) and \(fileDigest.count) bytes")
    }
    if isPNM { try validatePNM() }
    if let filmCount, contentKind != .modelled || isPNM || filmCount < 0 {
      throw .corrupt(reason: "\(filmCount) films of an image that has none")
    }
    guard contentKind != .stored else {
      guard groups.isEmpty, lattice == nil else {
        throw .corrupt(reason: "a stored image with groups")
      }
      return
    }
    guard width * height <= Self.largestPixelCount else {
      throw .corrupt(reason: "a modelled image of \(width) x \(height) pixels")
    }
    if contentKind == .strips { try validateStrips() } else { try validateGroups() }
  }

  private func validatePNM() throws(ContainerError) {
    let isBits = colourType == 0 && sampleDepth == 1
    guard contentKind != .exact, !isInterlaced, colourType != 3, sampleDepth >= 8 || isBits else {
      throw .corrupt(reason: "a PNM file of pixels that PNM does not have, or exact")
    }
  }

  /// Bytes of `fileDigest`.
  var fileDigestSize: Int { contentKind == .exact ? Self.fileDigestSize : 0 }

  private func validateGroups() throws(ContainerError) {
    try validateLattice()
    var covered: UInt8 = 0
    for group in groups {
      guard group.channels != 0, group.channels & covered == 0,
        group.channels & ~channelMask == 0
      else {
        throw .corrupt(reason: "a group of the channels \(group.channelNumbers)")
      }
      covered |= group.channels
      let (width, height) = extent(of: group)
      try group.validate(
        width: width, height: height, depth: Int(sampleDepth), alpha: alphaChannel)
      guard group.hidden.isEmpty || (alphaChannel != 0 && group.channels & alphaChannel == 0)
      else { throw .corrupt(reason: "hidden samples without alpha") }
      if case .palette(let side) = group.mapping, colourType != 3, side.isEmpty {
        throw .corrupt(reason: "a palette without colours")
      }
    }
    guard covered == channelMask else {
      throw .corrupt(reason: "groups that do not cover all channels")
    }
  }
}
