import Container
import EntropyCoding
import ImagePlanes
import TileCoding

/// What cannot be decoded of an image, while the rest is.
///
/// It belongs to the one thread that decodes groups in turn.
final class Losses: @unchecked Sendable {
  /// A rectangle of the image, and why it is missing.
  struct Loss {
    let rectangle: TileRectangle
    let error: PRNZipError
  }

  private(set) var all: [Loss] = []
  /// The sections of the group that is being decoded: nil for those that are there.
  private var tiles: [PRNZipError?] = []
  private var smallTiles: [PRNZipError?] = []

  /// Begins a group.
  ///
  /// - Returns: its sections, empty ones in the place of those that are not there.
  func begin(
    smallTiles: [PRNSalvage.Slot], tiles: [PRNSalvage.Slot]
  ) -> PRNFile.GroupSections {
    self.tiles = tiles.map(Self.error)
    self.smallTiles = smallTiles.map(Self.error)
    var sections = PRNFile.GroupSections()
    sections.tiles = tiles.map { Self.section($0, .tile) }
    sections.smallTiles = smallTiles.map { Self.section($0, .smallTile) }
    return sections
  }

  private static func error(_ slot: PRNSalvage.Slot) -> PRNZipError? {
    if case .lost(let error) = slot { return PRNZipError(error) }
    return nil
  }

  private static func section(_ slot: PRNSalvage.Slot, _ kind: SectionKind) -> Section {
    if case .found(let section) = slot { return section }
    return Section(kind: kind, payload: 0..<0)
  }

  /// Why the small image is not there; nil where all of it is.
  func ofSmallImage(_ group: Group) -> PRNZipError? { smallTiles.compactMap(\.self).first }

  /// Why each section is not there.
  func ofTiles(_ sections: PRNFile.GroupSections) -> [PRNZipError?] { tiles }

  /// Where the streams are of the sections that are there.
  func streams(_ sections: PRNFile.GroupSections) -> [Range<Int>?] {
    zip(sections.tiles, tiles).map { section, error in error == nil ? section.payload : nil }
  }

  /// Notes the tiles of sections that were not there, or have failed.
  ///
  /// - Parameters:
  ///   - failures: what `SectionRunner.decodeEach` says.
  ///   - sections: of the group.
  ///   - tiles: of the planes that are coded, which may be smaller than the image.
  ///   - header: of the image.
  ///   - meaning: makes an error of one of a codec.
  func add(
    _ failures: [(section: Int, error: EntropyCodingError?)], _ sections: PRNFile.GroupSections,
    _ tiles: TileSections, of header: Header, _ meaning: (SectionError) -> PRNZipError
  ) {
    for failure in failures {
      let found = self.tiles.indices.contains(failure.section) ? self.tiles[failure.section] : nil
      let error =
        failure.error.map { meaning(SectionError(section: failure.section, error: $0)) }
        ?? found ?? .container(.corrupt(reason: "a section of the image is missing"))
      for tile in tiles.tiles(of: failure.section) {
        all.append(Loss(rectangle: Self.scaled(tile, tiles.grid, to: header), error: error))
      }
    }
  }

  /// Notes that nothing of a group can be decoded.
  func addAll(of header: Header, _ error: PRNZipError) {
    all.append(
      Loss(
        rectangle: TileRectangle(
          row: 0, column: 0, height: header.height, width: header.width), error: error))
  }

  /// A rectangle of planes of half the size in the image, with all pixels that they have a part in.
  private static func scaled(
    _ tile: TileRectangle, _ grid: TileGrid, to header: Header
  ) -> TileRectangle {
    func scaled(_ start: Int, _ count: Int, _ all: Int, of whole: Int) -> (Int, Int) {
      if all == whole { return (start, count) }
      let first = max(2 * start - 3, 0), end = min(2 * (start + count) + 3, whole)
      return (first, max(end - first, 0))
    }
    let (row, height) = scaled(tile.row, tile.height, grid.height, of: header.height)
    let (column, width) = scaled(tile.column, tile.width, grid.width, of: header.width)
    return TileRectangle(row: row, column: column, height: height, width: width)
  }
}
