import Testing

@testable import Container

@Suite struct HeaderTests {
  /// Content kind, width, height, pixel kind: colour type 6, 16 bits; digest.
  private static let storedFields: [UInt8] = [0, 3, 2, 0x26] + digest
  /// RGB of 8 bits; the group: a network with tiles, all three channels, 4 x 2 pixels in a tile,
  /// one tile in a section; mixing level 2, adaptation 1.
  private static let modelledFields: [UInt8] =
    [1, 5, 3, 0x1A] + shortDigest + [0x41, 7, 4, 2, 1] + identity + [0x12]

  @Test func hasTheFormatsBytes() throws {
    #expect(try storedHeader().encoded() == header(fields: Self.storedFields))
    #expect(try modelledHeader().encoded() == header(fields: Self.modelledFields))
    let interlaced = Header(
      .exact, width: 5, height: 3, colourType: 3, sampleDepth: 2, isInterlaced: true,
      digest: shortDigest, fileDigest: digest,
      groups: [Group(channels: 1, parameters: .constant(value: 3))])
    let fields = [2, 5, 3, 0x4B] + shortDigest + digest + [0, 1, 3]
    #expect(try interlaced.encoded() == header(fields: fields))
  }

  /// Images of at most 4096 pixels have a short digest, and stored ones never.
  @Test func digestsAreShortWherePixelsAreFew() {
    for (kind, width, height, size) in [
      (Header.ContentKind.modelled, 64, 64, 4), (.modelled, 65, 64, 8), (.exact, 64, 64, 4),
      (.exact, 1, 4097, 8), (.stored, 1, 1, 8), (.modelled, 1 << 40, 1 << 40, 8),
    ] {
      #expect(Header.digestSize(kind, width: width, height: height) == size)
    }
  }

  /// Small tiles may share sections, and large ones may not.
  @Test func tilesShareSections() throws {
    let fields = Array(Self.modelledFields[..<12]) + [3] + Self.modelledFields[13...]
    #expect(try modelledHeader(tilesPerSection: 3).encoded() == header(fields: fields))
    for (side, share, isLegal) in [
      (362, 1 << 20, true), (362, 1 << 20 + 1, false), (362, 0, false), (363, 1, true),
      (363, 2, false),
    ] {
      let header = modelledHeader(tileWidth: side, tileHeight: 362, tilesPerSection: share)
      let error = containerError { () throws(ContainerError) in try header.validate() }
      #expect(isLegal ? error == nil : isCorrupt(error), "\(side), \(share)")
    }
  }

  @Test func roundTrips() throws {
    for original in [
      storedHeader(), storedHeader(width: Header.largestSide, height: Header.largestSide),
      modelledHeader(), modelledHeader(width: 1 << 20, height: 1 << 20),
      modelledHeader(width: 1, height: 1, tileWidth: 65535, tileHeight: 1),
      modelledHeader(colourType: 0), modelledHeader(colourType: 0, sampleDepth: 1),
    ] {
      let bytes = try original.encoded()
      let (header, end) = try Header.decode(bytes + [1, 2, 3])
      #expect(header == original)
      #expect(end == bytes.count)
    }
  }

  @Test(
    arguments: [
      [3] + storedFields.dropFirst(),  // content kind
      [0, 0] + storedFields.dropFirst(2),  // width 0
      [0, 3, 0] + storedFields.dropFirst(3),  // height 0
      [0, 0x80, 0x80, 0x80, 0x80, 0x08] + storedFields.dropFirst(2),  // width 2^31
      [0, 0x83, 0] + storedFields.dropFirst(2),  // an overlong width
      [0, 3, 2, 0x21] + digest,  // colour types
      [0, 3, 2, 0x25] + digest,
      [0, 3, 2, 0x27] + digest,
      [0, 3, 2, 0x2E] + digest,  // 32 bits
      [0, 3, 2, 0xA6, 1] + digest,  // a stored image with a lattice
      storedFields + [0],  // half a group
      storedFields + [0, 1, 0],  // a stored image with a group
      Array(storedFields.dropLast()),  // too short
      [],
      [1, 5, 3, 0x1A] + shortDigest,  // no groups
      Array(modelledFields.dropLast()),  // no mixing level
      modelledFields + [0],
      [1, 0x80, 0x80, 0x80, 0x01, 0x81, 0x80, 0x40] + modelledFields.dropFirst(3),  // > 2^40
      [2] + modelledFields.dropFirst(),  // exact, without the digest of the file
    ] as [[UInt8]])
  func illegalFieldsAreRefused(fields: [UInt8]) {
    let bytes = header(fields: fields)
    #expect(isCorrupt(containerError { () throws(ContainerError) in try Header.decode(bytes) }))
  }

  @Test func illegalHeadersAreNotWritten() {
    for header in [
      storedHeader(width: 0), storedHeader(height: 1 << 31), modelledHeader(tileWidth: 0),
      modelledHeader(tileHeight: 65536), modelledHeader(width: 1 << 21, height: 1 << 20),
      modelledHeader(colourType: 1), modelledHeader(colourType: 4), modelledHeader(colourType: 6),
      modelledHeader(sampleDepth: 3),
    ] {
      #expect(isCorrupt(containerError { () throws(ContainerError) in try header.encoded() }))
    }
    for change in [
      { $0.digest.removeLast() }, { $0.digest += [1, 2, 3, 4] }, { $0.fileDigest = digest },
      { $0.contentKind = .exact }, { $0.groups = [] },
    ] as [(inout Header) -> Void] {
      var header = modelledHeader()
      change(&header)
      #expect(isCorrupt(containerError { () throws(ContainerError) in try header.encoded() }))
    }
    var stored = storedHeader()
    stored.groups = [networkGroup()]
    #expect(isCorrupt(containerError { () throws(ContainerError) in try stored.encoded() }))
  }

  /// Palettes of the sides of a group may fill a header, up to 2^20 bytes.
  @Test func headersAreLimited() throws {
    func header(_ bytes: Int) -> Header {
      groupedHeader(
        groups: [
          Group(
            channels: 7, mapping: .palette([UInt8](repeating: 1, count: bytes)),
            parameters: .graphics(colours: 9))
        ])
    }
    let frame = try header(1 << 19).encoded().count - 1 << 19
    // What comes before the fields and behind them: magic, version, length, checksum.
    let most = Header.mostBytes - frame + 12
    #expect(try Header.decode(header(most).encoded()).header == header(most))
    #expect(
      isCorrupt(containerError { () throws(ContainerError) in try header(most + 1).encoded() }))
    let large = ContainerTests.header(fields: [UInt8](repeating: 0, count: 1 << 20 + 1))
    #expect(
      containerError { () throws(ContainerError) in try Header.decode(large) }
        == .corrupt(reason: "a header of 1048577 bytes"))
  }

  /// The checksum comes first, then the version: a newer one may have any fields.
  @Test func versions() throws {
    let newer = header(version: Header.version + 1, fields: [9, 9])
    let version = Int(Header.version) + 1
    #expect(throws: ContainerError.newerVersion(version)) { try Header.decode(newer) }
    var damaged = newer
    damaged[7] ^= 1
    let error = containerError { () throws(ContainerError) in try Header.decode(damaged) }
    guard case .damagedHeader(let stored, let computed) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(stored != computed)
    for version in 0..<Header.version {
      let older = header(version: version, fields: Self.storedFields)
      #expect(throws: ContainerError.draftVersion(Int(version))) { try Header.decode(older) }
    }
  }

  /// Drafts had four more bytes of magic where the version stands now: 0x0D is no version.
  @Test func draftsAreTold() throws {
    for version in 1...4 as ClosedRange<UInt8> {
      let draft = draftHeader(version: version, fields: Self.storedFields)
      #expect(throws: ContainerError.draftVersion(Int(version))) { try Header.decode(draft) }
      #expect(throws: ContainerError.truncated(expected: 9, available: 8)) {
        try Header.decode(Array(draft.prefix(8)))
      }
    }
  }

  @Test func otherFilesAreNotPRN() throws {
    #expect(throws: ContainerError.notAPRNFile) { try Header.decode([]) }
    #expect(throws: ContainerError.notAPRNFile) { try Header.decode(Array("PRN".utf8)) }
    #expect(throws: ContainerError.notAPRNFile) { try Header.decode(Array("\u{89}PRN".utf8)) }
    #expect(throws: ContainerError.truncated(expected: 4, available: 3)) {
      try Header.decode(Array(Header.magic.prefix(3)))
    }
  }

  @Test func tilesAreCounted() {
    #expect(storedHeader().tileCount == 0 && storedHeader().sectionCounts == [])
    #expect(modelledHeader().tileCount == 4)
    #expect(modelledHeader(width: 4, height: 2).tileCount == 1)
    #expect(modelledHeader(width: 4, height: 2, tileWidth: 1, tileHeight: 1).tileCount == 8)
    for (share, sections) in [(1, 8), (2, 4), (3, 3), (7, 2), (8, 1), (9, 1)] {
      let header = modelledHeader(
        width: 4, height: 2, tileWidth: 1, tileHeight: 1, tilesPerSection: share)
      #expect(header.tileCount == 8 && header.sectionCounts == [sections])
    }
    var header = groupedHeader(
      colourType: 6,
      groups: [
        Group(channels: 8, parameters: .constant(value: 255)),
        Group(channels: 2, parameters: .graphics(colours: 0)),
        networkGroup(channels: 5),
      ])
    #expect(header.tileCount == 5 && header.sectionCounts == [0, 1, 4])
    header.groups.removeAll()
    #expect(header.tileCount == 0 && header.sectionCounts == [])
  }
}
