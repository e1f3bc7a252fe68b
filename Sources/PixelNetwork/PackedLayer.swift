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
  /// What `groups` see, for each.
  let segments: [[LayerShape.Segment]]
  let groups: [PackedGroup]
  /// The weights of the states on the right of the pixel, without biases, in the gates of a Diagonal BiLSTM's direction from the
  /// right: they are seen step by step. `groups` are without them.
  let stepGroups: [PackedGroup]
  /// Output channels of a group, as the kernels compute them: a multiple of 8.
  var outputs: Int { groups.first?.outputs ?? 0 }

  init(_ layer: MaskedConvolution, shape: LayerShape) {
    self.shape = shape
    shift = Int32(truncatingIfNeeded: layer.shift)
    let isSplit = shape.kind == .gatesRight
    func isStep(_ segment: LayerShape.Segment) -> Bool { isSplit && segment.columnOffset > 0 }
    func packed(_ steps: Bool) -> [PackedGroup] {
      zip(layer.groups, shape.segments).map { group, segments in
        PackedGroup(
          isSplit
            ? group.inputs(
              segments.flatMap { repeatElement(isStep($0) == steps, count: $0.channels) })
            : group,
          segments: segments.filter { isStep($0) == steps }.map(\.channels), shift: layer.shift)
      }
    }
    segments = shape.segments.map { $0.filter { !isStep($0) } }
    groups = packed(false)
    stepGroups = isSplit ? packed(true) : []
  }

  func deallocate() { for group in groups + stepGroups { group.deallocate() } }
}

extension MaskedConvolution.Group {
  /// The same with only some of the inputs.
  fileprivate func inputs(_ kept: [Bool]) -> MaskedConvolution.Group {
    let indices = kept.indices.filter { kept[$0] }
    return MaskedConvolution.Group(
      bias: bias,
      weights: bias.indices.flatMap { output in
        indices.map { weights[output * kept.count + $0] }
      })
  }
}
