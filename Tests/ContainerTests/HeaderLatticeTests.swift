import ColourLattices
import Testing

@testable import Container

@Suite struct HeaderLatticeTests {
  private typealias Channels = Header.Channels

  private static let halved = ColourLattice(
    transform: .jfif, sampling: .halfBothLinear, rowPhase: 1, columnPhase: 1)

  private static func network(_ channels: UInt8) -> Group {
    Group(
      channels: channels,
      parameters: .network(modelIdentity: identity, mixingLevel: 2, adaptation: 1))
  }

  private static let corrections = Group(
    channels: Channels.corrections, parameters: .constant(value: 0))

  private static func header(
    _ groups: [Group] = [network(Channels.luma), network(Channels.chroma), corrections],
    lattice: ColourLattice? = halved, colourType: UInt8 = 2, sampleDepth: UInt8 = 8
  ) -> Header {
    var header = groupedHeader(
      width: 5, height: 4, colourType: colourType, sampleDepth: sampleDepth, groups: groups)
    header.lattice = lattice
    return header
  }

  /// The pixel kind has a bit, and the byte behind it has transform, sampling and phases.
  @Test func hasTheFormatsBytes() throws {
    let networks: [[UInt8]] = [1, 6].map { [1, $0] + identity + [0x12] }
    let start: [UInt8] = [1, 5, 4, 0x9A, 0xD1] + shortDigest
    let fields = start + networks.joined() + [0, 0x70, 0]
    let bytes = ContainerTests.header(fields: fields)
    #expect(try Self.header().encoded() == bytes)
    #expect(try Header.decode(bytes).header == Self.header())
  }

  @Test func everyLatticeRoundTrips() throws {
    for transform in ColourTransform.allCases {
      for sampling in ChromaSampling.allCases {
        for phases in 0..<4 {
          let lattice = ColourLattice(
            transform: transform, sampling: sampling, rowPhase: phases & 1,
            columnPhase: phases >> 1)
          let header = Self.header(lattice: lattice)
          guard lattice.isValid else {
            #expect(throws: ContainerError.self) { try header.encoded() }
            continue
          }
          #expect(try Header.decode(header.encoded()).header == header)
        }
      }
    }
  }

  /// Chroma has its own size, and so its own tiles.
  @Test func groupsHaveTheirSizes() throws {
    var header = Self.header()
    let extent = Self.halved.chromaExtent(width: 5, height: 4)
    #expect(extent == (3, 3))
    #expect(header.extent(of: header.groups[0]) == (5, 4))
    #expect(header.extent(of: header.groups[1]) == extent)
    #expect(header.extent(of: header.groups[2]) == (5, 4))
    header.groups[0].tiling = .init(tileWidth: 3, tileHeight: 4)
    header.groups[1].tiling = .init(tileWidth: 3, tileHeight: 2)
    #expect(header.sectionCounts == [2, 2, 0])
    #expect(header.tileCount == 4)
  }

  @Test(arguments: [
    // Gray, 16 bits.
    header(colourType: 0), header(sampleDepth: 16),
    // No corrections; luma twice; a channel that nothing has.
    header([network(1), network(6)]), header([network(1), network(1), network(6), corrections]),
    header([network(1), network(6), network(8), corrections]),
    // Luma and chroma, or chroma and corrections together.
    header([network(7), corrections]), header([network(1), network(0x76)]),
    // Chroma before luma, or one by one, where a network is given luma.
    header([network(6), network(1), corrections]),
    header([network(1), network(2), network(4), corrections]),
    // No lattice, but its channels.
    header(lattice: nil),
  ])
  func illegalHeadersAreRefused(_ header: Header) {
    #expect(isCorrupt(containerError { () throws(ContainerError) in try header.encoded() }))
  }

  /// Any other codec may have one chroma alone, before luma.
  @Test func otherCodecsMayHaveAnyOrder() throws {
    let graphics = [UInt8(2), 4].map { Group(channels: $0, parameters: .graphics(colours: 0)) }
    let header = Self.header(graphics + [Self.network(1), Self.corrections])
    #expect(try Header.decode(header.encoded()).header == header)
    for change in [
      { $0.isEqual = true }, { $0.mapping = .palette([1]) }, { $0.hidden = [1] },
    ] as [(inout Group) -> Void] {
      var changed = header
      changed.groups[0].channels = 6
      changed.groups.remove(at: 1)
      change(&changed.groups[0])
      #expect(isCorrupt(containerError { () throws(ContainerError) in try changed.encoded() }))
    }
  }

  @Test func alphaStandsBetweenThem() throws {
    let alpha = Group(channels: 8, parameters: .graphics(colours: 0))
    let header = Self.header(
      [Self.network(1), Self.network(6), alpha, Self.corrections], colourType: 6)
    #expect(try Header.decode(header.encoded()).header == header)
    let missing = Self.header(colourType: 6)
    #expect(isCorrupt(containerError { () throws(ContainerError) in try missing.encoded() }))
  }

  @Test(arguments: [0, 0x38, 0x04, 0x41] as [UInt8])
  func illegalBytesAreRefused(_ byte: UInt8) {
    let fields = [1, 5, 4, 0x9A, byte] + shortDigest + [0, 0x77, 0]
    let bytes = ContainerTests.header(fields: fields)
    #expect(isCorrupt(containerError { () throws(ContainerError) in try Header.decode(bytes) }))
  }
}
