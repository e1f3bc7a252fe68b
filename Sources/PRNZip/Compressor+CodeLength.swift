import Mixing
import EntropyCoding
import Foundation
import ImagePlanes
import PixelNetwork

extension Compressor {
  /// What the network's frequencies say each tile takes without on-line mixing: the sum of log2(total / frequency) of its
  /// symbols, of a multi-scale network without those of the small image. A range coder comes to hardly more.
  ///
  /// Complexity: O(pixels * multiplications per pixel).
  ///
  /// - Parameter png: the file.
  /// - Returns: bits of each tile, in raster order; none where no model fits.
  /// - Throws: as `compress`.
  public func codeLengths(_ png: [UInt8]) throws(PRNZipError) -> [Double] {
    let information = try inspect(png, options.limits)
    guard let kind = ImageKind(information), let plan = try options.plans(kind).first
    else { return [] }
    let image = try decoded(png, kind)
    let model = plan.model
    let grid = grid(image, plan)
    try options.limits.check(tileOf: model.network, [MixingParameters(.pure)], grid)
    let lengths = Collected([Double](repeating: 0, count: grid.count), total: 1, progress: nil)
    try TileSchedule(
      count: grid.count, threads: options.threads,
      sharesTiles: !model.network.architecture.body.isSequential
    ).run {
      (index, threads) throws(PRNZipError) in
      var coder = CodeLength()
      do {
        try TileCodec(model: model.network, threads: threads).run(&coder, image.crop(grid[index]))
      } catch {
        throw PRNZipError(tile: index, error)
      }
      lengths.add(pixels: 0) { $0[index] = coder.bits }
    }
    return lengths.take(leaving: [])
  }
}

/// A side of the loop that only counts: adds up what the frequencies say that each value costs.
struct CodeLength: SymbolCoder {
  static let knowsValues = true
  var bits = 0.0

  mutating func code(
    diagonal: Int, colour: Int, rows: Range<Int>, in evaluation: PixelCNNEvaluation
  ) throws(EntropyCodingError) {
    for row in rows where !evaluation.isKnown(diagonal: diagonal, row: row) {
      let event = evaluation.event(diagonal: diagonal, colour: colour, row: row)
      bits += log2(Double(event.total) / Double(event.frequency))
    }
  }
}
