import CPrediction
import Platform

/// Adaptive prediction of a tile (FORMAT.md, section 3): linear predictors fitted by least squares
/// to what has been coded, and what they blend to.
///
///     for t in 0..<diagonals {
///       prediction.begin(diagonal: t)
///       for colour in 0..<colours {
///         prediction.predict(diagonal: t, colour: colour, rows: rows)
///         // each value becomes known: record
///       }
///       prediction.end(diagonal: t)
///     }
///
/// Encoder, decoder and trainer make the same calls. Different threads may predict, record and
/// learn different bands of 8 rows of a diagonal at the same time.
public final class AdaptivePrediction: @unchecked Sendable {
  /// Columns that a diagonal moves to the left with each row.
  public static let shear = Int(PRN_SHEAR)
  /// Rows of a band.
  public static let bandRows = Int(PRN_BAND)

  /// How much the fits look at, and how many there are (FORMAT.md, section 3.2).
  public enum Breadth: Int32, CaseIterable, Sendable {
    /// 8 neighbours of the own colour, 4 of each other; a global and a local fit.
    case narrow = 0
    /// 14 and 8; a second local fit, and one to the window around each pixel.
    case wide = 1
    /// The same, and a second window fit.
    case widest = 2
  }

  /// Predictors: colourMED, the plane, and the fits.
  public static func predictorCount(_ breadth: Breadth) -> Int {
    Int(prn_prediction_predictors(breadth.rawValue))
  }

  /// The state, for the mixing.
  package let state: OpaquePointer
  /// How much the fits look at.
  package let breadth: Breadth
  /// The tile's size in pixels, and its colours.
  package let rows: Int, columns: Int, colours: Int
  /// Channels of the network's inputs for each colour.
  package let channels: Int
  private let stride: Int32
  private let views: UnsafeMutableBufferPointer<prn_colour_view>

  /// The prediction of a tile before its first diagonal; nil where memory is short, or this machine
  /// lacks the instructions.
  ///
  /// - Parameters:
  ///   - breadth: how much the fits look at.
  ///   - rows: of the tile, 1 to 65535.
  ///   - columns: of the tile, 1 to 65535.
  ///   - colours: 1 or 3.
  ///   - instructions: what the arithmetic uses; all give the same predictions.
  public init?(
    breadth: Breadth, rows: Int, columns: Int, colours: Int, instructions: InstructionSet
  ) {
    guard
      let state = prn_prediction_create(
        breadth.rawValue, Int32(clamping: rows), Int32(clamping: columns), Int32(clamping: colours),
        instructions.rawValue)
    else { return nil }
    self.state = state
    self.breadth = breadth
    (self.rows, self.columns, self.colours) = (rows, columns, colours)
    channels = Int(prn_prediction_channels(breadth.rawValue))
    stride = prn_prediction_stride(state)
    views = .allocate(capacity: colours)
    for colour in 0..<colours {
      views.initializeElement(
        at: colour, to: prn_prediction_view(state, Int32(truncatingIfNeeded: colour)))
    }
  }

  deinit {
    views.deallocate()
    prn_prediction_destroy(state)
  }

  /// Bytes that the prediction of a tile of at most 65535 x 65535 pixels takes.
  public static func memory(breadth: Breadth, rows: Int, columns: Int, colours: Int) -> Int {
    prn_prediction_memory(
      breadth.rawValue, Int32(clamping: rows), Int32(clamping: columns), Int32(clamping: colours))
  }

  /// Starts a diagonal; all before it have ended.
  public func begin(diagonal t: Int) { prn_prediction_begin(state, Int32(truncatingIfNeeded: t)) }

  /// Predicts a colour of the diagonal's pixels in the bands that `rows` touches.
  public func predict(diagonal t: Int, colour: Int, rows: Range<Int>) {
    guard !rows.isEmpty else { return }
    for band in rows.lowerBound / Self.bandRows...(rows.upperBound - 1) / Self.bandRows {
      prn_prediction_predict(
        state, Int32(truncatingIfNeeded: t), Int32(truncatingIfNeeded: colour),
        Int32(truncatingIfNeeded: band))
    }
  }

  /// The blend of the predictors, in 64ths of a value, 0 to 16320.
  package func blend(diagonal t: Int, colour: Int, row: Int) -> Int {
    let cell = prn_prediction_cell(
      stride, Int32(truncatingIfNeeded: t), Int32(truncatingIfNeeded: row))
    return Int(views[colour].blend[cell])
  }

  /// What stands at row 0 of a diagonal, with the other rows behind it: values, to be recorded
  /// there, and the blend.
  package func rows(
    diagonal t: Int, colour: Int
  ) -> (values: UnsafeMutablePointer<Int16>, blend: UnsafePointer<Int16>) {
    let cell = prn_prediction_cell(stride, Int32(truncatingIfNeeded: t), 0)
    return (views[colour].values + cell, views[colour].blend + cell)
  }

  /// Takes a value that has been predicted.
  package func record(_ value: UInt8, diagonal t: Int, colour: Int, row: Int) {
    prn_prediction_record(
      views[colour], stride, Int32(truncatingIfNeeded: t), Int32(truncatingIfNeeded: row), value)
  }

  /// The network's inputs for a colour of the pixels in `rows`: `channels` of them each, `stride`
  /// apart.
  package func inputs(
    diagonal t: Int, colour: Int, rows: Range<Int>, into target: UnsafeMutablePointer<Int16>,
    stride: Int
  ) {
    prn_prediction_inputs(
      state, Int32(truncatingIfNeeded: t), Int32(truncatingIfNeeded: colour),
      Int32(truncatingIfNeeded: rows.lowerBound), Int32(truncatingIfNeeded: rows.count), target,
      stride)
  }

  /// All that follows the last value of a diagonal, on one thread.
  public func end(diagonal t: Int) { prn_prediction_end(state, Int32(truncatingIfNeeded: t)) }

  /// The bands that learn from a diagonal: the first part of what `end` does.
  public func activeBands(diagonal t: Int) -> Range<Int> {
    var first: Int32 = 0
    var end: Int32 = 0
    prn_prediction_active(state, Int32(truncatingIfNeeded: t), &first, &end)
    return Int(first)..<Int(max(first, end))
  }

  /// Takes in what was coded on a diagonal in an active band.
  public func learn(diagonal t: Int, band: Int) {
    prn_prediction_learn(state, Int32(truncatingIfNeeded: t), Int32(truncatingIfNeeded: band))
  }

  /// Whether the sums and the fits follow the learning.
  public func isDue(diagonal t: Int) -> Bool {
    prn_prediction_is_due(Int32(truncatingIfNeeded: t)) != 0
  }

  /// Joins what all bands have learnt of a colour, and fits the global predictor.
  public func sum(diagonal t: Int, colour: Int) {
    prn_prediction_sum(state, Int32(truncatingIfNeeded: t), Int32(truncatingIfNeeded: colour))
  }

  /// Items of `fit` behind a diagonal; all colours have been summed.
  public func fitCount(diagonal t: Int) -> Int {
    Int(prn_prediction_fits(state, Int32(truncatingIfNeeded: t)))
  }

  /// Fits some local predictors.
  public func fit(diagonal t: Int, item: Int) {
    prn_prediction_fit(state, Int32(truncatingIfNeeded: t), Int32(truncatingIfNeeded: item))
  }
}
