import Bytes
@testable import Container

let digest = [UInt8](1...16)
let identity = [UInt8](101...116)

func storedHeader(width: Int = 3, height: Int = 2) -> Header {
  Header(
    width: width, height: height, colourType: 6, sampleDepth: 16, digest: digest, modelling: nil)
}

func modelledHeader(
  width: Int = 5, height: Int = 3, colourType: UInt8 = 2, sampleDepth: UInt8 = 8,
  tileWidth: Int = 4, tileHeight: Int = 2, tilesPerSection: Int = 1
) -> Header {
  Header(
    width: width, height: height, colourType: colourType, sampleDepth: sampleDepth, digest: digest,
    modelling: .init(
      modelIdentity: identity, tileWidth: tileWidth, tileHeight: tileHeight,
      tilesPerSection: tilesPerSection, mixingLevel: 2, adaptation: 1))
}

/// Puts the right crc32 behind `bytes`.
func sealed(_ bytes: [UInt8]) -> [UInt8] {
  var bytes = bytes
  bytes.append(littleEndian: crc32(bytes[...]))
  return bytes
}

/// A header with the right framing around arbitrary fields.
func header(version: UInt8 = Header.version, fields: [UInt8]) -> [UInt8] {
  sealed(
    Header.magic + [version, UInt8(fields.count & 0xFF), UInt8(fields.count >> 8)] + fields)
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
  if case .corrupt = error { return true }
  return false
}
