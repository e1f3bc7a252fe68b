import Bytes

/// A prn file, taken apart: the header, and where its sections lie (FORMAT.md, section 1).
///
///     let file = try PRNFile(bytes)  // framing, checksums, kinds and number of sections
///     let tiles = file.tiles.map { bytes[$0.payload] }
///
/// Complexity: O(size of the file) for the checksums; nothing is copied.
public struct PRNFile: Sendable {
  /// The header.
  public let header: Header
  /// What comes before the first section, in bytes.
  public let headerSize: Int
  /// All sections in the order of the file.
  public let sections: [Section]

  /// Takes a file apart and checks all of its framing.
  ///
  /// - Parameter bytes: the whole file.
  /// - Throws: any `ContainerError`.
  public init(_ bytes: [UInt8]) throws(ContainerError) {
    (header, headerSize) = try Header.decode(bytes)
    var reader = FileReader(bytes, headerSize..<bytes.count)
    sections = try Self.sections(&reader, of: bytes, header, until: .tile, header.sectionCount)
    guard reader.remaining == 0 else {
      throw .corrupt(reason: "\(reader.remaining) bytes behind the last section")
    }
  }

  /// Takes the start of a file apart: what comes before its first `tile`. What follows is not read,
  /// and need not be there.
  ///
  /// - Parameters:
  ///   - bytes: the file, or its start.
  ///   - smallTileCount: how many sections `smallTile` there have to be, at least 1.
  /// - Throws: any `ContainerError`.
  public init(startOf bytes: [UInt8], smallTileCount: Int) throws(ContainerError) {
    (header, headerSize) = try Header.decode(bytes)
    var reader = FileReader(bytes, headerSize..<bytes.count)
    sections = try Self.sections(&reader, of: bytes, header, until: .smallTile, smallTileCount)
  }

  /// Reads sections up to the last of `count` ones of a kind.
  private static func sections(
    _ reader: inout FileReader, of bytes: [UInt8], _ header: Header, until last: SectionKind,
    _ count: Int
  ) throws(ContainerError) -> [Section] {
    var sections: [Section] = []
    var left = count
    // Grows with the file, not with what the header claims: each turn reads 6 bytes or more.
    var memory = Memory.Allowance()
    repeat {
      let index = sections.count
      let section = try Section.read(&reader, of: bytes, index: index)
      switch (header.contentKind, section.kind) {
      case (.stored, .storedPNG): break
      case (.modelled, .metadata) where index == 0: break
      case (.modelled, .smallTile) where sections.last?.kind != .tile: break
      case (.modelled, .tile) where last == .tile: break
      default:
        throw .corrupt(reason: "section \(index) must not be of kind \(section.kind)")
      }
      if section.kind == last { left -= 1 }
      try ContainerError.asking { () throws(OutOfMemory) in
        try memory.take(MemoryLayout<Section>.stride)
      }
      sections.append(section)
    } while left > 0
    return sections
  }

  /// The PNG file of a stored image.
  public var storedPNG: Section? { sections.first { $0.kind == .storedPNG } }
  /// The ancillary chunks of a modelled image, if it has any.
  public var metadata: Section? { sections.first { $0.kind == .metadata } }
  /// The sections of a modelled image's small image, `tilesPerSection` of its tiles in each; how
  /// many there have to be depends on the model.
  public var smallTiles: [Section] { sections.filter { $0.kind == .smallTile } }
  /// The tile sections of a modelled image: its tiles in raster order, `tilesPerSection` in each.
  public var tiles: ArraySlice<Section> { sections.drop { $0.kind != .tile } }

  /// Bytes of the file of a stored image.
  ///
  /// - Parameters:
  ///   - header: one with `modelling == nil`.
  ///   - count: bytes of the PNG file.
  /// - Returns: the size of what `encode` writes.
  /// - Throws: `ContainerError.corrupt` if the header has an illegal value.
  public static func size(_ header: Header, storedPNG count: Int) throws(ContainerError) -> Int {
    try header.encoded().count + Section.size(payload: count)
  }

  /// Writes a stored image: less than 64 bytes more than the PNG file.
  ///
  /// - Parameters:
  ///   - header: one with `modelling == nil`.
  ///   - png: the PNG file.
  /// - Returns: the prn file.
  /// - Throws: `ContainerError.corrupt` if the header has an illegal value; `outOfMemory`.
  public static func encode(
    _ header: Header, storedPNG png: [UInt8]
  ) throws(ContainerError) -> [UInt8] {
    guard header.contentKind == .stored else {
      throw .corrupt(reason: "a stored PNG under a modelled image's header")
    }
    let start = try header.encoded()
    let size = start.count + Section.size(payload: png.count)
    try ContainerError.asking { () throws(OutOfMemory) in try Memory.check(size) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    bytes += start
    Section.append(.storedPNG, png, to: &bytes)
    return bytes
  }

  /// Writes a modelled image.
  ///
  /// - Parameters:
  ///   - header: one with `modelling`.
  ///   - metadata: the ancillary chunks; if there are none, no section is written.
  ///   - smallTiles: the range coder's bytes of each section of the small image, if there is one.
  ///   - tiles: the range coder's bytes of each tile section; `header.sectionCount` of them.
  /// - Returns: the prn file.
  /// - Throws: `ContainerError.corrupt` if the header has an illegal value or the number of
  ///   sections is not the header's; `outOfMemory`.
  public static func encode(
    _ header: Header, metadata: Metadata, smallTiles: [[UInt8]] = [], tiles: [[UInt8]]
  ) throws(ContainerError) -> [UInt8] {
    var bytes = try header.encoded()
    guard header.contentKind == .modelled, tiles.count == header.sectionCount else {
      throw .corrupt(
        reason: "\(tiles.count) tile sections instead of \(header.sectionCount)")
    }
    let chunks = metadata.isEmpty ? [] : try metadata.encoded()
    let size = (smallTiles + tiles).reduce(bytes.count + Section.size(payload: chunks.count)) {
      $0 + Section.size(payload: $1.count)
    }
    try ContainerError.asking { () throws(OutOfMemory) in try Memory.check(size) }
    bytes.reserveCapacity(size)
    if !chunks.isEmpty { Section.append(.metadata, chunks, to: &bytes) }
    for tile in smallTiles { Section.append(.smallTile, tile, to: &bytes) }
    for tile in tiles { Section.append(.tile, tile, to: &bytes) }
    return bytes
  }
}
