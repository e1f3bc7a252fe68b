import ImagePlanes

/// The samples of some planes, for threads that write different ones of them.
struct MutableSamples: @unchecked Sendable {
  // Unchecked: the planes are held for as long as it is used.
  private let planes: [UnsafeMutableBufferPointer<UInt8>]

  fileprivate init(_ planes: [UnsafeMutableBufferPointer<UInt8>]) { self.planes = planes }

  /// Those of a plane: [row][column].
  @inline(__always)
  subscript(_ plane: Int) -> UnsafeMutableBufferPointer<UInt8> { planes[plane] }
}

extension [Plane] {
  /// Gives `body` the samples of all planes, which may be written until it returns.
  mutating func withMutableSamples(_ body: (MutableSamples) -> Void) {
    hold(0, [], body)
  }

  private mutating func hold(
    _ plane: Int, _ held: [UnsafeMutableBufferPointer<UInt8>], _ body: (MutableSamples) -> Void
  ) {
    guard plane < count else { return body(MutableSamples(held)) }
    // Taken out, so that the others can be held at the same time.
    var samples: [UInt8] = []
    swap(&samples, &self[plane].samples)
    samples.withUnsafeMutableBufferPointer { hold(plane + 1, held + [$0], body) }
    swap(&samples, &self[plane].samples)
  }
}
