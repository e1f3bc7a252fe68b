import Bytes
import EntropyCoding
import ImagePlanes
import Mixing
import Platform

// Both sides of the pixel loop with mixing. The mixing learns value by value, so the encoder, too,
// goes diagonal by diagonal and colour by colour. A tile's lanes have coders of their own; the
// stream is the length of each lane's bytes but the last's, as varints, and the bytes (FORMAT.md,
// section 8.7). Where tiles of one lane share a section, the coders go from tile to tile.

/// The bytes of one way of mixing the tiles of a section: a range encoder for each lane.
package final class MixingStream: @unchecked Sendable {
  // Unchecked: it is changed before the threads of a tile start.
  fileprivate var encoders: [RangeEncoder] = []

  /// Ends the stream.
  ///
  /// - Returns: the stream.
  /// - Throws: `EntropyCodingError.outOfMemory`.
  package func finish() throws(EntropyCodingError) -> [UInt8] {
    // The encoders' bytes are copied, and copied once more where they are joined.
    let size = encoders.reduce(64) { $0 + $1.count }
    guard Memory.canAllocate(3 * size) else { throw .outOfMemory }
    var streams: [[UInt8]] = []
    for encoder in encoders { streams.append(try encoder.finish()) }
    var bytes: [UInt8] = []
    for stream in streams.dropLast() { bytes.append(varint: stream.count) }
    return bytes + streams.joined()
  }
}

/// The encoder's side. It makes a stream for each of several mixings, of what the network is
/// evaluated for once.
final class MixingEncoder: ValueCoder {
  let output = TileEvaluation.Output.distributions
  let lanes: Lanes
  /// Axes: mixing, lane.
  private let mixers: [[LaneMixer]]
  private let encoders: [[RangeEncoder]]
  private let usesNetwork: Bool

  /// A tile's side.
  ///
  /// - Parameters:
  ///   - mixings: at least one, none of them `pure`.
  ///   - evaluation: of the tile, nothing evaluated yet.
  ///   - streams: as many, as the tile before has left them.
  ///   - usesNetwork: if not, the streams tell what the network is worth, but not the tile.
  ///   - instructions: the version of the arithmetic.
  /// - Throws: `EntropyCodingError.outOfMemory`.
  init(
    _ mixings: [MixingParameters], of evaluation: TileEvaluation, streams: [MixingStream],
    usesNetwork: Bool, instructions: InstructionSet
  ) throws(EntropyCodingError) {
    let lanes = Lanes(rows: evaluation.tile.rows, columns: evaluation.tile.columns)
    self.lanes = lanes
    self.usesNetwork = usesNetwork
    var mixers: [[LaneMixer]] = []
    for mixing in mixings { mixers.append(try evaluation.mixers(mixing, instructions)) }
    self.mixers = mixers
    for stream in streams where stream.encoders.isEmpty {
      stream.encoders = (0..<lanes.count).map { _ in RangeEncoder() }
    }
    encoders = streams.map(\.encoders)
  }

  func code(
    diagonal t: Int, colour: Int, rows: Range<Int>, lane: Int, in evaluation: TileEvaluation
  ) {
    guard !rows.isEmpty, let network = evaluation.network else { return }
    let (values, step) = evaluation.values(diagonal: t, colour: colour)
    for (mixers, encoders) in zip(mixers, encoders) {
      mixers[lane].encode(
        diagonal: t, colour: colour, rows: rows, coder: encoders[lane],
        distributions: usesNetwork ? network.distributions : nil, values: values, step: step)
    }
  }
}

/// The decoder's side.
final class MixingDecoder: ValueCoder {
  let output = TileEvaluation.Output.distributions
  let lanes: Lanes
  private let mixers: [LaneMixer]
  /// That of each lane, as the tile leaves it.
  let decoders: [RangeDecoder]

  /// A tile's side.
  ///
  /// - Parameters:
  ///   - mixing: of the file.
  ///   - evaluation: of the tile, nothing evaluated yet.
  ///   - decoders: as the tile before has left them; nil for the first tile.
  ///   - stream: of the section.
  ///   - instructions: the version of the arithmetic.
  /// - Throws: `EntropyCodingError.outOfMemory`, `laneLength`.
  init(
    _ mixing: MixingParameters, of evaluation: TileEvaluation, decoders: [RangeDecoder]?,
    stream: ArraySlice<UInt8>, instructions: InstructionSet
  ) throws(EntropyCodingError) {
    let lanes = Lanes(rows: evaluation.tile.rows, columns: evaluation.tile.columns)
    self.lanes = lanes
    mixers = try evaluation.mixers(mixing, instructions)
    if let decoders {
      self.decoders = decoders
    } else {
      self.decoders = try Self.decoders(of: stream, lanes: lanes.count)
    }
  }

  /// A stream's decoders at their starts, one for each lane.
  ///
  /// - Throws: `EntropyCodingError.laneLength`, `outOfMemory`.
  private static func decoders(
    of stream: ArraySlice<UInt8>, lanes: Int
  ) throws(EntropyCodingError) -> [RangeDecoder] {
    // The stream is copied, each lane's part of it, and that again for its decoder.
    guard Memory.canAllocate(3 * stream.count + 64) else { throw .outOfMemory }
    var reader = ByteReader<EntropyCodingError>(Array(stream), 0..<stream.count) { _ in .laneLength
    }
    var lengths: [Int] = []
    for _ in 1..<max(lanes, 1) { lengths.append(try reader.varint()) }
    var made: [RangeDecoder] = []
    for length in lengths { made.append(RangeDecoder(try reader.array(length))) }
    made.append(RangeDecoder(try reader.array(reader.remaining)))
    return made
  }

  func code(
    diagonal t: Int, colour: Int, rows: Range<Int>, lane: Int, in evaluation: TileEvaluation
  ) {
    guard !rows.isEmpty, let network = evaluation.network else { return }
    let (values, step) = evaluation.values(diagonal: t, colour: colour)
    mixers[lane].decode(
      diagonal: t, colour: colour, rows: rows, coder: decoders[lane],
      distributions: network.distributions, values: values, step: step)
  }

  /// - Throws: `EntropyCodingError.outsideAnyInterval`, with which a damaged stream is found early.
  func check() throws(EntropyCodingError) {
    for decoder in decoders where decoder.isCorrupt {
      throw decoder.lacksMemory ? .outOfMemory : .outsideAnyInterval
    }
  }
}

extension TileEvaluation {
  /// The mixing of each lane before its first value.
  ///
  /// - Throws: `EntropyCodingError.outOfMemory`.
  fileprivate func mixers(
    _ mixing: MixingParameters, _ instructions: InstructionSet
  ) throws(EntropyCodingError) -> [LaneMixer] {
    guard let prediction = predictor.adaptive,
      let mixers = LaneMixer.lanes(
        mixing, prediction: prediction, scale: scale, instructions: instructions)
    else { throw .outOfMemory }
    return mixers
  }
}
