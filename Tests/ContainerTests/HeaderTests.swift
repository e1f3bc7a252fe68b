import Testing

@testable import Container

@Suite struct HeaderTests {
  private static let storedFields: [UInt8] = [0, 3, 2, 6, 16] + digest
  private static let modelledFields: [UInt8] =
    [1, 5, 3, 2, 8] + digest + identity + [4, 2, 1, 2, 1]

  @Test func hasTheFormatsBytes() throws {
    #expect(try storedHeader().encoded() == header(fields: Self.storedFields))
    #expect(try modelledHeader().encoded() == header(fields: Self.modelledFields))
  }

  /// Small tiles may share sections, and large ones may not.
  @Test func tilesShareSections() throws {
    let shared = Self.modelledFields.dropLast(3) + [3, 2, 1]
    #expect(try modelledHeader(tilesPerSection: 3).encoded() == header(fields: Array(shared)))
    for (side, share, isLegal) in [
      (362, 1 << 20, true), (362, 1 << 20 + 1, false), (362, 0, false), (363, 1, true),
      (363, 2, false),
    ] {
      let header = modelledHeader(tileWidth: side, tileHeight: 362, tilesPerSection: share)
      let error = containerError { () throws(ContainerError) in try header.validate() }
      #expect(isLegal ? error == nil : isCorrupt(error), "\(side), \(share)")
    }
  }

  /// A modelled image may be RGB or gray, and of 1 bit if gray.
  @Test func modelledImagesMayBeGray() throws {
    let gray = [1, 5, 3, 0, 8] + Self.modelledFields.dropFirst(5)
    #expect(try modelledHeader(colourType: 0).encoded() == header(fields: gray))
    #expect(try Header.decode(header(fields: gray)).header == modelledHeader(colourType: 0))
    let bits = [1, 5, 3, 0, 1] + Self.modelledFields.dropFirst(5)
    let header = modelledHeader(colourType: 0, sampleDepth: 1)
    #expect(try header.encoded() == ContainerTests.header(fields: bits))
    #expect(try Header.decode(header.encoded()).header == header)
  }

  @Test func roundTrips() throws {
    for original in [
      storedHeader(), storedHeader(width: Header.largestSide, height: Header.largestSide),
      modelledHeader(), modelledHeader(width: 1 << 20, height: 1 << 20),
      modelledHeader(width: 1, height: 1, tileWidth: 65535, tileHeight: 1),
      modelledHeader(colourType: 0),
    ] {
      let bytes = try original.encoded()
      let (header, end) = try Header.decode(bytes + [1, 2, 3])
      #expect(header == original)
      #expect(end == bytes.count)
    }
  }

  @Test(
    arguments: [
      [2] + storedFields.dropFirst(),  // content kind
      [0, 0] + storedFields.dropFirst(2),  // width 0
      [0, 3, 0] + storedFields.dropFirst(3),  // height 0
      [0, 0x80, 0x80, 0x80, 0x80, 0x08] + storedFields.dropFirst(2),  // width 2^31
      [0, 0x83, 0] + storedFields.dropFirst(2),  // an overlong width
      [0, 3, 2, 1] + storedFields.dropFirst(4),
      [0, 3, 2, 5] + storedFields.dropFirst(4),
      [0, 3, 2, 6, 3] + digest,
      [0, 3, 2, 6, 0] + digest,
      storedFields + [0],  // too long
      Array(storedFields.dropLast()),  // too short
      [],
      [1, 5, 3, 6, 8] + modelledFields.dropFirst(5),  // modelled, but neither RGB nor gray
      [1, 5, 3, 3, 8] + modelledFields.dropFirst(5),
      [1, 5, 3, 4, 8] + modelledFields.dropFirst(5),
      [1, 5, 3, 1, 8] + modelledFields.dropFirst(5),
      [1, 5, 3, 2, 16] + modelledFields.dropFirst(5),  // modelled, but not 8-bit
      [1, 5, 3, 0, 16] + modelledFields.dropFirst(5),
      [1, 5, 3, 0, 4] + modelledFields.dropFirst(5),
      [1, 5, 3, 2, 1] + modelledFields.dropFirst(5),
      Array(modelledFields.dropLast(5)) + [0, 2, 1, 2, 1],
      Array(modelledFields.dropLast(5)) + [4, 0, 1, 2, 1],
      Array(modelledFields.dropLast(5)) + [0x80, 0x80, 0x04, 2, 1, 2, 1],  // 65536
      Array(modelledFields.dropLast(5)) + [4, 2, 0, 2, 1],  // no tile in a section
      Array(modelledFields.dropLast(5)) + [0xFF, 0xFF, 3, 3, 2, 2, 1],  // large tiles, two
      Array(modelledFields.dropLast(2)) + [4, 0],  // mixing level
      Array(modelledFields.dropLast()) + [3],  // adaptation
      Array(modelledFields.dropLast(2)) + [0, 1],  // adaptation without mixing
      Array(modelledFields.dropLast()),  // no adaptation
      [1, 0x80, 0x80, 0x80, 0x01, 0x81, 0x80, 0x40] + modelledFields.dropFirst(3),  // > 2^40
    ] as [[UInt8]])
  func illegalFieldsAreRefused(fields: [UInt8]) {
    let bytes = header(fields: fields)
    #expect(isCorrupt(containerError { () throws(ContainerError) in try Header.decode(bytes) }))
  }

  @Test func illegalHeadersAreNotWritten() {
    for header in [
      storedHeader(width: 0), storedHeader(height: 1 << 31), modelledHeader(tileWidth: 0),
      modelledHeader(tileHeight: 65536), modelledHeader(width: 1 << 21, height: 1 << 20),
      modelledHeader(colourType: 3), modelledHeader(colourType: 4), modelledHeader(colourType: 6),
    ] {
      #expect(isCorrupt(containerError { () throws(ContainerError) in try header.encoded() }))
    }
    var header = modelledHeader()
    header.digest.removeLast()
    #expect(isCorrupt(containerError { () throws(ContainerError) in try header.encoded() }))
  }

  /// The checksum comes first, then the version: a newer one may have any fields.
  @Test func versions() throws {
    let newer = header(version: Header.version + 1, fields: [9, 9])
    let version = Int(Header.version) + 1
    #expect(throws: ContainerError.newerVersion(version)) { try Header.decode(newer) }
    var damaged = newer
    damaged[11] ^= 1
    let error = containerError { () throws(ContainerError) in try Header.decode(damaged) }
    guard case .damagedHeader(let stored, let computed) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(stored != computed)
    for version in [0, 1, 2] as [UInt8] {
      let draft = header(version: version, fields: Self.storedFields)
      #expect(throws: ContainerError.draftVersion(Int(version))) { try Header.decode(draft) }
    }
  }

  @Test func otherFilesAreNotPRN() throws {
    #expect(throws: ContainerError.notAPRNFile) { try Header.decode([]) }
    #expect(throws: ContainerError.notAPRNFile) { try Header.decode(Array("PRN".utf8)) }
    // CR LF turned to LF by a transfer in text mode.
    var text = try storedHeader().encoded()
    text.remove(at: 4)
    #expect(throws: ContainerError.notAPRNFile) { try Header.decode(text) }
    #expect(throws: ContainerError.truncated(expected: 8, available: 3)) {
      try Header.decode(Array(Header.magic.prefix(3)))
    }
  }

  @Test func tilesAreCounted() {
    #expect(storedHeader().tileCount == 0)
    #expect(modelledHeader().tileCount == 4)
    #expect(modelledHeader(width: 4, height: 2).tileCount == 1)
    #expect(modelledHeader(width: 4, height: 2, tileWidth: 1, tileHeight: 1).tileCount == 8)
    #expect(storedHeader().sectionCount == 0)
    for (share, sections) in [(1, 8), (2, 4), (3, 3), (7, 2), (8, 1), (9, 1)] {
      let header = modelledHeader(
        width: 4, height: 2, tileWidth: 1, tileHeight: 1, tilesPerSection: share)
      #expect(header.tileCount == 8 && header.sectionCount == sections)
    }
  }
}
