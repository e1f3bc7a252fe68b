import ImagePlanes
import Platform

/// A known image as the network sees it, coded as one tile: for training.
///
///     let predicted = PredictedImage(image, architecture: architecture, instructions: .current)
public struct PredictedImage: Sendable {
  /// The image.
  public let image: Image
  /// What symbol 0 stands for: [colour][pixel].
  public let centres: [[UInt8]]
  /// The residual inputs, with 8 fraction bits: [colour][pixel].
  public let residuals: [[Int16]]
  /// Channels of each colour's prediction.
  public let channels: Int
  /// The prediction inputs, with 8 fraction bits: [pixel][colour][channel].
  public let predictions: [Int16]

  /// Predicts all pixels. Complexity: O(pixels).
  ///
  /// - Parameters:
  ///   - image: of `architecture.colours` planes, of at least one and at most 65535 x 65535 pixels.
  ///   - architecture: a valid one.
  ///   - instructions: all give the same predictions.
  public init(_ image: Image, architecture: Architecture, instructions: InstructionSet) {
    self.image = image
    channels = architecture.predictionMagnitudes.count
    let colours = architecture.colours
    let count = image.width * image.height
    var centres = Array(repeating: [UInt8](repeating: 0, count: count), count: colours)
    var residuals = Array(repeating: [Int16](repeating: 0, count: count), count: colours)
    var predictions = [Int16](repeating: 0, count: count * colours * channels)
    let samples = TileSamples(image, colours: colours)
    let diagonals = architecture.diagonals(rows: image.height, columns: image.width)
    let source = PredictionSource(
      architecture: architecture, samples: samples, instructions: instructions)
    let channels = channels
    if let source {
      for t in 0..<diagonals.count {
        let rows = diagonals.rowRange(t)
        source.begin(diagonal: t)
        for colour in 0..<colours {
          source.predict(diagonal: t, colour: colour, rows: rows)
          for row in rows {
            let pixel = row &* image.width &+ diagonals.column(diagonal: t, row: row)
            let value = samples.plane(colour)[pixel]
            centres[colour][pixel] = source.centre(diagonal: t, colour: colour, row: row)
            residuals[colour][pixel] = source.record(
              value, diagonal: t, colour: colour, row: row)
            predictions.withUnsafeMutableBufferPointer { target in
              guard channels > 0, let base = target.baseAddress else { return }
              source.inputs(
                diagonal: t, colour: colour, rows: row..<row &+ 1,
                into: base + (pixel &* colours &+ colour) &* channels, stride: 0)
            }
          }
        }
        source.end(diagonal: t)
      }
    }
    self.centres = centres
    self.residuals = residuals
    self.predictions = predictions
  }
}
