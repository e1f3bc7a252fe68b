/// One colour group of a layer as the kernels want it: `prn_kernels.masked_convolution`.
///
/// Not freed before the `PixelCNN` that owns it.
struct PackedGroup {
  let weights: UnsafeMutablePointer<Int16>
  /// The layer's bias plus 2^(shift - 1), for the rounding; the bound of the weight file covers that.
  let bias: UnsafeMutablePointer<Int32>
  let outputs: Int

  /// - Parameters:
  ///   - group: bias [outputs], weights [outputs][inputs].
  ///   - segments: the channels of each segment; their sum is `inputs`.
  ///   - shift: of the layer.
  init(_ group: MaskedConvolution.Group, segments: [Int], shift: Int) {
    let outputs = group.bias.count
    let inputs = segments.reduce(0, +)
    let pairs = segments.reduce(0) { $0 + ($1 + 1) / 2 }
    self.outputs = outputs
    bias = UnsafeMutablePointer.allocate(capacity: outputs)
    for (output, value) in group.bias.enumerated() {
      (bias + output).initialize(to: value &+ (1 &<< Int32(shift - 1)))
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
          for output in 0..<width {
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
  /// What `groups` see, for each.
  let segments: [[LayerShape.Segment]]
  let groups: [PackedGroup]
  /// The weights of the last segment, without biases, where it is seen step by step: the states on the right of the pixel in
  /// the gates of a Diagonal BiLSTM's direction from the right. `groups` are without it.
  let stepGroups: [PackedGroup]

  init(_ layer: MaskedConvolution, shape: LayerShape) {
    self.shape = shape
    shift = Int32(truncatingIfNeeded: layer.shift)
    let isSplit = shape.kind == .gatesRight
    segments = isSplit ? shape.segments.map { Array($0.dropLast()) } : shape.segments
    groups = zip(layer.groups, segments).map { group, segments in
      let channels = segments.map(\.channels)
      return PackedGroup(
        isSplit ? group.inputs(0..<channels.reduce(0, +)) : group, segments: channels,
        shift: layer.shift)
    }
    stepGroups =
      isSplit
      ? zip(layer.groups, shape.segments).map { group, segments in
        let last = segments.last?.channels ?? 0
        let all = segments.reduce(0) { $0 + $1.channels }
        return PackedGroup(
          group.inputs(all - last..<all), segments: [last], shift: layer.shift)
      } : []
  }

  func deallocate() { for group in groups + stepGroups { group.deallocate() } }
}

extension MaskedConvolution.Group {
  /// The same with only some of the inputs.
  fileprivate func inputs(_ range: Range<Int>) -> MaskedConvolution.Group {
    let inputs = weights.count / max(bias.count, 1)
    return MaskedConvolution.Group(
      bias: bias,
      weights: bias.indices.flatMap { output in
        weights[output * inputs + range.lowerBound..<output * inputs + range.upperBound]
      })
  }
}
