import ImagePlanes
import PixelModels

/// One crop as the network sees it.
///
/// `inputs` is [rows + reach][columns + 2 reach][colours perColour] with the context above and beside the
/// crop where there is any and zeros elsewhere; `predictions` [rows][columns][colours][channel]; `symbols` is
/// [colours][rows * (columns + 1)], with one unused cell behind each row (the workspace's geometry), where
/// `weights` is 0 and elsewhere 1.
struct TrainingSample: Sendable {
  let rows: Int
  let columns: Int
  let inputs: [Float]
  let predictions: [Float]
  let symbols: [UInt8]
  let weights: [Float]

  var cells: Int { rows * (columns + 1) }

  /// The window of `predicted` at (`row`, `column`); what lies around it in the image is its context, and
  /// beyond the image's borders everything is as at a tile's border.
  init(
    _ predicted: PredictedImage, row: Int, column: Int, rows: Int, columns: Int,
    graph: PixelCNNGraph
  ) {
    let image = predicted.image
    let reach = graph.reach
    let colours = graph.architecture.colours
    let perColour = graph.inputChannelsPerColour
    let hasValue = graph.architecture.inputKinds.contains(.value)
    let hasResidual = graph.architecture.inputKinds.contains(.residual)
    let scale = graph.architecture.head.valueScale
    let inputStride = (columns + 2 * reach) * colours * perColour
    var inputs = [Float](repeating: 0, count: (rows + reach) * inputStride)
    var symbols = [UInt8](repeating: 0, count: colours * rows * (columns + 1))
    var weights = [Float](repeating: 0, count: rows * (columns + 1))
    for colour in 0..<colours {
      let values = image.planes[colour].samples
      let centres = predicted.centres[colour]
      let residuals = predicted.residuals[colour]
      for r in -reach..<rows {
        let y = row + r
        guard y >= 0 && y < image.height else { continue }
        for c in -reach..<columns + reach {
          let x = column + c
          guard x >= 0 && x < image.width else { continue }
          let pixel = y * image.width + x
          var k = (r + reach) * inputStride + ((c + reach) * colours + colour) * perColour
          if hasValue {
            inputs[k] = Float(scale * Int(values[pixel]) - 128) / 16
            k += 1
          }
          if hasResidual { inputs[k] = Float(residuals[pixel]) / 256 }
          guard r >= 0 && c >= 0 && c < columns else { continue }
          symbols[(colour * rows + r) * (columns + 1) + c] = values[pixel] &- centres[pixel]
          weights[r * (columns + 1) + c] = 1
        }
      }
    }
    let channels = colours * graph.predictionChannels
    var predictions: [Float] = []
    predictions.reserveCapacity(rows * columns * channels)
    for r in 0..<rows {
      let start = ((row + r) * image.width + column) * channels
      for k in start..<start + columns * channels {
        predictions.append(Float(predicted.predictions[k]) / 256)
      }
    }
    self.rows = rows
    self.columns = columns
    self.inputs = inputs
    self.predictions = predictions
    self.symbols = symbols
    self.weights = weights
  }
}
