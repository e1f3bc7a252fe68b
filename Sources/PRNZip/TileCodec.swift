import EntropyCoding
import ImagePlanes
import Mixing
import PixelNetwork
import Platform

/// Codes the tiles of a section with a PixelCNN (FORMAT.md, sections 2 to 7): one, or several that share a range coder.
///
///     let codec = TileCodec(model: model, threads: 2)
///     let bytes = try codec.encode(tile)
///     let same = try codec.decode(bytes, rows: tile.height, columns: tile.width)
///
/// The bytes depend on the tiles and the model alone.
struct TileCodec: Sendable {
  /// The network.
  let model: PixelCNN
  /// What joins it.
  let mixing: MixingParameters
  /// Threads to use.
  let threads: Int
  /// The version of the arithmetic.
  let instructions: InstructionSet

  /// - Parameters:
  ///   - model: the network.
  ///   - mixing: `pure` codes with the network's softmax alone.
  ///   - threads: 1 or more.
  ///   - instructions: all give the same bytes.
  init(
    model: PixelCNN, mixing: MixingParameters = MixingParameters(.pure), threads: Int,
    instructions: InstructionSet = .current
  ) {
    self.model = model
    self.mixing = mixing
    self.threads = max(threads, 1)
    self.instructions = instructions
  }

  /// Complexity: O(pixels * multiplications per pixel).
  ///
  /// - Parameter tile: at least one pixel, at most 65535 x 65535.
  /// - Returns: the tile's stream.
  /// - Throws: `EntropyCodingError.outOfMemory`.
  func encode(_ tile: Image) throws(EntropyCodingError) -> [UInt8] {
    try streams([tile], mixings: [mixing])[0]
  }

  /// The tiles' streams with several mixings; the network is evaluated only once.
  ///
  /// Complexity: O(pixels * (multiplications per pixel + mixings)).
  ///
  /// - Parameters:
  ///   - tiles: of at least one pixel, at most 65535 x 65535; if there are several, and there is mixing, each has one lane.
  ///   - mixings: instead of the codec's; `pure` stands alone.
  ///   - usesNetwork: if not, and there is mixing, the streams tell what the network is worth, but not the tiles.
  /// - Returns: a stream for each mixing.
  /// - Throws: `EntropyCodingError.outOfMemory`.
  func streams(
    _ tiles: some Sequence<Image>, mixings: [MixingParameters], usesNetwork: Bool = true
  ) throws(EntropyCodingError) -> [[UInt8]] {
    guard mixings != [MixingParameters(.pure)] else {
      var coder = TileEncoder()
      for tile in tiles { try run(&coder, tile) }
      return [try coder.encoder.finish()]
    }
    var encoders: [[RangeEncoder]]?
    for tile in tiles {
      let evaluation = try decodingEvaluation(
        TileSamples(tile, colours: model.architecture.colours))
      var lanesOfMixings: [[LaneMixer]] = []
      for mixing in mixings { lanesOfMixings.append(try lanes(evaluation, mixing)) }
      let coder = MixedTileEncoder(
        mixings: lanesOfMixings, encoders: encoders, usesNetwork: usesNetwork)
      try loop(evaluation).run(lanes: coder)
      encoders = coder.encoders
    }
    var streams: [[UInt8]] = []
    for encoders in encoders ?? [] { streams.append(try MixedTileEncoder.stream(encoders)) }
    return streams
  }

  /// Lets `coder` have all values of a tile, without mixing.
  ///
  /// - Throws: `EntropyCodingError.outOfMemory`, and what `coder` throws.
  func run(_ coder: inout some SymbolCoder, _ tile: Image) throws(EntropyCodingError) {
    guard
      let evaluation = PixelCNNEvaluation(
        model: model, samples: TileSamples(tile, colours: model.architecture.colours),
        bandLength: Self.bandLength(rows: tile.height), keepsDistributions: false,
        instructions: instructions)
    else { throw .outOfMemory }
    try loop(evaluation).run(&coder)
  }

  /// Complexity: O(pixels * multiplications per pixel).
  ///
  /// - Parameters:
  ///   - bytes: any.
  ///   - rows: of the tile, 1 to 65535.
  ///   - columns: of the tile, 1 to 65535.
  ///   - small: its small image, of a multi-scale network.
  /// - Returns: the tile.
  /// - Throws: `EntropyCodingError` if `bytes` are not what the encoder writes.
  func decode(
    _ bytes: [UInt8], rows: Int, columns: Int, small: Image? = nil
  ) throws(EntropyCodingError) -> Image {
    var image: Image?
    try decode(bytes, sizes: [(rows, columns)], small: { _ in small }) { image = $1 }
    return image ?? Image(width: 0, height: 0)
  }

  /// Decodes several tiles that share a section.
  ///
  /// Complexity: O(pixels * multiplications per pixel).
  ///
  /// - Parameters:
  ///   - bytes: any.
  ///   - sizes: of the tiles: rows and columns, each 1 to 65535.
  ///   - small: gives each tile's small image, of a multi-scale network.
  ///   - take: gets each tile's number, from 0, and the tile, in order. What it has got may be wrong if an error follows.
  /// - Throws: `EntropyCodingError` if `bytes` are not what the encoder writes.
  func decode(
    _ bytes: [UInt8], sizes: some Sequence<(rows: Int, columns: Int)>,
    small: (Int) -> Image? = { _ in nil }, take: (Int, Image) -> Void
  ) throws(EntropyCodingError) {
    let isPure = mixing.level == .pure
    var pure = TileDecoder(decoder: RangeDecoder(isPure ? bytes : []))
    var decoders: [RangeDecoder]?
    for (number, size) in sizes.enumerated() {
      let samples = TileSamples(
        rows: size.rows, columns: size.columns, colours: model.architecture.colours)
      if let small = small(number) {
        samples.place(small: small, scale: model.architecture.scale)
      }
      let evaluation = try decodingEvaluation(samples)
      let loop = loop(evaluation)
      if isPure {
        try loop.run(&pure)
      } else {
        let lanes = try lanes(evaluation, mixing)
        if decoders == nil {
          decoders = try MixedTileDecoder.decoders(lanes: lanes.count, stream: bytes)
        }
        let coder = MixedTileDecoder(lanes: lanes, decoders: decoders ?? [])
        try loop.run(lanes: coder)
        decoders = coder.decoders
      }
      take(number, samples.image())
    }
    if isPure { try pure.decoder.finish() }
    for decoder in decoders ?? [] { try decoder.finish() }
  }

  /// Small tiles have no work for several threads.
  private func loop(_ evaluation: PixelCNNEvaluation) -> PixelLoop {
    let samples = evaluation.samples
    return PixelLoop(evaluation, threads: samples.rows * samples.columns < 4096 ? 1 : threads)
  }

  private func decodingEvaluation(
    _ samples: TileSamples
  ) throws(EntropyCodingError) -> PixelCNNEvaluation {
    guard
      let evaluation = PixelCNNEvaluation(
        model: model, samples: samples, bandLength: 1, keepsDistributions: true,
        instructions: instructions)
    else { throw .outOfMemory }
    return evaluation
  }

  private func lanes(
    _ evaluation: PixelCNNEvaluation, _ mixing: MixingParameters
  ) throws(EntropyCodingError) -> [LaneMixer] {
    guard let prediction = evaluation.adaptivePrediction,
      let lanes = LaneMixer.lanes(
        mixing, prediction: prediction, scale: model.architecture.scale,
        instructions: instructions)
    else {
      throw .outOfMemory
    }
    return lanes
  }

  /// Diagonals that the encoder evaluates at once: enough for its threads to be busy, fewer where they are
  /// long. The bytes do not depend on it.
  static func bandLength(rows: Int) -> Int { min(max(16384 / max(rows, 1), 1), 16) }

  /// The most bytes of memory that coding a tile takes, in either direction, besides the tile's image and
  /// its streams. The encoder's share grows with the number of `mixings` that it tries.
  static func workingBytes(
    model: PixelCNN, mixings: [MixingParameters], rows: Int, columns: Int
  ) -> Int {
    let encoder = PixelCNNEvaluation.memory(
      architecture: model.architecture, rows: rows, columns: columns,
      bandLength: bandLength(rows: rows), keepsDistributions: false)
    let decoder = PixelCNNEvaluation.memory(
      architecture: model.architecture, rows: rows, columns: columns, bandLength: 1,
      keepsDistributions: true)
    return mixings.reduce(max(encoder, decoder)) {
      $0 + LaneMixer.memory(level: $1.level, rows: rows, columns: columns)
    }
  }
}

/// The encoder's side of the loop.
struct TileEncoder: SymbolCoder {
  static let knowsValues = true
  let encoder = RangeEncoder()

  mutating func code(
    diagonal: Int, colour: Int, rows: Range<Int>, in evaluation: PixelCNNEvaluation
  ) throws(EntropyCodingError) {
    for row in rows where !evaluation.isKnown(diagonal: diagonal, row: row) {
      let event = evaluation.event(diagonal: diagonal, colour: colour, row: row)
      encoder.encode(
        cumulative: event.cumulative, frequency: event.frequency, total: event.total)
    }
  }
}

/// The decoder's side of the loop.
struct TileDecoder: SymbolCoder {
  static let knowsValues = false
  let decoder: RangeDecoder

  /// - Throws: `EntropyCodingError.outsideAnyInterval`, with which a damaged stream may be found out early.
  mutating func code(
    diagonal: Int, colour: Int, rows: Range<Int>, in evaluation: PixelCNNEvaluation
  ) throws(EntropyCodingError) {
    for row in rows where !evaluation.isKnown(diagonal: diagonal, row: row) {
      let target = decoder.target(total: evaluation.total(row: row))
      let found = evaluation.find(target: target, row: row)
      decoder.consume(cumulative: found.event.cumulative, frequency: found.event.frequency)
      evaluation.decode(symbol: found.symbol, diagonal: diagonal, colour: colour, row: row)
    }
    evaluation.record(diagonal: diagonal, colour: colour, rows: rows)
    if decoder.isCorrupt { throw .outsideAnyInterval }
  }
}
