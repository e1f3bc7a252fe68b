import AdaptiveCoding
import EntropyCoding
import Foundation
import ImagePlanes
import Platform
import TestSupport
import Testing

@Suite struct DeepTileCodecTests {
  private static let channels: [Channels] = [.gray, .grayAlpha, .rgb, .rgba]

  private static func image(
    _ channels: Channels, _ kind: SampleKind, width: Int, height: Int
  ) -> Image {
    formatImage(PixelFormat(channels, depth: 16), kind, width: width, height: height)
  }

  private static func codec(
    _ channels: Channels, _ instructions: InstructionSet = .portable
  ) -> DeepTileCodec {
    DeepTileCodec(
      counts: Array(repeating: 65536, count: channels.count),
      hasAlpha: channels == .grayAlpha || channels == .rgba, instructions: instructions)
  }

  @Test(arguments: channels, SampleKind.allCases)
  func roundTrip(channels: Channels, kind: SampleKind) throws {
    for (width, height) in awkwardSizes {
      let image = Self.image(channels, kind, width: width, height: height)
      let streams = try InstructionSet.supported.map { instructions in
        let codec = Self.codec(channels, instructions)
        let stream = try stream(codec, image)
        #expect(try decoded(codec, stream, like: image) == image)
        return stream
      }
      #expect(streams.allSatisfy { $0 == streams[0] }, "\(channels), \(kind), \(width), \(height)")
    }
  }

  @Test(arguments: channels) func hostileStreams(channels: Channels) throws {
    let image = Self.image(channels, .gradient, width: 12, height: 9)
    let codec = Self.codec(channels)
    try expectNoTrap(codec, like: image, hostile(stream(codec, image)))
  }

  /// Decisions that let weights grow as far as they go: products of 33 bits.
  @Test func largestProducts() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("scripts/fuzzing/found/deep-products")
    let stream = Array(try Data(contentsOf: file).dropFirst(12))
    #expect(stream.count > 1000)
    var images: [Image] = []
    for instructions in InstructionSet.supported {
      let image = try Image(PixelFormat(.gray, depth: 16), width: 64, height: 710)
      let codec = Self.codec(.gray, instructions)
      guard let found = try? decoded(codec, stream, like: image) else { continue }
      images.append(found)
    }
    #expect(images.allSatisfy { $0 == images[0] })
  }

  /// Slopes take few bits, and noise hardly more than it has.
  @Test func sizes() throws {
    let slopes = Self.image(.gray, .gradient, width: 60, height: 40)
    let noise = Self.image(.gray, .random, width: 60, height: 40)
    let sizes = try [slopes, noise].map { try stream(Self.codec(.gray), $0).count }
    #expect(sizes[0] < 400 && (4700...5000).contains(sizes[1]), "\(sizes)")
  }
}

@Suite struct DeepMapTests {
  /// Samples, and how many ranks they need.
  private static let planes: [(samples: [UInt16], ranks: ClosedRange<Int>)] = [
    ((0..<4000).map { UInt16($0 * 16 % 65536) }, 1...4096),
    ((0..<4000).map { UInt16($0 % 256 * 257) }, 1...256),
    ((0..<4000).map { UInt16([7, 900, 31000, 65535][$0 * $0 / 7 % 4]) }, 1...4),
    ((0..<4000).map { UInt16(truncatingIfNeeded: $0 * $0 * 7) }, 1...65536),
    ([5], 1...1),
  ]

  @Test func mapsAreFoundAndComeBack() throws {
    for (samples, ranks) in Self.planes {
      let map = try DeepMap.find(samples, samples.count == 1 ? 1 : 80, mayList: true)
      #expect(ranks.contains(map.count), "\(map.count)")
      let applied = map.apply(samples)
      #expect(applied.allSatisfy { Int($0) < map.count } && map.invert(applied) == samples)
      let maps = try DeepMap.decode(DeepMap.encode([map, map]), count: 2)
      #expect(maps.map(\.count) == [map.count, map.count])
      #expect(maps[1].invert(applied) == samples)
    }
  }

  @Test func damagedMaps() throws {
    let map = try DeepMap.find(Self.planes[2].samples, 80, mayList: true)
    for bytes in hostile(try DeepMap.encode([map])) {
      do throws(EntropyCodingError) {
        #expect((1...65536).contains(try DeepMap.decode(bytes, count: 1)[0].count))
      } catch {
        continue
      }
    }
  }
}
