import ImagePlanes
import PixelNetwork
import TileCoding

/// One crop as the network sees it.
///
/// `inputs` is [rows + reach][columns + 2 reach][colours perColour] with what lies above and beside
/// the crop where there is any and zeros elsewhere; `predictions`
/// [rows][columns][colours][channel]; `symbols` is [colours][rows * (columns + padding)], with
/// unused cells behind each row (as in `MapGeometry`), where `weights` is 0, as for the pixels of
/// the small image, and elsewhere 1.
struct TrainingSample: Sendable {
  let rows: Int
  let columns: Int
  /// `ParameterLayout.padding`.
  let padding: Int
  let inputs: [Float]
  let predictions: [Float]
  let symbols: [UInt8]
  let weights: [Float]
  /// The part of the small image under the crop and one cell around it, zero where there is none:
  /// [small rows + 2][small columns + 2][colours]. Empty if there is no small image.
  let small: [Float]
  /// Those of `small` that lie in the image; the first one under the crop is 0.
  let smallRows, smallColumns: Range<Int>

  var cells: Int { rows * (columns + padding) }

  /// The window of `predicted` at (`row`, `column`), multiples of the network's `scale`. What lies
  /// around it in the image is seen; beyond the image's borders everything is as at a tile's
  /// border.
  init(
    _ predicted: PredictedImage, row: Int, column: Int, rows: Int, columns: Int,
    layout: ParameterLayout
  ) {
    let image = predicted.image
    let reach = layout.reach
    let colours = layout.architecture.colours
    let perColour = layout.inputChannelsPerColour
    let hasValue = layout.architecture.inputKinds.contains(.value)
    let hasResidual = layout.architecture.inputKinds.contains(.residual)
    let scale = layout.architecture.scale
    let valueScale = layout.architecture.head.valueScale
    let inputStride = (columns + 2 * reach) * colours * perColour
    var inputs = [Float](repeating: 0, count: (rows + reach) * inputStride)
    let stride = columns + layout.padding
    var symbols = [UInt8](repeating: 0, count: colours * rows * stride)
    var weights = [Float](repeating: 0, count: rows * stride)
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
            inputs[k] = Float(valueScale * Int(values[pixel]) - 128) / 16
            k += 1
          }
          if hasResidual { inputs[k] = Float(residuals[pixel]) / 256 }
          guard r >= 0 && c >= 0 && c < columns else { continue }
          symbols[(colour * rows + r) * stride + c] = values[pixel] &- centres[pixel]
          let isKnown = scale > 1 && y % scale == 0 && x % scale == 0
          weights[r * stride + c] = isKnown ? 0 : 1
        }
      }
    }
    let channels = colours * layout.predictionChannels
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
    padding = layout.padding
    self.inputs = inputs
    self.predictions = predictions
    self.symbols = symbols
    self.weights = weights
    guard scale > 1 else {
      (small, smallRows, smallColumns) = ([], 0..<0, 0..<0)
      return
    }
    /// Of an extent of the image and the window in it: the cells of the small image in reach.
    func extent(_ image: Int, _ first: Int, _ count: Int) -> Range<Int> {
      let left = layout.architecture.smallExtent(image) - first / scale
      return max(-1, -first / scale)..<min(layout.architecture.smallExtent(count) + 1, left)
    }
    smallRows = extent(image.height, row, rows)
    smallColumns = extent(image.width, column, columns)
    let smallStride = layout.architecture.smallExtent(columns) + 2
    var cells = [Float](
      repeating: 0, count: (layout.architecture.smallExtent(rows) + 2) * smallStride * colours)
    for colour in 0..<colours {
      for r in smallRows {
        for c in smallColumns {
          let value = image.planes[colour].samples[
            (row + scale * r) * image.width + column + scale * c]
          cells[((r + 1) * smallStride + c + 1) * colours + colour] =
            Float(valueScale * Int(value) - 128) / 16
        }
      }
    }
    small = cells
  }
}
