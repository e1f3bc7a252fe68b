import Bytes
import PixelNetwork

extension WeightFile {
  /// A network of noise: activations and logits vary with the image.
  ///
  /// The same arguments give the same integers everywhere. Complexity: O(weights).
  ///
  /// - Parameters:
  ///   - architecture: any valid one.
  ///   - seed: any.
  ///   - name: as in `WeightFile`.
  ///   - small: the small image's model, if there is to be one; nil for one of the same shape.
  /// - Returns: the file.
  /// - Throws: `illegalField` for an invalid architecture, `wrongSmallModel`.
  public static func random(
    architecture: Architecture, seed: UInt64, name: String = "random", small: WeightFile? = nil
  ) throws(WeightFileError) -> WeightFile {
    try architecture.validate()
    var generator = SplitMix64(seed: seed)
    let layers = architecture.layers.map { shape in
      randomLayer(shape, of: architecture, generator: &generator)
    }
    let initialStates = (0..<architecture.initialStateCount).map { _ in
      InitialState(
        states: (0..<architecture.bottleneck).map { _ in
          Int16(truncatingIfNeeded: generator.next(in: InitialState.largestState))
        },
        cells: (0..<architecture.bottleneck).map { _ in
          Int16(truncatingIfNeeded: generator.next(in: 4000))
        })
    }
    var small = small
    if architecture.scale > 1 && small == nil {
      var same = architecture
      (same.scale, same.conditioningChannels) = (1, 0)
      small = try random(architecture: same, seed: seed &+ 1, name: "small")
    }
    return try WeightFile(
      name: name, architecture: architecture, layers: layers, initialStates: initialStates,
      small: small)
  }

  /// Uniform weights with the deviation of He et al. 2015, and the largest shift up to 12 that
  /// keeps the worst sum within 31 bits.
  private static func randomLayer(
    _ shape: Layer, of architecture: Architecture, generator: inout SplitMix64
  ) -> MaskedConvolution {
    let widest = architecture.inputMagnitudes(shape, slice: shape.sliceCount - 1)
    let fan = Double(widest.count)
    // Inputs have deviations of about 1000, activations of about 300; logits get more contrast.
    let seesValues = shape.taps.contains { $0.plane == .inputs || $0.plane == .smallValues }
    let gain = seesValues ? 0.5 : shape.kind == .headOutput ? 0.7 : 2.2
    var shift = 13
    var amplitude = 0
    repeat {
      shift -= 1
      amplitude = max(1, min(32767, Int(Double(1 << shift) * gain / fan.squareRoot())))
    } while shift > 1
      && amplitude * widest.reduce(0, +) + (600 << shift) > Int(Int32.max)
    let slices = (0..<shape.sliceCount).map { slice in
      MaskedConvolution.Slice(
        bias: (0..<shape.outputsPerSlice).map { _ in
          Int32(truncatingIfNeeded: generator.next(in: 500 << shift))
        },
        weights: (0..<shape.inputCount(slice: slice) * shape.outputsPerSlice).map { _ in
          Int16(truncatingIfNeeded: generator.next(in: amplitude))
        })
    }
    return MaskedConvolution(shift: shift, slices: slices)
  }
}
