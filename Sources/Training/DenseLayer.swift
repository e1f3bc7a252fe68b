import PixelNetwork

/// A layer of the float network as a dense matrix inside the flat parameter array: `weights`
/// [inputs][outputs], zeros where the mask forbids, then `bias` [outputs], then, of an LSTM's
/// gates, the states and the cells before the first step, [units] each.
///
/// The inputs are the layer's taps one after the other, each with its channels.
struct DenseLayer: Sendable {
  /// What the weight file makes of it.
  let layer: Layer
  /// The slices whose outputs these are: all, or of `headOutput` the one of a colour.
  let slices: Range<Int>
  /// How many of a tap's channels are inputs, for each tap.
  let channels: [Int]
  /// Output channels of a slice.
  let outputsPerSlice: Int
  let inputs: Int
  let outputs: Int
  /// Where the weights begin.
  let weightOffset: Int

  private init(
    _ layer: Layer, slices: Range<Int>, channels: [Int], outputsPerSlice: Int, at offset: Int
  ) {
    self.layer = layer
    self.slices = slices
    self.channels = channels
    self.outputsPerSlice = outputsPerSlice
    inputs = channels.reduce(0, +)
    outputs = slices.count * outputsPerSlice
    weightOffset = offset
  }

  /// A matrix of all slices.
  init(_ layer: Layer, at offset: Int) {
    self.init(
      layer, slices: 0..<layer.sliceCount, channels: layer.taps.map(\.channels),
      outputsPerSlice: layer.outputsPerSlice, at: offset)
  }

  /// A matrix of one slice, without the inputs that this does not see.
  init(_ layer: Layer, slice: Int, outputs: Int, at offset: Int) {
    self.init(
      layer, slices: slice..<slice + 1, channels: layer.visible[slice], outputsPerSlice: outputs,
      at: offset)
  }

  /// Which layer it is.
  var kind: Layer.Kind { layer.kind }
  /// For messages: "convolve2".
  var name: String { layer.name + (slices.count < layer.sliceCount ? "\(slices.lowerBound)" : "") }
  var weightCount: Int { inputs * outputs }
  var biasOffset: Int { weightOffset + weightCount }
  var biasRange: Range<Int> { biasOffset..<biasOffset + outputs }
  /// Outputs that a matrix of their own moves, if Muon moves it: those of a gate of a slice, else
  /// all.
  var matrixOutputs: Int { kind.isGates ? outputsPerSlice / 4 : outputs }
  /// Units of an LSTM's direction, whose gates these are; else 0.
  var units: Int { kind.isGates ? outputs / 4 : 0 }
  /// States before the first step, and behind them the cells; empty of layers without.
  var initialRange: Range<Int> { biasRange.upperBound..<end }
  var end: Int { biasRange.upperBound + 2 * units }

  /// `body(tap, first input, inputs)` for each tap.
  func forEachTap(_ body: (_ tap: Int, _ first: Int, _ count: Int) -> Void) {
    var first = 0
    for (tap, count) in channels.enumerated() {
      body(tap, first, count)
      first += count
    }
  }

  /// Whether the mask keeps a weight: [input][output].
  var isKept: [Bool] {
    var kept = [Bool](repeating: false, count: weightCount)
    forEachTap { tap, first, count in
      for channel in 0..<count {
        for output in 0..<outputs {
          let slice = slices.lowerBound + output / outputsPerSlice
          kept[(first + channel) * outputs + output] = channel < layer.visible[slice][tap]
        }
      }
    }
    return kept
  }

  /// The largest magnitude of each input as an integer of the weight file's network.
  func magnitudes(_ architecture: Architecture) -> [Int] {
    zip(layer.taps, channels).flatMap { architecture.magnitudes($0.plane, channels: $1) }
  }

  /// Fraction bits of each input.
  var fractionBits: [Int] {
    zip(layer.taps, channels).flatMap { tap, count in
      Array(repeating: tap.plane.fractionBits, count: count)
    }
  }
}
