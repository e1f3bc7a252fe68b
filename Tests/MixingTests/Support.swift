import CEntropyCoding
import EntropyCoding
import Foundation
import ImagePlanes
import Mixing
import Platform
import Prediction
import TestSupport
import Testing

/// A distribution that falls from symbol 0 on to both sides.
func fallingDistribution(_ base: Double) -> prn_distribution {
  var distribution = prn_distribution()
  var total: UInt32 = 0
  withUnsafeMutableBytes(of: &distribution.frequencies) { frequencies in
    let frequencies = frequencies.bindMemory(to: UInt32.self)
    withUnsafeMutableBytes(of: &distribution.starts) { starts in
      let starts = starts.bindMemory(to: UInt32.self)
      for symbol in 0..<256 {
        if symbol % 16 == 0 { starts[symbol / 16] = total }
        let distance = Double(min(symbol, 256 - symbol))
        frequencies[symbol] = 1 + UInt32(Double(1 << 22) * pow(base, distance))
        total += frequencies[symbol]
      }
    }
  }
  distribution.total = total
  return distribution
}

/// Codes images as both sides of the codec do, with a network that says the same of every value.
struct MixingRun {
  var parameters = MixingParameters(.standard)
  var breadth = AdaptivePrediction.Breadth.widest
  var scale = 1
  var usesNetwork = true
  var instructions = InstructionSet.supported.last ?? .portable
  /// Rows that are coded with one call; nil: all that belong together.
  var rowsAtOnce: Int?

  /// The stream of each lane.
  func encode(_ image: Image) throws -> [[UInt8]] {
    let coders = try lanes(image).map { _ in RangeEncoder() }
    try walk(image) { lane, mixer, t, colour, rows, distributions, values, step in
      mixer.encode(
        diagonal: t, colour: colour, rows: rows, coder: coders[lane],
        distributions: distributions, values: values, step: step)
    }
    return try coders.map { try $0.finish() }
  }

  /// The image that the streams are of.
  func decode(_ streams: [[UInt8]], like image: Image) throws -> Image {
    let coders = streams.map { RangeDecoder($0) }
    var blank = Image(width: image.width, height: image.height, colours: image.colours)
    for row in stride(from: 0, to: image.height, by: scale) where scale > 1 {
      for column in stride(from: 0, to: image.width, by: scale) {
        let pixel = row * image.width + column
        for c in 0..<image.colours {
          blank.planes[c].samples[pixel] = image.planes[c].samples[pixel]
        }
      }
    }
    let found = try walk(blank) { lane, mixer, t, colour, rows, distributions, values, step in
      mixer.decode(
        diagonal: t, colour: colour, rows: rows, coder: coders[lane],
        distributions: distributions, values: values, step: step)
    }
    for coder in coders { try coder.finish() }
    return found
  }

  private func prediction(_ image: Image) throws -> AdaptivePrediction {
    try #require(
      AdaptivePrediction(
        breadth: breadth, rows: image.height, columns: image.width, colours: image.colours,
        instructions: instructions))
  }

  private func lanes(_ image: Image) throws -> [LaneMixer] {
    try #require(
      LaneMixer.lanes(
        parameters, prediction: prediction(image), scale: scale, instructions: instructions))
  }

  private typealias Code = (
    _ lane: Int, _ mixer: LaneMixer, _ t: Int, _ colour: Int, _ rows: Range<Int>,
    _ distributions: UnsafePointer<prn_distribution>?, _ values: UnsafeMutablePointer<UInt8>,
    _ step: Int
  ) -> Void

  /// The values that `code` leaves.
  @discardableResult
  private func walk(_ image: Image, _ code: Code) throws -> Image {
    var image = image
    let prediction = try prediction(image)
    let mixers = try #require(
      LaneMixer.lanes(
        parameters, prediction: prediction, scale: scale, instructions: instructions))
    let lanes = Lanes(rows: image.height, columns: image.width)
    let diagonals = CodeOrder(rows: image.height, columns: image.width, shear: 4)
    let distributions = Array(repeating: fallingDistribution(0.8), count: image.height)
    for t in 0..<diagonals.count {
      prediction.begin(diagonal: t)
      let rows = diagonals.rowRange(t)
      for colour in 0..<image.colours {
        prediction.predict(diagonal: t, colour: colour, rows: rows)
        let step = image.width - 4
        image.planes[colour].samples.withUnsafeMutableBufferPointer { samples in
          guard let base = samples.baseAddress else { return }
          distributions.withUnsafeBufferPointer { distributions in
            for (lane, mixer) in mixers.enumerated() {
              var rest = lanes.rows(of: lane, diagonal: t, in: diagonals)
              while !rest.isEmpty {
                let run = rest.prefix(rowsAtOnce ?? rest.count)
                code(
                  lane, mixer, t, colour, run, usesNetwork ? distributions.baseAddress : nil,
                  base + t, step)
                rest = rest.dropFirst(run.count)
              }
            }
          }
        }
        for row in rows {
          let value = image.planes[colour].samples[
            row * image.width + diagonals.column(diagonal: t, row: row)]
          prediction.record(value, diagonal: t, colour: colour, row: row)
        }
      }
      prediction.end(diagonal: t)
    }
    return image
  }
}
