import AdaptiveCoding
import EntropyCoding
import ImagePlanes
import Platform
import TestSupport
import Testing

@Suite struct LinearTileCodecTests {
  /// Slopes that planes share, with noise of up to `noise` values on them, cut off at 0 and 255.
  private static func image(_ planes: Int, width: Int, height: Int, noise: UInt64) -> Image {
    var image = Image(
      PixelFormat([.gray, .grayAlpha, .rgb][planes - 1], depth: 8),
      planes: (0..<planes).map { _ in Plane(width: width, height: height) })
    var state: UInt64 = 11
    for row in 0..<height {
      for column in 0..<width {
        for k in 0..<planes {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          let value = 5 * row + 3 * column - 40 + 30 * k + Int((state >> 33) % noise)
          image.planes[k].samples[row * width + column] = UInt8(clamping: value)
        }
      }
    }
    return image
  }

  @Test(arguments: [1, 2, 3], [1, 6, 400] as [UInt64])
  func roundTrip(planes: Int, noise: UInt64) throws {
    let codec = LinearTileCodec(planes: planes)
    for (width, height) in awkwardSizes {
      let image = Self.image(planes, width: width, height: height, noise: noise)
      #expect(try decoded(codec, stream(codec, image), like: image) == image)
    }
  }

  /// More than a segment and a band, not whole ones, and all that follows from them.
  @Test(arguments: [(61, 131), (64, 64), (2, 300), (300, 2)])
  func largerImagesRoundTrip(rows: Int, columns: Int) throws {
    let image = testImage(rows: rows, columns: columns)
    let codec = LinearTileCodec(planes: 3)
    #expect(try decoded(codec, stream(codec, image), like: image) == image)
  }

  @Test(arguments: [1, 2, 3]) func instructionSetsAgree(planes: Int) throws {
    let image = Self.image(planes, width: 100, height: 30, noise: 9)
    let streams = try InstructionSet.supported.map {
      try stream(LinearTileCodec(planes: planes, instructions: $0), image)
    }
    for (other, instructions) in zip(streams, InstructionSet.supported) {
      #expect(other == streams[0], "\(instructions)")
      let codec = LinearTileCodec(planes: planes, instructions: instructions)
      #expect(try decoded(codec, streams[0], like: image) == image)
    }
  }

  /// Slopes cost next to nothing; noise of 400 values, cut off, less than its 8 bits.
  @Test func sizes() throws {
    let codec = LinearTileCodec(planes: 3)
    func bytes(_ noise: UInt64) throws -> Int {
      try stream(codec, Self.image(3, width: 200, height: 100, noise: noise)).count
    }
    let (none, some, most) = (try bytes(1), try bytes(6), try bytes(400))
    #expect(none < 3000 && none < some && some < most && most < 60000, "\(none), \(some), \(most)")
  }

  /// A plane that repeats the first one is known from it.
  @Test func planesAreKnownFromOthers() throws {
    let gray = Self.image(1, width: 120, height: 90, noise: 60)
    let three = Image(.rgb8, planes: Array(repeating: gray.planes[0], count: 3))
    let one = try stream(LinearTileCodec(planes: 1), gray).count
    let all = try stream(LinearTileCodec(planes: 3), three).count
    #expect(Double(all) < 1.3 * Double(one), "\(all), \(one)")
  }

  @Test(arguments: [1, 2, 3]) func hostileStreams(planes: Int) throws {
    let codec = LinearTileCodec(planes: planes)
    let image = Self.image(planes, width: 40, height: 30, noise: 20)
    try expectNoTrap(codec, like: image, hostile(stream(codec, image)))
  }

  @Test func otherNumbersOfPlanesAreRefused() throws {
    let image = Self.image(2, width: 3, height: 3, noise: 2)
    for planes in [0, 1, 3, 4] {
      #expect(throws: EntropyCodingError.self) {
        try stream(LinearTileCodec(planes: planes), image)
      }
    }
  }

  @Test func memoryIsKnown() {
    func memory(_ planes: Int, _ rows: Int, _ columns: Int) -> Int {
      LinearTileCodec(planes: planes).memory(rows: rows, columns: columns)
    }
    #expect(memory(0, 9, 9) < 1000 && memory(4, 9, 9) < 1000)
    let (small, large) = (memory(3, 10, 10), memory(3, 1000, 1000))
    #expect(small < 200_000 && large > 9_000_000 && large < 15_000_000, "\(small), \(large)")
  }
}
