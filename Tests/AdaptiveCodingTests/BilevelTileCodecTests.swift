import AdaptiveCoding
import EntropyCoding
import ImagePlanes
import Platform
import TestSupport
import Testing

@Suite struct BilevelTileCodecTests {
  private static func image(
    _ depth: Int, _ kind: SampleKind, width: Int, height: Int
  ) -> Image {
    formatImage(PixelFormat(.gray, depth: depth), kind, width: width, height: height)
  }

  /// Every depth, kind and size; each instruction set makes the same bytes.
  @Test(arguments: [1, 2, 4], SampleKind.allCases)
  func roundTrip(depth: Int, kind: SampleKind) throws {
    for (width, height) in awkwardSizes {
      let image = Self.image(depth, kind, width: width, height: height)
      let streams = try InstructionSet.supported.map { instructions in
        let codec = BilevelTileCodec(depth: UInt8(depth), instructions: instructions)
        let stream = try stream(codec, image)
        #expect(try decoded(codec, stream, like: image) == image)
        return stream
      }
      #expect(streams.allSatisfy { $0 == streams[0] }, "\(depth), \(kind), \(width) x \(height)")
    }
  }

  /// What is flat takes next to nothing, and noise hardly more than its bits.
  @Test func sizes() throws {
    let codec = BilevelTileCodec(depth: 1)
    let flat = try stream(codec, Self.image(1, .flat, width: 200, height: 100)).count
    let noise = try stream(codec, Self.image(1, .random, width: 200, height: 100)).count
    #expect(flat < 16 && (2400...2700).contains(noise), "\(flat), \(noise)")
  }

  @Test(arguments: [1, 2, 4]) func hostileStreams(depth: Int) throws {
    let codec = BilevelTileCodec(depth: UInt8(depth))
    let image = Self.image(depth, .graphics, width: 40, height: 30)
    try expectNoTrap(codec, like: image, hostile(stream(codec, image)))
  }

  @Test func memoryIsKnown() {
    let codec = BilevelTileCodec(depth: 1)
    let small = codec.memory(rows: 10, columns: 10)
    #expect(small > 100 && codec.memory(rows: 2000, columns: 2000) > small + 2000 * 2000)
  }

  @Test func otherDepthsAreRefused() throws {
    let image = Self.image(1, .flat, width: 3, height: 3)
    #expect(throws: EntropyCodingError.self) {
      try stream(BilevelTileCodec(depth: 3), image)
    }
  }
}
