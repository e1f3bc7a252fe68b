import Bytes

/// What a section holds (FORMAT.md, section 1.2).
public enum SectionKind: UInt8, Sendable, CaseIterable {
  /// A whole PNG file.
  case storedPNG = 1
  /// The image's ancillary chunks: `Metadata`, coded.
  case metadata = 2
  /// The range coder's bytes of one tile, or of several that share a section.
  case tile = 3
  /// Those of tiles of the small image.
  case smallTile = 4
  /// How the very PNG file is made of the image and its chunks.
  case recipe = 5
  /// The image's ancillary chunks as they are: those that are too many to be coded.
  case plainMetadata = 6
  /// The header of a strip, whose sections follow.
  case strip = 7
  /// The image's ancillary chunks in a zlib stream: those that are too many to be coded.
  case deflatedMetadata = 8
  /// A prn file of its own: frames of an animation, one below the other.
  case film = 9

  /// Whether a section of this kind is one of metadata.
  var isMetadata: Bool { [.metadata, .plainMetadata, .deflatedMetadata].contains(self) }
}

/// A section of a file: what it is, and where its payload lies.
public struct Section: Equatable, Sendable {
  /// What the payload is.
  public let kind: SectionKind
  /// Where the payload lies in the file.
  public let payload: Range<Int>

  /// A section that lies there.
  public init(kind: SectionKind, payload: Range<Int>) {
    self.kind = kind
    self.payload = payload
  }

  /// The bytes that a section takes with a payload of `count` bytes: kind, length, payload, crc32.
  ///
  /// - Parameter count: of the payload, in bytes; 0 or more.
  /// - Returns: the size in bytes.
  public static func size(payload count: Int) -> Int { 1 + varintSize(count) + count + 4 }

  /// Appends a section to a file.
  static func append(
    _ kind: SectionKind, _ payload: some Collection<UInt8>, to bytes: inout [UInt8]
  ) {
    let start = bytes.count
    bytes.append(kind.rawValue)
    bytes.append(varint: payload.count)
    bytes += payload
    bytes.append(littleEndian: crc32(bytes[start...]))
  }

  /// Reads the section at the reader's position, `index` from 0 in the file, and checks its
  /// checksum.
  static func read(
    _ reader: inout FileReader, of bytes: [UInt8], index: Int
  ) throws(ContainerError) -> Section {
    let start = reader.position
    let kind = try reader.u8()
    let payload = try reader.skip(try reader.varint())
    guard try reader.u32() == crc32(bytes[start..<payload.upperBound]) else {
      throw .damagedSection(kind: Int(kind), index: index)
    }
    guard let known = SectionKind(rawValue: kind) else {
      throw .corrupt(reason: "section \(index) is of the unknown kind \(kind)")
    }
    return Section(kind: known, payload: payload)
  }
}
