import Platform
import Mixing
import Prediction
import EntropyCoding
import ImagePlanes
import PixelNetwork
import TestSupport
import Testing

@testable import PRNZip

@Suite struct TileCodecTests {
  static func model(_ architecture: Architecture, seed: UInt64 = 1) throws -> PixelCNN {
    try PixelCNN(
      weightFile: WeightFile.random(architecture: architecture, seed: seed).serialized)
  }

  static let architectures = [
    Architecture(
      symbolCentre: .colourMED, inputKinds: [.residual, .prediction], kernelSize: 7, features: 48,
      bottleneck: 24, blocks: 2, connections: [.residual, .skip], headFeatures: 24,
      activationMaximum: 32767),
    Architecture(
      symbolCentre: .raw, inputKinds: [.value], kernelSize: 3, features: 24, bottleneck: 24,
      blocks: 1, connections: [], headFeatures: 24, activationMaximum: 4000),
    Architecture(
      symbolCentre: .colourMED, inputKinds: [.value, .residual, .prediction], kernelSize: 5,
      features: 24, bottleneck: 24, blocks: 0, connections: [.skip], headFeatures: 24,
      activationMaximum: 32767),
    Architecture(
      symbolCentre: .adaptive, inputKinds: [.residual, .prediction], kernelSize: 3, features: 24,
      bottleneck: 24, blocks: 1, connections: [.residual, .skip], headFeatures: 24,
      activationMaximum: 32767),
    Architecture(
      symbolCentre: .adaptiveWide, inputKinds: [.value, .residual, .prediction], kernelSize: 7,
      features: 24, bottleneck: 24, blocks: 1, connections: [.residual],
      headFeatures: 48, activationMaximum: 16383),
    Architecture(
      colours: 1, symbolCentre: .adaptiveWide, inputKinds: [.residual, .prediction],
      kernelSize: 5, features: 48, bottleneck: 24, blocks: 1, connections: [.residual, .skip],
      headFeatures: 24, activationMaximum: 32767),
    Architecture(
      colours: 1, symbolCentre: .colourMED, inputKinds: [.value], kernelSize: 5, features: 24,
      bottleneck: 24, blocks: 1, connections: [.residual], headFeatures: 24,
      activationMaximum: 32767),
    Architecture(
      body: .rowLSTM, symbolCentre: .colourMED, inputKinds: [.value, .prediction], kernelSize: 5,
      features: 48, bottleneck: 24, blocks: 2, connections: [.residual, .skip], headFeatures: 24,
      activationMaximum: 32767),
    Architecture(
      body: .rowLSTM, symbolCentre: .adaptive, inputKinds: [.residual, .prediction],
      kernelSize: 3, features: 24, bottleneck: 24, blocks: 1, connections: [.residual],
      headFeatures: 24, activationMaximum: 32767),
    Architecture(
      body: .diagonalBiLSTM, symbolCentre: .colourMED, inputKinds: [.value, .prediction],
      kernelSize: 5, features: 48, bottleneck: 24, blocks: 2, connections: [.residual, .skip],
      headFeatures: 24, activationMaximum: 32767),
    Architecture(
      colours: 1, body: .diagonalBiLSTM, symbolCentre: .raw, inputKinds: [.value], kernelSize: 7,
      features: 32, bottleneck: 16, blocks: 1, connections: [.residual], headFeatures: 8,
      activationMaximum: 16383),
    Architecture(
      colours: 1, head: .sigmoid, symbolCentre: .raw, inputKinds: .value, kernelSize: 7,
      features: 32, bottleneck: 16, blocks: 2, connections: [.residual, .skip], headFeatures: 8,
      activationMaximum: 16383),
    Architecture(
      colours: 1, body: .rowLSTM, head: .sigmoid, symbolCentre: .raw, inputKinds: .value,
      kernelSize: 3, features: 16, bottleneck: 8, blocks: 1, connections: [.residual],
      headFeatures: 16, activationMaximum: 32767),
    Architecture(
      symbolCentre: .adaptive, inputKinds: [.residual, .prediction], kernelSize: 3, features: 24,
      bottleneck: 24, blocks: 4, dilationCycle: 4, connections: [.residual, .skip],
      headFeatures: 24, activationMaximum: 32767),
    Architecture(
      colours: 1, head: .sigmoid, symbolCentre: .raw, inputKinds: .value, kernelSize: 3,
      features: 16, bottleneck: 8, blocks: 5, dilationCycle: 5, connections: [.residual],
      headFeatures: 16, activationMaximum: 32767),
    Architecture(
      body: .rowLSTM, symbolCentre: .colourMED, inputKinds: [.value, .prediction], kernelSize: 5,
      features: 24, bottleneck: 24, blocks: 4, dilationCycle: 4, connections: [.residual, .skip],
      headFeatures: 24, activationMaximum: 32767),
    Architecture(
      body: .rowLSTM, symbolCentre: .adaptive, inputKinds: [.residual, .prediction],
      kernelSize: 3, features: 24, bottleneck: 24, blocks: 2, dilationCycle: 2,
      connections: [.residual], headFeatures: 24, activationMaximum: 32767),
  ]

  /// The same for the network of this architecture: 0 and 1 for a sigmoid.
  static func image(rows: Int, columns: Int, for architecture: Architecture) -> Image {
    var image = image(rows: rows, columns: columns, colours: architecture.colours)
    if architecture.head == .sigmoid {
      image.planes[0].samples = image.planes[0].samples.map { $0 >> 5 & 1 }
    }
    return Image(architecture.pixelFormat, planes: image.planes)
  }

  /// Slopes, noise and extremes; the same in every run.
  static func image(rows: Int, columns: Int, colours: Int = 3) -> Image {
    var state: UInt32 = 1
    let samples = (0..<colours * rows * columns).map { i -> UInt8 in
      state = state &* 1_664_525 &+ 1_013_904_223
      if state >> 28 == 0 { return 0 }
      if state >> 28 == 1 { return 255 }
      return UInt8(
        truncatingIfNeeded: i / colours % columns * 3 + i % colours * 50 + Int(state >> 27))
    }
    return Image(width: columns, height: rows, interleaved: samples, colours: colours)
  }

  @Test(
    arguments: [
      (1, 1), (1, 2), (2, 1), (1, 37), (37, 1), (2, 2), (3, 70), (70, 3), (31, 37), (64, 50),
      (3000, 2),
    ])
  func roundTrip(_ rows: Int, _ columns: Int) throws {
    for architecture in Self.architectures {
      let tile = Self.image(rows: rows, columns: columns, for: architecture)
      let codec = TileCodec(model: try Self.model(architecture), threads: 2)
      let bytes = try codec.encode(tile)
      #expect(try codec.decode(bytes, rows: rows, columns: columns) == tile)
    }
  }

  @Test func bytesDoNotDependOnThreadsAndKernels() throws {
    for architecture in Self.architectures {
      let tile = Self.image(rows: 61, columns: 83, for: architecture)
      let model = try Self.model(architecture)
      let expected = try TileCodec(model: model, threads: 1).encode(tile)
      for instructions in InstructionSet.supported {
        for threads in [1, 2, 3, 5] {
          let codec = TileCodec(model: model, threads: threads, instructions: instructions)
          #expect(try codec.encode(tile) == expected, "\(instructions), \(threads) threads")
          #expect(try codec.decode(expected, rows: 61, columns: 83) == tile)
        }
      }
    }
  }

  /// Several tiles in one stream, each as if it were alone; a stream of one is that of the tile.
  @Test(arguments: [MixingLevel.pure, .standard]) func tilesShareAStream(_ mixing: MixingLevel)
    throws
  {
    for architecture in Self.architectures
    where mixing == .pure || architecture.symbolCentre.isAdaptive {
      let codec = TileCodec(model: try Self.model(architecture), mixing: mixing, threads: 2)
      let sizes = [(9, 11), (1, 1), (9, 11), (5, 30), (1, 7)]
      let tiles = sizes.map { Self.image(rows: $0.0, columns: $0.1, for: architecture) }
      var mixings = [MixingParameters(mixing)]
      if mixing != .pure {
        mixings += [MixingParameters(mixing, adaptation: 2), MixingParameters(.full)]
      }
      let streams = try codec.streams(tiles, mixings: mixings)
      #expect(streams.count == mixings.count)
      var decoded: [Image] = []
      try codec.decode(streams[0], sizes: sizes) { number, tile in
        #expect(number == decoded.count)
        decoded.append(tile)
      }
      #expect(decoded == tiles)
      let apart = try tiles.reduce(0) { try $0 + codec.encode($1).count }
      #expect(streams[0].count <= apart && streams[0].count + 2 * tiles.count >= apart)
      #expect(
        try codec.streams(tiles.prefix(1), mixings: [MixingParameters(mixing)]) == [
          codec.encode(tiles[0])
        ])
      #expect(throws: EntropyCodingError.self) {
        try codec.decode(streams[0] + [1], sizes: sizes) { _, _ in }
      }
      #expect(throws: EntropyCodingError.self) {
        try codec.decode(streams[0], sizes: sizes.dropLast(2)) { _, _ in }
      }
    }
  }

  @Test(arguments: [1, 7, 9, 11])
  func damageIsRefusedOrDecodesToSomethingElse(_ index: Int) throws {
    let tile = Self.image(rows: 9, columns: 8, for: Self.architectures[index])
    let codec = TileCodec(model: try Self.model(Self.architectures[index]), threads: 1)
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

  /// The widest networks, whose gray groups are three times as wide.
  @Test(arguments: [1, 3], [0, 1]) func widestLayers(colours: Int, blocks: Int) throws {
    let architecture = Architecture(
      colours: colours, symbolCentre: .adaptive, inputKinds: [.residual], kernelSize: 3,
      features: blocks == 0 ? 1536 : 24, bottleneck: blocks == 0 ? 24 : 1536, blocks: blocks,
      connections: [.residual], headFeatures: 24, activationMaximum: 255)
    let tile = Self.image(rows: 20, columns: 3, colours: colours)
    let codec = TileCodec(model: try Self.model(architecture), threads: 2)
    #expect(try codec.decode(codec.encode(tile), rows: 20, columns: 3) == tile)
  }

  /// The widest group of all: the gates of a gray LSTM.
  @Test(arguments: [Body.rowLSTM, .diagonalBiLSTM]) func widestGates(_ body: Body) throws {
    let architecture = Architecture(
      colours: 1, body: body, symbolCentre: .raw, inputKinds: [.residual], kernelSize: 3,
      features: 8, bottleneck: 1536, blocks: 1, connections: [.residual], headFeatures: 8,
      activationMaximum: 255)
    let tile = Self.image(rows: 3, columns: 3, colours: 1)
    let codec = TileCodec(model: try Self.model(architecture), threads: 1)
    #expect(try codec.decode(codec.encode(tile), rows: 3, columns: 3) == tile)
  }

  @Test func workingBytesGrowWithTheTile() throws {
    let model = try Self.model(Self.architectures[0])
    let small = TileCodec.workingBytes(
      model: model, mixings: [MixingParameters(.pure)], rows: 256, columns: 256)
    let large = TileCodec.workingBytes(
      model: model, mixings: [MixingParameters(.pure)], rows: 1024, columns: 1024)
    #expect(small > 3 * 256 * 256 && large > 3 * 1024 * 1024)
    #expect(large < 64 << 20 && large < 16 * small)
    #expect(TileCodec.bandLength(rows: 1) == 16 && TileCodec.bandLength(rows: 65535) == 1)
    #expect(
      TileCodec.workingBytes(
        model: model, mixings: [MixingParameters(.pure)], rows: 65535, columns: 65535) > 3 * 65535
        * 65535)
  }
}
