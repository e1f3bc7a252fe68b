import Testing

@testable import Container

@Suite struct PRNFileTests {
  private static let tiles: [[UInt8]] = [[1, 2, 3], [], [4], [UInt8](repeating: 9, count: 200)]
  private static let chunks = Metadata(beforeImage: [.init(type: Array("gAMA".utf8), data: [1])])

  /// Constant alpha, a group of colours with tiles, and one of one tile.
  private static let grouped = groupedHeader(
    .exact, colourType: 6,
    groups: [
      Group(channels: 8, parameters: .constant(value: 255)), networkGroup(channels: 3),
      Group(
        channels: 4, mapping: .palette([1, 2]), parameters: .graphics(colours: 2)),
    ])

  private static func files() throws -> [[UInt8]] {
    let metadata = try chunks.encoded()
    return [
      try PRNFile.encode(storedHeader(), storedPNG: [1, 2, 3, 4]),
      try PRNFile.encode(storedHeader(), storedPNG: []),
      try PRNFile.encode(modelledHeader(), metadata: metadata, tiles: tiles),
      try PRNFile.encode(modelledHeader(), tiles: tiles),
      try PRNFile.encode(
        grouped, metadata: metadata, recipe: [5, 6],
        groups: [.init(tiles: []), .init(tiles: tiles), .init(tiles: [[7]])]),
    ]
  }

  @Test func storedRoundTrips() throws {
    let bytes = try PRNFile.encode(storedHeader(), storedPNG: [1, 2, 3, 4])
    let file = try PRNFile(bytes)
    #expect(file.header == storedHeader())
    #expect(file.sections.count == 1)
    let section = try #require(file.storedPNG)
    #expect(bytes[section.payload] == [1, 2, 3, 4])
    #expect(file.tiles.isEmpty)
    #expect(file.metadata == nil)
  }

  @Test func modelledRoundTrips() throws {
    for metadata in [Self.chunks, Metadata()] {
      let bytes = try PRNFile.encode(
        modelledHeader(), metadata: metadata.isEmpty ? [] : metadata.encoded(), tiles: Self.tiles)
      let file = try PRNFile(bytes)
      #expect(file.header == modelledHeader())
      #expect(file.tiles.map { Array(bytes[$0.payload]) } == Self.tiles)
      #expect(file.storedPNG == nil)
      let section = file.metadata
      #expect((section == nil) == metadata.isEmpty)
      if let section { #expect(try Metadata.decode(bytes, section.payload) == metadata) }
      let total = file.sections.reduce(file.headerSize) {
        $0 + Section.size(payload: $1.payload.count)
      }
      #expect(total == bytes.count)
    }
  }

  /// The sections of each group stand behind those of the group before; a recipe before them.
  @Test func groupsRoundTrip() throws {
    let small: [[UInt8]] = [[8], [9, 9]]
    let bytes = try PRNFile.encode(
      Self.grouped, recipe: [5, 6],
      groups: [
        .init(tiles: []), .init(smallTiles: small, tiles: Self.tiles), .init(tiles: [[7]]),
      ])
    let file = try PRNFile(bytes)
    #expect(file.header == Self.grouped && file.metadata == nil)
    #expect(file.recipe.map { Array(bytes[$0.payload]) } == [5, 6])
    #expect(
      file.groups.map { $0.tiles.map { Array(bytes[$0.payload]) } } == [[], Self.tiles, [[7]]])
    #expect(file.groups.map { $0.smallTiles.map { Array(bytes[$0.payload]) } } == [[], small, []])
    #expect(file.sections.count == 8)
    // An exact image has a recipe, and others have none.
    var header = Self.grouped
    (header.contentKind, header.fileDigest) = (.modelled, [])
    let groups = [Self.tiles, [[7]]].map { PRNFile.GroupPayloads(tiles: $0) }
    let plain = try PRNFile.encode(header, recipe: [5, 6], groups: [.init(tiles: [])] + groups)
    #expect(try PRNFile(plain).recipe == nil && PRNFile(plain).sections.count == 5)
    let sections = plain.dropFirst(try header.encoded().count)
    let lacking = try Self.grouped.encoded() + sections
    let surplus = try header.encoded() + sealed([5, 0]) + sections
    for wrong in [lacking, surplus] {
      #expect(isCorrupt(containerError { () throws(ContainerError) in try PRNFile(wrong) }))
    }
  }

  /// A constant image has no sections at all, whatever follows.
  @Test func constantImagesHaveNoSections() throws {
    let header = groupedHeader(groups: [Group(channels: 7, parameters: .constant(value: 9))])
    let bytes = try PRNFile.encode(header, groups: [.init(tiles: [])])
    #expect(try PRNFile(bytes).sections.isEmpty && PRNFile(bytes).groups == [.init()])
    for kind in 1...5 as ClosedRange<UInt8> where kind != 2 {
      let more = bytes + sealed([kind, 0])
      #expect(isCorrupt(containerError { () throws(ContainerError) in try PRNFile(more) }))
    }
  }

  /// Four tiles in two sections, the last with one.
  @Test func tilesShareSections() throws {
    let header = modelledHeader(tilesPerSection: 3)
    let bytes = try PRNFile.encode(header, tiles: [[1, 2], [3]])
    let file = try PRNFile(bytes)
    #expect(file.header == header && file.tiles.map { Array(bytes[$0.payload]) } == [[1, 2], [3]])
    for tiles in [[[1]], [[1], [2], [3]], [[1], [2], [3], [4]]] as [[[UInt8]]] {
      #expect(
        isCorrupt(
          containerError { () throws(ContainerError) in
            try PRNFile.encode(header, tiles: tiles)
          }))
    }
    let more = bytes + sealed([3, 0])
    #expect(isCorrupt(containerError { () throws(ContainerError) in try PRNFile(more) }))
  }

  /// The promise is for any PNG file; the largest header has two sides of 2^31 - 1.
  @Test func aStoredFileIsLessThan64BytesLarger() throws {
    let header = storedHeader(width: Header.largestSide, height: Header.largestSide)
    let empty = try PRNFile.encode(header, storedPNG: []).count - Section.size(payload: 0)
    #expect(empty + Section.size(payload: 1 << 42) - 1 << 42 < 64)
  }

  @Test func everyFlippedByteIsRefused() throws {
    for bytes in try Self.files() {
      for index in bytes.indices {
        for mask in (0..<8).map({ UInt8(1) << $0 }) + [0xFF] {
          var damaged = bytes
          damaged[index] ^= mask
          let error = containerError { () throws(ContainerError) in try PRNFile(damaged) }
          #expect(error != nil, "byte \(index) ^ \(mask)")
          if index < 4 { #expect(error == .notAPRNFile) }
        }
      }
    }
  }

  @Test func everyTruncationIsRefused() throws {
    for bytes in try Self.files() {
      for length in bytes.indices {
        let error = containerError { () throws(ContainerError) in
          try PRNFile(Array(bytes[..<length]))
        }
        if length == 0 {
          #expect(error == .notAPRNFile)
        } else {
          guard case .truncated(let expected, length) = error else {
            Issue.record("\(length): \(String(describing: error))")
            continue
          }
          #expect(expected > length && expected <= bytes.count)
        }
      }
    }
  }

  @Test func bytesBehindTheEndAreRefused() throws {
    for bytes in try Self.files() {
      for (more, kind) in [
        ([0], .zeros), ([0, 0, 0], .zeros), (Header.magic, .file), ([1], .other),
        ([0, 1], .other),
      ] as [([UInt8], ContainerError.TrailingBytes)] {
        #expect(
          containerError { () throws(ContainerError) in try PRNFile(bytes + more) }
            == .trailing(offset: bytes.count, count: more.count, kind))
      }
    }
  }

  /// Sections of wrong kind, order or number, each with the right checksum.
  @Test func otherSectionsAreRefused() throws {
    let stored = try storedHeader().encoded()
    let modelled = try modelledHeader(width: 4, height: 4).encoded()  // two tiles
    let png = sealed([1, 0])
    let chunks = sealed([2, 0])
    let tile = sealed([3, 0])
    let small = sealed([4, 0])
    let unknown = sealed([99, 0])
    #expect(throws: Never.self) { try PRNFile(modelled + chunks + tile + tile) }
    #expect(throws: Never.self) { try PRNFile(modelled + chunks + small + small + tile + tile) }
    for bytes in [
      stored + tile, stored + chunks, stored + png + png, stored + chunks + png,
      stored + unknown, modelled + png, modelled + tile + chunks + tile,
      modelled + chunks + chunks + tile + tile, modelled + tile + tile + tile,
      modelled + tile + tile + chunks, modelled + tile + unknown, modelled + tile + png,
      modelled + small + chunks + tile + tile, modelled + tile + small + tile,
      modelled + tile + tile + small, stored + small,
    ] {
      #expect(isCorrupt(containerError { () throws(ContainerError) in try PRNFile(bytes) }))
    }
    for bytes in [
      stored, modelled, modelled + tile, modelled + chunks + tile, modelled + chunks + small,
    ] {
      #expect(
        containerError { () throws(ContainerError) in try PRNFile(bytes) }
          == .truncated(expected: bytes.count + 1, available: bytes.count))
    }
  }

  @Test func smallTilesComeFirst() throws {
    let small: [[UInt8]] = [[7], [], [8, 9]]
    for metadata in [Self.chunks, Metadata()] {
      let bytes = try PRNFile.encode(
        modelledHeader(), metadata: metadata.isEmpty ? [] : metadata.encoded(), smallTiles: small,
        tiles: Self.tiles)
      let file = try PRNFile(bytes)
      #expect(file.smallTiles.map { Array(bytes[$0.payload]) } == small)
      #expect(file.tiles.map { Array(bytes[$0.payload]) } == Self.tiles)
      #expect((file.metadata == nil) == metadata.isEmpty)
      let end = try #require(file.smallTiles.last).payload.upperBound + 4
      for length in bytes.indices {
        let error = containerError { () throws(ContainerError) in
          let start = try PRNFile(startOf: Array(bytes[..<length]), smallTileCount: 3)
          #expect(start.smallTiles == file.smallTiles && start.tiles.isEmpty)
        }
        #expect((error == nil) == (length >= end), "\(length) bytes")
      }
      // What is asked for is not there.
      #expect(
        isCorrupt(
          containerError { () throws(ContainerError) in
            try PRNFile(startOf: bytes, smallTileCount: 4)
          }))
    }
  }

  @Test func aDamagedSectionIsNamed() throws {
    var bytes = try PRNFile.encode(
      modelledHeader(), metadata: Self.chunks.encoded(), tiles: Self.tiles)
    bytes[bytes.count - 1] ^= 1
    #expect(throws: ContainerError.damagedSection(kind: 3, index: 4)) { try PRNFile(bytes) }
  }

  /// A length of 2^62 and a claim of 2^40 tiles cost nothing.
  @Test func hugeClaimsAreRefusedCheaply() throws {
    let stored = try storedHeader().encoded()
    let length: [UInt8] = [UInt8](repeating: 0xFF, count: 8) + [0x7F]
    let error = containerError { () throws(ContainerError) in try PRNFile(stored + [1] + length) }
    #expect(error == .truncated(expected: .max, available: stored.count + 10))
    let tiles = try modelledHeader(
      width: 1 << 20, height: 1 << 20, tileWidth: 1, tileHeight: 1
    ).encoded()
    guard case .truncated = containerError({ () throws(ContainerError) in try PRNFile(tiles) })
    else {
      Issue.record("2^40 tiles in a file without any")
      return
    }
  }

  @Test func wrongNumbersOfTilesAreNotWritten() {
    #expect(
      isCorrupt(
        containerError { () throws(ContainerError) in
          try PRNFile.encode(modelledHeader(), tiles: [[1]])
        }))
    #expect(
      isCorrupt(
        containerError { () throws(ContainerError) in
          try PRNFile.encode(modelledHeader(), storedPNG: [])
        }))
  }
}
