import ImagePlanes

/// Makes the chroma of each pixel from a stored chroma plane, row by row: the sum of up to four
/// cells with weights of 16, plus a bias, by 16.
struct ChromaUpsampler {
  private let rows: [Tap]
  private let columns: [Tap]
  private let biases: (even: Int32, odd: Int32)
  /// Four times the mean of two rows of cells.
  private var blend: [Int32]

  /// - Parameters:
  ///   - lattice: a valid one.
  ///   - width: of the image.
  ///   - height: of the image.
  init(_ lattice: ColourLattice, width: Int, height: Int) {
    (rows, columns) = lattice.taps(width: width, height: height)
    biases = lattice.sampling.biases
    blend = [Int32](repeating: 0, count: lattice.chromaExtent(width: width, height: height).width)
  }

  /// Writes the chroma of the pixels of a row.
  ///
  /// Complexity: O(columns).
  ///
  /// - Parameters:
  ///   - row: of the image.
  ///   - cells: a whole plane of the lattice's extent.
  ///   - target: one byte for each column.
  mutating func upsample(row: Int, of cells: Plane, to target: inout [UInt8]) {
    let width = blend.count
    let tap = rows[row]
    let (farWeight, nearWeight) = (tap.farWeight, 4 &- tap.farWeight)
    cells.samples.withUnsafeBufferPointer { cells in
      let near = UnsafeBufferPointer(rebasing: cells[tap.near * width..<(tap.near + 1) * width])
      let far = UnsafeBufferPointer(rebasing: cells[tap.far * width..<(tap.far + 1) * width])
      blend.withUnsafeMutableBufferPointer { blend in
        for j in 0..<width {
          blend[j] = nearWeight &* Int32(near[j]) &+ farWeight &* Int32(far[j])
        }
      }
    }
    blend.withUnsafeBufferPointer { blend in
      columns.withUnsafeBufferPointer { columns in
        target.withUnsafeMutableBufferPointer { target in
          for c in 0..<min(columns.count, target.count) {
            let tap = columns[c]
            let sum = (4 &- tap.farWeight) &* blend[tap.near] &+ tap.farWeight &* blend[tap.far]
            let bias = tap.isOdd ? biases.odd : biases.even
            target[c] = UInt8(truncatingIfNeeded: (sum &+ bias) &>> 4)
          }
        }
      }
    }
  }
}
