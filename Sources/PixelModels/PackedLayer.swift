/// One colour group of a layer as the kernels want it: `prn_kernels.masked_convolution`.
///
/// Not freed before the `PixelCNN` that owns it.
struct PackedGroup {
  let weights: UnsafeMutablePointer<Int16>
  /// The layer's bias plus 2^(shift - 1), for the rounding; the bound of the weight file covers that.
  let bias: UnsafeMutablePointer<Int32>
  /// Output channels, with those of zeros that make them a multiple of 8.
  let outputs: Int

  /// - Parameters:
  ///   - group: bias [outputs], weights [outputs][inputs].
  ///   - segments: the channels of each segment; their sum is `inputs`.
  ///   - shift: of the layer.
  init(_ group: MaskedConvolution.Group, segments: [Int], shift: Int) {
    let count = group.bias.count
    let outputs = (count + 7) / 8 * 8
    let inputs = segments.reduce(0, +)
    let pairs = segments.reduce(0) { $0 + ($1 + 1) / 2 }
    self.outputs = outputs
    bias = UnsafeMutablePointer.allocate(capacity: outputs)
    bias.initialize(repeating: 0, count: outputs)
    for (output, value) in group.bias.enumerated() {
      bias[output] = value &+ (1 &<< Int32(shift - 1))
    }
    weights = UnsafeMutablePointer.allocate(capacity: 2 * pairs * outputs)
    weights.initialize(repeating: 0, count: 2 * pairs * outputs)
    for block in stride(from: 0, to: outputs, by: 16) {
      let width = min(16, outputs - block)
      var input = 0
      var pair = 0
      for channels in segments {
        for channel in 0..<channels {
          let target = weights + 2 * (block * pairs + (pair + channel / 2) * width) + channel % 2
          for output in 0..<min(width, count - block) {
            target[2 * output] = group.weights[(block + output) * inputs + input]
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
  let shape: LayerShape
  let shift: Int32
  let groups: [PackedGroup]
  /// Output channels of a group, as the kernels compute them: a multiple of 8.
  var outputs: Int { groups.first?.outputs ?? 0 }

  init(_ layer: MaskedConvolution, shape: LayerShape) {
    self.shape = shape
    shift = Int32(truncatingIfNeeded: layer.shift)
    groups = zip(layer.groups, shape.segments).map { group, segments in
      PackedGroup(group, segments: segments.map(\.channels), shift: layer.shift)
    }
  }
}
