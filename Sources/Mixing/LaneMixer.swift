import CEntropyCoding
import CMixing
import EntropyCoding
import ImagePlanes
import Platform
import Prediction

/// Mixing of one lane of a tile (FORMAT.md, section 8): codes each value as a walk of binary
/// decisions, whose probabilities are mixed of what the network, the predictors and contexts say.
///
///     mixer.encode(diagonal: t, colour: c, rows: rows, ...)  // or decode
///
/// Encoder and decoder make the same calls; all that is learnt follows from the values. Lanes of
/// one tile may be used at the same time, each by one thread.
package final class LaneMixer: @unchecked Sendable {
  private let state: OpaquePointer
  /// Kept for the state, which reads it.
  private let prediction: AdaptivePrediction

  /// A lane before its first value; nil where memory is short, for `pure`, or where this machine
  /// lacks the instructions.
  ///
  /// - Parameters:
  ///   - parameters: their level is any but `pure`.
  ///   - prediction: of the tile, nothing predicted yet.
  ///   - lanes: how many the tile has.
  ///   - scale: of a multi-scale network: the small image's pixels are skipped. 1 for any other.
  ///   - instructions: what the arithmetic uses; all give the same bits.
  package init?(
    _ parameters: MixingParameters, prediction: AdaptivePrediction, lanes: Int, scale: Int,
    instructions: InstructionSet
  ) {
    self.prediction = prediction
    guard
      let state = prn_mixing_create(
        Int32(parameters.level.rawValue), Int32(parameters.adaptation),
        Int32(clamping: prediction.rows), Int32(clamping: prediction.columns),
        Int32(clamping: prediction.colours), Int32(clamping: lanes), Int32(clamping: scale),
        prediction.breadth.rawValue, prediction.state, instructions.rawValue)
    else { return nil }
    self.state = state
  }

  /// The lanes of a tile before their first values; nil as for one.
  package static func lanes(
    _ parameters: MixingParameters, prediction: AdaptivePrediction, scale: Int,
    instructions: InstructionSet
  ) -> [LaneMixer]? {
    let count = Lanes(rows: prediction.rows, columns: prediction.columns).count
    var lanes: [LaneMixer] = []
    for _ in 0..<count {
      guard
        let lane = LaneMixer(
          parameters, prediction: prediction, lanes: count, scale: scale,
          instructions: instructions)
      else { return nil }
      lanes.append(lane)
    }
    return lanes
  }

  deinit { prn_mixing_destroy(state) }

  /// Bytes that the mixing of a tile of at most 65535 x 65535 pixels takes.
  package static func memory(level: MixingLevel, rows: Int, columns: Int) -> Int {
    prn_mixing_memory(
      Int32(level.rawValue), Int32(clamping: rows), Int32(clamping: columns),
      Int32(clamping: Lanes(rows: rows, columns: columns).count))
  }

  /// Codes a colour of the pixels of diagonal `t` in `rows`, which have been predicted.
  ///
  /// - Parameters:
  ///   - t: the diagonal.
  ///   - colour: its number in code order.
  ///   - rows: those of one lane.
  ///   - coder: where the decisions go.
  ///   - distributions: of row 0, with those of the other rows behind it; nil: the network has no
  ///     part in it.
  ///   - values: that of row 0, with those of the other rows behind it.
  ///   - step: from row to row.
  package func encode(
    diagonal t: Int, colour: Int, rows: Range<Int>, coder: RangeEncoder,
    distributions: UnsafePointer<prn_distribution>?, values: UnsafePointer<UInt8>, step: Int
  ) {
    prn_mixing_encode(
      state, coder.state, Int32(truncatingIfNeeded: colour), Int32(truncatingIfNeeded: t),
      Int32(truncatingIfNeeded: rows.lowerBound), Int32(truncatingIfNeeded: rows.upperBound),
      distributions, values, step)
  }

  /// Finds the values that `encode` coded; the parameters are its.
  package func decode(
    diagonal t: Int, colour: Int, rows: Range<Int>, coder: RangeDecoder,
    distributions: UnsafePointer<prn_distribution>?, values: UnsafeMutablePointer<UInt8>,
    step: Int
  ) {
    prn_mixing_decode(
      state, coder.state, Int32(truncatingIfNeeded: colour), Int32(truncatingIfNeeded: t),
      Int32(truncatingIfNeeded: rows.lowerBound), Int32(truncatingIfNeeded: rows.upperBound),
      distributions, values, step)
  }
}
