import EntropyCoding
import ImagePlanes
import Mixing
import PixelNetwork
import Platform
import TestSupport
import Testing

@testable import TileCoding

@Suite struct NetworkTileCodecTests {
  @Test(
    arguments: TestArchitectures.few,
    [
      (1, 1), (1, 2), (2, 1), (1, 37), (37, 1), (2, 2), (3, 70), (70, 3), (31, 37), (64, 50),
      (3000, 2),
    ])
  func roundTrip(_ named: NamedArchitecture, _ size: (Int, Int)) throws {
    let tile = testImage(rows: size.0, columns: size.1, for: named.architecture)
    let codec = NetworkTileCodec(try Network(named.architecture))
    let bytes = try codec.encode(tile, threads: 2)
    #expect(try codec.decode(bytes, rows: size.0, columns: size.1, threads: 2) == tile)
  }

  @Test(arguments: TestArchitectures.few)
  func bytesDoNotDependOnThreadsAndInstructions(_ named: NamedArchitecture) throws {
    let tile = testImage(rows: 61, columns: 83, for: named.architecture)
    let network = try Network(named.architecture)
    let expected = try NetworkTileCodec(network, instructions: .portable).encode(tile)
    for instructions in InstructionSet.supported {
      let codec = NetworkTileCodec(network, instructions: instructions)
      for threads in [1, 2, 3, 5] {
        #expect(
          try codec.encode(tile, threads: threads) == expected,
          "\(instructions), \(threads) threads")
        #expect(
          try codec.decode(expected, rows: 61, columns: 83, threads: threads) == tile,
          "\(instructions), \(threads) threads")
      }
    }
  }

  /// With a small image, which the decoder is given: its pixels cost nothing.
  @Test(arguments: TestArchitectures.all.filter { $0.architecture.scale > 1 }, [(1, 1), (23, 18)])
  func smallImages(_ named: NamedArchitecture, _ size: (Int, Int)) throws {
    let architecture = named.architecture
    let network = try Network(architecture)
    // A tile in the middle of the image, so that its part of the small image is looked for.
    let (rows, columns) = size
    let image = testImage(rows: rows + 8, columns: columns + 4, for: architecture)
    let small = try image.subsampled(by: architecture.scale)
    let rectangle = TileRectangle(row: 8, column: 4, height: rows, width: columns)
    let mixings =
      architecture.symbolCentre.isAdaptive
      ? MixingLevel.allCases : [.pure]
    for level in mixings {
      let codec = NetworkTileCodec(network, level)
      let bytes = try codec.encode(image, [rectangle], threads: 2)[0]
      var decoded: Image?
      try codec.decode(bytes[...], [rectangle], small: small, threads: 2) { tile, _ in
        decoded = try? tile.image(image.format)
      }
      #expect(try decoded == image.crop(rectangle))
      // All of a tile of one pixel is known.
      #expect(rows * columns > 1 || bytes.isEmpty)
    }
  }

  /// With a colour that both sides know: it costs nothing, and helps.
  @Test(
    arguments: TestArchitectures.all.filter {
      $0.architecture.colours == 3 && $0.architecture.scale == 1
    }, [(1, 1), (23, 18), (300, 500)])
  func knownColours(_ named: NamedArchitecture, _ size: (Int, Int)) throws {
    let network = try Network(named.architecture)
    let (rows, columns) = size
    // Large ones have two lanes; those are for few architectures.
    if rows * columns > 1 << 16, named.architecture.symbolCentre != .adaptive { return }
    let whole = testImage(rows: rows + 8, columns: columns + 4, for: named.architecture)
    let coded = Image(PixelFormat(.grayAlpha, depth: 8), planes: Array(whole.planes[1...]))
    let rectangle = TileRectangle(row: 8, column: 4, height: rows, width: columns)
    let levels: [MixingLevel] =
      named.architecture.symbolCentre.isAdaptive ? [.pure, .standard] : [.pure]
    for level in levels {
      let codec = NetworkTileCodec(
        network, mixings: [MixingParameters(level)], known: [whole.planes[0]])
      let bytes = try codec.encode(coded, [rectangle], threads: 2)[0]
      #expect(try codec.encode(coded, [rectangle], threads: 1)[0] == bytes)
      var decoded = try Image(coded.format, width: coded.width, height: coded.height)
      try codec.decode(bytes[...], [rectangle], small: nil, threads: 2) {
        $0.write(to: &decoded, row: $1.row, column: $1.column)
      }
      #expect(try decoded.crop(rectangle) == coded.crop(rectangle))
    }
  }

  /// Several tiles in one stream, each as if it were alone; a stream of one is that of the tile.
  @Test(arguments: [MixingLevel.pure, .standard], TestArchitectures.few)
  func tilesShareAStream(_ level: MixingLevel, _ named: NamedArchitecture) throws {
    let architecture = named.architecture
    guard level == .pure || architecture.symbolCentre.isAdaptive else { return }
    let image = testImage(rows: 24, columns: 30, for: architecture)
    let tiles = [
      TileRectangle(row: 0, column: 0, height: 9, width: 11),
      TileRectangle(row: 9, column: 3, height: 1, width: 1),
      TileRectangle(row: 11, column: 19, height: 9, width: 11),
      TileRectangle(row: 19, column: 0, height: 5, width: 30),
      TileRectangle(row: 23, column: 2, height: 1, width: 7),
    ]
    let parts = try tiles.map { try image.crop($0) }
    let network = try Network(architecture)
    var mixings = [MixingParameters(level)]
    if level != .pure {
      mixings += [MixingParameters(level, adaptation: 2), MixingParameters(.full)]
    }
    let codec = NetworkTileCodec(network, mixings: mixings)
    #expect(codec.variants == mixings.count)
    let streams = try codec.encode(image, tiles, threads: 2)
    #expect(streams.count == mixings.count)
    #expect(try codec.decode(streams[0], tiles, threads: 2) == parts)
    let apart = try parts.reduce(0) { try $0 + codec.encode($1).count }
    #expect(streams[0].count <= apart && streams[0].count + 2 * tiles.count >= apart)
    #expect(try codec.encode(image, [tiles[0]], threads: 1)[0] == codec.encode(parts[0]))
    #expect(throws: EntropyCodingError.self) { try codec.decode(streams[0] + [1], tiles) }
    #expect(throws: EntropyCodingError.self) {
      try codec.decode(streams[0], tiles.dropLast(2).map(\.self))
    }
  }

  @Test(arguments: [
    NamedArchitecture("rawBare", TestArchitectures.rawBare),
    NamedArchitecture("bits", TestArchitectures.bits),
    NamedArchitecture("rowLSTMRaw", TestArchitectures.rowLSTMRaw),
    NamedArchitecture("diagonalBiLSTM", TestArchitectures.diagonalBiLSTM),
  ])
  func damageIsRefusedOrDecodesToSomethingElse(_ named: NamedArchitecture) throws {
    let tile = testImage(rows: 9, columns: 8, for: named.architecture)
    let codec = NetworkTileCodec(try Network(named.architecture))
    let bytes = try codec.encode(tile)
    // Other streams may well be what the encoder writes for other tiles.
    func isRefused(_ stream: [UInt8]) -> Bool {
      guard let decoded = try? codec.decode(stream, rows: 9, columns: 8) else { return true }
      #expect(decoded != tile)
      return false
    }
    var refused = 0
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 1 << (index % 8)
      if isRefused(damaged) { refused += 1 }
      if isRefused(Array(bytes[..<index])) { refused += 1 }
    }
    #expect(refused > bytes.count / 2)
    #expect(throws: EntropyCodingError.self) {
      try codec.decode(bytes + [1], rows: 9, columns: 8)
    }
  }

  /// The widest networks, whose gray slices are three times as wide.
  @Test(arguments: [1, 3], [0, 1]) func widestLayers(colours: Int, blocks: Int) throws {
    let architecture = Architecture(
      colours: colours, symbolCentre: .adaptive, inputKinds: [.residual], kernelSize: 3,
      features: blocks == 0 ? 1536 : 24, bottleneck: blocks == 0 ? 24 : 1536, blocks: blocks,
      connections: [.residual], headFeatures: 24, activationMaximum: 255)
    let tile = testImage(rows: 20, columns: 3, colours: colours)
    let codec = NetworkTileCodec(try Network(architecture))
    #expect(try codec.decode(codec.encode(tile), rows: 20, columns: 3, threads: 2) == tile)
  }

  /// The widest slice of all: the gates of a gray LSTM.
  @Test(arguments: [Body.rowLSTM, .diagonalBiLSTM]) func widestGates(_ body: Body) throws {
    let architecture = Architecture(
      colours: 1, body: body, symbolCentre: .raw, inputKinds: [.residual], kernelSize: 3,
      features: 8, bottleneck: 1536, blocks: 1, connections: [.residual], headFeatures: 8,
      activationMaximum: 255)
    let tile = testImage(rows: 3, columns: 3, colours: 1)
    let codec = NetworkTileCodec(try Network(architecture))
    #expect(try codec.decode(codec.encode(tile), rows: 3, columns: 3) == tile)
  }

  /// What the code length says is what is written, up to the coder's end.
  @Test(arguments: TestArchitectures.few)
  func codeLengthIsThatOfTheStream(_ named: NamedArchitecture) throws {
    let tile = testImage(rows: 20, columns: 17, for: named.architecture)
    let codec = NetworkTileCodec(try Network(named.architecture))
    let length = CodeLength()
    try codec.run(length, tile, [TileRectangle(tile)], threads: 2)
    let bytes = try codec.encode(tile).count
    #expect(abs(length.bits / 8 - Double(bytes)) < 9, "\(length.bits), \(bytes) bytes")
  }

  @Test func tilesOfADiagonalBiLSTMAreNotShared() throws {
    #expect(try !NetworkTileCodec(Network(TestArchitectures.diagonalBiLSTM)).sharesTiles)
    #expect(try NetworkTileCodec(Network(TestArchitectures.rowLSTM)).sharesTiles)
    #expect(try NetworkTileCodec(Network(TestArchitectures.median)).sharesTiles)
  }

  @Test func memoryGrowsWithTheTile() throws {
    let codec = NetworkTileCodec(try Network(TestArchitectures.median))
    let small = codec.memory(rows: 256, columns: 256)
    let large = codec.memory(rows: 1024, columns: 1024)
    #expect(small > 3 * 256 * 256 && large > 3 * 1024 * 1024)
    #expect(large < 64 << 20 && large < 16 * small)
    #expect(codec.memory(rows: 65535, columns: 65535) > 3 * 65535 * 65535)
  }
}
