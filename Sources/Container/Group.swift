/// A group of channels that are coded together (FORMAT.md, section 1.8), with the format's names.
///
/// Each channel of an image is in one group. A group's codec gives *coded planes*, and the mapping
/// tells what the samples of the channels are.
public struct Group: Equatable, Sendable {
  /// What codes the planes.
  public enum Codec: UInt8, Sendable, CaseIterable {
    /// Each sample has the same value.
    case constant = 0
    /// A network, and what joins it.
    case network = 1
    /// Whole colours, histories and matches.
    case graphics = 2
    /// Contexts of pixels of few bits.
    case bilevel = 3
    /// Predictors and mixing for samples of more than 8 bits.
    case deep = 4
    /// Graphics around rectangles that a network codes.
    case patches = 5
    /// Values that are nearly all 0.
    case sparse = 6
    /// Linear predictors, and histograms of what they miss.
    case linear = 7
    /// Runs, a few likely colours, and values: graphics in a hurry.
    case runs = 8
  }

  /// How samples follow from coded values.
  public enum Mapping: Equatable, Sendable {
    /// They are the same.
    case none
    /// Of an image of 16 bits: the coded value of 8 bits is both of the sample's bytes.
    case doubled
    /// The coded value is the rank of the sample among those that occur; as `deep`'s maps.
    case table([UInt8])
    /// The coded value numbers a colour. The bytes say which colours there are: of an image with a
    /// palette, which of its colours occur (nothing: all); of any other, what these colours are.
    case palette([UInt8])
  }

  /// The tiles of a group: how large they are, and how many share a section.
  public struct Tiling: Equatable, Sendable {
    /// Columns of a tile, 1 to 65535.
    public var tileWidth: Int
    /// Rows of a tile, 1 to 65535.
    public var tileHeight: Int
    /// Tiles that a section holds, in raster order; the last may have fewer. 1 to 2^20; 1 where a
    /// tile has 2^17 pixels or more.
    public var tilesPerSection: Int

    /// Unchecked; `Header.validate()` checks it.
    public init(tileWidth: Int, tileHeight: Int, tilesPerSection: Int = 1) {
      self.tileWidth = tileWidth
      self.tileHeight = tileHeight
      self.tilesPerSection = tilesPerSection
    }
  }

  /// A rectangle of an image, in units of `patchUnit` pixels; it ends with the image where that
  /// ends first.
  public struct Patch: Equatable, Sendable {
    /// Its first row and column.
    public var row: Int, column: Int
    /// Its size, 1 or more each.
    public var height: Int, width: Int

    /// Unchecked; `Header.validate()` checks it.
    public init(row: Int, column: Int, height: Int, width: Int) {
      self.row = row
      self.column = column
      self.height = height
      self.width = width
    }
  }

  /// Pixels of the side of a patch's unit.
  public static let patchUnit = 32
  /// The most patches.
  public static let mostPatches = 1024

  /// What a codec needs to know.
  public enum Parameters: Equatable, Sendable {
    /// The value of each sample.
    case constant(value: Int)
    /// The first 8 bytes of the SHA-256 of the weight file; the level of the mixing, 0 (none) to 3;
    /// how fast the mixing follows the image, 0 to 2, and 0 where there is none.
    case network(modelIdentity: [UInt8], mixingLevel: UInt8, adaptation: UInt8)
    /// How many colours there are if the coded plane numbers them, 1 to 256; else 0.
    case graphics(colours: Int)
    /// Bits of a coded value: 1, 2 or 4.
    case bilevel(depth: UInt8)
    /// Nothing: the mapping tells how many values there are.
    case deep
    /// Of the network, as above; what it codes, in order: 1 to `mostPatches` rectangles that do not
    /// overlap.
    case patches(modelIdentity: [UInt8], mixingLevel: UInt8, adaptation: UInt8, [Patch])
    /// Nothing.
    case sparse
    /// Nothing.
    case linear
    /// As of graphics.
    case runs(colours: Int)
  }

  /// The channels, from bit 0 on, in the order of PNG.
  public var channels: UInt8
  /// Whether all of the channels but alpha are one coded plane.
  public var isEqual: Bool
  /// How samples follow from coded values.
  public var mapping: Mapping
  /// What the samples of these channels are where alpha is 0, whatever was coded; one for each
  /// channel, or none where they are what was coded.
  public var hidden: [Int]
  /// nil: the image is one tile.
  public var tiling: Tiling?
  /// What the codec needs to know.
  public var parameters: Parameters

  /// A group, unchecked; `Header.validate()` checks it.
  public init(
    channels: UInt8, isEqual: Bool = false, mapping: Mapping = .none, hidden: [Int] = [],
    tiling: Tiling? = nil, parameters: Parameters
  ) {
    self.channels = channels
    self.isEqual = isEqual
    self.mapping = mapping
    self.hidden = hidden
    self.tiling = tiling
    self.parameters = parameters
  }

  /// What codes the planes.
  public var codec: Codec {
    switch parameters {
    case .constant: .constant
    case .network: .network
    case .graphics: .graphics
    case .bilevel: .bilevel
    case .deep: .deep
    case .patches: .patches
    case .sparse: .sparse
    case .linear: .linear
    case .runs: .runs
    }
  }

  /// The numbers of its channels, in order.
  public var channelNumbers: [Int] { (0..<8).filter { channels >> $0 & 1 == 1 } }

  /// How many planes are coded, of which the last is alpha if it is one of the channels.
  ///
  /// - Parameter alpha: the bit of that channel; 0 if the image has none.
  /// - Returns: 0 to 4.
  public func codedPlanes(alpha: UInt8) -> Int {
    if codec == .constant { return 0 }
    if case .palette = mapping { return 1 }
    return isEqual ? 1 + (channels & alpha).nonzeroBitCount : channels.nonzeroBitCount
  }

  /// Bytes that it takes in a header.
  public var size: Int {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return bytes.count
  }

  /// How many tiles are coded of an image of this size.
  public func tileCount(width: Int, height: Int) -> Int {
    counts(width: width, height: height).tiles
  }

  /// Tiles of an image of this size, and sections of them; none where nothing is coded.
  func counts(width: Int, height: Int) -> (tiles: Int, sections: Int) {
    if codec == .constant { return (0, 0) }
    if case .patches(_, _, _, let patches) = parameters {
      return (patches.count + 1, patches.count + 1)
    }
    guard let tiling else { return (1, 1) }
    let across = (width - 1) / max(tiling.tileWidth, 1) + 1
    let down = (height - 1) / max(tiling.tileHeight, 1) + 1
    let tiles = across &* down
    return (tiles, tiles > 0 ? (tiles - 1) / max(tiling.tilesPerSection, 1) + 1 : 0)
  }
}
