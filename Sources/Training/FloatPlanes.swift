import Bytes
import Foundation
import ImagePlanes

/// An image in the middle of its processing: planes of one size, nominally 0...255, rounded only at
/// the end.
struct FloatPlanes {
  /// Of what format the image is.
  let format: PixelFormat
  /// Columns.
  var width: Int
  /// Rows.
  var height: Int
  /// Each [row][column].
  var planes: [[Float]]

  /// The samples of `image`.
  init(_ image: Image) {
    format = image.format
    width = image.width
    height = image.height
    let count = image.width * image.height
    planes = image.planes.map { plane in
      var values = plane.samples.map { Float($0) }
      if values.count != count {
        values = (0..<count).map { $0 < values.count ? values[$0] : 0 }
      }
      return values
    }
  }

  /// Rounded to the nearest of 0...255.
  var image: Image {
    let rounded = planes.map { values in
      var plane = Plane(width: width, height: height)
      plane.samples.withUnsafeMutableBufferPointer { out in
        values.withUnsafeBufferPointer { source in
          for i in 0..<min(out.count, source.count) { out[i] = FloatPlanes.byte(source[i]) }
        }
      }
      return plane
    }
    return Image(format, planes: rounded)
  }

  /// 1.5 * 2^23: adding it leaves a small number, rounded to an integer, in the low bits of the
  /// sum.
  static let roundingBias: Float = 0x1.8p23

  /// `value` clipped to 0...255 and rounded.
  @inline(__always) static func byte(_ value: Float) -> UInt8 {
    UInt8(truncatingIfNeeded: (min(max(value, 0), 255) + roundingBias).bitPattern)
  }

  /// `value` clipped to 0...255 and rounded, as Float.
  @inline(__always) static func whole(_ value: Float) -> Float {
    (min(max(value, 0), 255) + roundingBias) - roundingBias
  }

  // MARK: - Blur and sharpening

  /// The right half, centre first, of a Gaussian of `sigma` pixels, integrated over each pixel: a
  /// sampled one would all but vanish beside its centre where `sigma` is small. The whole sums to
  /// 1.
  static func gaussian(sigma: Float) -> [Float] {
    let radius = max(1, Int((3 * sigma).rounded(.up)))
    let edges = (0...radius + 1).map { erf((Float($0) - 0.5) / (sigma * Float(2).squareRoot())) }
    let half = (0...radius).map { edges[$0 + 1] - edges[$0] }
    let sum = 2 * half.reduce(0, +) - half[0]
    return half.map { $0 / sum }
  }

  /// `plane` convolved with the symmetric kernel `half` in both directions; the edges are repeated.
  func convolved(_ plane: [Float], half: [Float]) -> [Float] {
    let width = self.width
    let height = self.height
    let radius = half.count - 1
    var result = [Float](repeating: 0, count: plane.count)
    var sums = [Float](repeating: 0, count: width)
    var padded = [Float](repeating: 0, count: width + 2 * radius)
    plane.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { out in
        sums.withUnsafeMutableBufferPointer { sums in
          padded.withUnsafeMutableBufferPointer { padded in
            for r in 0..<height {
              for c in 0..<width { sums[c] = half[0] * source[r &* width &+ c] }
              for d in 1..<half.count {
                let weight = half[d]
                let above = max(r - d, 0) * width
                let below = min(r + d, height - 1) * width
                for c in 0..<width { sums[c] += weight * (source[above &+ c] + source[below &+ c]) }
              }
              for c in 0..<radius {
                padded[c] = sums[0]
                padded[width + radius + c] = sums[width - 1]
              }
              for c in 0..<width { padded[radius &+ c] = sums[c] }
              let row = r * width
              for c in 0..<width { out[row &+ c] = half[0] * sums[c] }
              for d in 1..<half.count {
                let weight = half[d]
                for c in 0..<width {
                  out[row &+ c] += weight * (padded[radius &+ c &- d] + padded[radius &+ c &+ d])
                }
              }
            }
          }
        }
      }
    }
    return result
  }

  /// Blurs by a Gaussian of `sigma` pixels.
  mutating func blur(sigma: Float) {
    let half = FloatPlanes.gaussian(sigma: sigma)
    for colour in planes.indices { planes[colour] = convolved(planes[colour], half: half) }
  }

  /// An unsharp mask: adds `amount` times what a blur by `sigma` pixels takes away.
  mutating func sharpen(amount: Float, sigma: Float) {
    let half = FloatPlanes.gaussian(sigma: sigma)
    for colour in planes.indices {
      let blurred = convolved(planes[colour], half: half)
      blurred.withUnsafeBufferPointer { blurred in
        planes[colour].withUnsafeMutableBufferPointer { values in
          for i in 0..<values.count { values[i] += amount * (values[i] - blurred[i]) }
        }
      }
    }
  }

  // MARK: - Noise

  /// Noise of sigma 0.5...3: each colour's own, one for all, or a mixture; one time in three
  /// smoothed.
  mutating func addNoise(_ generator: inout SplitMix64) {
    let sigma = generator.uniform(0.5...3)
    let kind = generator.index(below: 3)
    let shared: Float = kind == 0 ? 0 : kind == 1 ? 1 : generator.unit()
    let smooths = generator.index(below: 3) == 0
    let half = FloatPlanes.gaussian(sigma: generator.uniform(0.4...0.8))
    // Smoothing in both directions multiplies the deviation by the sum of the squared weights.
    let squares = 2 * half.reduce(0) { $0 + $1 * $1 } - half[0] * half[0]
    func field(_ deviation: Float) -> [Float] {
      let factor = smooths ? deviation / squares : deviation
      var values = [Float](repeating: 0, count: width * height)
      values.withUnsafeMutableBufferPointer { values in
        for i in 0..<values.count { values[i] = factor * generator.quickNormal() }
      }
      return smooths ? convolved(values, half: half) : values
    }
    let luma = shared > 0 ? field(sigma * shared.squareRoot()) : []
    for colour in planes.indices {
      if shared > 0 { add(luma, to: colour) }
      if shared < 1 { add(field(sigma * (1 - shared).squareRoot()), to: colour) }
    }
  }

  private mutating func add(_ field: [Float], to colour: Int) {
    field.withUnsafeBufferPointer { field in
      planes[colour].withUnsafeMutableBufferPointer { values in
        for i in 0..<min(values.count, field.count) { values[i] += field[i] }
      }
    }
  }

  /// Adds a uniform number in -0.5 ..< 0.5 to each sample, so that rounding leaves no gaps in the
  /// histogram.
  mutating func dither(_ generator: inout SplitMix64) {
    for colour in planes.indices {
      planes[colour].withUnsafeMutableBufferPointer { values in
        for i in 0..<values.count { values[i] += generator.unit() - 0.5 }
      }
    }
  }
}
