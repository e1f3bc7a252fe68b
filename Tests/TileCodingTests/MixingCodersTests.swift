import EntropyCoding
import ImagePlanes
import Mixing
import PixelNetwork
import Platform
import TestSupport
import Testing

@testable import TileCoding

@Suite struct MixingCodersTests {
  static let levels = [MixingLevel.fast, .standard, .full]

  static func network() throws -> Network { try Network(TestArchitectures.adaptive) }

  @Test(
    arguments: [
      (1, 1), (1, 2), (2, 1), (1, 37), (37, 1), (2, 2), (3, 30), (30, 3), (31, 37), (900, 2),
    ], levels)
  func roundTrip(_ size: (Int, Int), _ level: MixingLevel) throws {
    let (rows, columns) = size
    for named in TestArchitectures.mixed {
      let tile = testImage(rows: rows, columns: columns, for: named.architecture)
      let codec = NetworkTileCodec(try Network(named.architecture), level)
      let bytes = try codec.encode(tile, threads: 2)
      #expect(try codec.decode(bytes, rows: rows, columns: columns, threads: 2) == tile)
    }
  }

  @Test(arguments: levels, TestArchitectures.mixed)
  func adaptationsRoundTrip(_ level: MixingLevel, _ named: NamedArchitecture) throws {
    let network = try Network(named.architecture)
    // More than 27267 values: the least rate of each is reached.
    let side = named.architecture.colours == 1 ? 166 : 96
    let tile = testImage(rows: side, columns: side, for: named.architecture)
    let streams = try (0..<MixingParameters.adaptations).map { adaptation in
      let codec = NetworkTileCodec(network, level, adaptation: adaptation)
      let bytes = try codec.encode(tile, threads: 2)
      #expect(try codec.decode(bytes, rows: side, columns: side, threads: 2) == tile)
      return bytes
    }
    #expect(Set(streams).count == streams.count)
    let other = NetworkTileCodec(network, level, adaptation: 3)
    #expect(throws: EntropyCodingError.outOfMemory) { try other.encode(tile) }
  }

  /// What is made for several mixings at once is what is made for each alone.
  @Test func mixingsAtOnce() throws {
    let tile = testImage(rows: 30, columns: 40)
    let network = try Self.network()
    let mixings = Self.levels.flatMap { level in
      (0..<MixingParameters.adaptations).reversed().map { MixingParameters(level, adaptation: $0) }
    }
    let together = try NetworkTileCodec(network, mixings: mixings).encode(
      tile, [TileRectangle(tile)], threads: 2)
    #expect(together.count == mixings.count)
    for (mixing, stream) in zip(mixings, together) {
      #expect(try NetworkTileCodec(network, mixings: [mixing]).encode(tile) == stream)
    }
  }

  /// Without the network's part the stream is another one, and longer where the network is right.
  @Test(arguments: levels) func theNetworkTakesPart(_ level: MixingLevel) throws {
    let tile = testImage(rows: 30, columns: 40)
    let network = try Self.network()
    let choice = [MixingParameters(level)]
    let with = try NetworkTileCodec(network, mixings: choice).encode(tile)
    let without = try NetworkTileCodec(network, mixings: choice, usesNetwork: false).encode(tile)
    #expect(with != without)
    // A network of noise knows nothing: what is left is the mixing of the tile's own statistics.
    let other = try NetworkTileCodec(
      Network(TestArchitectures.adaptive, seed: 2), mixings: choice, usesNetwork: false
    ).encode(tile)
    #expect(without == other)
  }

  /// Black, white, and both without anything between: the walk's shortest and longest ways.
  @Test(arguments: levels) func extremesRoundTrip(_ level: MixingLevel) throws {
    let codec = NetworkTileCodec(try Network(TestArchitectures.adaptiveWide), level)
    for pattern in [[0], [255], [0, 255], [255, 0, 0], [0, 0, 0, 255, 255, 255, 0], [1, 254]] {
      let samples = (0..<3 * 17 * 23).map { UInt8(pattern[$0 % pattern.count]) }
      let tile = Image(width: 23, height: 17, interleaved: samples)
      let bytes = try codec.encode(tile)
      #expect(try codec.decode(bytes, rows: 17, columns: 23) == tile)
    }
  }

  @Test(arguments: levels, TestArchitectures.mixed)
  func bytesDoNotDependOnThreadsAndInstructions(_ level: MixingLevel, _ named: NamedArchitecture)
    throws
  {
    let tile = testImage(rows: 40, columns: 71, for: named.architecture)
    let network = try Network(named.architecture)
    let expected = try NetworkTileCodec(network, level, instructions: .portable).encode(tile)
    for instructions in InstructionSet.supported {
      let codec = NetworkTileCodec(network, level, instructions: instructions)
      for threads in [1, 3] {
        #expect(
          try codec.encode(tile, threads: threads) == expected,
          "\(instructions), \(threads) threads")
        #expect(
          try codec.decode(expected, rows: 40, columns: 71, threads: threads) == tile,
          "\(instructions), \(threads) threads")
      }
    }
  }

  /// A tile large enough for two lanes: the same bytes and pixels with one thread and with more,
  /// and a damaged length of the first lane is refused.
  @Test(
    arguments: levels,
    [
      NamedArchitecture("adaptive", TestArchitectures.adaptive),
      NamedArchitecture("grayAdaptiveWide", TestArchitectures.grayAdaptiveWide),
    ])
  func largeTilesHaveTwoLanes(_ level: MixingLevel, _ named: NamedArchitecture) throws {
    let (rows, columns) = (364, 363)
    #expect(Lanes(rows: rows, columns: columns).count == 2)
    let tile = testImage(rows: rows, columns: columns, for: named.architecture)
    let codec = NetworkTileCodec(try Network(named.architecture), level)
    let expected = try codec.encode(tile)
    for threads in [1, 2, 3] {
      if threads > 1 { #expect(try codec.encode(tile, threads: threads) == expected) }
      #expect(
        try codec.decode(expected, rows: rows, columns: columns, threads: threads) == tile)
    }
    for length in [
      [UInt8](repeating: 0xFF, count: 9), [0xFF, 0xFF, 0xFF, 0x7F], [0x80], [], [0x81, 0, 1, 1],
    ] {
      #expect(throws: EntropyCodingError.laneLength) {
        try codec.decode(length, rows: rows, columns: columns, threads: 2)
      }
    }
    var shorter = expected
    shorter[0] ^= 1
    #expect(throws: EntropyCodingError.self) {
      try codec.decode(shorter, rows: rows, columns: columns, threads: 2)
    }
  }

  /// It learns: the second half of a regular image costs less than the first.
  @Test(arguments: levels) func learnsFromWhatItHasCoded(_ level: MixingLevel) throws {
    let codec = NetworkTileCodec(try Self.network(), level)
    func size(_ rows: Int) throws -> Int {
      try codec.encode(smoothImage(width: 60, height: rows)).count
    }
    let (half, whole) = (try size(40), try size(80))
    #expect(whole - half < half)
  }

  @Test(arguments: levels, TestArchitectures.mixed)
  func damagedStreamsAreRefusedOrDecodeToOtherPixels(
    _ level: MixingLevel, _ named: NamedArchitecture
  ) throws {
    let tile = testImage(rows: 9, columns: 11, for: named.architecture)
    let codec = NetworkTileCodec(try Network(named.architecture), level)
    let bytes = try codec.encode(tile)
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= index % 2 == 0 ? 0x01 : 0xFF
      #expect((try? codec.decode(damaged, rows: 9, columns: 11)) != tile)
    }
    for length in stride(from: bytes.count - 1, through: 0, by: -3) {
      #expect((try? codec.decode(Array(bytes[..<length]), rows: 9, columns: 11)) != tile)
    }
  }

  /// Each mixing has memory of its own.
  @Test func memoryIsKnownBefore() throws {
    let network = try Self.network()
    let pure = NetworkTileCodec(network).memory(rows: 1024, columns: 1024)
    let mixing = LaneMixer.memory(level: .full, rows: 1024, columns: 1024)
    #expect(mixing > 100_000 && mixing < 600_000_000)
    let codec = NetworkTileCodec(
      network, mixings: [MixingParameters(.full), MixingParameters(.full)])
    #expect(codec.memory(rows: 1024, columns: 1024) == pure + 2 * mixing)
  }
}
