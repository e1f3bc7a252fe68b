import Mixing
import EntropyCoding
import PixelNetwork

// Both sides of the loop with on-line mixing. The mixing learns value by value, so the encoder, too, goes
// diagonal by diagonal and colour by colour. A tile's lanes have coders of their own; the stream is the length
// of each lane's bytes but the last's, as varints, and the bytes (FORMAT.md, section 8.7). Where tiles of one lane share a
// section, the coders go from tile to tile.

/// The encoder's side of the loop. It makes a stream for each of several mixings, of what the network is evaluated for
/// once.
final class MixedTileEncoder: LaneCoder, @unchecked Sendable {
  private final class Lane {
    let mixing: OnlineMixing
    var encoder: RangeEncoder
    init(_ mixing: OnlineMixing, _ encoder: RangeEncoder) {
      self.mixing = mixing
      self.encoder = encoder
    }
  }

  /// Axes: mixing, lane.
  private let lanes: [[Lane]]
  private let usesNetwork: Bool
  let laneCount: Int

  /// - Parameters:
  ///   - mixings: the lanes of the tile, for each stream; at least one.
  ///   - encoders: that of each lane for each stream, which has coded the tiles before; nil for the first.
  ///   - usesNetwork: if not, the streams tell what the network is worth, but not the tile.
  init(mixings: [[OnlineMixing]], encoders: [[RangeEncoder]]? = nil, usesNetwork: Bool = true) {
    lanes = mixings.enumerated().map { stream, mixings in
      let used = encoders.map { $0[stream] }
      return mixings.enumerated().map { lane, mixing in
        Lane(mixing, used.map { $0[lane] } ?? RangeEncoder())
      }
    }
    laneCount = mixings.first?.count ?? 0
    self.usesNetwork = usesNetwork
  }

  func code(
    diagonal: Int, colour: Int, rows: Range<Int>, in evaluation: PixelCNNEvaluation, lane: Int
  ) {
    guard !rows.isEmpty else { return }
    for mixing in lanes.indices {
      code(lanes[mixing][lane], diagonal: diagonal, colour: colour, rows: rows, in: evaluation)
    }
    evaluation.record(diagonal: diagonal, colour: colour, rows: rows)
  }

  private func code(
    _ lane: Lane, diagonal: Int, colour: Int, rows: Range<Int>, in evaluation: PixelCNNEvaluation
  ) {
    let mixing = lane.mixing
    let (values, step) = evaluation.values(diagonal: diagonal, colour: colour)
    let networks = evaluation.network(row: 0)
    var encoder = lane.encoder
    lane.encoder = RangeEncoder()
    let end = rows.upperBound
    var row = evaluation.codedRow(from: rows.lowerBound, before: end, diagonal: diagonal)
    if row < end { mixing.prepare(diagonal: diagonal, colour: colour, row: row) }
    while row < end {
      let value = values[row &* step]
      mixing.begin(
        network: usesNetwork ? networks + row &* PixelCNNEvaluation.networkStride : nil)
      row = evaluation.codedRow(from: row + 1, before: end, diagonal: diagonal)
      if row < end { mixing.prepare(diagonal: diagonal, colour: colour, row: row) }
      while case let p = mixing.next(), p > 0 {
        let decision = mixing.decision(for: value)
        encoder.encode(bit: decision, probabilityOfOne: p)
        mixing.update(decision)
      }
      _ = mixing.end()
    }
    lane.encoder = encoder
  }

  func check() {}

  /// The encoder of each lane for each stream, as the tile leaves it.
  var encoders: [[RangeEncoder]] { lanes.map { $0.map(\.encoder) } }

  /// A stream, of the encoders of its lanes.
  static func stream(_ encoders: [RangeEncoder]) -> [UInt8] {
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

/// The decoder's side of the loop.
final class MixedTileDecoder: LaneCoder, @unchecked Sendable {
  private final class Lane {
    let mixing: OnlineMixing
    var decoder: RangeDecoder
    init(_ mixing: OnlineMixing, _ decoder: RangeDecoder) {
      self.mixing = mixing
      self.decoder = decoder
    }
  }

  private let lanes: [Lane]
  var laneCount: Int { lanes.count }

  /// - Parameters:
  ///   - lanes: of the tile.
  ///   - decoders: as many; those that the tile before has left, if any.
  init(lanes: [OnlineMixing], decoders: [RangeDecoder]) {
    self.lanes = zip(lanes, decoders).map(Lane.init)
  }

  /// The decoder of each lane, as the tile leaves it.
  var decoders: [RangeDecoder] { lanes.map(\.decoder) }

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
      made.append(RangeDecoder(Array(rest.prefix(length))))
      rest = rest.dropFirst(length)
    }
    return made
  }

  func code(
    diagonal: Int, colour: Int, rows: Range<Int>, in evaluation: PixelCNNEvaluation, lane: Int
  ) {
    let lane = lanes[lane]
    let mixing = lane.mixing
    guard !rows.isEmpty else { return }
    let (values, step) = evaluation.values(diagonal: diagonal, colour: colour)
    let networks = evaluation.network(row: 0)
    var decoder = lane.decoder
    let end = rows.upperBound
    var next = evaluation.codedRow(from: rows.lowerBound, before: end, diagonal: diagonal)
    if next < end { mixing.prepare(diagonal: diagonal, colour: colour, row: next) }
    while next < end {
      let row = next
      mixing.begin(network: networks + row &* PixelCNNEvaluation.networkStride)
      next = evaluation.codedRow(from: row + 1, before: end, diagonal: diagonal)
      if next < end { mixing.prepare(diagonal: diagonal, colour: colour, row: next) }
      while case let p = mixing.next(), p > 0 {
        mixing.update(decoder.decodeBit(probabilityOfOne: p))
      }
      values[row &* step] = mixing.end()
    }
    lane.decoder = decoder
    evaluation.record(diagonal: diagonal, colour: colour, rows: rows)
  }

  /// - Throws: `EntropyCodingError.outsideAnyInterval`, with which a damaged stream may be found out early.
  func check() throws(EntropyCodingError) {
    for lane in lanes where lane.decoder.isCorrupt { throw .outsideAnyInterval }
  }
}
