import CIntegerKernels
import CPixelMixing

/// How much of the on-line mixing a file uses (FORMAT.md, table 7.1).
public enum MixingLevel: UInt8, CaseIterable, Sendable {
  /// None: the network's softmax alone is coded.
  case pure = 0
  /// One fit, twenty contexts.
  case fast = 1
  /// Two fits, all contexts.
  case standard = 2
  /// Three fits of wide neighbourhoods, solved often.
  case best = 3
}

/// On-line mixing of one tile (FORMAT.md, section 7): codes a value as a walk of binary decisions.
///
///     mixing.begin(evaluation, diagonal: t, colour: c, row: r)  // its frequencies have been evaluated
///     while case let p = mixing.next(), p > 0 {
///       // code a decision with the probability p of a 1
///       mixing.update(decision)
///     }
///     let value = mixing.end()
///
/// Encoder and decoder make the same calls; all that is learnt follows from the values.
public final class OnlineMixing {
  private let state: OpaquePointer
  private let samples: TileSamples

  /// The mixing of a tile before its first value; nil where memory is short, or for `pure`.
  ///
  /// - Parameters:
  ///   - level: any but `pure`.
  ///   - samples: the tile, kept; a value is read there once it is coded.
  public init?(level: MixingLevel, samples: TileSamples) {
    self.samples = samples
    let planes: [UnsafePointer<UInt8>?] = (0..<3).map { UnsafePointer(samples.plane($0)) }
    guard
      let state = prn_mixing_create(
        Int32(level.rawValue), Int32(clamping: samples.rows), Int32(clamping: samples.columns),
        planes)
    else { return nil }
    self.state = state
  }

  deinit { prn_mixing_destroy(state) }

  /// Bytes that the mixing of a tile of at most 65535 x 65535 pixels takes.
  public static func memory(level: MixingLevel, rows: Int, columns: Int) -> Int {
    prn_mixing_memory(Int32(level.rawValue), Int32(clamping: rows), Int32(clamping: columns))
  }

  /// Prepares for a value whose frequencies `evaluation` has found last for its row.
  public func begin(_ evaluation: PixelCNNEvaluation, diagonal t: Int, colour: Int, row: Int) {
    let distribution = UnsafeRawPointer(evaluation.distributionResults + row)
    let offset = MemoryLayout<prn_distribution>.offset(of: \.frequencies) ?? 64
    prn_mixing_begin(
      state, Int32(truncatingIfNeeded: colour), Int32(truncatingIfNeeded: row),
      Int32(truncatingIfNeeded: evaluation.diagonals.column(diagonal: t, row: row)),
      (distribution + offset).assumingMemoryBound(to: UInt32.self),
      evaluation.prediction(diagonal: t, colour: colour, row: row))
  }

  /// The probability of a 1 at the next decision, in 65536ths, 32 to 65504; 0 where the value is known.
  public func next() -> UInt32 { prn_mixing_next(state) }

  /// The next decision if the value is `value`.
  public func decision(for value: UInt8) -> Bool { prn_mixing_decision(state, value) != 0 }

  /// Tells the decision.
  public func update(_ decision: Bool) { prn_mixing_update(state, decision ? 1 : 0) }

  /// The value that the decisions led to.
  ///
  /// - Returns: the value; its plane has to hold it before the next one begins.
  public func end() -> UInt8 { prn_mixing_end(state) }
}
