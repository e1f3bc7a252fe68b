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
    var reader = ByteReader(bytes, headerSize..<bytes.count)
    var sections: [Section] = []
    var tilesLeft = header.sectionCount
    // Grows with the file, not with what the header claims: each turn reads 6 bytes or more.
    repeat {
      let index = sections.count
      let section = try Section.read(&reader, of: bytes, index: index)
      switch (header.contentKind, section.kind) {
      case (.stored, .storedPNG): break
      case (.modelled, .metadata) where index == 0: break
      case (.modelled, .tile): tilesLeft -= 1
      default:
        throw .corrupt(reason: "section \(index) must not be of kind \(section.kind)")
      }
      sections.append(section)
    } while tilesLeft > 0
    guard reader.remaining == 0 else {
      throw .corrupt(reason: "\(reader.remaining) bytes behind the last section")
    }
    self.sections = sections
  }

  /// The PNG file of a stored image.
  public var storedPNG: Section? { sections.first { $0.kind == .storedPNG } }
  /// The ancillary chunks of a modelled image, if it has any.
  public var metadata: Section? { sections.first { $0.kind == .metadata } }
  /// The tile sections of a modelled image: its tiles in raster order, `tilesPerSection` in each.
  public var tiles: ArraySlice<Section> {
    header.contentKind == .stored ? [] : sections.dropFirst(sections.first?.kind == .tile ? 0 : 1)
  }

  /// Writes a stored image: less than 64 bytes more than the PNG file.
  ///
  /// - Parameters:
  ///   - header: one with `modelling == nil`.
  ///   - png: the PNG file.
  /// - Returns: the prn file.
  /// - Throws: `ContainerError.corrupt` if the header has an illegal value.
  public static func encode(
    _ header: Header, storedPNG png: [UInt8]
  ) throws(ContainerError) -> [UInt8] {
    guard header.contentKind == .stored else {
      throw .corrupt(reason: "a stored PNG under a modelled image's header")
    }
    let start = try header.encoded()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(start.count + Section.size(payload: png.count))
    bytes += start
    Section.append(.storedPNG, png, to: &bytes)
    return bytes
  }

  /// Writes a modelled image.
  ///
  /// - Parameters:
  ///   - header: one with `modelling`.
  ///   - metadata: the ancillary chunks; if there are none, no section is written.
  ///   - tiles: the range coder's bytes of each tile section; `header.sectionCount` of them.
  /// - Returns: the prn file.
  /// - Throws: `ContainerError.corrupt` if the header has an illegal value or the number of sections is
  ///   not the header's.
  public static func encode(
    _ header: Header, metadata: Metadata, tiles: [[UInt8]]
  ) throws(ContainerError) -> [UInt8] {
    var bytes = try header.encoded()
    guard header.contentKind == .modelled, tiles.count == header.sectionCount else {
      throw .corrupt(
        reason: "\(tiles.count) tile sections instead of \(header.sectionCount)")
    }
    let chunks = metadata.isEmpty ? [] : try metadata.encoded()
    bytes.reserveCapacity(
      tiles.reduce(bytes.count + Section.size(payload: chunks.count)) {
        $0 + Section.size(payload: $1.count)
      })
    if !chunks.isEmpty { Section.append(.metadata, chunks, to: &bytes) }
    for tile in tiles { Section.append(.tile, tile, to: &bytes) }
    return bytes
  }
}
