import AdaptiveCoding
import Bytes
import Container
import DigitModels
import ImagePlanes
import Mixing
import ModelStore
import TestSupport
import Testing
import TileCoding

@testable import PRNZip

/// Small files that claim much: they are refused before anything of that size is allocated, or what
/// they get is in proportion to the image that they claim.
@Suite struct HostileFileTests {
  /// A file put together section by section, every checksum right.
  private static func file(
    _ header: Header, _ sections: [(kind: SectionKind, payload: [UInt8])]
  ) throws -> [UInt8] {
    var bytes = try header.encoded()
    for section in sections {
      let start = bytes.count
      bytes.append(section.kind.rawValue)
      bytes.append(varint: section.payload.count)
      bytes += section.payload
      bytes.append(littleEndian: crc32(bytes[start...]))
    }
    return bytes
  }

  private static func header(
    _ model: Model, width: Int, height: Int, tileWidth: Int, tileHeight: Int,
    mixing: MixingLevel = .pure, tilesPerSection: Int = 1
  ) -> Header {
    modelledHeader(
      model.format, width: width, height: height,
      groups: [
        Group(
          channels: model.format.channels.count == 3 ? 7 : 1,
          tiling: .init(
            tileWidth: tileWidth, tileHeight: tileHeight, tilesPerSection: tilesPerSection),
          parameters: .network(
            modelIdentity: Array(model.identity.prefix(8)), mixingLevel: mixing.rawValue,
            adaptation: 0))
      ])
  }

  private static func model(_ name: String) throws -> Model {
    try #require(try ModelStore.withDigits.model(named: name))
  }

  private func error(_ prn: [UInt8], _ limits: Limits = Limits()) -> PRNZipError? {
    var options = Decompressor.Options()
    options.store = .withDigits
    options.limits = limits
    return prnzipError { () throws(PRNZipError) in try Decompressor(options).test(prn) }
  }

  /// Tiles as tall as can be take much for each of their rows: those that take more than their size
  /// accounts for are refused, and the others keep to the rule.
  @Test(arguments: ModelStore.withDigits.descriptions.map(\.name), [(4, 65532), (65532, 4)])
  func longTilesTakeWhatTheirSizeAccountsFor(name: String, size: (width: Int, height: Int)) throws {
    let model = try Self.model(name)
    let mixing = model.canBeMixed ? MixingLevel.full : .pure
    let codec = NetworkTileCodec(model.network, mixings: [MixingParameters(mixing)])
    let bytes = codec.memory(rows: size.height, columns: size.width)
    let most = 1 << 28 + (size.width * size.height * model.format.planeCount) << 8
    guard bytes > most else { return }
    let header = Self.header(
      model, width: size.width, height: size.height, tileWidth: size.width,
      tileHeight: size.height, mixing: mixing)
    let small: [(SectionKind, [UInt8])] = model.scale > 1 ? [(.smallTile, [1])] : []
    let prn = try Self.file(header, small + [(.tile, [1])])
    #expect(prn.count < 100)
    #expect(error(prn) == .limitExceeded(what: "bytes for a tile", value: bytes, limit: most))
  }

  /// 2^30 pixels in tiles of 16 x 16, 2^20 of them in a section.
  @Test func hugeImagesNeedTheMemoryThatTheyClaim() throws {
    let header = Self.header(
      try Self.model("photo-fast"), width: 1 << 15, height: 1 << 15, tileWidth: 16,
      tileHeight: 16, mixing: .full, tilesPerSection: 1 << 20)
    let prn = try Self.file(header, Array(repeating: (.tile, []), count: 4))
    #expect(prn.count < 100)
    let limit = 1 << 28
    guard
      case .limitExceeded("bytes of memory", let value, limit) = error(
        prn, Limits(maximumBytes: limit))
    else {
      Issue.record("3 GiB in 256 MiB")
      return
    }
    #expect(value > 3 << 30)
    #expect(
      error(prn, Limits(maximumPixels: 1 << 20))
        == .limitExceeded(what: "pixels", value: 1 << 30, limit: 1 << 20))
  }

  /// Few bytes for many pixels are refused before anything is allocated, with every codec.
  @Test func pixelsHaveTheirShareOfBytes() throws {
    let model = try Self.model("photo-fast")
    let identity = Array(model.identity.prefix(8))
    let parameters: [(Group.Parameters, PixelFormat)] = [
      (.network(modelIdentity: identity, mixingLevel: 1, adaptation: 0), .rgb8),
      (.graphics(colours: 0), .rgb8), (.bilevel(depth: 1), .gray1), (.sparse, .rgb8),
      (.linear, .rgb8), (.runs(colours: 0), .rgb8), (.deep, PixelFormat(.rgb, depth: 16)),
    ]
    for (parameters, format) in parameters {
      let header = modelledHeader(
        format, width: 1 << 14, height: 1 << 14,
        groups: [
          Group(
            channels: UInt8(1 << format.channels.count - 1),
            tiling: .init(tileWidth: 1 << 14, tileHeight: 1 << 14, tilesPerSection: 1),
            parameters: parameters)
        ])
      let prn = try Self.file(header, [(.tile, [1, 2, 3])])
      let isSlow = [.network, .deep].contains(header.groups[0].codec)
      let most = isSlow ? 1 << 22 + 3 << 16 : 1 << 25 + 3 << 20
      #expect(
        error(prn)
          == .limitExceeded(what: "pixels in 3 bytes", value: 1 << 28, limit: most))
    }
  }

  /// Two files in one, and a file that is filled up, are told apart from damage.
  @Test func whatStandsBehindTheLastSectionIsNamed() throws {
    let (image, coded) = try Self.values()
    let header = try modelledHeader(
      .gray8, width: 9, height: 7, digest: Digest.of(image), groups: [coded.group])
    let prn = try PRNFile.encode(header, groups: [coded.payloads])
    let count = prn.count
    #expect(error(prn) == nil)
    #expect(
      error(prn + prn) == .container(.trailing(offset: count, count: count, .file)))
    #expect(
      error(prn + [UInt8](repeating: 0, count: 512))
        == .container(.trailing(offset: count, count: 512, .zeros)))
    #expect(error(prn + [0, 1]) == .container(.trailing(offset: count, count: 2, .other)))
  }

  /// Of a large file that is no prn file, only the start is read.
  @Test func otherFilesAreNotRead() throws {
    let source = CountingSource(count: 1 << 40)
    var failure: PRNZipError?
    do throws(PRNZipError) { try Decompressor().test(source) } catch { failure = error }
    #expect(failure == .container(.notAPRNFile))
    do throws(PRNZipError) { _ = try FileInformation(source) } catch { failure = error }
    #expect(failure == .container(.notAPRNFile))
    do throws(PRNZipError) { try Compressor().compress(source, to: ArraySink()) } catch {
      failure = error
    }
    #expect(failure == .png(.notAPNG))
  }

  /// Zeros, of which only few may be read.
  private struct CountingSource: ByteSource {
    let count: Int

    func read(
      at offset: Int, into target: UnsafeMutableRawBufferPointer
    ) throws(TransferError) {
      #expect(target.count <= 1 << 10)
      target.initializeMemory(as: UInt8.self, repeating: 0)
    }
  }

  /// Five bytes of metadata name a chunk of some thousand.
  @Test func knownChunksDoNotUnpackToMuch() throws {
    let header = Self.header(
      try Self.model("photo-fast"), width: 3, height: 2, tileWidth: 3, tileHeight: 2)
    func payload(_ count: Int) -> [UInt8] {
      let known: [UInt8] = [1, 0x4B, 0x43, 1, 0]
      return (0..<count).flatMap { _ in known } + Array("IDAT".utf8) + [0]
    }
    for count in [1000, 100_000] {
      let prn = try Self.file(header, [(.plainMetadata, payload(count)), (.tile, [])])
      guard case .container(.metadataTooLarge(let bytes, 1 << 20)) = error(prn) else {
        Issue.record("\(count) chunks")
        continue
      }
      #expect(bytes > 1 << 20 && bytes < 1 << 20 + 1 << 12)
    }
    // A few of them are no reason to refuse a file: only its digest is wrong.
    let few = try Self.file(header, [(.plainMetadata, payload(300)), (.tile, [])])
    guard case .digestMismatch = error(few) else {
      Issue.record("300 chunks")
      return
    }
  }

  /// Random values of 8 bits, coded as graphics.
  private static func values() throws -> (image: Image, coded: CodedGroup) {
    let image = formatImage(.gray8, .random, width: 9, height: 7)
    let plan = GroupPlan(
      group: Group(channels: 1, parameters: .graphics(colours: 0)), planes: image,
      coding: .adaptive(GraphicsTileCodec(planes: 1, hasAlpha: false)))
    return (image, try GroupEncoder(options: .init(), heldBytes: 0).encode(plan))
  }

  /// Values of 8 bits where samples have fewer, or more, though the digest is theirs.
  @Test(arguments: [1, 2, 4, 8, 16]) func valuesHaveToBeSamples(depth: Int) throws {
    let (image, coded) = try Self.values()
    let header = try modelledHeader(
      PixelFormat(.gray, depth: depth), width: 9, height: 7, digest: Digest.of(image),
      groups: [coded.group])
    let prn = try PRNFile.encode(header, groups: [coded.payloads])
    guard depth != 8 else {
      #expect(error(prn) == nil)
      return
    }
    guard case .container(.corrupt) = error(prn) else {
      Issue.record("\(depth) bits: \(String(describing: error(prn)))")
      return
    }
  }

  /// Numbers of colours that a palette does not have, or where there is none; entries that occur of
  /// another palette; more entries than the depth allows.
  @Test func palettesHaveToFit() throws {
    let (image, coded) = try Self.values()
    func refusal(_ entries: Int?, _ side: [UInt8], depth: Int = 8) throws -> PRNZipError? {
      var group = coded.group
      group.mapping = .palette(side)
      let header = try modelledHeader(
        PixelFormat(.palette, depth: depth), width: 9, height: 7, digest: Digest.of(image),
        groups: [group])
      var metadata = Metadata()
      if let entries {
        let data = (0..<3 * entries).map { UInt8(truncatingIfNeeded: $0 / 3) }
        metadata.beforeImage = [.init(type: Array("PLTE".utf8), data: data)]
      }
      let payload = try MetadataCoding.encode(metadata).payload
      return try error(PRNFile.encode(header, metadata: payload, groups: [coded.payloads]))
    }
    #expect(try refusal(256, []) == nil)
    for (entries, side, depth) in [
      (nil, [], 8), (0, [], 8), (100, [], 8), (256, [], 4), (256, [1], 8),
      (256, [UInt8](repeating: 255, count: 32), 8), (256, [UInt8](repeating: 1, count: 33), 8),
      (255, [UInt8](repeating: 254, count: 32), 8),
    ] as [(Int?, [UInt8], Int)] {
      guard case .container(.corrupt) = try refusal(entries, side, depth: depth) else {
        Issue.record("\(String(describing: entries)) entries, \(side), \(depth) bits")
        continue
      }
    }
  }

  /// A small image that is as large as the image itself is not believed in.
  @Test func smallImagesHaveTheirSections() throws {
    let model = try Self.model("photo-multiscale")
    let header = Self.header(
      model, width: 64, height: 64, tileWidth: 64, tileHeight: 64)
    for count in [0, 2, 1000] {
      let sections: [(SectionKind, [UInt8])] = Array(repeating: (.smallTile, []), count: count)
      guard case .container(.corrupt) = error(try Self.file(header, sections + [(.tile, [])]))
      else {
        Issue.record("\(count) sections")
        continue
      }
    }
  }
}
