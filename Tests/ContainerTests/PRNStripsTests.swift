import Bytes
import Testing

@testable import Container

/// Files in strips: their framing, and what is refused.
@Suite struct PRNStripsTests {
  private static func header(
    width: Int = 512, height: Int = 300, stripHeight: Int = 128, groups: [Group] = []
  ) -> Header {
    Header(
      .strips, width: width, height: height, colourType: 2, sampleDepth: 8, digest: [],
      groups: groups, stripHeight: stripHeight)
  }

  private static func strip(
    height: Int, kind: Header.ContentKind = .modelled, colourType: UInt8 = 2
  ) -> Header {
    groupedHeader(
      kind, width: 512, height: height, colourType: colourType,
      groups: [
        Group(channels: colourType == 0 ? 1 : 3, parameters: .graphics(colours: 0)),
        Group(channels: colourType == 0 ? 0 : 4, parameters: .constant(value: 7)),
      ].filter { $0.channels != 0 })
  }

  private static func bytes(
    _ strips: [Header], rows: [Int] = [0, 128, 256], metadata: [UInt8] = [7, 7]
  ) throws(ContainerError) -> [UInt8] {
    var bytes = try PRNStrips.start(header(), metadata: metadata, metadataKind: .plainMetadata)
    for (index, strip) in strips.enumerated() {
      let tiles = [[UInt8](repeating: UInt8(index), count: 200)]
      bytes += try PRNStrips.strip(
        strip, row: rows[index],
        groups: strip.groups.map { .init(tiles: $0.codec == .constant ? [] : tiles) })
    }
    return bytes
  }

  private static let heights = [128, 128, 44]
  private static let strips = heights.map { strip(height: $0) }

  private static func read(_ bytes: [UInt8]) throws(ContainerError) -> [PRNStrips.Strip] {
    var file = try PRNStrips(ArraySource(bytes))
    var strips: [PRNStrips.Strip] = []
    while let strip = try file.next() { strips.append(strip) }
    return strips
  }

  @Test(arguments: [[], [7, 7]] as [[UInt8]]) func roundTrips(metadata: [UInt8]) throws {
    let bytes = try Self.bytes(Self.strips, metadata: metadata)
    #expect(try PRNStrips.isOne(ArraySource(bytes)))
    let file = try PRNStrips(ArraySource(bytes))
    #expect(file.header == Self.header() && file.header.stripCount == 3)
    #expect(file.metadata?.kind == (metadata.isEmpty ? nil : .plainMetadata))
    #expect(file.metadata.map { Array(file.metadataBytes[$0.payload]) } ?? [] == metadata)
    let strips = try Self.read(bytes)
    #expect(strips.map(\.file.header) == Self.strips && strips.map(\.row) == [0, 128, 256])
    for (index, strip) in strips.enumerated() {
      #expect(strip.file.groups.map(\.tiles.count) == [1, 0])
      let payload = strip.bytes[strip.file.groups[0].tiles[0].payload]
      #expect(Array(payload) == [UInt8](repeating: UInt8(index), count: 200))
    }
  }

  /// Content kind, width, height, pixel kind, rows of a strip.
  @Test func hasTheFormatsBytes() throws {
    let fields: [UInt8] = [3, 0x80, 4, 0xAC, 2, 0x1A, 0x80, 1]
    #expect(try Self.header().encoded() == framed(fields))
    let inOnePiece = containerError { () throws(ContainerError) in
      try PRNFile(Self.bytes(Self.strips))
    }
    #expect(isCorrupt(inOnePiece))
  }

  private func framed(_ fields: [UInt8]) -> [UInt8] {
    ContainerTests.header(fields: fields)
  }

  @Test func illegalHeadersAreRefused() {
    let illegal = [
      Self.header(stripHeight: 0), Self.header(stripHeight: 301), Self.header(stripHeight: 127),
      Self.header(groups: [networkGroup()]),
      Header(
        .strips, width: 512, height: 300, colourType: 2, sampleDepth: 8, isInterlaced: true,
        digest: [], stripHeight: 128),
    ]
    for header in illegal {
      #expect(isCorrupt(containerError { () throws(ContainerError) in try header.validate() }))
    }
    for header in [Self.header(stripHeight: 300), Self.header(width: 1, height: 9, stripHeight: 9)]
    {
      #expect(throws: Never.self) { try header.validate() }
    }
  }

  @Test func stripsOfOtherImagesAreRefused() throws {
    let others = [
      Self.strip(height: 127), Self.strip(height: 128, colourType: 0),
      Self.strip(height: 128, kind: .exact),
    ]
    for other in others {
      let bytes = try Self.bytes([Self.strips[0], other, Self.strips[2]])
      let error = containerError { () throws(ContainerError) in try Self.read(bytes) }
      #expect(error == .corrupt(reason: "strip 1 is not one of the image"))
    }
    let swapped = try Self.bytes(Self.strips, rows: [128, 0, 256])
    #expect(
      containerError { () throws(ContainerError) in try Self.read(swapped) }
        == .corrupt(reason: "strip 0 from row 128 on"))
    let few = try Self.bytes(Array(Self.strips[..<2]))
    guard case .truncated = containerError({ () throws(ContainerError) in try Self.read(few) })
    else {
      Issue.record("a file without its last strip")
      return
    }
    let whole = try Self.bytes(Self.strips)
    #expect(
      containerError { () throws(ContainerError) in try Self.read(whole + [0]) }
        == .trailing(offset: whole.count, count: 1, .zeros))
  }

  @Test func everyDamagedByteAndEveryLengthIsRefused() throws {
    let bytes = try Self.bytes(Self.strips)
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 0x41
      #expect(
        containerError { () throws(ContainerError) in try Self.read(damaged) } != nil, "\(index)")
      let cut = containerError { () throws(ContainerError) in
        try Self.read(Array(bytes[..<index]))
      }
      switch cut {
      case .truncated(_, let available): #expect(available == index)
      case .notAPRNFile where index == 0: break
      default: Issue.record("\(index) bytes: \(String(describing: cut))")
      }
    }
  }
}
