import Bytes

@testable import Container

/// Of a PNG file, and of an image of more than 4096 pixels.
let digest = [UInt8](1...8)
/// Of an image of few pixels.
let shortDigest = [UInt8](1...4)
let identity = [UInt8](101...108)

func storedHeader(width: Int = 3, height: Int = 2) -> Header {
  Header(.stored, width: width, height: height, colourType: 6, sampleDepth: 16, digest: digest)
}

/// A group that a network codes, of tiles.
func networkGroup(
  channels: UInt8 = 7, tileWidth: Int = 4, tileHeight: Int = 2, tilesPerSection: Int = 1
) -> Group {
  Group(
    channels: channels,
    tiling: .init(
      tileWidth: tileWidth, tileHeight: tileHeight, tilesPerSection: tilesPerSection),
    parameters: .network(modelIdentity: identity, mixingLevel: 2, adaptation: 1))
}

/// A header of these groups.
func groupedHeader(
  _ contentKind: Header.ContentKind = .modelled, width: Int = 5, height: Int = 3,
  colourType: UInt8 = 2, sampleDepth: UInt8 = 8, isInterlaced: Bool = false, groups: [Group]
) -> Header {
  let size = Header.digestSize(contentKind, width: width, height: height)
  return Header(
    contentKind, width: width, height: height, colourType: colourType, sampleDepth: sampleDepth,
    isInterlaced: isInterlaced, digest: Array(digest.prefix(size)),
    fileDigest: contentKind == .exact ? digest : [], groups: groups)
}

/// A header of one group that a network codes.
func modelledHeader(
  width: Int = 5, height: Int = 3, colourType: UInt8 = 2, sampleDepth: UInt8 = 8,
  tileWidth: Int = 4, tileHeight: Int = 2, tilesPerSection: Int = 1
) -> Header {
  groupedHeader(
    width: width, height: height, colourType: colourType, sampleDepth: sampleDepth,
    groups: [
      networkGroup(
        channels: colourType == 0 ? 1 : 7, tileWidth: tileWidth, tileHeight: tileHeight,
        tilesPerSection: tilesPerSection)
    ])
}

extension PRNFile {
  /// A modelled file of one group.
  static func encode(
    _ header: Header, metadata: [UInt8] = [], smallTiles: [[UInt8]] = [], tiles: [[UInt8]]
  ) throws(ContainerError) -> [UInt8] {
    try encode(
      header, metadata: metadata, groups: [.init(smallTiles: smallTiles, tiles: tiles)])
  }

  /// The sections of tiles of all groups.
  var tiles: [Section] { groups.flatMap(\.tiles) }

  /// Those of small images.
  var smallTiles: [Section] { groups.flatMap(\.smallTiles) }
}

/// Puts the right crc32 behind `bytes`.
func sealed(_ bytes: [UInt8]) -> [UInt8] {
  var bytes = bytes
  bytes.append(littleEndian: crc32(bytes[...]))
  return bytes
}

/// A header with the right framing around arbitrary fields.
func header(version: UInt8 = Header.version, fields: [UInt8]) -> [UInt8] {
  var bytes = Header.magic + [version]
  bytes.append(varint: fields.count)
  return sealed(bytes + fields)
}

/// A header as drafts up to version 4 had it.
func draftHeader(version: UInt8, fields: [UInt8]) -> [UInt8] {
  sealed(
    [0x89, 0x50, 0x52, 0x4E, 0x0D, 0x0A, 0x1A, 0x0A, version, UInt8(fields.count & 0xFF), 0]
      + fields)
}

/// What `body` throws, if it throws a `ContainerError`.
func containerError<Result>(_ body: () throws(ContainerError) -> Result) -> ContainerError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error
  }
}

func isCorrupt(_ error: ContainerError?) -> Bool {
  switch error {
  case .corrupt, .trailing(_, _, .other): true
  default: false
  }
}
