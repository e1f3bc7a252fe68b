import Testing

@testable import PixelModels

@Suite struct LayerShapeTests {
  static let photo = Architecture(
    symbolCentre: .colourMED, inputKinds: [.residual, .prediction], kernelSize: 7, features: 96,
    bottleneck: 48, blocks: 3, connections: [.residual, .skip], headFeatures: 48,
    activationMaximum: 32767)

  @Test func orderAndNames() {
    let names = Self.photo.layers.map(\.name)
    #expect(names.first == "inputConvolution")
    #expect(names[1...4] == ["reduce0", "context0", "expand0", "skip0"])
    #expect(names.suffix(2) == ["headHidden", "headOutput"])
    #expect(names.count == 15)
    var bare = Self.photo
    bare.connections = [.residual]
    #expect(bare.layers.count == 12)
  }

  @Test func inputCounts() {
    let layers = Self.photo.layers
    #expect((0..<3).map { layers[0].inputCount(group: $0) } == [73, 75, 77])
    #expect((0..<3).map { layers[1].inputCount(group: $0) } == [32, 64, 96])
    #expect((0..<3).map { layers[2].inputCount(group: $0) } == [208, 224, 240])
    #expect(layers[14].outputsPerGroup == 256)
    #expect(layers.reduce(0) { $0 + $1.weightCount } == 90144)
  }

  @Test func magnitudes() {
    var architecture = Self.photo
    architecture.inputKinds = [.value, .residual, .prediction]
    architecture.kernelSize = 3
    let input = architecture.layers[0].inputMagnitudes(group: 1)
    #expect(input.count == 4 * 6 + 2 + 2)
    #expect(input[..<2] == [2048, 4080])
    #expect(input.suffix(4) == [2048, 4080, 2048, 2048])
    #expect(Set(architecture.layers[2].inputMagnitudes(group: 0)) == [32767])
  }

  @Test func tapsPrecedeThePixel() {
    #expect(
      Architecture.causalTaps(kernelSize: 3).map { [$0.0, $0.1] } == [
        [-1, -1], [-1, 0], [-1, 1], [0, -1],
      ])
    #expect(Architecture.causalTaps(kernelSize: 7).count == 24)
  }
}
