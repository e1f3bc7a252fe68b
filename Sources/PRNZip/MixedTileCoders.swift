import EntropyCoding
import PixelModels

// Both sides of the loop with on-line mixing. The mixing learns value by value, so the encoder, too, goes
// diagonal by diagonal and colour by colour.

/// The encoder's side of the loop.
struct MixedTileEncoder: SymbolCoder {
  static let knowsValues = false
  let mixing: OnlineMixing
  var encoder = RangeEncoder()

  mutating func code(
    diagonal: Int, colour: Int, rows: Range<Int>, in evaluation: PixelCNNEvaluation
  ) throws(EntropyCodingError) {
    for row in rows {
      let value = evaluation.value(diagonal: diagonal, colour: colour, row: row)
      mixing.begin(evaluation, diagonal: diagonal, colour: colour, row: row)
      while case let p = mixing.next(), p > 0 {
        let decision = mixing.decision(for: value)
        encoder.encode(bit: decision, probabilityOfOne: p)
        mixing.update(decision)
      }
      _ = mixing.end()
    }
    evaluation.record(diagonal: diagonal, colour: colour, rows: rows)
  }
}

/// The decoder's side of the loop.
struct MixedTileDecoder: SymbolCoder {
  static let knowsValues = false
  let mixing: OnlineMixing
  var decoder: RangeDecoder

  /// - Throws: `EntropyCodingError.outsideAnyInterval`, with which a damaged stream may be found out early.
  mutating func code(
    diagonal: Int, colour: Int, rows: Range<Int>, in evaluation: PixelCNNEvaluation
  ) throws(EntropyCodingError) {
    for row in rows {
      mixing.begin(evaluation, diagonal: diagonal, colour: colour, row: row)
      while case let p = mixing.next(), p > 0 {
        mixing.update(decoder.decodeBit(probabilityOfOne: p))
      }
      let centre = evaluation.prediction(diagonal: diagonal, colour: colour, row: row)
      evaluation.record(
        symbol: mixing.end() &- centre, diagonal: diagonal, colour: colour, row: row)
    }
    if decoder.isCorrupt { throw .outsideAnyInterval }
  }
}
