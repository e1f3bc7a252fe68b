import EntropyCoding
import Mixing
import PixelNetwork

// Both sides of the loop with on-line mixing. The mixing learns value by value, so the encoder, too, goes
// diagonal by diagonal and colour by colour. A tile's lanes have coders of their own; the stream is the length
// of each lane's bytes but the last's, as varints, and the bytes (FORMAT.md, section 8.7). Where tiles of one lane share a
// section, the coders go from tile to tile.

/// The encoder's side of the loop. It makes a stream for each of several mixings, of what the network is evaluated for
/// once.
final class MixedTileEncoder: LaneCoder, @unchecked Sendable {
  /// Axes: mixing, lane.
  private let mixings: [[LaneMixer]]
  /// The encoder of each lane for each stream, as the tile leaves it.
  let encoders: [[RangeEncoder]]
  private let usesNetwork: Bool
  let laneCount: Int

  /// - Parameters:
  ///   - mixings: the lanes of the tile, for each stream; at least one.
  ///   - encoders: that of each lane for each stream, which has coded the tiles before; nil for the first.
  ///   - usesNetwork: if not, the streams tell what the network is worth, but not the tile.
  init(mixings: [[LaneMixer]], encoders: [[RangeEncoder]]? = nil, usesNetwork: Bool = true) {
    self.mixings = mixings
    self.encoders = encoders ?? mixings.map { $0.map { _ in RangeEncoder() } }
    laneCount = mixings.first?.count ?? 0
    self.usesNetwork = usesNetwork
  }

  func code(
    diagonal: Int, colour: Int, rows: Range<Int>, in evaluation: PixelCNNEvaluation, lane: Int
  ) {
    guard !rows.isEmpty else { return }
    let (values, step) = evaluation.values(diagonal: diagonal, colour: colour)
    for (mixing, encoders) in zip(mixings, encoders) {
      mixing[lane].encode(
        diagonal: diagonal, colour: colour, rows: rows, coder: encoders[lane],
        distributions: usesNetwork ? evaluation.distributionsByRow : nil, values: values,
        step: step)
    }
    evaluation.record(diagonal: diagonal, colour: colour, rows: rows)
  }

  func check() {}

  /// A stream, of the encoders of its lanes.
  ///
  /// - Throws: `EntropyCodingError.outOfMemory`.
  static func stream(_ encoders: [RangeEncoder]) throws(EntropyCodingError) -> [UInt8] {
    var streams: [[UInt8]] = []
    for encoder in encoders { streams.append(try encoder.finish()) }
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

/// The decoder's side of the loop.
final class MixedTileDecoder: LaneCoder, @unchecked Sendable {
  private let lanes: [LaneMixer]
  /// The decoder of each lane, as the tile leaves it.
  let decoders: [RangeDecoder]
  var laneCount: Int { lanes.count }

  /// - Parameters:
  ///   - lanes: of the tile.
  ///   - decoders: as many; those that the tile before has left, if any.
  init(lanes: [LaneMixer], decoders: [RangeDecoder]) {
    self.lanes = lanes
    self.decoders = decoders
  }

  /// A stream's decoders at their starts, one for each lane.
  ///
  /// - Throws: `EntropyCodingError.laneLength`.
  static func decoders(
    lanes: Int, stream: [UInt8]
  ) throws(EntropyCodingError) -> [RangeDecoder] {
    var rest = stream[...]
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
      made.append(RangeDecoder(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    return made
  }

  func code(
    diagonal: Int, colour: Int, rows: Range<Int>, in evaluation: PixelCNNEvaluation, lane: Int
  ) {
    guard !rows.isEmpty else { return }
    let (values, step) = evaluation.values(diagonal: diagonal, colour: colour)
    lanes[lane].decode(
      diagonal: diagonal, colour: colour, rows: rows, coder: decoders[lane],
      distributions: evaluation.distributionsByRow, values: values, step: step)
    evaluation.record(diagonal: diagonal, colour: colour, rows: rows)
  }

  /// - Throws: `EntropyCodingError.outsideAnyInterval`, with which a damaged stream may be found out early.
  func check() throws(EntropyCodingError) {
    for decoder in decoders where decoder.isCorrupt { throw .outsideAnyInterval }
  }
}
