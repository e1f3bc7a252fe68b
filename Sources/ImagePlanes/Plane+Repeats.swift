extension Sequence<Plane> {
  /// Whether in all planes eight samples, from one on, are equal to those `distance` before them.
  /// Flat parts are passed over so, eight pixels at a time.
  ///
  /// Complexity: O(planes).
  ///
  /// - Parameters:
  ///   - place: of the first of the samples in each plane; `distance` or more, and at most 8 less
  ///     than there are samples.
  ///   - distance: 1 or more.
  /// - Returns: whether they are.
  @inlinable @inline(__always)
  package func repeatEight(at place: Int, distance: Int) -> Bool {
    allSatisfy { plane in
      plane.samples.withUnsafeBytes {
        $0.loadUnaligned(fromByteOffset: place, as: UInt64.self)
          == $0.loadUnaligned(fromByteOffset: place &- distance, as: UInt64.self)
      }
    }
  }
}
