import Bytes
import Foundation

/// A rising curve of brightness: gamma, then contrast, then levels.
struct ToneCurve {
  /// The values at 0, 1 ... 255, in 0...255, and the last one again.
  let values: [Float]

  /// Gamma 0.6...1.6 three times in four, otherwise contrast; contrast and levels may be added to
  /// it.
  init(_ generator: inout SplitMix64) {
    let hasGamma = generator.chance(0.75)
    let gamma = hasGamma ? generator.uniform(0.6...1.6) : 1
    let hasContrast = !hasGamma || generator.chance(0.5)
    let isSofter = generator.chance(0.4)
    let strength = isSofter ? generator.uniform(-0.5 ... -0.1) : generator.uniform(0.1...0.8)
    let contrast = hasContrast ? strength : 0
    let hasLevels = generator.chance(0.5)
    let low = hasLevels ? generator.uniform(-0.06...0.06) : 0
    let high = hasLevels ? generator.uniform(0.94...1.06) : 1
    values = (0...256).map { i in
      let x = pow(Float(min(i, 255)) / 255, gamma)
      // The slope is 1 - contrast at both ends and 1 + contrast / 2 in the middle.
      let y = x + contrast * x * (1 - x) * (2 * x - 1)
      return 255 * min(max(low + (high - low) * y, 0), 1)
    }
  }
}

extension FloatPlanes {
  /// Applies `curve`, with lines between its values.
  mutating func apply(_ curve: ToneCurve) {
    curve.values.withUnsafeBufferPointer { table in
      for colour in planes.indices {
        planes[colour].withUnsafeMutableBufferPointer { values in
          for i in 0..<values.count {
            let value = min(max(values[i], 0), 255)
            let index = Int(value)
            let base = table[index]
            values[i] = base + (value - Float(index)) * (table[index &+ 1] - base)
          }
        }
      }
    }
  }

  /// Rounds, and replaces each of the 256 values by the rounded value of `curve`.
  mutating func lookUp(_ curve: ToneCurve) {
    let rounded = curve.values.map { FloatPlanes.whole($0) }
    rounded.withUnsafeBufferPointer { table in
      for colour in planes.indices {
        planes[colour].withUnsafeMutableBufferPointer { values in
          for i in 0..<values.count { values[i] = table[Int(FloatPlanes.byte(values[i]))] }
        }
      }
    }
  }

  /// Gives each colour its own gain, 0.8...1.2, and offset, -6...6.
  mutating func cast(_ generator: inout SplitMix64) {
    for colour in planes.indices {
      let gain = generator.uniform(0.8...1.2)
      let offset = generator.uniform(-6...6)
      planes[colour].withUnsafeMutableBufferPointer { values in
        for i in 0..<values.count { values[i] = gain * values[i] + offset }
      }
    }
  }

  /// One of the five ways to exchange three colours.
  mutating func permute(_ generator: inout SplitMix64) {
    guard planes.count == 3 else { return }
    let orders = [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    planes = orders[generator.index(below: orders.count)].map { planes[$0] }
  }

  // MARK: - Chroma

  /// To YCbCr and back, as JPEG and video do, with rounding in between and after.
  ///
  /// Chroma stays as it is (one time in four), or is averaged over 2x1 (one in four) or 2x2 pixels
  /// (two in four) of a grid that begins anywhere, and repeated or interpolated linearly.
  mutating func subsampleChroma(_ generator: inout SplitMix64) {
    guard planes.count == 3 else { return }
    let kind = generator.index(below: 4)
    let column = generator.index(below: 2)
    let row = generator.index(below: 2)
    let isLinear = generator.chance(0.5)
    toYCbCr()
    if kind > 0 {
      for colour in 1...2 {
        halveChroma(colour, column: column, row: kind > 1 ? row : nil, isLinear: isLinear)
      }
    }
    toRGB()
  }

  /// R, G, B to rounded Y, Cb, Cr: BT.601 in full range (JFIF, ITU-T T.871, section 7).
  mutating func toYCbCr() {
    mapPixels { r, g, b in
      let red = FloatPlanes.whole(r)
      let green = FloatPlanes.whole(g)
      let blue = FloatPlanes.whole(b)
      let luma = 0.299 * red + 0.587 * green + 0.114 * blue
      return (
        FloatPlanes.whole(luma), FloatPlanes.whole((blue - luma) * (1 / 1.772) + 128),
        FloatPlanes.whole((red - luma) * (1 / 1.402) + 128)
      )
    }
  }

  /// Y, Cb, Cr to rounded R, G, B: the inverse of `toYCbCr()` but for rounding and clipping.
  mutating func toRGB() {
    mapPixels { y, cb, cr in
      let blue = cb - 128
      let red = cr - 128
      return (
        FloatPlanes.whole(y + 1.402 * red),
        FloatPlanes.whole(y - 0.344136 * blue - 0.714136 * red),
        FloatPlanes.whole(y + 1.772 * blue)
      )
    }
  }

  /// Inlined with its closure into one loop.
  @inline(__always) mutating func mapPixels(
    _ transform: (Float, Float, Float) -> (Float, Float, Float)
  ) {
    guard planes.count == 3 else { return }
    var (one, two, three) = (planes[0], planes[1], planes[2])
    planes = []  // so that nothing is copied
    one.withUnsafeMutableBufferPointer { first in
      two.withUnsafeMutableBufferPointer { second in
        three.withUnsafeMutableBufferPointer { third in
          for i in 0..<min(first.count, second.count, third.count) {
            (first[i], second[i], third[i]) = transform(first[i], second[i], third[i])
          }
        }
      }
    }
    planes = [one, two, three]
  }

  /// Averages a plane over pairs of columns, and of rows unless `row` is nil, rounds, and brings it
  /// back to size.
  ///
  /// `column` and `row`, 0 or 1, are the pixels by which the first pair begins before the image.
  private mutating func halveChroma(_ colour: Int, column: Int, row: Int?, isLinear: Bool) {
    let across = PairedAxis(length: width, phase: column, isPaired: true)
    let down = PairedAxis(
      length: height, phase: row ?? 0, isPaired: row != nil)
    let width = self.width
    let height = self.height
    var cells = [Float](repeating: 0, count: across.cells * down.cells)
    var line = [Float](repeating: 0, count: across.cells)
    planes[colour].withUnsafeMutableBufferPointer { values in
      cells.withUnsafeMutableBufferPointer { cells in
        line.withUnsafeMutableBufferPointer { line in
          for r in 0..<height {
            let weight = down.share[r]
            let base = down.cell[r] * across.cells
            for c in 0..<width {
              cells[base &+ across.cell[c]] += weight * across.share[c] * values[r &* width &+ c]
            }
          }
          for i in 0..<cells.count { cells[i] = FloatPlanes.whole(cells[i]) }
          let far: Float = isLinear ? 0.25 : 0
          let farDown: Float = row == nil ? 0 : far
          for r in 0..<height {
            let near = down.cell[r] * across.cells
            let next = down.neighbour[r] * across.cells
            for i in 0..<line.count {
              line[i] = (1 - farDown) * cells[near &+ i] + farDown * cells[next &+ i]
            }
            for c in 0..<width {
              values[r &* width &+ c] = FloatPlanes.whole(
                (1 - far) * line[across.cell[c]] + far * line[across.neighbour[c]])
            }
          }
        }
      }
    }
  }
}

/// Which pixels of a row or column share a sample of chroma.
private struct PairedAxis {
  /// The number of samples.
  let cells: Int
  /// For each pixel: its sample, the next nearest one, and its share of the average.
  let cell: [Int], neighbour: [Int], share: [Float]

  init(length: Int, phase: Int, isPaired: Bool) {
    guard isPaired else {
      cells = length
      cell = Array(0..<length)
      neighbour = cell
      share = Array(repeating: 1, count: length)
      return
    }
    let last = (length - 1 + phase) / 2
    cells = last + 1
    cell = (0..<length).map { ($0 + phase) / 2 }
    neighbour = (0..<length).map {
      min(max(($0 + phase) / 2 + (($0 + phase) % 2 == 0 ? -1 : 1), 0), last)
    }
    // The pairs at the ends may have lost a pixel.
    share = (0..<length).map {
      let other = ($0 + phase) % 2 == 0 ? $0 + 1 : $0 - 1
      return other >= 0 && other < length ? 0.5 : 1
    }
  }
}
