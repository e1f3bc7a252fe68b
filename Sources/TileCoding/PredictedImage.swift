import EntropyCoding
import ImagePlanes
import PixelNetwork
import Platform

/// A known image as the network sees it, coded as one tile: for training.
///
///     let predicted = try PredictedImage(image, architecture: architecture)
package struct PredictedImage: Sendable {
  /// The image.
  package let image: Image
  /// What symbol 0 stands for: [colour][pixel].
  package let centres: [[UInt8]]
  /// The residual inputs, with 8 fraction bits: [colour][pixel]; zeros where they are not seen.
  package let residuals: [[Int16]]
  /// Channels of each colour's prediction.
  package let channels: Int
  /// The prediction inputs, with 8 fraction bits: [pixel][colour][channel].
  package let predictions: [Int16]

  /// Predicts all pixels. Complexity: O(pixels).
  ///
  /// - Parameters:
  ///   - image: of `architecture.colours` planes, of at least one and at most 65535 x 65535 pixels.
  ///   - architecture: a valid one.
  ///   - instructions: the version of the arithmetic.
  /// - Throws: `EntropyCodingError.outOfMemory`.
  package init(
    _ image: Image, architecture: Architecture, instructions: InstructionSet = .current
  ) throws(EntropyCodingError) {
    self.image = image
    guard let tile = Tile(image),
      let evaluation = TileEvaluation(
        predictionsFor: architecture, tile: tile,
        instructions: instructions.tested(for: .network)),
      let workers = Workers(threads: 1)
    else { throw .outOfMemory }
    let collector = Collector(architecture, pixels: image.width * image.height)
    try PixelLoop(evaluation, workers).run(collector)
    channels = collector.channels
    centres = collector.centres
    residuals = collector.residuals
    predictions = collector.predictions
  }

  /// A side of the pixel loop that notes what the network would be given.
  private final class Collector: ValueCoder, @unchecked Sendable {
    let output = TileEvaluation.Output.events
    let channels: Int
    private let colours: Int
    private let residualChannel: Int?
    var centres: [[UInt8]]
    var residuals: [[Int16]]
    var predictions: [Int16]

    init(_ architecture: Architecture, pixels: Int) {
      channels = architecture.predictionMagnitudes.count
      colours = architecture.colours
      let kinds = architecture.inputKinds
      residualChannel = kinds.contains(.residual) ? (kinds.contains(.value) ? 1 : 0) : nil
      centres = Array(repeating: [UInt8](repeating: 0, count: pixels), count: colours)
      residuals = Array(repeating: [Int16](repeating: 0, count: pixels), count: colours)
      predictions = [Int16](repeating: 0, count: pixels * colours * channels)
    }

    func code(
      diagonal t: Int, colour: Int, rows: Range<Int>, lane: Int, in evaluation: TileEvaluation
    ) {
      let (order, inputs) = (evaluation.order, evaluation.predictor.inputs)
      let found = evaluation.centres(diagonal: t, colour: colour)
      for row in rows {
        let pixel = row * order.columns + order.column(diagonal: t, row: row)
        centres[colour][pixel] = found[row]
        if let residualChannel {
          residuals[colour][pixel] =
            inputs.channels(diagonal: t, colour: colour, row: row).base[residualChannel]
        }
        let seen = inputs.predictionChannels(diagonal: t, colour: colour, row: row).base
        let first = (pixel * colours + colour) * channels
        for channel in 0..<channels { predictions[first + channel] = seen[channel] }
      }
    }
  }
}
