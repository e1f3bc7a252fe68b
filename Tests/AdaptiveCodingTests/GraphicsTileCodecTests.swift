import AdaptiveCoding
import Bytes
import EntropyCoding
import ImagePlanes
import Platform
import TestSupport
import TileCoding
import Testing

@Suite struct GraphicsTileCodecTests {
  static let sizes = [(1, 1), (1, 7), (7, 1), (5, 3), (9, 9), (33, 17), (70, 40)]

  private static func all(_ image: Image) -> [TileRectangle] {
    [TileRectangle(row: 0, column: 0, height: image.height, width: image.width)]
  }

  private static func encode(
    _ codec: GraphicsTileCodec, _ image: Image, _ tiles: [TileRectangle]? = nil
  ) throws -> [UInt8] {
    let streams = try codec.encode(image, tiles ?? all(image), threads: 1)
    #expect(streams.count == codec.variants && codec.variants == 1)
    return streams[0]
  }

  private static func decode(
    _ codec: GraphicsTileCodec, _ stream: [UInt8], like image: Image,
    _ tiles: [TileRectangle]? = nil
  ) throws -> Image {
    var decoded = try Image(image.format, width: image.width, height: image.height)
    try codec.decode(stream[...], tiles ?? all(image), small: nil, threads: 1) { tile, rectangle in
      tile.write(to: &decoded, row: rectangle.row, column: rectangle.column)
    }
    return decoded
  }

  /// Values of 1 to 4 planes, the last of which may be alpha.
  @Test(arguments: 1...4)
  func valuesRoundTrip(planes: Int) throws {
    for kind in SampleKind.allCases {
      for (width, height) in Self.sizes {
        let image = formatImage(byteFormat(planes), kind, width: width, height: height)
        for hasAlpha in planes > 1 ? [false, true] : [false] {
          var streams: [[UInt8]] = []
          for instructions in InstructionSet.supported {
            let codec = GraphicsTileCodec(
              planes: planes, hasAlpha: hasAlpha, instructions: instructions)
            let stream = try Self.encode(codec, image)
            #expect(try Self.decode(codec, stream, like: image) == image)
            streams.append(stream)
          }
          #expect(
            streams.allSatisfy { $0 == streams[0] },
            "\(planes) planes, \(kind), \(width) x \(height), \(hasAlpha)")
        }
      }
    }
  }

  /// Numbers of 1 to 256 colours.
  @Test(arguments: [1, 2, 3, 4, 15, 16, 17, 255, 256])
  func numbersRoundTrip(colours: Int) throws {
    for kind in SampleKind.allCases {
      for (width, height) in Self.sizes {
        let image = numbersImage(colours, kind, width: width, height: height)
        var streams: [[UInt8]] = []
        for instructions in InstructionSet.supported {
          let codec = GraphicsTileCodec(
            planes: 1, hasAlpha: false, colours: colours, instructions: instructions)
          let stream = try Self.encode(codec, image)
          #expect(try Self.decode(codec, stream, like: image) == image)
          streams.append(stream)
        }
        #expect(streams.allSatisfy { $0 == streams[0] }, "\(colours), \(kind), \(width), \(height)")
      }
    }
  }

  /// Several tiles in one stream, each as if it stood alone.
  @Test func tilesShareAStream() throws {
    let image = formatImage(byteFormat(4), .graphics, width: 40, height: 25)
    let tiles = TileGrid(width: 40, height: 25, tileWidth: 17, tileHeight: 9)
    let codec = GraphicsTileCodec(planes: 4, hasAlpha: true)
    #expect(!codec.sharesTiles)
    let rectangles = (0..<tiles.count).map { tiles[$0] }
    let stream = try Self.encode(codec, image, rectangles)
    #expect(try Self.decode(codec, stream, like: image, rectangles) == image)
    #expect(try Self.encode(codec, image) != stream)
  }

  /// What is flat or repeats takes few bytes, and noise little more than its values.
  @Test func repeatsAreCheap() throws {
    let flat = formatImage(byteFormat(3), .flat, width: 200, height: 100)
    let drawn = formatImage(byteFormat(3), .graphics, width: 200, height: 100)
    let noise = formatImage(byteFormat(3), .random, width: 100, height: 50)
    let codec = GraphicsTileCodec(planes: 3, hasAlpha: false)
    let sizes = try [flat, drawn, noise].map { try Self.encode(codec, $0).count }
    #expect(sizes[0] < 40 && sizes[1] < 700 && sizes[2] < 15000 * 11 / 10, "\(sizes)")
  }

  /// Memory grows with the tile, and is known before it is asked for. Shapes out of range have
  /// none.
  @Test func memoryIsKnown() throws {
    let codec = GraphicsTileCodec(planes: 3, hasAlpha: false)
    let small = codec.memory(rows: 10, columns: 10)
    let large = codec.memory(rows: 2000, columns: 2000)
    #expect(small > 300 && large > small && large >= 3 * 2000 * 2000)
    let image = formatImage(byteFormat(3), .flat, width: 4, height: 4)
    for (planes, colours) in [(3, 2), (1, 257), (5, 0)] {
      let illegal = GraphicsTileCodec(planes: planes, hasAlpha: false, colours: colours)
      #expect(throws: EntropyCodingError.outOfMemory) {
        try illegal.encode(image, Self.all(image), threads: 1)
      }
      #expect(throws: EntropyCodingError.outOfMemory) {
        try illegal.decode([1, 2], Self.all(image), small: nil, threads: 1) { _, _ in }
      }
    }
  }

  private func outcome(
    _ codec: GraphicsTileCodec, _ stream: [UInt8], like image: Image
  ) throws -> Image? {
    do {
      return try Self.decode(codec, stream, like: image)
    } catch is EntropyCodingError {
      return nil
    }
  }

  /// Any bytes give an error or some picture; of numbered colours, one of these.
  @Test(arguments: [0, 2, 3, 16, 200]) func hostileStreams(colours: Int) throws {
    let size = (width: 40, height: 30)
    for planes in colours > 0 ? [1] : [1, 2, 3, 4] {
      let image = formatImage(
        byteFormat(planes), .graphics, width: size.width, height: size.height)
      let codec = GraphicsTileCodec(
        planes: planes, hasAlpha: planes % 2 == 0, colours: colours)
      var generator = SplitMix64(seed: UInt64(colours + planes))
      for count in 0..<60 {
        let bytes = (0..<count * 7).map { _ in UInt8(generator.next() >> 56) }
        for stream in [bytes, [UInt8](repeating: 0xFF, count: count), bytes.map { $0 & 1 }] {
          guard let decoded = try outcome(codec, stream, like: image) else { continue }
          #expect(
            colours == 0 || decoded.planes[0].samples.allSatisfy { Int($0) < colours })
        }
      }
    }
  }

  /// Each changed byte, and each cut, gives an error or another picture.
  @Test(arguments: [0, 5]) func damagedStreams(colours: Int) throws {
    let image =
      colours > 0
      ? numbersImage(colours, .gradient, width: 21, height: 13)
      : formatImage(byteFormat(4), .graphics, width: 21, height: 13)
    let codec = GraphicsTileCodec(
      planes: image.planes.count, hasAlpha: colours == 0, colours: colours)
    let stream = try Self.encode(codec, image)
    for index in stream.indices {
      for mask in [0x01, 0x10, 0x80, 0xFF] as [UInt8] {
        var damaged = stream
        damaged[index] ^= mask
        #expect(try outcome(codec, damaged, like: image) != image, "byte \(index) ^ \(mask)")
      }
      #expect(try outcome(codec, Array(stream[..<index]), like: image) != image)
    }
    #expect(try outcome(codec, stream + [0], like: image) == nil)
    #expect(try outcome(codec, stream + [1], like: image) == nil)
  }
}
