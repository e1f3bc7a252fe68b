import ImagePlanes

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
  public func colours() -> [Plane] {
    guard isWhole, luma.width > 0 else {
      return (0..<3).map { _ in Plane(width: luma.width, height: luma.height) }
    }
    var (red, green, blue) = (corrections[0], corrections[1], corrections[2])
    lattice.transform.terms.withPointers { terms in
      forEachRow { row, luma, first, second in
        let start = row &* luma.count
        red.samples.withUnsafeMutableBufferPointer { target in
          for c in 0..<luma.count {
            target[start &+ c] &+= UInt8(truncatingIfNeeded: terms.red(luma[c], second[c]))
          }
        }
        green.samples.withUnsafeMutableBufferPointer { target in
          for c in 0..<luma.count {
            target[start &+ c] &+= UInt8(
              truncatingIfNeeded: terms.green(luma[c], first[c], second[c]))
          }
        }
        blue.samples.withUnsafeMutableBufferPointer { target in
          for c in 0..<luma.count {
            target[start &+ c] &+= UInt8(truncatingIfNeeded: terms.blue(luma[c], first[c]))
          }
        }
      }
    }
    return [red, green, blue]
  }

  /// Gives `body` the number of each row, and the luma and both chromas of its pixels.
  private func forEachRow(
    _ body: (
      Int, UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>
    ) -> Void
  ) {
    let width = luma.width
    var upsampler = ChromaUpsampler(lattice, width: width, height: luma.height)
    var first = [UInt8](repeating: 0, count: width)
    var second = first
    for row in 0..<luma.height {
      upsampler.upsample(row: row, of: chroma[0], to: &first)
      upsampler.upsample(row: row, of: chroma[1], to: &second)
      luma.samples.withUnsafeBufferPointer { luma in
        let luma = UnsafeBufferPointer(rebasing: luma[row * width..<(row + 1) * width])
        first.withUnsafeBufferPointer { first in
          second.withUnsafeBufferPointer { second in body(row, luma, first, second) }
        }
      }
    }
  }
}
