import ImagePlanes
import Platform
import Prediction

/// Predictions of a tile's values by any `SymbolCentre`, and what the network sees of them (FORMAT.md, sections 2
/// and 5.2). Called as `AdaptivePrediction` is; threads may work on different bands of 8 rows.
final class PredictionSource: @unchecked Sendable {
  /// What is learnt; nil where the centre is a fixed rule.
  let adaptive: AdaptivePrediction?
  private let symbolCentre: SymbolCentre
  private let samples: TileSamples
  private let diagonals: ShearedDiagonals

  /// - Returns: nil where memory is short.
  init?(architecture: Architecture, samples: TileSamples, instructions: InstructionSet) {
    symbolCentre = architecture.symbolCentre
    self.samples = samples
    diagonals = architecture.diagonals(rows: samples.rows, columns: samples.columns)
    guard let breadth = symbolCentre.breadth else {
      adaptive = nil
      return
    }
    adaptive = AdaptivePrediction(
      breadth: breadth, rows: samples.rows, columns: samples.columns,
      colours: architecture.colours, instructions: instructions)
    if adaptive == nil { return nil }
  }

  /// Bytes that it takes.
  static func memory(architecture: Architecture, rows: Int, columns: Int) -> Int {
    guard let breadth = architecture.symbolCentre.breadth else { return 0 }
    return AdaptivePrediction.memory(
      breadth: breadth, rows: rows, columns: columns,
      colours: architecture.colours)
  }

  func begin(diagonal t: Int) { adaptive?.begin(diagonal: t) }

  /// Looks at what has been recorded of a colour of some pixels of a diagonal.
  func predict(diagonal t: Int, colour: Int, rows: Range<Int>) {
    adaptive?.predict(diagonal: t, colour: colour, rows: rows)
  }

  func end(diagonal t: Int) { adaptive?.end(diagonal: t) }

  /// What symbol 0 stands for.
  @inline(__always)
  func centre(diagonal t: Int, colour: Int, row: Int) -> UInt8 {
    if let adaptive {
      let blend = adaptive.blend(diagonal: t, colour: colour, row: row)
      return UInt8(truncatingIfNeeded: (blend &+ 32) &>> 6)
    }
    let planes = (
      UnsafePointer(samples.planes.0), UnsafePointer(samples.planes.1),
      UnsafePointer(samples.planes.2)
    )
    return UInt8(
      truncatingIfNeeded: symbolCentre.prediction(
        planes: planes, colour: colour, width: samples.columns, row: row,
        column: diagonals.column(diagonal: t, row: row)))
  }

  /// What symbol 0 stands for, of all pixels in `rows`: into `target` [row].
  func centres(
    diagonal t: Int, colour: Int, rows: Range<Int>, into target: UnsafeMutablePointer<UInt8>
  ) {
    guard let adaptive else {
      for row in rows { target[row] = centre(diagonal: t, colour: colour, row: row) }
      return
    }
    let blend = adaptive.rows(diagonal: t, colour: colour).blend
    for row in rows { target[row] = UInt8(truncatingIfNeeded: (Int(blend[row]) &+ 32) &>> 6) }
  }

  /// Takes a value that has been predicted.
  ///
  /// - Returns: the residual input, with 8 fraction bits.
  @inline(__always)
  func record(_ value: UInt8, diagonal t: Int, colour: Int, row: Int) -> Int16 {
    guard let adaptive else {
      let centre = centre(diagonal: t, colour: colour, row: row)
      return 16 &* (Int16(value) &- Int16(centre))
    }
    adaptive.record(value, diagonal: t, colour: colour, row: row)
    let blend = adaptive.blend(diagonal: t, colour: colour, row: row)
    return Int16(truncatingIfNeeded: (64 &* Int(value) &- blend) &>> 2)
  }

  /// The prediction inputs of a colour of the pixels in `rows`, with 8 fraction bits, `stride` apart.
  func inputs(
    diagonal t: Int, colour: Int, rows: Range<Int>, into target: UnsafeMutablePointer<Int16>,
    stride: Int
  ) {
    if let adaptive {
      adaptive.inputs(diagonal: t, colour: colour, rows: rows, into: target, stride: stride)
      return
    }
    for row in rows {
      target[(row &- rows.lowerBound) &* stride] =
        16 &* (Int16(centre(diagonal: t, colour: colour, row: row)) &- 128)
    }
  }
}
