import AdaptiveCoding
import Bytes
import EntropyCoding
import ImagePlanes
import TestSupport
import TileCoding
import Testing

@Suite struct RunsTileCodecTests {
  /// Values of 1 to 4 planes, the last of which may be alpha.
  @Test(arguments: 1...4) func valuesRoundTrip(planes: Int) throws {
    for kind in SampleKind.allCases {
      for (width, height) in awkwardSizes {
        let image = formatImage(byteFormat(planes), kind, width: width, height: height)
        for hasAlpha in planes > 1 ? [false, true] : [false] {
          let codec = RunsTileCodec(planes: planes, hasAlpha: hasAlpha)
          #expect(
            try decoded(codec, stream(codec, image), like: image) == image,
            "\(planes) planes, \(kind), \(width) x \(height), \(hasAlpha)")
        }
      }
    }
  }

  /// Numbers of 1 to 256 colours.
  @Test(arguments: [1, 2, 3, 4, 15, 16, 17, 255, 256]) func numbersRoundTrip(colours: Int) throws {
    let codec = RunsTileCodec(planes: 1, hasAlpha: false, colours: colours)
    for kind in SampleKind.allCases {
      for (width, height) in awkwardSizes {
        let image = numbersImage(colours, kind, width: width, height: height)
        #expect(try decoded(codec, stream(codec, image), like: image) == image)
      }
    }
  }

  /// Flat rows with breaks at all places, so that runs end at, before and behind the end of what is
  /// flat above.
  @Test func runsEndAnywhere() throws {
    let codec = RunsTileCodec(planes: 1, hasAlpha: false)
    var generator = SplitMix64(seed: 9)
    for width in [1, 2, 3, 17, 64, 200] {
      var image = Image(width: width, height: 90, colours: 1)
      for row in 0..<90 {
        for _ in 0..<Int(generator.next() % 4) {
          let first = Int(generator.next() % UInt64(width))
          let end = min(width, first + 1 + Int(generator.next() % UInt64(width)))
          for column in first..<end where row % 7 > 2 {
            image.planes[0].samples[row * width + column] = UInt8(row % 3)
          }
        }
      }
      #expect(try decoded(codec, stream(codec, image), like: image) == image)
    }
  }

  /// Values as far from what is predicted as can be.
  @Test func extremeValues() throws {
    let codec = RunsTileCodec(planes: 3, hasAlpha: false)
    var generator = SplitMix64(seed: 3)
    var image = Image(width: 61, height: 40, colours: 3)
    for k in 0..<3 {
      for i in image.planes[k].samples.indices {
        image.planes[k].samples[i] = [0, 255, 1, 254][Int(generator.next() >> 62)]
      }
    }
    #expect(try decoded(codec, stream(codec, image), like: image) == image)
  }

  /// Dots at random gaps below flat rows, as wide as can be: time grows with the pixels alone, and
  /// what is remembered of the row above is right.
  @Test func dotsBelowFlatRows() throws {
    let codec = RunsTileCodec(planes: 1, hasAlpha: false)
    var generator = SplitMix64(seed: 7)
    var image = Image(width: 65535, height: 6, colours: 1)
    for row in [1, 3, 5] {
      var column = 0
      while column < 65535 {
        image.planes[0].samples[row * 65535 + column] = 200
        column += 2 + Int(generator.next() % 5)
      }
    }
    #expect(try decoded(codec, stream(codec, image), like: image) == image)
  }

  /// What is flat or repeats takes few bytes, and noise little more than its values.
  @Test func repeatsAreCheap() throws {
    let codec = RunsTileCodec(planes: 3, hasAlpha: false)
    let sizes = try [SampleKind.flat, .graphics].map {
      try stream(codec, formatImage(byteFormat(3), $0, width: 200, height: 100)).count
    }
    let noise = formatImage(byteFormat(3), .random, width: 100, height: 50)
    let ofNoise = try stream(codec, noise).count
    #expect(sizes[0] < 60 && sizes[1] < 1000 && ofNoise < 15000 * 12 / 10, "\(sizes), \(ofNoise)")
  }

  /// Memory grows with the tile, and is known before it is asked for. Shapes out of range have
  /// none.
  @Test func memoryIsKnown() throws {
    let codec = RunsTileCodec(planes: 3, hasAlpha: false)
    let small = codec.memory(rows: 10, columns: 10)
    let large = codec.memory(rows: 2000, columns: 2000)
    #expect(small < 400_000 && large >= 7 * 2000 * 2000 && large < 9 * 2000 * 2000)
    let image = formatImage(byteFormat(3), .flat, width: 4, height: 4)
    for (planes, colours) in [(3, 2), (1, 257), (5, 0)] {
      let illegal = RunsTileCodec(planes: planes, hasAlpha: false, colours: colours)
      #expect(throws: EntropyCodingError.self) { try stream(illegal, image) }
      #expect(throws: EntropyCodingError.self) { try decoded(illegal, [1, 2], like: image) }
    }
  }

  /// Any bytes give an error or some picture; of numbered colours, one of these.
  @Test(arguments: [0, 2, 3, 16, 200]) func hostileStreams(colours: Int) throws {
    for planes in colours > 0 ? [1] : [1, 2, 3, 4] {
      let image = formatImage(byteFormat(planes), .graphics, width: 40, height: 30)
      let codec = RunsTileCodec(planes: planes, hasAlpha: planes % 2 == 0, colours: colours)
      var generator = SplitMix64(seed: UInt64(colours + planes))
      for count in 0..<60 {
        let bytes = (0..<count * 7).map { _ in UInt8(generator.next() >> 56) }
        for stream in [bytes, [UInt8](repeating: 0xFF, count: count), bytes.map { $0 & 1 }] {
          guard let found = try? decoded(codec, stream, like: image) else { continue }
          #expect(colours == 0 || found.planes[0].samples.allSatisfy { Int($0) < colours })
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
    let codec = RunsTileCodec(planes: image.planes.count, hasAlpha: colours == 0, colours: colours)
    let stream = try stream(codec, image)
    for index in stream.indices {
      for mask in [0x01, 0x10, 0x80, 0xFF] as [UInt8] {
        var damaged = stream
        damaged[index] ^= mask
        #expect((try? decoded(codec, damaged, like: image)) != image, "byte \(index) ^ \(mask)")
      }
      #expect((try? decoded(codec, Array(stream[..<index]), like: image)) != image)
    }
    #expect((try? decoded(codec, stream + [0], like: image)) == nil)
    #expect((try? decoded(codec, stream + [1], like: image)) == nil)
  }
}
