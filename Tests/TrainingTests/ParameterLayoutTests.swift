import PixelNetwork
import Testing

@testable import Training

@Suite struct ParameterLayoutTests {
  static let architectures =
    Body.allCases.map { Small.architecture(body: $0) } + [
      Small.sigmoid(), Small.architecture(connections: [], scale: 4),
      Small.architecture(blocks: 3, body: .rowLSTM, dilationCycle: 3),
    ]

  /// Checkpoints hold numbers alone: weights, biases and initial states layer after layer,
  /// `headOutput` colour after colour.
  @Test(arguments: architectures) func matricesFollowEachOther(_ architecture: Architecture) {
    let layout = ParameterLayout(architecture: architecture)
    var end = 0
    for layer in layout.layers {
      #expect(layer.weightOffset == end)
      #expect(layer.biasOffset == end + layer.inputs * layer.outputs)
      end = layer.biasOffset + layer.outputs
      #expect(layer.initialRange.lowerBound == end)
      end += layer.kind.isGates ? 2 * architecture.bottleneck : 0
      #expect(layer.end == end)
    }
    #expect(layout.parameterCount == end && layout.mask.count == end)
    #expect(layout.families.count == architecture.layers.count)
    #expect(layout.all(.headOutput).count == architecture.colours)
  }

  /// The masks keep as many weights as the weight file has.
  @Test(arguments: architectures) func masksKeepTheWeightsOfTheFile(_ architecture: Architecture) {
    let layout = ParameterLayout(architecture: architecture)
    for (family, layer) in zip(layout.families, architecture.layers) {
      let kept = family.reduce(0) { $0 + $1.isKept.filter { $0 }.count }
      #expect(kept == layer.weightCount, "\(layer.name)")
      for matrix in family {
        #expect(matrix.magnitudes(architecture).count == matrix.inputs)
        #expect(matrix.fractionBits.count == matrix.inputs)
      }
    }
  }

  /// A mixture takes the place of the logits alone.
  @Test func mixturesHaveThreeNumbersEach() {
    let architecture = Small.architecture(centre: .raw)
    let (plain, mixed) = (
      ParameterLayout(architecture: architecture),
      ParameterLayout(architecture: architecture, mixture: 5)
    )
    #expect(mixed.outputCount == 15 && mixed.all(.headOutput).allSatisfy { $0.outputs == 15 })
    #expect(mixed.layers.dropLast(3).map(\.end) == plain.layers.dropLast(3).map(\.end))
  }
}
