import EntropyCoding
import Foundation
import ImagePlanes
import PixelNetwork
import Testing

@testable import PRNZip
@testable import Training

/// Writes down what each value would cost.
private struct CostRecorder: SymbolCoder {
  static let knowsValues = true
  let columns: Int
  let colours: Int
  /// Bits, and the bits that 1 more in the frequency would save: [row][column][colour].
  var bits: [Double]
  var grains: [Double]

  mutating func code(
    diagonal: Int, colour: Int, rows: Range<Int>, in evaluation: PixelCNNEvaluation
  ) throws(EntropyCodingError) {
    for row in rows where !evaluation.isKnown(diagonal: diagonal, row: row) {
      let event = evaluation.event(diagonal: diagonal, colour: colour, row: row)
      let column = evaluation.diagonals.column(diagonal: diagonal, row: row)
      let place = (row * columns + column) * colours + colour
      bits[place] = log2(Double(event.total)) - log2(Double(event.frequency))
      grains[place] = log2(1 + 1 / Double(event.frequency))
    }
  }
}

@Suite struct IntegerAgreementTests {
  /// The trainer's rounded network and the integer one give each value the same cost, pixel by pixel.
  @Test(arguments: [
    Small.architecture(), Small.architecture(connections: []),
    Small.architecture(inputs: [.value], connections: [.skip], kernelSize: 5),
    Small.architecture(inputs: [.value], centre: .raw),
    Small.architecture(centre: .adaptive), Small.architecture(centre: .adaptiveWide),
    Small.architecture(inputs: [.residual, .prediction], kernelSize: 3, centre: .adaptiveWide),
    Small.architecture(inputs: [.value], kernelSize: 5, centre: .adaptive),
    Small.architecture(body: .rowLSTM),
    Small.architecture(connections: [], centre: .adaptive, body: .rowLSTM),
    Small.architecture(connections: [.residual], blocks: 3, colours: 1, body: .rowLSTM),
    Small.architecture(body: .diagonalBiLSTM),
    Small.architecture(inputs: [.value], connections: [], centre: .raw, body: .diagonalBiLSTM),
    Small.architecture(connections: [.residual], blocks: 3, colours: 1, body: .diagonalBiLSTM),
    Small.architecture(colours: 1), Small.architecture(centre: .adaptive, colours: 1),
    Small.architecture(
      inputs: [.value, .prediction], blocks: 0, centre: .adaptiveWide, colours: 1),
    Small.architecture(scale: 2), Small.architecture(centre: .adaptive, scale: 4),
    Small.architecture(colours: 1, body: .rowLSTM, scale: 4),
    Small.architecture(body: .rowLSTM, scale: 2),
    Small.sigmoid(), Small.sigmoid(connections: [.skip], blocks: 3, body: .rowLSTM),
    Small.architecture(blocks: 4, dilationCycle: 4),
    Small.architecture(centre: .adaptive, dilationCycle: 2),
    Small.sigmoid(blocks: 5, dilationCycle: 5),
    Small.architecture(blocks: 3, body: .rowLSTM, dilationCycle: 3),
    Small.architecture(centre: .adaptive, body: .rowLSTM, dilationCycle: 2),
  ])
  func roundedNetworkIsTheIntegerNetwork(_ architecture: Architecture) throws {
    let colours = architecture.colours
    let graph = PixelCNNGraph(architecture: architecture)
    let store = Small.store(graph)
    let image = Small.image(width: 13, height: 11, for: architecture)
    let rounded = UnsafeMutablePointer<Float>.allocate(capacity: graph.parameterCount)
    rounded.initialize(repeating: 0, count: graph.parameterCount)
    defer { rounded.deallocate() }
    let quantizer = Quantizer(graph: graph)
    try quantizer.round(store.weights, into: rounded)
    let space = Workspace(rows: image.height, columns: image.width, graph: graph)
    let pass = PixelCNNPass(graph: graph, space: space, parameters: rounded, quantize: true)
    let sample = Small.sample(image, graph)
    pass.forward(sample)

    let small = try Small.smallModel(architecture)
    let model = try PixelCNN(
      weightFile: quantizer.weightFile(name: "x", store.weights, small: small).serialized)
    let evaluation = try #require(
      PixelCNNEvaluation(
        model: model, samples: TileSamples(image, colours: colours), bandLength: 4,
        keepsDistributions: false, instructions: .current))
    let none = [Double](repeating: 0, count: colours * image.width * image.height)
    var recorder = CostRecorder(columns: image.width, colours: colours, bits: none, grains: none)
    try PixelLoop(evaluation, threads: 1).run(&recorder)

    for (i, cost) in pass.costs().enumerated() {
      #expect(
        abs(recorder.bits[i] - cost) < 0.02 + recorder.grains[i],
        "pixel \(i / colours), colour \(i % colours): \(recorder.bits[i]) \(cost)")
    }
  }
}
