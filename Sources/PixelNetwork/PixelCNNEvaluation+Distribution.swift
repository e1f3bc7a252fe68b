import CEntropyCoding
import CNetwork

// The step from the network's logits to the final frequencies (FORMAT.md, section 6), for both sides. The
// encoder needs the event of a symbol that it knows, the decoder all frequencies; those of a sigmoid's symbols above 1 are 0.

/// What a range coder needs of one symbol: cumulative + frequency <= total < 2^31, frequency >= 1.
public struct SymbolEvent: Equatable, Sendable {
  /// The sum of the frequencies of the symbols below it.
  public let cumulative: UInt32
  /// Its own frequency.
  public let frequency: UInt32
  /// The sum of all frequencies.
  public let total: UInt32

  @inline(__always)
  init(cumulative: UInt32, frequency: UInt32, total: UInt32) {
    self.cumulative = cumulative
    self.frequency = frequency
    self.total = total
  }
}

extension PixelCNNEvaluation {
  /// The events of the known values of a colour, on some pixels of a diagonal. All phases have been evaluated.
  public func events(diagonal t: Int, colour: Int, rows: Range<Int>, scratch: Scratch) {
    let target = results + index(diagonal: t, colour: colour)
    let isSigmoid = model.architecture.head == .sigmoid
    headOutput(diagonal: t, group: colour, rows: rows, scratch: scratch) {
      row, accumulators, shift in
      let symbol = symbol(diagonal: t, colour: colour, row: row)
      target[row] =
        isSigmoid
        ? prn_sigmoid_event(accumulators[0], shift, symbol)
        : kernels.event(accumulators, shift, symbol)
    }
  }

  /// The event that `events` has found for a pixel.
  public func event(diagonal t: Int, colour: Int, row: Int) -> SymbolEvent {
    let event = results[index(diagonal: t, colour: colour) &+ row]
    return SymbolEvent(
      cumulative: event.cumulative, frequency: event.frequency, total: event.total)
  }

  /// The frequencies of a colour's symbols, on some pixels of a diagonal. They are kept until the next call
  /// for the same rows. All phases have been evaluated.
  public func distributions(diagonal t: Int, colour: Int, rows: Range<Int>, scratch: Scratch) {
    let isSigmoid = model.architecture.head == .sigmoid
    headOutput(diagonal: t, group: colour, rows: rows, scratch: scratch) {
      row, accumulators, shift in
      if isSigmoid {
        prn_sigmoid_distribution(accumulators[0], shift, distributionResults + row)
      } else {
        kernels.distribution(accumulators, shift, distributionResults + row)
      }
    }
  }

  /// The frequencies of the colour evaluated last: of row 0, with those of the other rows behind it.
  package var distributionsByRow: UnsafePointer<prn_distribution> {
    UnsafePointer(distributionResults)
  }

  /// The 256 frequencies of the pixel in `row`, symbol by symbol.
  public func frequencies(row: Int) -> [UInt32] {
    withUnsafeBytes(of: distributionResults[row].frequencies) {
      Array($0.bindMemory(to: UInt32.self))
    }
  }

  /// The sum of the 256 frequencies of the pixel in `row`.
  public func total(row: Int) -> UInt32 { distributionResults[row].total }

  /// The symbol in `row` whose interval holds `target`, which is below the total.
  public func find(target: UInt32, row: Int) -> (symbol: UInt8, event: SymbolEvent) {
    var cumulative: UInt32 = 0
    var frequency: UInt32 = 0
    let pixel = distributionResults + row
    let symbol = prn_find_symbol(pixel, target, &cumulative, &frequency)
    return (
      symbol,
      SymbolEvent(cumulative: cumulative, frequency: frequency, total: pixel.pointee.total)
    )
  }
}
