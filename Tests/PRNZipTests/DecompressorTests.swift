import Bytes
import Container
import EntropyCoding
import ImagePlanes
import Mixing
import ModelStore
import PNGFile
import TestSupport
import Testing

@testable import PRNZip

@Suite struct DecompressorTests {
  private static func modelled(
    mixing: MixingLevel = .pure, adaptation: UInt8 = 0, sectionPixels: Int = 1
  ) throws -> [UInt8] {
    let model = try #require(try photoStore().model(named: "laplace"))
    let metadata = Metadata(beforeImage: [.init(type: Array("gAMA".utf8), data: [0, 1, 2, 3])])
    return try makeCompressor(tileLimit: 5, sectionPixels: sectionPixels).encode(
      smoothImage(width: 9, height: 8), metadata: metadata, with: model, mixing: mixing,
      adaptation: adaptation)
  }

  private static func bits() throws -> [UInt8] {
    let model = try #require(try wholeStore().model(named: "bits"))
    return try makeCompressor(tileLimit: 5, sectionPixels: 50).encode(
      bitImage(width: 9, height: 8), metadata: Metadata(), with: model)
  }

  private static func stored() throws -> [UInt8] {
    try storedFile(PNGMaker(width: 3, height: 2, colourType: 6).file([1, 2]))
  }

  private func error(_ prn: [UInt8]) throws -> PRNZipError? {
    let decompressor = try decompressor()
    return prnzipError { () throws(PRNZipError) in try decompressor.decompress(prn) }
  }

  @Test func everyFlippedByteIsRefused() throws {
    for prn in [
      try Self.modelled(), try Self.modelled(sectionPixels: 60), try Self.stored(), try Self.bits(),
    ] {
      #expect(try error(prn) == nil)
      for index in prn.indices {
        for mask in [0x01, 0x80, 0xFF] as [UInt8] {
          var damaged = prn
          damaged[index] ^= mask
          #expect(try error(damaged) != nil, "byte \(index) ^ \(mask)")
        }
      }
    }
  }

  @Test func everyTruncationIsRefused() throws {
    for prn in [try Self.modelled(), try Self.stored()] {
      for length in 1..<prn.count {
        guard case .container(.truncated) = try error(Array(prn[..<length])) else {
          Issue.record("\(length) bytes")
          continue
        }
      }
      #expect(try error([]) == .container(.notAPRNFile))
      #expect(
        try error(prn + [0]) == .container(.trailing(offset: prn.count, count: 1, .zeros)))
    }
  }

  /// Past the checksums, too: tiles, header and metadata changed, and sealed again.
  @Test(arguments: MixingLevel.allCases)
  func tilesThatAreNotTheEncodersAreRefused(mixing: MixingLevel) throws {
    let prn = try Self.modelled(mixing: mixing, adaptation: mixing == .full ? 2 : 0)
    let file = try PRNFile(prn)
    let metadata = try MetadataCoding.decode(prn, #require(file.metadata))
    let tiles = file.tiles.map { Array(prn[$0.payload]) }
    #expect(tiles.count == 4)
    for (index, tile) in tiles.enumerated() {
      for byte in tile.indices {
        for mask in [0x01, 0x80, 0xFF] as [UInt8] {
          var changed = tiles
          changed[index][byte] ^= mask
          let other = try PRNFile.encode(file.header, metadata: metadata, tiles: changed)
          switch try error(other) {
          case .corruptTile(index, _), .digestMismatch: break
          case let error: Issue.record("tile \(index), byte \(byte): \(String(describing: error))")
          }
        }
      }
      for length in tile.indices {
        var changed = tiles
        changed[index] = Array(tile[..<length])
        let other = try PRNFile.encode(file.header, metadata: metadata, tiles: changed)
        #expect(try error(other) != nil)
      }
      var longer = tiles
      longer[index] += [0]
      let other = try PRNFile.encode(file.header, metadata: metadata, tiles: longer)
      guard case .corruptTile(index, _) = try error(other) else {
        Issue.record("tile \(index) with a byte more")
        continue
      }
    }
  }

  /// The same of sections with several tiles: changed bytes, fewer and more; and other numbers of
  /// tiles in a section.
  @Test(arguments: [MixingLevel.pure, .fast]) func sharedSectionsAreChecked(_ mixing: MixingLevel)
    throws
  {
    for prn in try [Self.modelled(mixing: mixing, sectionPixels: 60), Self.bits()] {
      let file = try PRNFile(prn)
      let sections = file.tiles.map { Array(prn[$0.payload]) }
      #expect(sections.count == 2)
      func sealed(_ sections: [[UInt8]]) throws -> [UInt8] {
        try PRNFile.encode(file.header, metadata: Metadata(), tiles: sections)
      }
      #expect(try error(sealed(sections)) == nil)
      let first = file.header.network?.tilesPerSection ?? 0
      #expect(first > 1)
      for (index, section) in sections.enumerated() {
        for byte in section.indices {
          for mask in [0x01, 0x80, 0xFF] as [UInt8] {
            var changed = sections
            changed[index][byte] ^= mask
            switch try error(sealed(changed)) {
            case .corruptTile(index * first, _), .digestMismatch: break
            case let error: Issue.record("\(index), byte \(byte): \(String(describing: error))")
            }
          }
          var changed = sections
          changed[index] = Array(section[..<byte])
          #expect(try error(sealed(changed)) != nil)
        }
        var longer = sections
        longer[index] += [1]
        #expect(try error(sealed(longer)) != nil)
      }
      var header = file.header
      header.network?.tilesPerSection = 4
      #expect(
        try error(PRNFile.encode(header, metadata: Metadata(), tiles: [sections[0]])) != nil)
      header.network?.tilesPerSection = 1
      let empty = [[UInt8]](repeating: [], count: header.tileCount - 2)
      #expect(
        try error(PRNFile.encode(header, metadata: Metadata(), tiles: sections + empty)) != nil)
    }
  }

  @Test func aWrongDigestIsRefused() throws {
    let prn = try Self.modelled()
    let file = try PRNFile(prn)
    var header = file.header
    header.digest[0] ^= 1
    let other = try PRNFile.encode(
      header, metadata: Metadata(), tiles: file.tiles.map { Array(prn[$0.payload]) })
    #expect(
      try error(other)
        == .digestMismatch(
          expected: hexadecimal(header.digest), computed: hexadecimal(file.header.digest)))

    let stored = try PRNFile(Self.stored())
    let png = Array(try Self.stored()[try #require(stored.storedPNG).payload])
    header = stored.header
    header.digest[7] ^= 1
    guard case .digestMismatch = try error(PRNFile.encode(header, storedPNG: png)) else {
      Issue.record("a stored file with a wrong digest")
      return
    }
  }

  @Test func unknownModelsAreNamed() throws {
    let prn = try Self.modelled()
    let model = try #require(try photoStore().model(named: "laplace"))
    let identity = String(model.description.identityHex.prefix(16))
    var options = Decompressor.Options()
    options.store = ModelStore()
    #expect(throws: PRNZipError.unknownModel(identityHex: identity)) {
      try Decompressor(options).decompress(prn)
    }
  }

  /// The five errors that a user can do something about are five different ones.
  @Test func refusalsAreToldApart() throws {
    var newer = try Self.stored()
    func setVersion(_ version: UInt8) {
      newer[4] = version
      let end = 6 + Int(newer[5])
      let sum = crc32(newer[..<end])
      for i in 0..<4 { newer[end + i] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * i)) }
    }
    for version in 1..<Header.version {
      setVersion(version)
      #expect(try error(newer) == .container(.draftVersion(Int(version))))
    }
    setVersion(Header.version + 1)
    #expect(try error(newer) == .container(.newerVersion(Int(Header.version) + 1)))
    newer[7] ^= 1
    guard case .container(.damagedHeader) = try error(newer) else {
      Issue.record("a damaged header")
      return
    }
  }

  /// The header's geometry and the stored file's must agree.
  @Test func aStoredFileOfAnotherImageIsRefused() throws {
    let stored = try PRNFile(Self.stored())
    let png = Array(try Self.stored()[try #require(stored.storedPNG).payload])
    for change in [
      { $0.width += 1 }, { $0.height += 1 }, { $0.colourType = 2 }, { $0.sampleDepth = 16 },
      { $0.isInterlaced = true },
    ] as [(inout Header) -> Void] {
      var header = stored.header
      change(&header)
      guard case .container(.corrupt) = try error(PRNFile.encode(header, storedPNG: png)) else {
        Issue.record("\(header)")
        continue
      }
    }
    var header = stored.header
    header.digest = Array(Digest.of([1, 2, 3]).prefix(8))
    #expect(try error(PRNFile.encode(header, storedPNG: [1, 2, 3])) == .png(.notAPNG))
  }

  /// A model of other colours than the header's, and mixing with a model that cannot be mixed.
  @Test func theModelMustFitTheHeader() throws {
    let prn = try Self.modelled()
    let file = try PRNFile(prn)
    let store = try wholeStore()
    let gray: (inout Header) -> Void = {
      $0.colourType = 0
      $0.groups[0].channels = 1
    }
    let identities = try ["gray", "fixed", "bits"].map {
      try #require(try store.model(named: $0)).identity
    }
    for change in [
      { gray(&$0) }, { $0.network?.modelIdentity = identities[0] },
      { $0.sampleDepth = 16 }, { $0.groups[0].isEqual = true },
      {
        gray(&$0)
        $0.network?.modelIdentity = identities[2]
      },
      {
        gray(&$0)
        $0.sampleDepth = 1
        $0.network?.modelIdentity = identities[0]
      },
      {
        gray(&$0)
        $0.sampleDepth = 1
        $0.network?.modelIdentity = identities[2]
        $0.network?.mixingLevel = 1
      },
      {
        $0.network?.modelIdentity = identities[1]
        $0.network?.mixingLevel = 1
      },
    ] as [(inout Header) -> Void] {
      var header = file.header
      change(&header)
      let other = try PRNFile.encode(
        header, metadata: Metadata(), tiles: file.tiles.map { Array(prn[$0.payload]) })
      guard case .container(.corrupt) = try error(other) else {
        Issue.record("\(header)")
        continue
      }
    }
  }

  /// The level and the adaptation are in the header: decoded with others, the image is another.
  @Test(arguments: [MixingLevel.fast, .standard, .full], 0..<MixingParameters.adaptations)
  func levelsAndAdaptationsRoundTrip(mixing: MixingLevel, adaptation: UInt8) throws {
    let prn = try Self.modelled(mixing: mixing, adaptation: adaptation)
    let file = try PRNFile(prn)
    #expect(file.header.network?.mixingLevel == mixing.rawValue)
    #expect(file.header.network?.adaptation == adaptation)
    let again = try decompressor(threads: 3).decompress(prn)
    #expect(try PNGFile.decode(again) == smoothImage(width: 9, height: 8))
  }

  /// Refused before anything of the claimed size is made.
  @Test func limitsHold() throws {
    let prn = try Self.modelled()
    let decompressor = try decompressor(limits: Limits(maximumPixels: 71))
    #expect(throws: PRNZipError.limitExceeded(what: "pixels", value: 72, limit: 71)) {
      try decompressor.decompress(prn)
    }
    var header = try PRNFile(prn).header
    header.width = 1 << 20
    header.height = 1 << 20
    header.digest = [UInt8](repeating: 0, count: header.digestSize)
    header.network?.tileWidth = 65535
    header.network?.tileHeight = 65535
    let huge = try PRNFile.encode(
      header, metadata: Metadata(), tiles: Array(repeating: [], count: header.tileCount))
    #expect(try error(huge) == .limitExceeded(what: "pixels", value: 1 << 40, limit: 1 << 30))
    // Few sections can hold very many tiles.
    header.width = 1 << 12
    header.height = 1 << 12
    header.network?.tileWidth = 1
    header.network?.tileHeight = 1
    header.network?.tilesPerSection = Header.mostTilesPerSection
    let fine = try PRNFile.encode(
      header, metadata: Metadata(),
      tiles: Array(repeating: [UInt8](repeating: 1, count: 16), count: header.sectionCount))
    #expect(fine.count < 1000)
    #expect(try error(fine) == .limitExceeded(what: "tiles", value: 1 << 24, limit: 1 << 22))
  }

  /// Random bytes behind a valid header, as tiles, alone and several in a section.
  @Test(arguments: [false, true]) func garbageIsRefused(isBits: Bool) throws {
    let prn = try isBits ? Self.bits() : Self.modelled()
    let file = try PRNFile(prn)
    var state: UInt32 = 5
    func next() -> UInt8 {
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    for round in 0..<200 {
      var header = file.header
      header.network?.tilesPerSection = 1 + round / 12 % 4
      if !isBits {
        header.network?.mixingLevel = UInt8(round % 4)
        header.network?.adaptation = round % 4 == 0 ? 0 : UInt8(round / 4 % 3)
      }
      let tiles = (0..<header.sectionCount).map { _ in (0..<round).map { _ in next() } }
      #expect(try error(PRNFile.encode(header, metadata: Metadata(), tiles: tiles)) != nil)
    }
  }
}
