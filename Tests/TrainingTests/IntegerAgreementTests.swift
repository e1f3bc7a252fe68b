import EntropyCoding
import Foundation
import ImagePlanes
import PixelNetwork
import Platform
import Testing
import TileCoding

@testable import Training

/// Writes down what each value would cost.
private final class CostRecorder: ValueCoder, @unchecked Sendable {
  let output = TileEvaluation.Output.events
  /// Bits, and the bits that 1 more in the frequency would save: [row][column][colour].
  var bits: [Double]
  var grains: [Double]

  init(values: Int) {
    bits = [Double](repeating: 0, count: values)
    grains = bits
  }

  func code(
    diagonal t: Int, colour: Int, rows: Range<Int>, lane: Int, in evaluation: TileEvaluation
  ) {
    guard let network = evaluation.network else { return }
    for row in rows where !evaluation.isKnown(diagonal: t, row: row) {
      let event = network.event(diagonal: t, colour: colour, row: row)
      let column = evaluation.order.column(diagonal: t, row: row)
      let place = (row * evaluation.order.columns + column) * evaluation.colours + colour
      bits[place] = log2(Double(event.total)) - log2(Double(event.frequency))
      grains[place] = log2(1 + 1 / Double(event.frequency))
    }
  }
}

@Suite struct IntegerAgreementTests {
  /// The trainer's rounded network and the integer one give each value the same cost, pixel by
  /// pixel.
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
    Small.architecture(centre: .adaptive, dilationCycle: 2), Small.architecture(head: .classes),
    Small.sigmoid(blocks: 5, dilationCycle: 5),
    Small.architecture(blocks: 3, body: .rowLSTM, dilationCycle: 3),
    Small.architecture(centre: .adaptive, body: .rowLSTM, dilationCycle: 2),
  ])
  func roundedNetworkIsTheIntegerNetwork(_ architecture: Architecture) throws {
    let colours = architecture.colours
    let layout = ParameterLayout(architecture: architecture)
    let store = Small.store(layout)
    let image = Small.image(width: 13, height: 11, for: architecture)
    let rounded = Small.store(layout)
    let quantizer = Quantizer(layout: layout)
    try quantizer.round(store.weights, into: rounded.weights)
    let space = Workspace(rows: image.height, columns: image.width, layout: layout)
    let pass = NetworkPass(
      layout: layout, space: space, parameters: rounded.weights, quantize: true)
    pass.forward([try Small.sample(image, layout)])

    let small = try Small.smallModel(architecture)
    let network = try Network(
      weightFile: quantizer.weightFile(name: "x", store.weights, small: small).serialized)
    let tile = try #require(Tile(image))
    let recorder = CostRecorder(values: colours * image.width * image.height)
    let evaluation = try #require(
      TileEvaluation(network, tile: tile, output: recorder.output, instructions: .current))
    try PixelLoop(evaluation, #require(Workers(threads: 1))).run(recorder)

    for (i, cost) in pass.costs().enumerated() {
      #expect(
        abs(recorder.bits[i] - cost) < 0.02 + recorder.grains[i],
        "pixel \(i / colours), colour \(i % colours): \(recorder.bits[i]) \(cost)")
    }
  }
}
