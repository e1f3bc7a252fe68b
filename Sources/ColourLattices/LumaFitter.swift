import ImagePlanes
import Platform

extension LatticePlanes {
  /// The planes of an image whose chroma is found: the luma that gives each colour, or comes
  /// nearest to it, and what is left.
  ///
  /// Of several lumas that give a colour, as where samples are cut off, the one is taken that is
  /// nearest to the mean of the left and the upper one. Complexity: O(pixels).
  ///
  /// - Parameters:
  ///   - lattice: a valid one.
  ///   - colours: red, green, blue of one size.
  ///   - chroma: two planes of the lattice's extent.
  ///   - threads: to work on, 1 or more.
  init(_ lattice: ColourLattice, of colours: [Plane], chroma: [Plane], threads: Int) {
    let (width, height) = (colours[0].width, colours[0].height)
    var planes = (0..<4).map { _ in Plane(width: width, height: height) }
    planes.withMutableSamples { targets in
      RowWavefront(rows: height, columns: width).run(threads: threads) { front in
        var upsampler = ChromaUpsampler(lattice, width: width, height: height)
        var first = [UInt8](repeating: 0, count: width)
        var second = first
        lattice.transform.withInverter { inverter in
          colours.withSamples { red, green, blue in
            while let row = front.nextRow() {
              upsampler.upsample(row: row, of: chroma[0], to: &first)
              upsampler.upsample(row: row, of: chroma[1], to: &second)
              front.forEachPiece(of: row) { columns in
                for column in columns {
                  let i = row &* width &+ column
                  targets.fit(
                    Colour(red: Int32(red[i]), green: Int32(green[i]), blue: Int32(blue[i])),
                    Chroma(first: Int32(first[column]), second: Int32(second[column])), row,
                    column, width: width, inverter)
                }
              }
            }
          }
        }
      }
    }
    self.init(
      lattice: lattice, luma: planes[0], chroma: chroma, corrections: Array(planes.dropFirst()))
  }

  /// The part of the pixels, 0...1, that have a correction.
  public var correctedPart: Double {
    corrections.withSamples { red, green, blue in
      var count = 0
      for i in 0..<red.count where red[i] | green[i] | blue[i] != 0 { count &+= 1 }
      return Double(count) / Double(max(red.count, 1))
    }
  }
}

extension MutableSamples {
  /// Finds the luma of a pixel, and its corrections if it has any; those of the left and the upper
  /// pixel are found.
  @inline(__always)
  fileprivate func fit(
    _ colour: Colour, _ chroma: Chroma, _ row: Int, _ column: Int, width: Int,
    _ inverter: ColourInverter
  ) {
    let luma = self[0]
    let i = row &* width &+ column
    let range = inverter.lumas(colour, chroma)
    if range.low == range.high {
      luma[i] = UInt8(truncatingIfNeeded: range.low)
    } else if range.low < range.high {
      let left = column > 0 ? i &- 1 : row > 0 ? i &- width : -1
      let above = row > 0 ? i &- width : left
      let expected = left < 0 ? 128 : (Int32(luma[left]) &+ Int32(luma[above]) &+ 1) &>> 1
      luma[i] = UInt8(truncatingIfNeeded: min(max(expected, range.low), range.high))
    } else {
      let nearest = inverter.nearestLuma(colour, chroma)
      let given = inverter.terms.colour(nearest, chroma)
      luma[i] = UInt8(truncatingIfNeeded: nearest)
      self[1][i] = UInt8(truncatingIfNeeded: colour.red &- given.red)
      self[2][i] = UInt8(truncatingIfNeeded: colour.green &- given.green)
      self[3][i] = UInt8(truncatingIfNeeded: colour.blue &- given.blue)
    }
  }
}
