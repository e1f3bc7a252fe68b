import ImagePlanes
import PixelNetwork
import Platform
import Prediction

/// Predictions of a tile's values by any `SymbolCentre`, and what a network is given of them
/// (FORMAT.md, sections 2, 3 and 5.2).
///
/// Called for each diagonal in its turn: begin; of each colour predict and, when the values are
/// known, record; learn and fit. Threads may work on different bands of 8 rows at the same time.
package final class TilePredictor: @unchecked Sendable {
  /// What is learnt; nil where the centre is a fixed rule.
  package let adaptive: AdaptivePrediction?
  package let inputs: NetworkInputs
  private let symbolCentre: SymbolCentre
  private let inputKinds: InputKinds
  private let valueScale: Int16
  private let tile: Tile
  private let order: CodeOrder

  /// The prediction of a tile before its first diagonal; nil where memory is short.
  ///
  /// - Parameters:
  ///   - architecture: of the network that is given the predictions.
  ///   - tile: read, for fixed rules and when values are recorded.
  ///   - order: of the tile.
  ///   - inputs: where they go.
  ///   - instructions: the version of the arithmetic.
  package init?(
    _ architecture: Architecture, tile: Tile, order: CodeOrder, inputs: NetworkInputs,
    instructions: InstructionSet
  ) {
    symbolCentre = architecture.symbolCentre
    inputKinds = architecture.inputKinds
    valueScale = Int16(truncatingIfNeeded: architecture.head.valueScale)
    self.tile = tile
    self.order = order
    self.inputs = inputs
    guard let breadth = symbolCentre.breadth else {
      adaptive = nil
      return
    }
    guard
      let adaptive = AdaptivePrediction(
        breadth: breadth, rows: order.rows, columns: order.columns, colours: architecture.colours,
        instructions: instructions)
    else { return nil }
    self.adaptive = adaptive
  }

  /// Bytes that it takes, the inputs not included.
  package static func memory(_ architecture: Architecture, order: CodeOrder) -> Int {
    guard let breadth = architecture.symbolCentre.breadth else { return 0 }
    return AdaptivePrediction.memory(
      breadth: breadth, rows: order.rows, columns: order.columns, colours: architecture.colours)
  }

  /// Starts a diagonal; all before it have been learnt.
  package func begin(diagonal t: Int) { adaptive?.begin(diagonal: t) }

  /// Predicts a colour of some pixels of a diagonal, in whole bands: their symbol centres and what
  /// the network sees of the predictions.
  package func predict(diagonal t: Int, colour: Int, rows: Range<Int>) {
    guard !rows.isEmpty else { return }
    let centres = inputs.centres(diagonal: t, colour: colour)
    let (channels, stride) = inputs.predictionChannels(
      diagonal: t, colour: colour, row: rows.lowerBound)
    if let adaptive {
      adaptive.predict(diagonal: t, colour: colour, rows: rows)
      let blend = adaptive.rows(diagonal: t, colour: colour).blend
      for row in rows { centres[row] = UInt8(truncatingIfNeeded: (Int(blend[row]) &+ 32) &>> 6) }
      if inputs.predictionChannels > 0 {
        adaptive.inputs(diagonal: t, colour: colour, rows: rows, into: channels, stride: stride)
      }
      return
    }
    for row in rows {
      let centre = symbolCentre.prediction(
        own: tile.plane(colour), earlier: colour > 0 ? tile.plane(colour - 1) : nil,
        width: order.columns, row: row, column: order.column(diagonal: t, row: row))
      centres[row] = UInt8(truncatingIfNeeded: centre)
      if inputs.predictionChannels > 0 {
        channels[(row &- rows.lowerBound) &* stride] = 16 &* (Int16(centre) &- 128)
      }
    }
  }

  /// Takes in the values of a colour of some pixels of a diagonal, which have been predicted: as
  /// what the predictors see, and as inputs of the network.
  package func record(diagonal t: Int, colour: Int, rows: Range<Int>) {
    guard !rows.isEmpty else { return }
    let (values, step) = tile.values(diagonal: t, colour: colour, in: order)
    let hasValue = inputKinds.contains(.value)
    let hasResidual = inputKinds.contains(.residual)
    let residualChannel = hasValue ? 1 : 0
    var (cell, stride) = inputs.channels(diagonal: t, colour: colour, row: rows.lowerBound)
    if let adaptive {
      let cells = adaptive.rows(diagonal: t, colour: colour)
      for row in rows {
        let value = Int16(values[row &* step])
        cells.values[row] = value
        if hasValue { cell.pointee = 16 &* (value &- 128) }
        // 64 x - blend is within +-16320.
        if hasResidual { cell[residualChannel] = (64 &* value &- cells.blend[row]) &>> 2 }
        cell += stride
      }
      return
    }
    let centres = inputs.centres(diagonal: t, colour: colour)
    for row in rows {
      let value = Int16(values[row &* step])
      if hasValue { cell.pointee = 16 &* (value &* valueScale &- 128) }
      if hasResidual { cell[residualChannel] = 16 &* (value &- Int16(centres[row])) }
      cell += stride
    }
  }
}
