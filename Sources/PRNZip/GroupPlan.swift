import ColourLattices
import Container
import ImagePlanes
import TileCoding

/// One way to code a group of channels: the fields of its header, and the planes to code.
///
/// Its tiling, and the mixing of a network, follow when it is coded.
struct GroupPlan: Sendable {
  /// Who codes the planes.
  enum Coding: Sendable {
    /// Nobody: the header says it all.
    case constant
    /// A network.
    case network(NetworkPlan)
    /// A codec that learns from the image alone.
    case adaptive(any TileCodec)
  }

  /// The fields.
  var group: Group
  /// The coded planes.
  var planes: Image
  /// Who codes them.
  var coding: Coding
  /// What a network is given before the coded planes: luma, for chroma.
  var known: [Plane] = []
  /// The tiles of a codec that learns from the image alone; nil for large ones.
  var grid: TileGrid?

  /// The largest side of a tile where there is no grid: the more a codec sees, the more it knows.
  static let adaptiveTileLimit = 8192

  /// The tiles of a codec that learns from the image alone.
  var adaptiveGrid: TileGrid {
    grid
      ?? TileGrid(width: planes.width, height: planes.height, limit: Self.adaptiveTileLimit)
  }
}

extension GroupPlan {
  /// All of an image in one group, coded with a network.
  static func whole(_ image: Image, _ network: NetworkPlan) -> GroupPlan {
    GroupPlan(
      group: Group(
        channels: UInt8(1 << image.format.channels.count - 1),
        parameters: .network(modelIdentity: [], mixingLevel: 0, adaptation: 0)), planes: image,
      coding: .network(network))
  }
}

/// A group that is coded.
struct CodedGroup: Sendable {
  let group: Group
  let payloads: PRNFile.GroupPayloads

  /// Bytes that it takes in a file.
  var size: Int { group.size + payloads.size }
}

/// All groups of an image, coded, and what its colours were before.
struct CodedImage: Sendable {
  var lattice: ColourLattice?
  var groups: [CodedGroup]

  /// Bytes that they take in a file.
  var size: Int { groups.size + (lattice == nil ? 0 : 1) }
}

extension [CodedGroup] {
  /// Bytes that they take in a file.
  var size: Int { reduce(0) { $0 + $1.size } }
}

extension Group {
  /// The tiles of an image of this size; nil where nothing is coded.
  func sections(width: Int, height: Int) -> TileSections? {
    if codec == .constant { return nil }
    guard let tiling else {
      return TileSections(
        TileGrid(width: width, height: height, tileWidth: width, tileHeight: height),
        tilesPerSection: 1)
    }
    return TileSections(
      TileGrid(
        width: width, height: height, tileWidth: tiling.tileWidth, tileHeight: tiling.tileHeight),
      tilesPerSection: tiling.tilesPerSection)
  }

  /// Lets the group have these tiles.
  mutating func setTiling(_ sections: TileSections) {
    let grid = sections.grid
    let isWhole = grid.tileWidth == grid.width && grid.tileHeight == grid.height
    tiling =
      isWhole
      ? nil
      : Tiling(
        tileWidth: grid.tileWidth, tileHeight: grid.tileHeight,
        tilesPerSection: sections.tilesPerSection)
  }
}
