import Platform
import Mixing
import EntropyCoding
import ImagePlanes
import PixelNetwork
import TestSupport
import Testing

@testable import PRNZip

@Suite struct MixedTileCodecTests {
  static let levels = [MixingLevel.fast, .standard, .full]

  /// Of TileCodecTests.architectures: adaptive, adaptiveWide, that for gray images, and a Row LSTM.
  static let models = [3, 4, 5, 8]

  static func model(_ index: Int = 3) throws -> PixelCNN {
    try TileCodecTests.model(TileCodecTests.architectures[index])
  }

  @Test(
    arguments: [
      (1, 1), (1, 2), (2, 1), (1, 37), (37, 1), (2, 2), (3, 30), (30, 3), (31, 37), (900, 2),
    ], levels)
  func roundTrip(_ size: (Int, Int), _ level: MixingLevel) throws {
    let (rows, columns) = size
    for index in Self.models {
      let model = try Self.model(index)
      let tile = TileCodecTests.image(
        rows: rows, columns: columns, colours: model.architecture.colours)
      let codec = TileCodec(model: model, mixing: level, threads: 2)
      let bytes = try codec.encode(tile)
      #expect(try codec.decode(bytes, rows: rows, columns: columns) == tile)
    }
  }

  @Test(arguments: levels, models) func adaptationsRoundTrip(_ level: MixingLevel, _ index: Int)
    throws
  {
    let model = try Self.model(index)
    let colours = model.architecture.colours
    // More than 27267 values: the least rate of each is reached.
    let side = colours == 1 ? 166 : 96
    let tile = TileCodecTests.image(rows: side, columns: side, colours: colours)
    let streams = try (0..<MixingParameters.adaptations).map { adaptation in
      let codec = TileCodec(model: model, mixing: level, adaptation: adaptation, threads: 2)
      let bytes = try codec.encode(tile)
      #expect(try codec.decode(bytes, rows: side, columns: side) == tile)
      return bytes
    }
    #expect(Set(streams).count == streams.count)
    let other = TileCodec(model: model, mixing: level, adaptation: 3, threads: 1)
    #expect(throws: EntropyCodingError.outOfMemory) { try other.encode(tile) }
  }

  /// What is made for several mixings at once is what is made for each alone.
  @Test func mixingsAtOnce() throws {
    let tile = TileCodecTests.image(rows: 30, columns: 40)
    let model = try Self.model()
    let mixings = Self.levels.flatMap { level in
      (0..<MixingParameters.adaptations).reversed().map { MixingParameters(level, adaptation: $0) }
    }
    let together = try TileCodec(model: model, threads: 2).streams([tile], mixings: mixings)
    #expect(together.count == mixings.count)
    for (mixing, stream) in zip(mixings, together) {
      let codec = TileCodec(model: model, mixing: mixing, threads: 1)
      #expect(try codec.encode(tile) == stream)
    }
  }

  /// Black, white, and both without anything between: the walk's shortest and longest ways.
  @Test(arguments: levels) func extremesRoundTrip(_ level: MixingLevel) throws {
    let codec = TileCodec(model: try Self.model(4), mixing: level, threads: 1)
    for pattern in [[0], [255], [0, 255], [255, 0, 0], [0, 0, 0, 255, 255, 255, 0], [1, 254]] {
      let samples = (0..<3 * 17 * 23).map { UInt8(pattern[$0 % pattern.count]) }
      let tile = Image(width: 23, height: 17, interleaved: samples)
      let bytes = try codec.encode(tile)
      #expect(try codec.decode(bytes, rows: 17, columns: 23) == tile)
    }
  }

  @Test(arguments: levels) func bytesDoNotDependOnThreadsAndKernels(_ level: MixingLevel) throws {
    let tile = TileCodecTests.image(rows: 41, columns: 53)
    let model = try Self.model()
    let expected = try TileCodec(model: model, mixing: level, threads: 1).encode(tile)
    for instructions in InstructionSet.supported {
      for threads in [1, 3] {
        let codec = TileCodec(
          model: model, mixing: level, threads: threads, instructions: instructions)
        #expect(try codec.encode(tile) == expected)
        #expect(try codec.decode(expected, rows: 41, columns: 53) == tile)
      }
    }
  }

  /// A tile large enough for two lanes: the same bytes and pixels with one thread and with more, and a
  /// damaged length of the first lane is refused.
  @Test(arguments: levels, [3, 5]) func largeTilesHaveTwoLanes(_ level: MixingLevel, _ index: Int)
    throws
  {
    let (rows, columns) = (364, 363)
    #expect(Lanes(rows: rows, columns: columns).count == 2)
    #expect(Lanes(rows: 360, columns: 364).count == 1)
    let model = try Self.model(index)
    let tile = TileCodecTests.image(
      rows: rows, columns: columns, colours: model.architecture.colours)
    let expected = try TileCodec(model: model, mixing: level, threads: 1).encode(tile)
    for threads in [1, 2, 3] {
      let codec = TileCodec(model: model, mixing: level, threads: threads)
      if threads > 1 { #expect(try codec.encode(tile) == expected) }
      #expect(try codec.decode(expected, rows: rows, columns: columns) == tile)
    }
    let codec = TileCodec(model: model, mixing: level, threads: 2)
    for length in [
      [UInt8](repeating: 0xFF, count: 9), [0xFF, 0xFF, 0xFF, 0x7F], [0x80], [], [0x81, 0, 1, 1],
    ] {
      #expect(throws: EntropyCodingError.laneLength) {
        try codec.decode(length, rows: rows, columns: columns)
      }
    }
    var shorter = expected
    shorter[0] ^= 1
    #expect(throws: EntropyCodingError.self) {
      try codec.decode(shorter, rows: rows, columns: columns)
    }
  }

  /// It learns: the second half of a regular image costs less than the first.
  @Test(arguments: levels) func learnsFromWhatItHasCoded(_ level: MixingLevel) throws {
    let codec = TileCodec(model: try Self.model(), mixing: level, threads: 1)
    func size(_ rows: Int) throws -> Int {
      let image = smoothImage(width: 60, height: rows)
      return try codec.encode(image).count
    }
    let (half, whole) = (try size(40), try size(80))
    #expect(whole - half < half)
  }

  @Test(arguments: levels, models)
  func damagedStreamsAreRefusedOrDecodeToOtherPixels(_ level: MixingLevel, _ index: Int) throws {
    let model = try Self.model(index)
    let tile = TileCodecTests.image(rows: 9, columns: 11, colours: model.architecture.colours)
    let codec = TileCodec(model: model, mixing: level, threads: 1)
    let bytes = try codec.encode(tile)
    for index in bytes.indices {
      for mask in [0x01, 0xFF] as [UInt8] {
        var damaged = bytes
        damaged[index] ^= mask
        do {
          #expect(try codec.decode(damaged, rows: 9, columns: 11) != tile)
        } catch {}
      }
    }
    for length in bytes.indices {
      #expect((try? codec.decode(Array(bytes[..<length]), rows: 9, columns: 11)) != tile)
    }
  }

  @Test func memoryIsKnownBefore() throws {
    let small = LaneMixer.memory(level: .fast, rows: 100, columns: 100)
    let large = LaneMixer.memory(level: .full, rows: 1024, columns: 1024)
    #expect(small > 100_000 && small < large && large < 600_000_000)
    let codec = TileCodec(model: try Self.model(), mixing: .full, threads: 1)
    #expect(
      TileCodec.workingBytes(
        model: codec.model, mixings: [codec.mixing, codec.mixing], rows: 1024, columns: 1024)
        > 2 * large)
  }
}
