import Bytes

/// A damaged prn file, taken apart as far as that goes: which of its sections are there.
///
/// Its header must be right; for all else, what is damaged is told.
public struct PRNSalvage {
  /// A section that there should be.
  public enum Slot: Equatable, Sendable {
    /// It is there, and its checksum is right.
    case found(Section)
    /// It is not, for this reason.
    case lost(ContainerError)
  }

  /// A whole image, or a strip of one.
  public struct Part: Sendable {
    /// Its header.
    public let header: Header
    /// Its first row in the image.
    public let row: Int
    /// The sections of each group's small image.
    public fileprivate(set) var smallTiles: [[Slot]] = []
    /// The sections of each group's tiles; nothing where there should be more than 2^20 of all.
    public fileprivate(set) var tiles: [[Slot]] = []
  }

  /// More sections than this are not looked for.
  private static let mostSections = 1 << 20

  /// The header of the file.
  public let header: Header
  /// The PNG or PNM file of a stored image: its payload, or what is left of it.
  public private(set) var stored: Range<Int>?
  /// The ancillary chunks; nil where the file has none.
  public private(set) var metadata: Slot?
  /// The recipe of an exact image.
  public private(set) var recipe: Slot?
  /// The films, if all that the header calls for are there, damaged or not.
  public private(set) var films: [Slot] = []
  /// The image, or those of its strips whose header is right, from the top.
  public private(set) var parts: [Part] = []

  /// Looks for the sections of a file.
  ///
  /// Complexity: O(bytes).
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - smallTileCount: how many sections `smallTile` a group of a header has to have.
  ///   - refusal: makes the error to throw.
  /// - Throws: what `Header.decode` throws.
  public init<Failure: Error>(
    _ bytes: [UInt8], smallTileCount: (Header, Group) throws(Failure) -> Int,
    refusal: (ContainerError) -> Failure
  ) throws(Failure) {
    let start: Int
    do throws(ContainerError) {
      (header, start) = try Header.decode(bytes)
    } catch {
      throw refusal(error)
    }
    var items = SectionScan(bytes, from: start).items
    if header.contentKind == .stored {
      stored = items.first?.section?.payload ?? Self.payload(bytes, from: start)
      return
    }
    if let first = items.first?.section, first.kind.isMetadata {
      metadata = Self.slot(items.removeFirst(), first.kind, index: 0)
    } else if header.isPNM || header.colourType == 3 {
      // There has to be one.
      metadata = .lost(.corrupt(reason: "the metadata is missing"))
    }
    if header.contentKind == .exact {
      if let first = items.first?.section, first.kind == .recipe {
        recipe = Self.slot(items.removeFirst(), .recipe, index: 1)
      } else {
        recipe = .lost(.corrupt(reason: "the recipe is missing"))
      }
    }
    guard header.contentKind == .strips else {
      takeFilms(&items)
      // Bytes in the place of the metadata.
      if metadata == nil, let first = items.first, first.isGap, !Self.misses(items, header) {
        items.removeFirst()
        metadata = .lost(.corrupt(reason: "the metadata is missing"))
      }
      parts = [
        try Self.part(
          header, row: 0, items, isComplete: items.last?.section != nil, smallTileCount)
      ]
      return
    }
    try addStrips(bytes, items, smallTileCount)
  }

  /// The films at the end, if all of them are there. If not, sections behind the first gap may be
  /// ones within a film, and do not count.
  private mutating func takeFilms(_ items: inout [SectionScan.Item]) {
    guard let count = header.filmCount, count > 0 else { return }
    let end = items.lastIndex { $0.section?.kind != .film }.map { $0 + 1 } ?? 0
    if items.count - end == count {
      films = items[end...].enumerated().map { Self.slot($1, .film, index: end + $0) }
      items.removeSubrange(end...)
    } else {
      items.removeSubrange((items.firstIndex(where: \.isGap) ?? end)...)
    }
  }

  /// The strips whose header is there, each with the items up to where it says that it ends.
  private mutating func addStrips<Failure: Error>(
    _ bytes: [UInt8], _ items: [SectionScan.Item],
    _ smallTileCount: (Header, Group) throws(Failure) -> Int
  ) throws(Failure) {
    for (index, item) in items.enumerated() {
      guard case .section(let section) = item, section.kind == .strip,
        let (strip, row, length) = Self.strip(bytes, section, of: header),
        parts.last?.row ?? -1 < row
      else { continue }
      let start = section.payload.upperBound + 4
      let end = start.addingReportingOverflow(length).partialValue
      let own = items[(index + 1)...].prefix { item in
        switch item {
        case .gap(let range): range.lowerBound < end
        case .section(let section), .damaged(let section):
          section.kind != .strip && section.payload.upperBound + 4 <= end
        }
      }
      let isComplete = own.last?.section.map { $0.payload.upperBound + 4 == end } ?? false
      parts.append(
        try Self.part(strip, row: row, Array(own), isComplete: isComplete, smallTileCount))
    }
  }

  /// The header, first row and length of a strip; nil for what is none of this image.
  private static func strip(
    _ bytes: [UInt8], _ section: Section, of header: Header
  ) -> (Header, row: Int, length: Int)? {
    var fields = FileReader(bytes, section.payload, field: "header of a strip")
    guard let row = try? fields.varint(), let length = try? fields.varint(),
      let strip = try? Header(reading: &fields), row < header.height,
      row % header.stripHeight == 0,
      (try? header.check(strip, index: row / header.stripHeight)) != nil
    else { return nil }
    return (strip, row, length)
  }

  /// Whether there are fewer sections than tiles call for.
  private static func misses(_ items: [SectionScan.Item], _ header: Header) -> Bool {
    items.count { !$0.isGap } < header.sectionCounts.reduce(0, +)
  }

  /// What is left of a stored file, whose length may be wrong.
  private static func payload(_ bytes: [UInt8], from start: Int) -> Range<Int> {
    var reader = FileReader(bytes, start..<bytes.count)
    guard (try? reader.u8()) != nil, (try? reader.varint()) != nil else {
      return bytes.count..<bytes.count
    }
    return reader.position..<bytes.count
  }

  /// - Parameters:
  ///   - item: a section.
  ///   - kind: of it.
  ///   - index: of it in the file, for the message.
  /// - Returns: what has become of it.
  private static func slot(_ item: SectionScan.Item, _ kind: SectionKind, index: Int) -> Slot {
    if case .section(let section) = item { return .found(section) }
    return .lost(.damagedSection(kind: Int(kind.rawValue), index: index))
  }

  private static func part<Failure: Error>(
    _ header: Header, row: Int, _ items: [SectionScan.Item], isComplete: Bool,
    _ smallTileCount: (Header, Group) throws(Failure) -> Int
  ) throws(Failure) -> Part {
    var part = Part(header: header, row: row)
    var kinds: [SectionKind] = []
    var counts: [(small: Int, tiles: Int)] = []
    guard header.sectionCounts.reduce(0, +) <= mostSections else { return part }
    for (group, tiles) in zip(header.groups, header.sectionCounts) {
      let small = tiles > 0 ? try smallTileCount(header, group) : 0
      counts.append((small, tiles))
      kinds += repeatElement(.smallTile, count: small)
      kinds += repeatElement(.tile, count: tiles)
    }
    let found = SectionScan.align(items, with: kinds, isComplete: isComplete)
    var slots = found.enumerated().map { index, slot -> Slot in
      switch slot {
      case .found(let section): .found(section)
      case .damaged: .lost(.damagedSection(kind: Int(kinds[index].rawValue), index: index))
      case .missing: .lost(.corrupt(reason: "section \(index) of the image is missing"))
      }
    }[...]
    for count in counts {
      part.smallTiles.append(Array(slots.prefix(count.small)))
      slots = slots.dropFirst(count.small)
      part.tiles.append(Array(slots.prefix(count.tiles)))
      slots = slots.dropFirst(count.tiles)
    }
    return part
  }
}
