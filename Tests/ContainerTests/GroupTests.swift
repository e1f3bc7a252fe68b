import Bytes
import Testing

@testable import Container

@Suite struct GroupTests {
  /// Headers with groups of each kind, and the groups' bytes.
  private static let legal: [(header: Header, bytes: [UInt8])] = [
    (
      groupedHeader(groups: [Group(channels: 7, parameters: .constant(value: 200))]),
      [0, 7, 0xC8, 1]
    ),
    (groupedHeader(groups: [networkGroup()]), [0x41, 7, 4, 2, 1] + identity + [0x12]),
    (
      groupedHeader(groups: [Group(channels: 7, parameters: .graphics(colours: 0))]),
      [2, 7, 0]
    ),
    (
      groupedHeader(
        colourType: 3, sampleDepth: 4,
        groups: [
          Group(channels: 1, mapping: .palette([]), parameters: .graphics(colours: 16))
        ]), [0x32, 1, 16, 0]
    ),
    (
      groupedHeader(
        colourType: 4, sampleDepth: 8,
        groups: [
          Group(
            channels: 3, mapping: .palette([1, 2, 3]), parameters: .graphics(colours: 256)
          )
        ]), [0x32, 3, 0x80, 2, 3, 1, 2, 3]
    ),
    (
      groupedHeader(
        colourType: 0, sampleDepth: 4,
        groups: [Group(channels: 1, parameters: .bilevel(depth: 4))]),
      [3, 1, 4]
    ),
    (
      groupedHeader(
        colourType: 6, sampleDepth: 16,
        groups: [
          Group(channels: 15, isEqual: true, mapping: .table([7]), parameters: .deep)
        ]), [0xA4, 1, 15, 1, 7]
    ),
    (
      groupedHeader(
        colourType: 2, sampleDepth: 16,
        groups: [
          Group(channels: 7, mapping: .doubled, parameters: .graphics(colours: 0))
        ]), [0x12, 7, 0]
    ),
    (
      groupedHeader(
        colourType: 6,
        groups: [
          Group(
            channels: 7, hidden: [1, 2, 255], parameters: .graphics(colours: 0)),
          Group(channels: 8, parameters: .graphics(colours: 0)),
        ]), [0x82, 2, 7, 1, 2, 0xFF, 1, 0, 2, 8, 0]
    ),
    (
      groupedHeader(
        colourType: 6,
        groups: [
          Group(channels: 7, parameters: .sparse), Group(channels: 8, parameters: .linear),
        ]), [6, 7, 7, 8]
    ),
    (
      groupedHeader(
        colourType: 6,
        groups: [
          Group(channels: 7, parameters: .runs(colours: 0)),
          Group(
            channels: 8, tiling: .init(tileWidth: 2, tileHeight: 1),
            parameters: .runs(colours: 256)),
        ]), [8, 7, 0, 0x48, 8, 2, 1, 1, 0x80, 2]
    ),
    (
      groupedHeader(groups: [
        Group(channels: 7, mapping: .table([7]), parameters: .graphics(colours: 0))
      ]), [0x22, 7, 0, 1, 7]
    ),
  ]

  private func pixelKind(_ header: Header) -> UInt8 {
    header.colourType | UInt8(header.sampleDepth.trailingZeroBitCount) << 3
  }

  @Test(arguments: legal.indices) func haveTheFormatsBytes(index: Int) throws {
    let (original, bytes) = Self.legal[index]
    let fields = [1, 5, 3, pixelKind(original)] + shortDigest + bytes
    #expect(try original.encoded() == header(fields: fields))
    #expect(try Header.decode(header(fields: fields)).header == original)
    #expect(original.groups.reduce(0) { $0 + $1.size } == bytes.count)
    for length in 0..<bytes.count {
      let cut = header(fields: Array(fields.dropLast(bytes.count - length)))
      #expect(isCorrupt(containerError { () throws(ContainerError) in try Header.decode(cut) }))
    }
  }

  @Test func planesAreCounted() {
    let counts = Self.legal.map { header, _ in
      header.groups.map { $0.codedPlanes(alpha: header.alphaChannel) }
    }
    #expect(counts == [[0], [3], [3], [1], [1], [1], [2], [3], [3, 1], [3, 1], [3, 1], [3]])
    #expect(Self.legal[6].header.alphaChannel == 8 && Self.legal[4].header.alphaChannel == 2)
    #expect(Self.legal[7].header.alphaChannel == 0)
  }

  /// What makes a legal header an illegal one: the number of the header, and the change.
  private static let changes: [(Int, @Sendable (inout Header) -> Void)] = [
    // Channels: none, some that are not there, some that are missing, some that are there twice.
    (0, { $0.groups[0].channels = 0 }), (0, { $0.groups[0].channels = 15 }),
    (0, { $0.groups[0].channels = 3 }), (0, { $0.groups.append($0.groups[0]) }),
    (8, { $0.groups[1].channels = 12 }), (8, { $0.groups.removeLast() }),
    // Constant values.
    (0, { $0.groups[0].parameters = .constant(value: 256) }),
    (0, { $0.groups[0].parameters = .constant(value: -1) }),
    (0, { $0.groups[0].isEqual = true }), (0, { $0.groups[0].mapping = .palette([1]) }),
    (0, { $0.groups[0].tiling = .init(tileWidth: 1, tileHeight: 1) }),
    // Networks.
    (1, { $0.groups[0].parameters = network(level: 4) }),
    (1, { $0.groups[0].parameters = network(adaptation: 3) }),
    (1, { $0.groups[0].parameters = network(level: 0, adaptation: 1) }),
    (1, { $0.groups[0].parameters = network(identity: []) }),
    (1, { $0.groups[0].parameters = network(identity: identity + [1]) }),
    // Tiles.
    (1, { $0.groups[0].tiling?.tileWidth = 0 }), (1, { $0.groups[0].tiling?.tileHeight = 0 }),
    (1, { $0.groups[0].tiling?.tileWidth = 65536 }),
    (1, { $0.groups[0].tiling?.tileHeight = 65536 }),
    (1, { $0.groups[0].tiling?.tilesPerSection = 0 }),
    (1, { $0.groups[0].tiling?.tilesPerSection = 1 << 20 + 1 }),
    (1, { $0.groups[0].tiling = .init(tileWidth: 65535, tileHeight: 3, tilesPerSection: 2) }),
    (2, { ($0.width, $0.digest) = (65536, digest) }),
    (2, { ($0.height, $0.digest) = (65536, digest) }),
    // Graphics.
    (2, { $0.groups[0].parameters = .graphics(colours: 2) }),
    (3, { $0.groups[0].parameters = .graphics(colours: 257) }),
    (2, { $0.groups[0].parameters = .runs(colours: 1) }),
    (3, { $0.groups[0].parameters = .runs(colours: 257) }),
    // Sparse and linear planes: four of them.
    (9, { $0.groups = [Group(channels: 15, parameters: .sparse)] }),
    (9, { $0.groups = [Group(channels: 15, parameters: .linear)] }),
    // Few bits, and many.
    (5, { $0.groups[0].parameters = .bilevel(depth: 0) }),
    (5, { $0.groups[0].parameters = .bilevel(depth: 3) }),
    (5, { $0.groups[0].parameters = .bilevel(depth: 8) }),
    (2, { $0.groups[0].parameters = .bilevel(depth: 1) }),
    (2, { $0.groups[0].parameters = .deep }),
    // Mappings.
    (2, { $0.groups[0].mapping = .doubled }), (5, { $0.groups[0].mapping = .table([1]) }),
    (6, { $0.groups[0].mapping = .palette([1]) }), (4, { $0.groups[0].mapping = .palette([]) }),
    (4, { $0.groups[0].isEqual = true }),
    // Equal channels: one alone, or one beside alpha.
    (3, { $0.groups[0].isEqual = true }), (8, { $0.groups[1].isEqual = true }),
    // Hidden samples: too few, too large, of alpha itself, without alpha.
    (8, { $0.groups[0].hidden = [1, 2] }), (8, { $0.groups[0].hidden = [1, 2, 256] }),
    (8, { $0.groups[0].hidden = [1, 2, -1] }), (8, { $0.groups[1].hidden = [0] }),
    (2, { $0.groups[0].hidden = [0, 0, 0] }),
  ]

  private static func network(
    level: UInt8 = 1, adaptation: UInt8 = 0, identity: [UInt8] = identity
  ) -> Group.Parameters {
    .network(modelIdentity: identity, mixingLevel: level, adaptation: adaptation)
  }

  @Test(arguments: changes.indices) func illegalOnesAreRefused(index: Int) {
    let (number, change) = Self.changes[index]
    var header = Self.legal[number].header
    change(&header)
    #expect(isCorrupt(containerError { () throws(ContainerError) in try header.encoded() }))
    // Past the writer's own checks, if it can be written at all.
    let isWritable = header.groups.allSatisfy { group in
      if case .constant(let value) = group.parameters { return value >= 0 }
      return group.hidden.allSatisfy { $0 >= 0 }
    }
    guard isWritable else { return }
    var fields: [UInt8] = [1]
    fields.append(varint: header.width)
    fields.append(varint: header.height)
    fields.append(pixelKind(header))
    fields += header.digest
    for group in header.groups { group.append(to: &fields) }
    let bytes = ContainerTests.header(fields: fields)
    #expect(isCorrupt(containerError { () throws(ContainerError) in try Header.decode(bytes) }))
  }

  /// Patches without any, and numbered graphics of no colours.
  @Test(arguments: [[5, 7], [2, 7, 0x81, 0]] as [[UInt8]])
  func illegalBytesAreRefused(group: [UInt8]) {
    let bytes = header(fields: [1, 5, 3, 0x1A] + shortDigest + group)
    #expect(isCorrupt(containerError { () throws(ContainerError) in try Header.decode(bytes) }))
  }
}
