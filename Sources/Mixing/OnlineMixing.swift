import CMixing
import CPrediction
import ImagePlanes
import Platform
import Prediction

/// How much of the on-line mixing a file uses (FORMAT.md, table 8.1).
public enum MixingLevel: UInt8, CaseIterable, Codable, Sendable {
  /// None: the network's softmax alone is coded.
  case pure = 0
  /// Four contexts.
  case fast = 1
  /// Three contexts, how sure each is, and a second weight set.
  case standard = 2
  /// All contexts, weight sets and experts.
  case full = 3
}

/// How the values of a file are mixed: what its header says.
public struct MixingChoice: Equatable, Sendable {
  /// `mixingLevel`.
  public var level: MixingLevel
  /// How fast the weights follow the image, 0 ..< `OnlineMixing.adaptations`; 0 for `pure`.
  public var adaptation: UInt8

  /// A choice; both are checked where they are used.
  public init(_ level: MixingLevel, adaptation: UInt8 = 0) {
    self.level = level
    self.adaptation = adaptation
  }
}

/// On-line mixing of one lane of a tile (FORMAT.md, section 8): codes a value as a walk of binary decisions.
///
///     mixing.prepare(diagonal: t, colour: c, row: r)  // may be called one value ahead
///     mixing.begin(network: evaluation.network(row: r))  // its frequencies have been evaluated
///     while case let p = mixing.next(), p > 0 {
///       // code a decision with the probability p of a 1
///       mixing.update(decision)
///     }
///     let value = mixing.end()
///
/// Encoder and decoder make the same calls; all that is learnt follows from the values.
///
/// Lanes of one tile may be used at the same time, each by one thread.
public final class OnlineMixing: @unchecked Sendable {
  private let state: OpaquePointer
  /// Kept for the state, which reads it.
  private let prediction: AdaptivePrediction

  /// A lane's mixing before its first value; nil where memory is short, or for `pure`.
  private init?(
    level: MixingLevel, adaptation: UInt8, prediction: AdaptivePrediction, lanes: Int,
    instructions: InstructionSet
  ) {
    self.prediction = prediction
    guard
      let state = prn_mixing_create(
        Int32(level.rawValue), Int32(adaptation), Int32(clamping: prediction.rows),
        Int32(clamping: prediction.columns), Int32(clamping: prediction.colours),
        Int32(clamping: lanes), prediction.breadth.rawValue, prediction.state, instructions.rawValue
      )
    else { return nil }
    self.state = state
  }

  /// The lanes of a tile before their first values; nil where memory is short, or for `pure`.
  ///
  /// - Parameters:
  ///   - level: any but `pure`.
  ///   - adaptation: how fast the weights follow the image, 0 ..< `adaptations`.
  ///   - prediction: of the tile, nothing predicted yet.
  /// - Returns: `laneCount` of them.
  public static func lanes(
    level: MixingLevel, adaptation: UInt8, prediction: AdaptivePrediction,
    instructions: InstructionSet
  ) -> [OnlineMixing]? {
    let count = Lanes(rows: prediction.rows, columns: prediction.columns).count
    var lanes: [OnlineMixing] = []
    for _ in 0..<count {
      guard
        let lane = OnlineMixing(
          level: level, adaptation: adaptation, prediction: prediction, lanes: count,
          instructions: instructions)
      else { return nil }
      lanes.append(lane)
    }
    return lanes
  }

  /// How many adaptations there are.
  public static let adaptations = UInt8(PRN_ADAPTATIONS)

  deinit { prn_mixing_destroy(state) }

  /// Bytes that the mixing of a tile of at most 65535 x 65535 pixels takes.
  public static func memory(level: MixingLevel, rows: Int, columns: Int) -> Int {
    prn_mixing_memory(
      Int32(level.rawValue), Int32(clamping: rows), Int32(clamping: columns),
      Int32(clamping: Lanes(rows: rows, columns: columns).count))
  }

  /// Looks up what a value depends on, which has been predicted. May be called one value ahead, on one diagonal and
  /// in one colour.
  public func prepare(diagonal t: Int, colour: Int, row: Int) {
    prn_mixing_prepare(
      state, Int32(truncatingIfNeeded: colour), Int32(truncatingIfNeeded: t),
      Int32(truncatingIfNeeded: row))
  }

  /// Begins the value prepared. `network` is where its frequencies are, as `PixelCNNEvaluation.network` tells; without
  /// them, the network has no part in it.
  public func begin(network: UnsafeRawPointer?) {
    // `prn_distribution` begins with the fields of `prn_network`.
    prn_mixing_begin(state, network?.assumingMemoryBound(to: prn_network.self))
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
