import EntropyCoding
import ImagePlanes
import PixelModels

/// Codes one tile with a PixelCNN (FORMAT.md, sections 2 to 7).
///
///     let codec = TileCodec(model: model, threads: 2)
///     let bytes = try codec.encode(tile)
///     let same = try codec.decode(bytes, rows: tile.height, columns: tile.width)
///
/// The bytes depend on the tile and the model alone.
struct TileCodec: Sendable {
  /// The network.
  let model: PixelCNN
  /// What joins it.
  let mixing: MixingLevel
  /// How fast the mixing follows the image.
  let adaptation: UInt8
  /// Threads to use.
  let threads: Int
  /// The version of the arithmetic.
  let kernels: IntegerKernels

  /// - Parameters:
  ///   - model: the network.
  ///   - mixing: `pure` codes with the network's softmax alone.
  ///   - adaptation: how fast the mixing follows the image.
  ///   - threads: 1 or more.
  ///   - kernels: all versions give the same bytes.
  init(
    model: PixelCNN, mixing: MixingLevel = .pure, adaptation: UInt8 = 0, threads: Int,
    kernels: IntegerKernels = .automatic
  ) {
    self.model = model
    self.mixing = mixing
    self.adaptation = adaptation
    self.threads = max(threads, 1)
    self.kernels = kernels
  }

  /// Complexity: O(pixels * multiplications per pixel).
  ///
  /// - Parameter tile: at least one pixel, at most 65535 x 65535.
  /// - Returns: the tile's stream.
  /// - Throws: `EntropyCodingError.outOfMemory`.
  func encode(_ tile: Image) throws(EntropyCodingError) -> [UInt8] {
    try mixing == .pure ? pureStream(tile) : streams(tile, adaptations: [adaptation])[0]
  }

  /// The tile's streams with several adaptations; the network is evaluated only once. With `pure`, which has none, they
  /// are all the same.
  ///
  /// Complexity: O(pixels * (multiplications per pixel + adaptations)).
  ///
  /// - Parameters:
  ///   - tile: at least one pixel, at most 65535 x 65535.
  ///   - adaptations: instead of the codec's.
  ///   - usesNetwork: if not, and there is mixing, the streams tell what the network is worth, but not the tile.
  /// - Returns: a stream for each adaptation.
  /// - Throws: `EntropyCodingError.outOfMemory`.
  func streams(
    _ tile: Image, adaptations: [UInt8], usesNetwork: Bool = true
  ) throws(EntropyCodingError) -> [[UInt8]] {
    guard mixing != .pure else {
      return [[UInt8]](repeating: try pureStream(tile), count: adaptations.count)
    }
    let evaluation = try decodingEvaluation(
      TileSamples(tile, colours: model.architecture.colours))
    var mixings: [[OnlineMixing]] = []
    for adaptation in adaptations { mixings.append(try lanes(evaluation, adaptation)) }
    let coder = MixedTileEncoder(mixings: mixings, usesNetwork: usesNetwork)
    try PixelLoop(evaluation, threads: threads).run(lanes: coder)
    return coder.finish()
  }

  private func pureStream(_ tile: Image) throws(EntropyCodingError) -> [UInt8] {
    let samples = TileSamples(tile, colours: model.architecture.colours)
    guard
      let evaluation = PixelCNNEvaluation(
        model: model, samples: samples, bandLength: Self.bandLength(rows: tile.height),
        keepsDistributions: false, kernels: kernels)
    else { throw .outOfMemory }
    var coder = TileEncoder()
    try PixelLoop(evaluation, threads: threads).run(&coder)
    return coder.encoder.finish()
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
    let samples = TileSamples(
      rows: rows, columns: columns, colours: model.architecture.colours)
    if let small { samples.place(small: small, scale: model.architecture.scale) }
    let evaluation = try decodingEvaluation(samples)
    let loop = PixelLoop(evaluation, threads: threads)
    if mixing == .pure {
      var coder = TileDecoder(decoder: RangeDecoder(bytes))
      try loop.run(&coder)
      try coder.decoder.finish()
    } else {
      let coder = try MixedTileDecoder(
        lanes: try lanes(evaluation, adaptation), stream: bytes)
      try loop.run(lanes: coder)
      try coder.finish()
    }
    return samples.image()
  }

  private func decodingEvaluation(
    _ samples: TileSamples
  ) throws(EntropyCodingError) -> PixelCNNEvaluation {
    guard
      let evaluation = PixelCNNEvaluation(
        model: model, samples: samples, bandLength: 1, keepsDistributions: true, kernels: kernels)
    else { throw .outOfMemory }
    return evaluation
  }

  private func lanes(
    _ evaluation: PixelCNNEvaluation, _ adaptation: UInt8
  ) throws(EntropyCodingError) -> [OnlineMixing] {
    guard
      let lanes = OnlineMixing.lanes(
        level: mixing, adaptation: adaptation, evaluation: evaluation)
    else {
      throw .outOfMemory
    }
    return lanes
  }

  /// Diagonals that the encoder evaluates at once: enough for its threads to be busy, fewer where they are
  /// long. The bytes do not depend on it.
  static func bandLength(rows: Int) -> Int { min(max(16384 / max(rows, 1), 1), 16) }

  /// The most bytes of memory that coding a tile takes, in either direction, besides the tile's image and
  /// its streams. The encoder's share grows with the number of `adaptations` that it tries.
  static func workingBytes(
    model: PixelCNN, mixing: MixingLevel, adaptations: Int = 1, rows: Int, columns: Int
  ) -> Int {
    let encoder = PixelCNNEvaluation.memory(
      architecture: model.architecture, rows: rows, columns: columns,
      bandLength: bandLength(rows: rows), keepsDistributions: false)
    let decoder = PixelCNNEvaluation.memory(
      architecture: model.architecture, rows: rows, columns: columns, bandLength: 1,
      keepsDistributions: true)
    return max(encoder, decoder)
      + (mixing == .pure
        ? 0 : adaptations * OnlineMixing.memory(level: mixing, rows: rows, columns: columns))
  }
}

/// The encoder's side of the loop.
struct TileEncoder: SymbolCoder {
  static let knowsValues = true
  var encoder = RangeEncoder()

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
  var decoder: RangeDecoder

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
