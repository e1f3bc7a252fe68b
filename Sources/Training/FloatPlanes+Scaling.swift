import Bytes

/// How samples are weighted when an image is resampled.
enum ResamplingKernel: CaseIterable {
  /// The area that a new pixel covers of an old one.
  case area
  /// A tent as wide as two new pixels.
  case triangle
  /// Cubic convolution (Keys 1981, doi:10.1109/TASSP.1981.1163711, a = -1/2), four new pixels wide.
  case cubic

  /// How far from its centre the kernel reaches, in old pixels, where a new pixel is `pitch` old
  /// ones.
  func reach(pitch: Float) -> Float {
    switch self {
    case .area: (pitch + 1) / 2
    case .triangle: pitch
    case .cubic: 2 * pitch
    }
  }

  /// The weight, before they are made to sum to 1, of an old pixel at `distance` old pixels.
  func weight(distance: Float, pitch: Float) -> Float {
    let x = abs(distance) / pitch
    switch self {
    case .area: return min(max((pitch + 1) / 2 - abs(distance), 0), 1)
    case .triangle: return max(1 - x, 0)
    case .cubic:
      return x < 1
        ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
    }
  }
}

/// What each new pixel of a row or column is made of.
private struct ResampledAxis {
  /// Old pixels to a new one.
  let taps: Int
  /// Where they are, inside of the image, and what they count: [new pixel][tap].
  let indices: [Int], weights: [Float]

  /// The new pixels `positions` of an axis of `length` old pixels, scaled by `scale`.
  init(positions: Range<Int>, scale: Float, length: Int, kernel: ResamplingKernel) {
    let pitch = max(1, 1 / scale)
    let reach = kernel.reach(pitch: pitch)
    taps = Int((2 * reach).rounded(.down)) + 1
    var indices: [Int] = []
    var weights: [Float] = []
    for position in positions {
      let centre = (Float(position) + 0.5) / scale - 0.5
      let first = Int((centre - reach).rounded(.up))
      let raw = (first..<first + taps).map {
        kernel.weight(distance: Float($0) - centre, pitch: pitch)
      }
      let sum = raw.reduce(0, +)
      weights += raw.map { $0 / sum }
      indices += (first..<first + taps).map { min(max($0, 0), length - 1) }
    }
    self.indices = indices
    self.weights = weights
  }
}

extension FloatPlanes {
  /// The least side, in pixels, of a scaled image.
  static let leastScaledSide = 96

  /// Resamples by 0.5...1 (two times in three; any kernel) or 1...2 (cubic), and cuts a random part
  /// of at most `maximumSide` on a side. Does nothing where the whole would be below
  /// `leastScaledSide`.
  mutating func scale(maximumSide: Int, _ generator: inout SplitMix64) {
    let shrinks = generator.index(below: 3) < 2
    let scale = shrinks ? generator.uniform(0.5...1) : generator.uniform(1...2)
    let kernels = ResamplingKernel.allCases
    let kernel = shrinks ? kernels[generator.index(below: kernels.count)] : .cubic
    let newWidth = Int((Float(width) * scale).rounded())
    let newHeight = Int((Float(height) * scale).rounded())
    guard min(newWidth, newHeight) >= FloatPlanes.leastScaledSide else { return }
    let keptWidth = min(newWidth, max(maximumSide, 1))
    let keptHeight = min(newHeight, max(maximumSide, 1))
    let left = generator.index(below: newWidth - keptWidth + 1)
    let top = generator.index(below: newHeight - keptHeight + 1)
    resample(
      rows: top..<top + keptHeight, columns: left..<left + keptWidth, scale: scale, kernel: kernel)
  }

  /// Becomes the part `rows` x `columns` of the image that `scale` times as many rows and columns
  /// would make.
  mutating func resample(
    rows: Range<Int>, columns: Range<Int>, scale: Float, kernel: ResamplingKernel
  ) {
    let across = ResampledAxis(positions: columns, scale: scale, length: width, kernel: kernel)
    let down = ResampledAxis(positions: rows, scale: scale, length: height, kernel: kernel)
    guard let firstRow = down.indices.min(), let lastRow = down.indices.max() else { return }
    let oldWidth = width
    let newWidth = columns.count
    let newHeight = rows.count
    var narrow = [Float](repeating: 0, count: (lastRow - firstRow + 1) * newWidth)
    for colour in planes.indices {
      planes[colour].withUnsafeBufferPointer { source in
        narrow.withUnsafeMutableBufferPointer { narrow in
          across.indices.withUnsafeBufferPointer { indices in
            across.weights.withUnsafeBufferPointer { weights in
              for r in firstRow...lastRow {
                let old = r * oldWidth
                let new = (r - firstRow) * newWidth
                for c in 0..<newWidth {
                  var sum: Float = 0
                  for k in c &* across.taps..<(c &+ 1) &* across.taps {
                    sum += weights[k] * source[old &+ indices[k]]
                  }
                  narrow[new &+ c] = sum
                }
              }
            }
          }
        }
      }
      var result = [Float](repeating: 0, count: newWidth * newHeight)
      narrow.withUnsafeBufferPointer { narrow in
        result.withUnsafeMutableBufferPointer { out in
          for r in 0..<newHeight {
            for k in r * down.taps..<(r + 1) * down.taps {
              let weight = down.weights[k]
              let old = (down.indices[k] - firstRow) * newWidth
              let new = r * newWidth
              for c in 0..<newWidth { out[new &+ c] += weight * narrow[old &+ c] }
            }
          }
        }
      }
      planes[colour] = result
    }
    width = newWidth
    height = newHeight
  }
}
