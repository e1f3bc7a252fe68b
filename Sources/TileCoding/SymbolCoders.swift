import Bytes
import EntropyCoding
import Glibc
import ImagePlanes
import PixelNetwork

// The sides of the pixel loop without mixing: the network's distribution alone decides.

/// The encoder's side.
package final class SymbolEncoder: ValueCoder {
  package let output = TileEvaluation.Output.events
  private let encoder = RangeEncoder()

  package init() {}

  package func code(
    diagonal t: Int, colour: Int, rows: Range<Int>, lane: Int, in evaluation: TileEvaluation
  ) {
    guard let network = evaluation.network else { return }
    for row in rows where !evaluation.isKnown(diagonal: t, row: row) {
      let event = network.event(diagonal: t, colour: colour, row: row)
      encoder.encode(
        cumulative: event.cumulative, frequency: event.frequency, total: event.total)
    }
  }

  /// Ends the stream.
  ///
  /// - Returns: the stream.
  /// - Throws: `EntropyCodingError.outOfMemory`.
  package func finish() throws(EntropyCodingError) -> [UInt8] {
    guard Memory.canAllocate(encoder.count + 64) else { throw .outOfMemory }
    return try encoder.finish()
  }
}

/// The decoder's side.
package final class SymbolDecoder: ValueCoder {
  package let output = TileEvaluation.Output.distributions
  let decoder: RangeDecoder

  package init(_ stream: some Collection<UInt8>) { decoder = RangeDecoder(stream) }

  package func code(
    diagonal t: Int, colour: Int, rows: Range<Int>, lane: Int, in evaluation: TileEvaluation
  ) {
    guard let network = evaluation.network else { return }
    let (values, step) = evaluation.values(diagonal: t, colour: colour)
    let centres = evaluation.centres(diagonal: t, colour: colour)
    for row in rows where !evaluation.isKnown(diagonal: t, row: row) {
      let target = decoder.target(total: network.total(row: row))
      let found = network.find(target: target, row: row)
      decoder.consume(cumulative: found.event.cumulative, frequency: found.event.frequency)
      values[row &* step] = centres[row] &+ found.symbol
      decoder.noteValue(
        plane: colour, row: row, column: evaluation.order.column(diagonal: t, row: row))
    }
  }

  package func check() throws(EntropyCodingError) {
    if decoder.isCorrupt { throw decoder.lacksMemory ? .outOfMemory : .outsideAnyInterval }
  }

  /// Checks the end of the stream.
  package func finish() throws(EntropyCodingError) { try decoder.finish() }
}

/// A side that only counts: it adds up what the frequencies say that each value costs.
package final class CodeLength: ValueCoder, @unchecked Sendable {
  package let output = TileEvaluation.Output.events
  /// The sum of log2(total / frequency).
  package private(set) var bits = 0.0

  package init() {}

  package func code(
    diagonal t: Int, colour: Int, rows: Range<Int>, lane: Int, in evaluation: TileEvaluation
  ) {
    guard let network = evaluation.network else { return }
    for row in rows where !evaluation.isKnown(diagonal: t, row: row) {
      let event = network.event(diagonal: t, colour: colour, row: row)
      bits += log2(Double(event.total) / Double(event.frequency))
    }
  }
}
