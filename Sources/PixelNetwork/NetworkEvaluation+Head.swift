import CEntropyCoding
import CNetwork
import ImagePlanes

// The step from the network's logits to frequencies (FORMAT.md, section 6), for both sides. The
// encoder needs the event of a symbol that it knows, the decoder all frequencies; those of a
// sigmoid's symbols above 1 are 0.

/// What a range coder needs of one symbol: cumulative + frequency <= total < 2^31, frequency >= 1.
package struct SymbolEvent: Equatable, Sendable {
  /// The sum of the frequencies of the symbols below it.
  package let cumulative: UInt32
  /// Its own frequency.
  package let frequency: UInt32
  /// The sum of all frequencies.
  package let total: UInt32
}

extension NetworkEvaluation {
  /// The events of the known values of a colour, on some pixels of a diagonal. All stages have been
  /// evaluated.
  ///
  /// - Parameters:
  ///   - t: the diagonal.
  ///   - colour: the colour.
  ///   - rows: the pixels.
  ///   - values: that of a row is at [row * step].
  ///   - scratch: the thread's.
  package func events(
    diagonal t: Int, colour: Int, rows: Range<Int>,
    values: (base: UnsafeMutablePointer<UInt8>, step: Int), scratch: Scratch
  ) {
    let target = eventResults + index(diagonal: t, colour: colour)
    let centres = inputs.centres(diagonal: t, colour: colour)
    let head = network.architecture.head
    forEachHeadOutput(diagonal: t, colour: colour, rows: rows, scratch: scratch) {
      row, accumulators, shift in
      let symbol = values.base[row &* values.step] &- centres[row]
      target[row] =
        switch head {
        case .softmax: kernels.event(accumulators, shift, symbol)
        case .sigmoid: prn_sigmoid_event(accumulators[0], shift, symbol)
        case .classes: kernels.class_event(accumulators, shift, symbol)
        }
    }
  }

  /// The event that `events` has found for a pixel.
  package func event(diagonal t: Int, colour: Int, row: Int) -> SymbolEvent {
    let event = eventResults[index(diagonal: t, colour: colour) &+ row]
    return SymbolEvent(
      cumulative: event.cumulative, frequency: event.frequency, total: event.total)
  }

  /// The frequencies of a colour's symbols, on some pixels of a diagonal. They are kept until the
  /// next call for the same rows. All stages have been evaluated.
  package func distributions(diagonal t: Int, colour: Int, rows: Range<Int>, scratch: Scratch) {
    let head = network.architecture.head
    forEachHeadOutput(diagonal: t, colour: colour, rows: rows, scratch: scratch) {
      row, accumulators, shift in
      let target = distributionResults + row
      switch head {
      case .softmax: kernels.distribution(accumulators, shift, target)
      case .sigmoid: prn_sigmoid_distribution(accumulators[0], shift, target)
      case .classes: kernels.class_distribution(accumulators, shift, target)
      }
    }
  }

  /// The distributions of the pixels of a diagonal, that of each in [row].
  package var distributions: UnsafePointer<prn_distribution> {
    UnsafePointer(distributionResults)
  }

  /// The 256 frequencies of the pixel in `row`, symbol by symbol.
  package func frequencies(row: Int) -> [UInt32] {
    withUnsafeBytes(of: distributionResults[row].frequencies) {
      Array($0.bindMemory(to: UInt32.self))
    }
  }

  /// The sum of the 256 frequencies of the pixel in `row`.
  package func total(row: Int) -> UInt32 { distributionResults[row].total }

  /// The symbol in `row` whose interval holds `target`, which is below the total.
  package func find(target: UInt32, row: Int) -> (symbol: UInt8, event: SymbolEvent) {
    var cumulative: UInt32 = 0
    var frequency: UInt32 = 0
    let pixel = distributionResults + row
    let symbol = prn_find_symbol(pixel, target, &cumulative, &frequency)
    return (
      symbol,
      SymbolEvent(cumulative: cumulative, frequency: frequency, total: pixel.pointee.total)
    )
  }

  /// Calls `body` with the row and the accumulators of each pixel's logits; y >> shift is the
  /// logit.
  @inline(__always)
  private func forEachHeadOutput(
    diagonal t: Int, colour: Int, rows: Range<Int>, scratch: Scratch,
    body: (_ row: Int, _ accumulators: UnsafePointer<Int32>, _ shift: Int32) -> Void
  ) {
    let plan = headOutput
    plan.run(kernels, slice: colour, diagonal: t, rows: rows, scratch: scratch) { row, pixels in
      for pixel in 0..<pixels {
        body(row &+ pixel, scratch.accumulators + pixel &* plan.outputs, plan.shift)
      }
    }
  }

  /// Of row 0 in `eventResults`.
  @inline(__always)
  private func index(diagonal t: Int, colour: Int) -> Int {
    (t % inputs.front &* network.architecture.colours &+ colour) &* order.rows
  }
}
