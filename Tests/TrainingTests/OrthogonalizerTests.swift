import Bytes
import PixelNetwork
import Testing

@testable import Training

@Suite struct OrthogonalizerTests {
  /// A step is nearly orthogonal, whatever the gradient's singular values: of a unit vector through
  /// it, every length is about the same.
  @Test(arguments: [(12, 40), (40, 12), (16, 16)])
  func stepsAreNearlyOrthogonal(_ rows: Int, _ columns: Int) {
    let stride = columns + 3
    var generator = SplitMix64(seed: 4)
    var gradient = (0..<rows * stride).map { _ in generator.normal() }
    // Some directions are much weaker than others.
    for r in 0..<rows {
      for c in 0..<columns {
        gradient[r * stride + c] *= r < rows / 2 && c < columns / 2 ? 1 : 0.05
      }
    }
    var weights = [Float](repeating: 0, count: rows * stride)
    var momentum = weights
    let mask = [Float](repeating: 1, count: rows * stride)
    Orthogonalizer().step(
      &weights, gradient, &momentum, mask, rows: rows, columns: columns, stride: stride, rate: 1,
      beta: 0.95)
    let size = 0.2 * Float(max(rows, columns)).squareRoot()
    let short = min(rows, columns)
    // The Gram matrix of the short side in units of the step: its trace is the sum of the squared
    // singular values.
    var trace: Float = 0
    var off: Float = 0
    for a in 0..<short {
      for b in 0..<short {
        var sum: Float = 0
        for k in 0..<max(rows, columns) {
          let (x, y) =
            rows <= columns
            ? (weights[a * stride + k], weights[b * stride + k])
            : (weights[k * stride + a], weights[k * stride + b])
          sum += x * y / (size * size)
        }
        if a == b { trace += sum } else { off += sum * sum }
      }
    }
    #expect((0.7...1.3).contains(trace / Float(short)), "\(trace / Float(short))")
    #expect(off < 0.5 * Float(short), "\(off)")
    // Beyond the columns nothing moved.
    for r in 0..<rows {
      for c in columns..<stride {
        #expect(weights[r * stride + c] == 0 && momentum[r * stride + c] == 0)
      }
    }
  }

  @Test func keepsTheMaskAndStandsStillWithoutAGradient() {
    let (rows, columns) = (8, 10)
    var generator = SplitMix64(seed: 5)
    let gradient = (0..<rows * columns).map { _ in generator.normal() }
    let mask = (0..<rows * columns).map { Float($0 % 3 == 0 ? 0 : 1) }
    var weights = [Float](repeating: 0, count: rows * columns)
    var momentum = weights
    let orthogonalizer = Orthogonalizer()
    orthogonalizer.step(
      &weights, gradient, &momentum, mask, rows: rows, columns: columns, stride: columns,
      rate: 0.01, beta: 0.95)
    for i in 0..<rows * columns {
      #expect((weights[i] == 0) == (mask[i] == 0))
      #expect((momentum[i] == 0) == (mask[i] == 0))
    }
    let before = weights
    let none = [Float](repeating: 0, count: rows * columns)
    var still = none
    orthogonalizer.step(
      &weights, none, &still, mask, rows: rows, columns: columns, stride: columns, rate: 0.01,
      beta: 0.95)
    #expect(weights == before)
  }

  /// Muon moves what lies between the first convolution and the last layer, of every body.
  @Test(arguments: Body.allCases)
  func hiddenLayersAreThoseBetween(_ body: Body) {
    let layout = ParameterLayout(architecture: Small.architecture(body: body))
    let names = layout.hiddenLayers.map(\.name)
    let first: [Body: String] = [
      .pixelCNN: "reduce0", .rowLSTM: "gates0", .diagonalBiLSTM: "gatesLeft0",
    ]
    #expect(names.first == first[body] && names.last == "headHidden")
    #expect(layout.hiddenLayers.count == layout.layers.count - 1 - layout.architecture.colours)
  }
}
