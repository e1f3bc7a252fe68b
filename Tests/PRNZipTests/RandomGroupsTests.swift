import Bytes
import ColourLattices
import Container
import ImagePlanes
import ModelStore
import Testing

@testable import PRNZip

/// Headers with groups of any kind that the container lets through, and sections of any bytes.
@Suite struct RandomGroupsTests {
  private static func group(
    _ channels: UInt8, depth: Int, _ models: [[UInt8]], _ generator: inout SplitMix64
  ) -> Group {
    func random(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }
    let identity = models[random(models.count)]
    let parameters: Group.Parameters =
      switch random(9) {
      case 0: .constant(value: random(1 << depth))
      case 1: .network(modelIdentity: identity, mixingLevel: UInt8(random(4)), adaptation: 0)
      case 2: .bilevel(depth: [1, 2, 4][random(3)])
      case 3: .deep
      case 5: .sparse
      case 6: .linear
      case 7: .runs(colours: random(2) == 0 ? 0 : 1 + random(256))
      case 4:
        .patches(
          modelIdentity: identity, mixingLevel: UInt8(random(4)), adaptation: 0,
          [.init(row: random(2), column: 0, height: 1, width: 1 + random(2))])
      default: .graphics(colours: random(2) == 0 ? 0 : 1 + random(256))
      }
    var side = (0..<random(40)).map { _ in UInt8(random(256)) }
    let planes = channels.nonzeroBitCount
    if random(2) == 0 {
      let table = ColourTable((0..<1 + random(256)).map { UInt32($0 * 77) })
      side = (try? ColourTableCoding.encode(table, planes: planes)) ?? []
    }
    let mapping: Group.Mapping =
      switch random(6) {
      case 0: .doubled
      case 1: .table(side)
      case 2: .palette(side)
      case 3: .palette([])
      default: .none
      }
    return Group(
      channels: channels, isEqual: random(4) == 0, mapping: mapping,
      hidden: random(4) == 0 ? (0..<planes).map { _ in random(1 << depth) } : [],
      tiling: random(3) > 0
        ? nil
        : .init(
          tileWidth: 1 + random(9), tileHeight: 1 + random(9), tilesPerSection: 1 + random(3)),
      parameters: parameters)
  }

  private static func lattice(_ generator: inout SplitMix64) -> ColourLattice {
    func random(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }
    return ColourLattice(
      transform: ColourTransform.allCases[random(ColourTransform.allCases.count)],
      sampling: ChromaSampling.allCases[random(ChromaSampling.allCases.count)],
      rowPhase: random(2), columnPhase: random(2))
  }

  /// None of them is an image; each is refused, whatever it asks for.
  @Test(arguments: 0..<8) func areRefused(part: UInt64) throws {
    let store = try wholeStore()
    let decompressor = try decompressor(threads: 2)
    let models = store.descriptions.map { Array($0.identity.prefix(8)) }
    var generator = SplitMix64(seed: part)
    var legal: [Group.Codec: Int] = [:]
    var lattices = 0
    for _ in 0..<2500 {
      func random(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }
      let colourType = [0, 2, 3, 4, 6][random(5)]
      let depth = [1, 2, 4, 8, 8, 16][random(6)]
      let (width, height, cut) = (1 + random(14), 1 + random(14), random(5))
      let count = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colourType] ?? 1
      // All channels in one group, or those below `cut` in another one.
      let all = UInt8(1 << count - 1)
      let low = cut > 0 && cut < count ? UInt8(1 << cut - 1) : all
      var groups = [Self.group(low, depth: depth, models, &generator)]
      if low != all { groups.append(Self.group(all & ~low, depth: depth, models, &generator)) }
      var header = Header(
        .modelled, width: width, height: height, colourType: UInt8(colourType),
        sampleDepth: UInt8(depth), digest: [1, 2, 3, 4], groups: groups)
      if [2, 6].contains(colourType), depth == 8, random(2) == 0 {
        header.lattice = Self.lattice(&generator)
        var parts: [UInt8] = [1, 6, 0x70] + (colourType == 6 ? [8] : [])
        if random(4) == 0 { parts = [1, 2, 4, 0x10, 0x60] + parts.dropFirst(3) }
        groups = parts.map { channels in
          var group = Self.group(channels, depth: depth, models, &generator)
          if random(8) > 0 {
            (group.mapping, group.isEqual, group.hidden) = (.none, false, [])
            if [1, 6].contains(channels), random(2) == 0 {
              group.parameters = .network(
                modelIdentity: models[random(models.count)], mixingLevel: UInt8(random(4)),
                adaptation: 0)
            }
          }
          return group
        }
        header.groups = groups
        if (try? header.validate()) != nil { lattices += 1 }
      }
      guard (try? header.validate()) != nil else { continue }
      var payloads: [PRNFile.GroupPayloads] = []
      for sections in header.sectionCounts {
        let tiles = (0..<sections).map { _ in
          (0..<Int(generator.next() % 40)).map { _ in UInt8(generator.next() >> 56) }
        }
        payloads.append(.init(tiles: tiles))
      }
      var metadata = Metadata()
      if colourType == 3, generator.next() % 4 > 0 {
        let data = (0..<3 * (1 + Int(generator.next() % 256))).map {
          UInt8(truncatingIfNeeded: $0 * 31)
        }
        metadata.beforeImage = [.init(type: Array("PLTE".utf8), data: data)]
      }
      let prn = try PRNFile.encode(
        header, metadata: MetadataCoding.encode(metadata).payload, groups: payloads)
      let error = prnzipError { () throws(PRNZipError) in try decompressor.decompress(prn) }
      #expect(error != nil)
      _ = prnzipError { () throws(PRNZipError) in try decompressor.preview(prn) }
      // A part may be found in what is wrong elsewhere.
      let part = PixelRegion(
        x: width / 3, y: height / 2, width: (width + 1) / 2, height: (height + 1) / 2)
      _ = prnzipError { () throws(PRNZipError) in try decompressor.pixels(of: prn, region: part) }
      _ = try FileInformation(prn, store: store)
      for group in groups { legal[group.codec, default: 0] += 1 }
    }
    #expect(lattices >= 8, "\(lattices)")
    #expect(legal.count >= 5 && legal.values.reduce(0, +) > 200, "\(legal)")
  }
}
