/// One slice of a layer as the kernels want it: `prn_kernels.masked_convolution`.
///
/// Not freed before the `Network` that owns it.
struct PackedSlice {
  let weights: UnsafeMutablePointer<Int16>
  /// The layer's bias plus 2^(shift - 1), for the rounding; the bound of the weight file covers
  /// that.
  let bias: UnsafeMutablePointer<Int32>
  /// Output channels, with those of zeros that make them a multiple of 8.
  let outputs: Int

  /// - Parameters:
  ///   - slice: bias [outputs], weights [outputs][inputs].
  ///   - segments: the channels of each segment; their sum is `inputs`.
  ///   - shift: of the layer.
  init(_ slice: MaskedConvolution.Slice, segments: [Int], shift: Int) {
    let count = slice.bias.count
    let outputs = (count + 7) / 8 * 8
    let inputs = segments.reduce(0, +)
    let pairs = segments.reduce(0) { $0 + ($1 + 1) / 2 }
    self.outputs = outputs
    bias = UnsafeMutablePointer.allocate(capacity: outputs)
    bias.initialize(repeating: 0, count: outputs)
    for (output, value) in slice.bias.enumerated() {
      bias[output] = value &+ (1 &<< Int32(shift - 1))
    }
    weights = UnsafeMutablePointer.allocate(capacity: 2 * pairs * outputs)
    weights.initialize(repeating: 0, count: 2 * pairs * outputs)
    for panel in stride(from: 0, to: outputs, by: 16) {
      let width = min(16, outputs - panel)
      var input = 0
      var pair = 0
      for channels in segments {
        for channel in 0..<channels {
          let target = weights + 2 * (panel * pairs + (pair + channel / 2) * width) + channel % 2
          for output in 0..<min(width, count - panel) {
            target[2 * output] = slice.weights[(panel + output) * inputs + input]
          }
          input += 1
        }
        pair += (channels + 1) / 2
      }
    }
  }

  func deallocate() {
    weights.deallocate()
    bias.deallocate()
  }
}

/// A layer, ready to run.
struct PackedLayer {
  let shape: Layer
  let shift: Int32
  /// What `slices` see, for each.
  let segments: [[Layer.Segment]]
  let slices: [PackedSlice]
  /// The weights of the states on the right of the pixel, without biases, in the gates of a
  /// Diagonal BiLSTM's direction from the right: they are seen step by step. `slices` are without
  /// them.
  let stepSlices: [PackedSlice]
  /// Output channels of a slice, as the kernels compute them: a multiple of 8.
  var outputs: Int { slices.first?.outputs ?? 0 }

  init(_ layer: MaskedConvolution, shape: Layer) {
    self.shape = shape
    shift = Int32(truncatingIfNeeded: layer.shift)
    let seen = (0..<shape.sliceCount).map { shape.segments(slice: $0) }
    let isSplit = shape.kind == .gatesRight
    func isStep(_ segment: Layer.Segment) -> Bool { isSplit && segment.tap.columnOffset > 0 }
    func packed(_ steps: Bool) -> [PackedSlice] {
      zip(layer.slices, seen).map { slice, segments in
        PackedSlice(
          isSplit
            ? slice.inputs(
              segments.flatMap { repeatElement(isStep($0) == steps, count: $0.channels) })
            : slice,
          segments: segments.filter { isStep($0) == steps }.map(\.channels), shift: layer.shift)
      }
    }
    segments = seen.map { $0.filter { !isStep($0) } }
    slices = packed(false)
    stepSlices = isSplit ? packed(true) : []
  }

  func deallocate() { for slice in slices + stepSlices { slice.deallocate() } }
}

extension MaskedConvolution.Slice {
  /// The same with only some of the inputs.
  fileprivate func inputs(_ kept: [Bool]) -> MaskedConvolution.Slice {
    let indices = kept.indices.filter { kept[$0] }
    return MaskedConvolution.Slice(
      bias: bias,
      weights: bias.indices.flatMap { output in
        indices.map { weights[output * kept.count + $0] }
      })
  }
}
