import ImagePlanes
import PixelModels

/// One crop as the network sees it.
///
/// `inputs` is [rows + reach][columns + 2 reach][3 perColour] with the context above and beside the
/// crop where there is any and zeros elsewhere; `predictions` [rows][columns][3]; `symbols` is
/// [3][rows * (columns + 1)], with one unused cell behind each row (the workspace's geometry), where
/// `weights` is 0 and elsewhere 1.
struct TrainingSample: Sendable {
  let rows: Int
  let columns: Int
  let inputs: [Float]
  let predictions: [Float]
  let symbols: [UInt8]
  let weights: [Float]

  var cells: Int { rows * (columns + 1) }

  /// The window of `image` at (`row`, `column`); what lies around it in `image` is its context, and
  /// beyond the image's borders everything is as at a tile's border.
  init(
    image: Image, row: Int, column: Int, rows: Int, columns: Int, graph: PixelCNNGraph
  ) {
    let predicted = graph.architecture.symbolCentre.predictions(of: image)
    let reach = graph.reach
    let perColour = graph.inputChannelsPerColour
    let hasValue = graph.architecture.inputKinds.contains(.value)
    let hasResidual = graph.architecture.inputKinds.contains(.residual)
    let channels = 3 * perColour
    let inputStride = (columns + 2 * reach) * channels
    var inputs = [Float](repeating: 0, count: (rows + reach) * inputStride)
    var predictions = [Float](repeating: 0, count: rows * columns * 3)
    var symbols = [UInt8](repeating: 0, count: 3 * rows * (columns + 1))
    var weights = [Float](repeating: 0, count: rows * (columns + 1))
    for colour in 0..<3 {
      let values = image.planes[colour].samples
      let centres = predicted[colour].samples
      for r in -reach..<rows {
        let y = row + r
        guard y >= 0 && y < image.height else { continue }
        for c in -reach..<columns + reach {
          let x = column + c
          guard x >= 0 && x < image.width else { continue }
          let value = Int(values[y * image.width + x])
          let residual = value - Int(centres[y * image.width + x])
          var k = (r + reach) * inputStride + (c + reach) * channels + colour * perColour
          if hasValue {
            inputs[k] = Float(value - 128) / 16
            k += 1
          }
          if hasResidual { inputs[k] = Float(residual) / 16 }
          guard r >= 0 && c >= 0 && c < columns else { continue }
          predictions[(r * columns + c) * 3 + colour] =
            Float(Int(centres[y * image.width + x]) - 128) / 16
          symbols[colour * rows * (columns + 1) + r * (columns + 1) + c] =
            UInt8(truncatingIfNeeded: residual)
          weights[r * (columns + 1) + c] = 1
        }
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
