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
  fileprivate var encoders: [RangeEncoder] = []

  /// Ends the stream.
  package func finish() -> [UInt8] {
    let streams = encoders.map { encoder in
      var encoder = encoder
      return encoder.finish()
    }
    var bytes: [UInt8] = []
    for stream in streams.dropLast() {
      var length = stream.count
      while length > 127 {
        bytes.append(UInt8(length & 127) | 128)
        length >>= 7
      }
      bytes.append(UInt8(length))
    }
    return bytes + streams.joined()
  }
}

/// The encoder's side. It makes a stream for each of several mixings, of what the network is
/// evaluated for once.
final class MixingEncoder: ValueCoder, @unchecked Sendable {
  let output = TileEvaluation.Output.distributions
  let lanes: Lanes
  /// Axes: mixing, lane.
  private let mixers: [[OnlineMixing]]
  private let streams: [MixingStream]
  private let usesNetwork: Bool

  init(
    _ mixings: [MixingChoice], of evaluation: TileEvaluation, streams: [MixingStream],
    usesNetwork: Bool, instructions: InstructionSet
  ) throws(EntropyCodingError) {
    lanes = Lanes(rows: evaluation.tile.rows, columns: evaluation.tile.columns)
    self.streams = streams
    self.usesNetwork = usesNetwork
    var mixers: [[OnlineMixing]] = []
    for mixing in mixings {
      mixers.append(try OnlineMixing.made(mixing, of: evaluation, instructions))
    }
    self.mixers = mixers
    for stream in streams where stream.encoders.isEmpty {
      stream.encoders = (0..<lanes.count).map { _ in RangeEncoder() }
    }
  }

  func code(
    diagonal t: Int, colour: Int, rows: Range<Int>, lane: Int, in evaluation: TileEvaluation
  ) {
    guard !rows.isEmpty, let network = evaluation.network else { return }
    let (values, step) = evaluation.values(diagonal: t, colour: colour)
    for (mixers, stream) in zip(mixers, streams) {
      let mixing = mixers[lane]
      for row in rows where !evaluation.isKnown(diagonal: t, row: row) {
        mixing.prepare(diagonal: t, colour: colour, row: row)
        mixing.begin(network: usesNetwork ? UnsafeRawPointer(network.distributions + row) : nil)
        while case let p = mixing.next(), p > 0 {
          let decision = mixing.decision(for: values[row &* step])
          stream.encoders[lane].encode(bit: decision, probabilityOfOne: p)
          mixing.update(decision)
        }
        _ = mixing.end()
      }
    }
  }
}

/// The decoder's side.
final class MixingDecoder: ValueCoder, @unchecked Sendable {
  /// The bytes of a section's tiles: a range decoder for each lane.
  final class Stream: @unchecked Sendable {
    fileprivate var decoders: [RangeDecoder]
    fileprivate init(_ decoders: [RangeDecoder]) { self.decoders = decoders }

    /// Checks the end of the stream.
    func finish() throws(EntropyCodingError) {
      for decoder in decoders { try decoder.finish() }
    }
  }

  let output = TileEvaluation.Output.distributions
  let lanes: Lanes
  private let mixers: [OnlineMixing]
  private let stream: Stream

  /// - Parameters:
  ///   - mixing: of the file.
  ///   - evaluation: of the tile.
  ///   - stream: as the tile before has left it; made of the bytes for the first.
  ///   - bytes: of the section.
  init(
    _ mixing: MixingChoice, of evaluation: TileEvaluation, stream: inout Stream?,
    bytes: ArraySlice<UInt8>, instructions: InstructionSet
  ) throws(EntropyCodingError) {
    lanes = Lanes(rows: evaluation.tile.rows, columns: evaluation.tile.columns)
    mixers = try OnlineMixing.made(mixing, of: evaluation, instructions)
    if let stream {
      self.stream = stream
    } else {
      self.stream = Stream(try Self.decoders(lanes: lanes.count, stream: bytes))
      stream = self.stream
    }
  }

  private static func decoders(
    lanes: Int, stream: ArraySlice<UInt8>
  ) throws(EntropyCodingError) -> [RangeDecoder] {
    var rest = stream
    var lengths: [Int] = []
    for _ in 1..<max(lanes, 1) {
      var length = 0
      var shift = 0
      while true {
        guard let byte = rest.popFirst(), shift < 56, byte != 0 || shift == 0 else {
          throw .laneLength
        }
        length |= Int(byte & 127) << shift
        shift += 7
        if byte < 128 { break }
      }
      lengths.append(length)
    }
    var made: [RangeDecoder] = []
    for i in 0...lengths.count {
      let length = i < lengths.count ? lengths[i] : rest.count
      guard length <= rest.count else { throw .laneLength }
      made.append(RangeDecoder(Array(rest.prefix(length))))
      rest = rest.dropFirst(length)
    }
    return made
  }

  func code(
    diagonal t: Int, colour: Int, rows: Range<Int>, lane: Int, in evaluation: TileEvaluation
  ) {
    guard !rows.isEmpty, let network = evaluation.network else { return }
    let (values, step) = evaluation.values(diagonal: t, colour: colour)
    let mixing = mixers[lane]
    for row in rows where !evaluation.isKnown(diagonal: t, row: row) {
      mixing.prepare(diagonal: t, colour: colour, row: row)
      mixing.begin(network: UnsafeRawPointer(network.distributions + row))
      while case let p = mixing.next(), p > 0 {
        mixing.update(stream.decoders[lane].decodeBit(probabilityOfOne: p))
      }
      values[row &* step] = mixing.end()
    }
  }

  /// - Throws: `EntropyCodingError.outsideAnyInterval`, with which a damaged stream may be found
  ///   early.
  func check() throws(EntropyCodingError) {
    for decoder in stream.decoders where decoder.isCorrupt { throw .outsideAnyInterval }
  }
}

extension OnlineMixing {
  /// One for each lane of a tile.
  fileprivate static func made(
    _ mixing: MixingChoice, of evaluation: TileEvaluation, _ instructions: InstructionSet
  ) throws(EntropyCodingError) -> [OnlineMixing] {
    guard let prediction = evaluation.predictor.adaptive,
      let lanes = OnlineMixing.lanes(
        level: mixing.level, adaptation: mixing.adaptation, prediction: prediction,
        instructions: instructions)
    else { throw .outOfMemory }
    return lanes
  }
}
