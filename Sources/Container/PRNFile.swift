import Bytes

/// A prn file, taken apart: the header, and where its sections lie (FORMAT.md, section 1).
///
///     let file = try PRNFile(bytes)  // framing, checksums, kinds and number of sections
///     let tiles = file.groups[0].tiles.map { bytes[$0.payload] }
///
/// Complexity: O(size of the file) for the checksums; nothing is copied. A file in strips is one of
/// `PRNStrips`.
public struct PRNFile: Sendable {
  /// The sections of a group.
  public struct GroupSections: Equatable, Sendable {
    /// Those of its small image; how many there have to be depends on the model.
    public var smallTiles: [Section] = []
    /// Its tiles in raster order, `tilesPerSection` in each.
    public var tiles: [Section] = []

    /// No sections.
    public init() {}

    /// Bytes of the payloads.
    public var size: Int { (smallTiles + tiles).reduce(0) { $0 + $1.payload.count } }
  }

  /// The header.
  public let header: Header
  /// What comes before the first section, in bytes.
  public let headerSize: Int
  /// All sections in the order of the file.
  public private(set) var sections: [Section] = []
  /// The PNG file of a stored image.
  public private(set) var storedPNG: Section?
  /// The ancillary chunks of a modelled image, if it has any.
  public private(set) var metadata: Section?
  /// How the very PNG file is made, of an exact image.
  public private(set) var recipe: Section?
  /// The sections of each of the header's groups.
  public private(set) var groups: [GroupSections] = []
  /// The frames of an animation, several in each.
  public private(set) var films: [Section] = []

  /// Takes a file apart and checks all of its framing.
  ///
  /// - Parameter bytes: the whole file.
  /// - Throws: any `ContainerError`.
  public init(_ bytes: [UInt8]) throws(ContainerError) {
    (header, headerSize) = try Header.decode(bytes)
    var reader = SectionReader(bytes, from: headerSize)
    switch header.contentKind {
    case .stored: storedPNG = try reader.next(.storedPNG)
    case .strips: throw .corrupt(reason: "strips in one piece")
    case .modelled, .exact:
      metadata = try reader.metadata()
      if header.contentKind == .exact { recipe = try reader.next(.recipe) }
      groups = try reader.groups(of: header)
      for _ in 0..<(header.filmCount ?? 0) { films.append(try reader.next(.film)) }
    }
    sections = try reader.finish()
  }

  /// Takes the sections of a strip apart.
  ///
  /// - Parameters:
  ///   - header: of the strip.
  ///   - bytes: its sections.
  ///   - index: of its first section in the file.
  /// - Throws: any `ContainerError`.
  init(strip header: Header, _ bytes: [UInt8], index: Int) throws(ContainerError) {
    self.header = header
    headerSize = 0
    var reader = SectionReader(bytes, from: 0, index: index)
    groups = try reader.groups(of: header)
    sections = try reader.finish()
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
    var reader = SectionReader(bytes, from: headerSize)
    metadata = try reader.metadata()
    if header.contentKind == .exact { recipe = try reader.next(.recipe) }
    var group = GroupSections()
    for _ in 0..<max(smallTileCount, 1) { group.smallTiles.append(try reader.next(.smallTile)) }
    groups = [group]
    sections = reader.sections
  }

  /// The first bytes of what is stored, by the start of its file alone.
  ///
  /// - Parameter bytes: the file, or its start.
  /// - Returns: those of them that are within these bytes; nil if the image is not stored.
  public static func stored(startOf bytes: [UInt8]) -> ArraySlice<UInt8>? {
    guard let (header, size) = try? Header.decode(bytes), header.contentKind == .stored else {
      return nil
    }
    var reader = FileReader(bytes, size..<bytes.count)
    guard (try? reader.u8()) != nil, (try? reader.varint()) != nil else { return [] }
    return bytes[reader.position...]
  }

  /// The metadata of a modelled image, in one piece or in strips, by the start of its file alone.
  ///
  /// - Parameter bytes: the file, or its start.
  /// - Returns: the section; nil if there is none.
  /// - Throws: any `ContainerError`; also where the section does not end in these bytes.
  public static func metadata(startOf bytes: [UInt8]) throws(ContainerError) -> Section? {
    let (header, size) = try Header.decode(bytes)
    guard header.contentKind != .stored else { return nil }
    var reader = SectionReader(bytes, from: size)
    return try reader.metadata()
  }

  /// Bytes of the file of a stored image.
  ///
  /// - Parameters:
  ///   - header: of a stored image.
  ///   - count: bytes of the PNG file.
  /// - Returns: the size of what `encode` writes.
  /// - Throws: `ContainerError.corrupt` if the header has an illegal value.
  public static func size(_ header: Header, storedPNG count: Int) throws(ContainerError) -> Int {
    try header.encoded().count + Section.size(payload: count)
  }

  /// Writes a stored image: less than 64 bytes more than the PNG file.
  ///
  /// - Parameters:
  ///   - header: of a stored image.
  ///   - png: the PNG file.
  /// - Returns: the prn file.
  /// - Throws: `ContainerError.corrupt` if the header has an illegal value; `outOfMemory`.
  public static func encode(
    _ header: Header, storedPNG png: [UInt8]
  ) throws(ContainerError) -> [UInt8] {
    let start = try header.encoded()
    guard header.contentKind == .stored else {
      throw .corrupt(reason: "a stored PNG file in a modelled image")
    }
    let size = start.count + Section.size(payload: png.count)
    try ContainerError.asking { () throws(OutOfMemory) in try Memory.check(size) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    bytes += start
    Section.append(.storedPNG, png, to: &bytes)
    return bytes
  }

  /// The payloads of a group's sections, for writing.
  public struct GroupPayloads: Equatable, Sendable {
    /// The range coder's bytes of each section of the small image, if there is one.
    public var smallTiles: [[UInt8]]
    /// The range coder's bytes of each tile section.
    public var tiles: [[UInt8]]

    /// As many as the header calls for.
    public init(smallTiles: [[UInt8]] = [], tiles: [[UInt8]]) {
      self.smallTiles = smallTiles
      self.tiles = tiles
    }

    /// Bytes of the sections.
    public var size: Int {
      (smallTiles + tiles).reduce(0) { $0 + Section.size(payload: $1.count) }
    }

    /// Appends the sections.
    func append(to bytes: inout [UInt8]) {
      for tile in smallTiles { Section.append(.smallTile, tile, to: &bytes) }
      for tile in tiles { Section.append(.tile, tile, to: &bytes) }
    }
  }

  /// Writes a modelled image.
  ///
  /// - Parameters:
  ///   - header: of a modelled or exact image.
  ///   - metadata: the payload of that section; if it is empty, no section is written.
  ///   - metadataKind: of that section.
  ///   - recipe: the payload of that section, of an exact image.
  ///   - groups: the payloads of each of the header's groups.
  ///   - films: the payload of each of these sections.
  /// - Returns: the prn file.
  /// - Throws: `ContainerError.corrupt` if the header has an illegal value or the number of
  ///   sections is not the header's; `outOfMemory`.
  public static func encode(
    _ header: Header, metadata: [UInt8] = [], metadataKind: SectionKind = .metadata,
    recipe: [UInt8] = [], groups: [GroupPayloads], films: [[UInt8]] = []
  ) throws(ContainerError) -> [UInt8] {
    let start = try header.encoded()
    guard [.modelled, .exact].contains(header.contentKind) else {
      throw .corrupt(reason: "tiles in an image of the kind \(header.contentKind)")
    }
    try check(groups, of: header)
    guard films.count == header.filmCount ?? 0 else {
      throw .corrupt(reason: "\(films.count) films instead of \(header.filmCount ?? 0)")
    }
    var size = start.count + Section.size(payload: metadata.count)
    size = films.reduce(size) { $0 + Section.size(payload: $1.count) }
    size = groups.reduce(size + Section.size(payload: recipe.count)) { $0 + $1.size }
    try ContainerError.asking { () throws(OutOfMemory) in try Memory.check(size) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    bytes += start
    if !metadata.isEmpty {
      Section.append(metadataKind, metadata, to: &bytes)
    }
    if header.contentKind == .exact { Section.append(.recipe, recipe, to: &bytes) }
    for group in groups { group.append(to: &bytes) }
    for film in films { Section.append(.film, film, to: &bytes) }
    return bytes
  }

  /// Checks the number of sections.
  ///
  /// - Throws: `ContainerError.corrupt` if it is not the header's.
  static func check(_ groups: [GroupPayloads], of header: Header) throws(ContainerError) {
    guard groups.map(\.tiles.count) == header.sectionCounts else {
      throw .corrupt(
        reason: "\(groups.map(\.tiles.count)) tile sections instead of \(header.sectionCounts)")
    }
  }
}

/// Reads sections in turn, and keeps them.
private struct SectionReader {
  private let bytes: [UInt8]
  private var reader: FileReader
  private var memory = Memory.Allowance()
  private(set) var sections: [Section] = []
  /// Of the first one in its file.
  private let firstIndex: Int

  init(_ bytes: [UInt8], from start: Int, index: Int = 0) {
    self.bytes = bytes
    firstIndex = index
    reader = FileReader(bytes, start..<bytes.count)
  }

  var remaining: Int { reader.remaining }

  /// The next section, which has to be of this kind.
  mutating func next(_ kind: SectionKind) throws(ContainerError) -> Section {
    let index = firstIndex + sections.count
    let section = try Section.read(&reader, of: bytes, index: index)
    guard section.kind == kind else {
      throw .corrupt(reason: "section \(index) must not be of kind \(section.kind)")
    }
    try ContainerError.asking { () throws(OutOfMemory) in
      try memory.take(2 * MemoryLayout<Section>.stride)
    }
    sections.append(section)
    return section
  }

  /// The sections of all groups of a header.
  mutating func groups(of header: Header) throws(ContainerError) -> [PRNFile.GroupSections] {
    var groups: [PRNFile.GroupSections] = []
    for count in header.sectionCounts {
      var group = PRNFile.GroupSections()
      // Grows with the file, not with what the header claims: a section has 6 bytes or more.
      while count > 0, let section = try optional(.smallTile) { group.smallTiles.append(section) }
      for _ in 0..<count { group.tiles.append(try next(.tile)) }
      groups.append(group)
    }
    return groups
  }

  /// All sections, behind which there must be nothing.
  func finish() throws(ContainerError) -> [Section] {
    guard remaining == 0 else {
      let end = reader.position
      throw .trailing(offset: end, count: remaining, .init(bytes[end..<end + remaining]))
    }
    return sections
  }

  /// The next section if it is one of metadata.
  mutating func metadata() throws(ContainerError) -> Section? {
    guard remaining > 0, let kind = SectionKind(rawValue: bytes[reader.position]),
      kind.isMetadata
    else { return nil }
    return try next(kind)
  }

  /// The next section if it is of this kind.
  mutating func optional(_ kind: SectionKind) throws(ContainerError) -> Section? {
    guard remaining > 0, bytes[reader.position] == kind.rawValue else { return nil }
    return try next(kind)
  }
}
