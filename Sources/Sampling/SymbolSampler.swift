import Bytes
import ImagePlanes
import PixelNetwork
import TileCoding

/// A third side of the pixel loop, beside those of the range coder: it draws the values.
final class SymbolSampler: ValueCoder {
  let output = TileEvaluation.Output.distributions
  let numbers: DrawnNumbers
  /// The power of the frequencies, 1 to 4.
  let sharpness: Int
  let columns: Int
  /// [row * columns + column]: the values to keep; nil for none.
  let visible: [Bool]?
  /// The place of the first value among the image's random numbers.
  private let firstPlace: Int

  init(
    numbers: DrawnNumbers, sharpness: Int, columns: Int, visible: [Bool]?, firstPlace: Int = 0
  ) {
    self.numbers = numbers
    self.sharpness = sharpness
    self.columns = columns
    self.visible = visible
    self.firstPlace = firstPlace
  }

  /// That of the small image of `image`, whose random numbers are behind those of the image.
  func ofSmallImage(scale: Int, of image: Image) -> SymbolSampler {
    let small = visible.map { visible in
      stride(from: 0, to: image.height, by: scale).flatMap { row in
        stride(from: 0, to: image.width, by: scale).map { visible[row * image.width + $0] }
      }
    }
    return SymbolSampler(
      numbers: numbers, sharpness: sharpness, columns: (columns + scale - 1) / scale,
      visible: small, firstPlace: image.width * image.height * image.planes.count)
  }

  func code(
    diagonal t: Int, colour: Int, rows: Range<Int>, lane: Int, in evaluation: TileEvaluation
  ) {
    guard let network = evaluation.network else { return }
    let (values, step) = evaluation.values(diagonal: t, colour: colour)
    let centres = evaluation.centres(diagonal: t, colour: colour)
    for row in rows {
      let pixel = row * columns + evaluation.order.column(diagonal: t, row: row)
      if let visible, visible[pixel] { continue }
      if evaluation.isKnown(diagonal: t, row: row) { continue }
      let place = firstPlace + pixel * evaluation.colours + colour
      let weights = network.frequencies(row: row).map(weight)
      var rest = numbers.number(at: place, below: weights.reduce(0, &+))
      var symbol = 0
      while symbol < 255, rest >= weights[symbol] {
        rest -= weights[symbol]
        symbol += 1
      }
      values[row &* step] = centres[row] &+ UInt8(truncatingIfNeeded: symbol)
    }
  }

  /// A frequency, at most 2^22 + 1, to the power; as many bits less as keep 256 of them within 63
  /// bits.
  private func weight(_ frequency: UInt32) -> UInt64 {
    let f = UInt64(frequency)
    switch sharpness {
    case 1: return f
    case 2: return f * f
    case 3: return (f >> 4) * (f >> 4) * (f >> 4)
    default: return (f >> 9) * (f >> 9) * (f >> 9) * (f >> 9)
    }
  }
}

/// Random numbers of an image, each a function of the seed, the image's number and the value's
/// place alone, so that threads cannot change them.
///
/// With mix, the output function of SplitMix64, and its gamma = 9E3779B97F4A7C15h, mod 2^64:
///
///     stream    = mix(mix(seed) + gamma * (image + 1))
///     number(i) = (mix(stream + gamma * (i + 1)) * total) >> 64
struct DrawnNumbers: Sendable {
  private let stream: UInt64

  /// - Parameters:
  ///   - seed: any.
  ///   - image: its number, from 0.
  init(seed: UInt64, image: Int) {
    stream = SplitMix64.mix(
      SplitMix64.mix(seed) &+ SplitMix64.gamma &* (UInt64(truncatingIfNeeded: image) &+ 1))
  }

  /// The number of place `index`, in 0 ..< `total`; the probabilities of any two differ by 2^-64.
  ///
  /// - Parameters:
  ///   - index: (row * columns + column) * colours + colour.
  ///   - total: at least 1.
  /// - Returns: the number.
  func number(at index: Int, below total: UInt64) -> UInt64 {
    let random = SplitMix64.mix(
      stream &+ SplitMix64.gamma &* (UInt64(truncatingIfNeeded: index) &+ 1))
    return random.multipliedFullWidth(by: total).high
  }
}
