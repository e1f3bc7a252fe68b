import ImagePlanes
import Platform

/// An image as luma, chroma and what is left: all that its red, green and blue follow from.
public struct LatticePlanes: Equatable, Sendable {
  /// Where the colours came from.
  public let lattice: ColourLattice
  /// Luma of each pixel.
  public var luma: Plane
  /// The two chromas, of the lattice's extent.
  public var chroma: [Plane]
  /// Of red, green and blue: the sample less what the lattice says it is, modulo 256.
  public var corrections: [Plane]

  /// The planes of an image; of other numbers and sizes than the lattice calls for, they stand for
  /// a black one.
  public init(lattice: ColourLattice, luma: Plane, chroma: [Plane], corrections: [Plane]) {
    self.lattice = lattice
    self.luma = luma
    self.chroma = chroma
    self.corrections = corrections
  }

  /// Whether the planes are as many and as large as the lattice calls for.
  public var isWhole: Bool {
    let extent = lattice.chromaExtent(width: luma.width, height: luma.height)
    func isWhole(_ plane: Plane, _ width: Int, _ height: Int) -> Bool {
      plane.width == width && plane.height == height && plane.samples.count == width * height
    }
    return lattice.isValid && chroma.count == 2 && corrections.count == 3
      && isWhole(luma, luma.width, luma.height)
      && chroma.allSatisfy { isWhole($0, extent.width, extent.height) }
      && corrections.allSatisfy { isWhole($0, luma.width, luma.height) }
  }

  /// Red, green and blue. Planes of any bytes are legal.
  ///
  /// Memory: three planes, which the caller asks for. Complexity: O(pixels).
  ///
  /// - Parameter threads: to work on, 1 or more.
  /// - Returns: three planes of luma's size.
  public func colours(threads: Int = 1) -> [Plane] {
    guard isWhole, luma.width > 0 else {
      return (0..<3).map { _ in Plane(width: luma.width, height: luma.height) }
    }
    var planes = corrections
    let (height, blocks) = (luma.height, (luma.height + Self.blockRows - 1) / Self.blockRows)
    // Made once: it knows of all rows and columns.
    let upsampler = ChromaUpsampler(lattice, width: luma.width, height: height)
    planes.withMutableSamples { targets in
      _ = SideBySide.map(blocks, threads: threads) { block in
        let first = block * Self.blockRows
        add(rows: first..<min(first + Self.blockRows, height), upsampler, to: targets)
      }
    }
    return planes
  }

  /// Rows that a thread works at without a break.
  private static let blockRows = 64

  /// Adds to the corrections of some rows what luma and chroma give.
  private func add(rows: Range<Int>, _ upsampler: ChromaUpsampler, to targets: MutableSamples) {
    let width = luma.width
    var upsampler = upsampler
    var first = [UInt8](repeating: 0, count: width)
    var second = first
    lattice.transform.terms.withPointers { terms in
      for row in rows {
        upsampler.upsample(row: row, of: chroma[0], to: &first)
        upsampler.upsample(row: row, of: chroma[1], to: &second)
        let start = row * width
        let (red, green, blue) = (targets[0], targets[1], targets[2])
        luma.samples.withUnsafeBufferPointer { luma in
          first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
              for c in 0..<width {
                let i = start &+ c
                let luma = luma[i]
                red[i] &+= UInt8(truncatingIfNeeded: terms.red(luma, second[c]))
                green[i] &+= UInt8(truncatingIfNeeded: terms.green(luma, first[c], second[c]))
                blue[i] &+= UInt8(truncatingIfNeeded: terms.blue(luma, first[c]))
              }
            }
          }
        }
      }
    }
  }
}
