import AdaptiveCoding
import EntropyCoding
import ImagePlanes
import TestSupport
import Testing

@Suite struct SparseTileCodecTests {
  /// Planes of zeros, but for about one pixel in `gap`: there, any values.
  private static func image(_ planes: Int, width: Int, height: Int, gap: UInt64) -> Image {
    var image = Image(
      PixelFormat([.gray, .grayAlpha, .rgb][planes - 1], depth: 8),
      planes: (0..<planes).map { _ in Plane(width: width, height: height) })
    var state: UInt64 = 7
    for i in 0..<width * height {
      for k in 0..<planes {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        guard (state >> 33) % gap == 0 else { continue }
        let value = UInt8(truncatingIfNeeded: state >> 48)
        image.planes[k].samples[i] = value & 3 == 0 ? value : value & 1 == 0 ? 1 : 255
      }
    }
    return image
  }

  @Test(arguments: [1, 2, 3], [1, 2, 30, 1000] as [UInt64])
  func roundTrip(planes: Int, gap: UInt64) throws {
    let codec = SparseTileCodec(planes: planes)
    for (width, height) in awkwardSizes {
      let image = Self.image(planes, width: width, height: height, gap: gap)
      #expect(try decoded(codec, stream(codec, image), like: image) == image)
    }
  }

  /// Every value there is, in each plane.
  @Test func allValues() throws {
    var image = Image(.rgb8, planes: (0..<3).map { _ in Plane(width: 16, height: 16) })
    for k in 0..<3 { for i in 0..<256 { image.planes[k].samples[i] = UInt8((i + 85 * k) & 255) } }
    let codec = SparseTileCodec(planes: 3)
    #expect(try decoded(codec, stream(codec, image), like: image) == image)
  }

  /// Nothing costs next to nothing.
  @Test func sizes() throws {
    let codec = SparseTileCodec(planes: 3)
    func bytes(_ gap: UInt64) throws -> Int {
      try stream(codec, Self.image(3, width: 400, height: 300, gap: gap)).count
    }
    let (none, few, some) = (try bytes(1 << 40), try bytes(3000), try bytes(100))
    #expect(none < 64 && none < few && few < some, "\(none), \(few), \(some)")
  }

  @Test(arguments: [1, 2, 3]) func hostileStreams(planes: Int) throws {
    let codec = SparseTileCodec(planes: planes)
    let image = Self.image(planes, width: 40, height: 30, gap: 20)
    try expectNoTrap(codec, like: image, hostile(stream(codec, image)))
  }

  @Test func otherNumbersOfPlanesAreRefused() throws {
    let image = Self.image(2, width: 3, height: 3, gap: 2)
    for planes in [0, 1, 3, 4] {
      #expect(throws: EntropyCodingError.self) {
        try stream(SparseTileCodec(planes: planes), image)
      }
    }
  }

  @Test func memoryIsKnown() {
    let codec = SparseTileCodec(planes: 2)
    #expect(codec.memory(rows: 20, columns: 10) == 3 * 14 + 400)
  }
}
