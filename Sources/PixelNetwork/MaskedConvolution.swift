/// The integers of one masked convolution (FORMAT.md, sections 4.1 and 5.3).
public struct MaskedConvolution: Sendable, Hashable {
  /// One slice's share.
  public struct Slice: Sendable, Hashable {
    /// [output channel of the slice].
    public var bias: [Int32]
    /// [output channel of the slice][input in the order of `Layer.segments`].
    public var weights: [Int16]

    /// A slice with these integers.
    public init(bias: [Int32], weights: [Int16]) {
      self.bias = bias
      self.weights = weights
    }
  }

  /// S: sums are divided by 2^S, 1 to 24.
  public var shift: Int
  /// One for each colour; of `upsample`, for each phase.
  public var slices: [Slice]

  /// A layer with these integers.
  public init(shift: Int, slices: [Slice]) {
    self.shift = shift
    self.slices = slices
  }

  /// Checks that the layer has the shape of `shape` and that none of its sums can leave 32 bits.
  ///
  /// Complexity: O(weights).
  /// - Throws: `illegalField` (shift), `wrongLayer` or `overflowingBound`.
  public func validate(
    as shape: Layer, of architecture: Architecture
  ) throws(WeightFileError) {
    guard (1...24).contains(shift) else {
      throw .illegalField(name: "shift of \(shape.name)", value: shift)
    }
    guard slices.count == shape.sliceCount else { throw .wrongLayer(name: shape.name) }
    for (index, slice) in slices.enumerated() {
      let inputs = shape.inputCount(slice: index)
      guard slice.bias.count == shape.outputsPerSlice,
        slice.weights.count == inputs * shape.outputsPerSlice
      else { throw .wrongLayer(name: shape.name) }
      let bounds = Self.bounds(
        slice, shift: shift, magnitudes: architecture.inputMagnitudes(shape, slice: index))
      for (output, bound) in bounds.enumerated() where bound > Int(Int32.max) {
        throw .overflowingBound(
          layer: shape.name, channel: index * shape.outputsPerSlice + output, bound: bound)
      }
    }
  }

  /// |b| + sum_k |w_k| A_k + 2^(S-1) of each output channel: no partial sum, in any
  /// order, is larger.
  ///
  /// - Parameters:
  ///   - slice: bias [outputs], weights [outputs][inputs].
  ///   - shift: S, 1 to 24.
  ///   - magnitudes: A_k [inputs], each at most 2^15.
  /// - Returns: [outputs]. They fit 64 bits easily: at most 2^14 inputs, each product below 2^31.
  public static func bounds(_ slice: Slice, shift: Int, magnitudes: [Int]) -> [Int] {
    let inputs = magnitudes.count
    return slice.weights.withUnsafeBufferPointer { weights in
      magnitudes.withUnsafeBufferPointer { magnitudes in
        slice.bias.enumerated().map { output, bias in
          var sum = Int(bias.magnitude) &+ (1 &<< (shift &- 1))
          for k in 0..<inputs {
            sum &+= Int(weights[output &* inputs &+ k].magnitude) &* magnitudes[k]
          }
          return sum
        }
      }
    }
  }
}
