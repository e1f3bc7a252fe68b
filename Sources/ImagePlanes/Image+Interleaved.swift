import Bytes

// The order of PNG files and digests: row by row, of each pixel a byte of every plane. Some rows
// are interleaved at a time, so that an image is not held twice.

extension Image {
  /// Rows to interleave at once: of about 64 KiB, but at least one.
  ///
  /// - Throws: `OutOfMemory` if there is none for them.
  package func interleavedRowsAtOnce() throws(OutOfMemory) -> Int {
    let (rowBytes, overflow) = width.multipliedReportingOverflow(by: planes.count)
    let rows = max(1, min(height, (1 << 16) / max(1, rowBytes)))
    try Memory.check(rows, of: overflow ? .max : rowBytes)
    return rows
  }

  /// Gives `body` the bytes of all rows in their order, [row][column][plane], some rows at a time.
  ///
  /// Complexity: O(pixels).
  ///
  /// - Parameters:
  ///   - rowsAtOnce: what `interleavedRowsAtOnce` says.
  ///   - body: gets the bytes of one or more rows, which are valid until it returns.
  /// - Throws: what `body` throws.
  package func forEachInterleavedRows<Failure: Error>(
    atOnce rowsAtOnce: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    let rowsAtOnce = max(rowsAtOnce, 1)
    let planeCount = planes.count
    var buffer = [UInt8](repeating: 0, count: planeCount * width * rowsAtOnce)
    for row in stride(from: 0, to: height, by: rowsAtOnce) {
      let count = min(rowsAtOnce, height - row) * width
      try buffer.withUnsafeMutableBufferPointer { target throws(Failure) in
        for k in 0..<planeCount {
          planes[k].samples.withUnsafeBufferPointer { source in
            let known = min(max(source.count - row * width, 0), count)
            let first = row * width
            for i in 0..<known { target[planeCount &* i &+ k] = source[first &+ i] }
            for i in known..<count { target[planeCount &* i &+ k] = 0 }
          }
        }
        try body(UnsafeBufferPointer(rebasing: target[..<(planeCount * count)]))
      }
    }
  }

  /// Sets rows from their bytes, [row][column][plane].
  ///
  /// Complexity: O(bytes).
  ///
  /// - Parameters:
  ///   - row: the first row to set.
  ///   - bytes: of whole rows. What does not fit into the image is dropped.
  package mutating func setRows(from row: Int, interleaved bytes: UnsafeBufferPointer<UInt8>) {
    let planeCount = planes.count
    guard planeCount > 0, row >= 0, row < height else { return }
    let first = row * width
    for k in 0..<planeCount {
      planes[k].samples.withUnsafeMutableBufferPointer { target in
        for i in 0..<min(bytes.count / planeCount, max(target.count - first, 0)) {
          target[first &+ i] = bytes[planeCount &* i &+ k]
        }
      }
    }
  }
}
