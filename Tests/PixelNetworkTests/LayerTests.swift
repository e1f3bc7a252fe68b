import Prediction
import TestSupport
import Testing

@testable import PixelNetwork

@Suite struct LayerTests {
  static let photo = Architecture(
    symbolCentre: .colourMED, inputKinds: [.residual, .prediction], kernelSize: 7, features: 96,
    bottleneck: 48, blocks: 3, connections: [.residual, .skip], headFeatures: 48,
    activationMaximum: 32767)

  @Test func orderAndNames() {
    let names = Self.photo.layers.map(\.name)
    #expect(names.first == "inputConvolution")
    #expect(names[1...4] == ["reduce0", "convolve0", "expand0", "skip0"])
    #expect(names.suffix(2) == ["headHidden", "headOutput"])
    #expect(names.count == 15)
    var bare = Self.photo
    bare.connections = [.residual]
    #expect(bare.layers.count == 12)
  }

  /// The masks: of a tap at the pixel itself a slice sees the channels of the colours up to its
  /// own, or, in the first convolution, before it; of all others all.
  @Test(arguments: TestArchitectures.all) func masks(_ named: NamedArchitecture) {
    let architecture = named.architecture
    for layer in architecture.layers where layer.kind != .upsample {
      #expect(layer.sliceCount == architecture.colours)
      for (index, tap) in layer.taps.enumerated() {
        let isMasked = (tap.rowOffset, tap.columnOffset) == (0, 0) && tap.plane != .conditioningMap
        let isMaskA = tap.plane == .inputs
        for slice in 0..<layer.sliceCount {
          let share = tap.channels / architecture.colours
          #expect(
            layer.visible[slice][index]
              == (isMasked ? share * (isMaskA ? slice : slice + 1) : tap.channels),
            "\(layer.name)")
        }
      }
      for slice in 0..<layer.sliceCount {
        let segments = layer.segments(slice: slice)
        #expect(segments.allSatisfy { $0.channels > 0 })
        #expect(segments.reduce(0) { $0 + $1.channels } == layer.inputCount(slice: slice))
      }
    }
  }

  @Test func inputCounts() {
    let layers = Self.photo.layers
    #expect((0..<3).map { layers[0].inputCount(slice: $0) } == [73, 75, 77])
    #expect((0..<3).map { layers[1].inputCount(slice: $0) } == [32, 64, 96])
    #expect((0..<3).map { layers[2].inputCount(slice: $0) } == [208, 224, 240])
    #expect(layers[14].outputsPerSlice == 256)
    #expect(layers.reduce(0) { $0 + $1.weightCount } == 90144)
  }

  @Test func dilations() {
    var architecture = Self.photo
    func left() -> [Int] {
      architecture.layers.filter { $0.kind == .convolve }.map { -$0.taps[3].columnOffset }
    }
    #expect(left() == [1, 1, 1] && architecture.largestDilation == 1)
    architecture.dilationCycle = 2
    #expect(left() == [1, 2, 1] && architecture.largestDilation == 2)
    architecture.blocks = 7
    architecture.dilationCycle = 5
    #expect(left() == [1, 2, 4, 8, 16, 1, 2] && architecture.largestDilation == 16)
    #expect(
      architecture.layers.filter { $0.kind == .convolve }[3].segments(slice: 0).map {
        [$0.tap.rowOffset, $0.tap.columnOffset]
      } == [[-8, -8], [-8, 0], [-8, 8], [0, -8], [0, 0]])
    // No further than there are blocks.
    architecture.blocks = 3
    #expect(architecture.largestDilation == 4)
    architecture.blocks = 0
    #expect(architecture.largestDilation == 1)
  }

  /// A Row LSTM's states are dilated in their row, and each row lags behind the one above by more
  /// than that.
  @Test func dilatedStates() {
    var architecture = Self.photo
    architecture.body = .rowLSTM
    architecture.dilationCycle = 3
    #expect(
      architecture.layers.filter { $0.kind == .gates }.map { layer in
        layer.taps.filter { $0.plane == .states(layer.block ?? -1) }.map {
          [$0.rowOffset, $0.columnOffset]
        }
      } == [1, 2, 4].map { [[-1, -$0], [-1, 0], [-1, $0]] })
    architecture.symbolCentre = .raw
    architecture.kernelSize = 5
    #expect(architecture.order(rows: 2, columns: 9).shear == 5)
    architecture.blocks = 2
    #expect(architecture.order(rows: 2, columns: 9).shear == 3)
    architecture.body = .pixelCNN
    architecture.blocks = 3
    #expect(architecture.order(rows: 2, columns: 9).shear == 3)
  }

  /// A layer of each kind of PixelRNN: order, inputs and outputs.
  @Test func recurrentLayers() {
    var architecture = Self.photo
    func gates(_ layer: Layer) -> [Int] { (0..<3).map { layer.inputCount(slice: $0) } }
    architecture.body = .rowLSTM
    var layers = architecture.layers
    #expect(layers[1...3].map(\.name) == ["gates0", "expand0", "skip0"])
    #expect(gates(layers[1]) == [96 + 32 + 144, 96 + 64 + 144, 96 + 96 + 144])
    architecture.body = .diagonalBiLSTM
    layers = architecture.layers
    #expect(layers[1...4].map(\.name) == ["gatesLeft0", "gatesRight0", "expand0", "skip0"])
    for (layer, beside) in [(layers[1], -1), (layers[2], 1)] {
      #expect(gates(layer) == [32 + 96, 64 + 96, 96 + 96])
      #expect(layer.outputsPerSlice == 4 * 48 / 3)
      #expect(
        layer.segments(slice: 2).map { [$0.tap.rowOffset, $0.tap.columnOffset] } == [
          [0, 0], [-1, 0], [0, beside],
        ])
    }
    // Gates see the stream, which is only saturated, and each of two states alone; what follows
    // sees their sum.
    #expect(Set(architecture.inputMagnitudes(layers[1], slice: 0)) == [32768, 4096])
    #expect(Set(architecture.inputMagnitudes(layers[3], slice: 2)) == [8192])
    #expect(Set(architecture.inputMagnitudes(layers[4], slice: 2)) == [8192])
  }

  @Test func magnitudes() {
    var architecture = Self.photo
    architecture.inputKinds = [.value, .residual, .prediction]
    architecture.kernelSize = 3
    let input = architecture.inputMagnitudes(architecture.layers[0], slice: 1)
    #expect(input.count == 4 * 6 + 2 + 2)
    #expect(input[..<2] == [2048, 4080])
    #expect(input.suffix(4) == [2048, 4080, 2048, 2048])
    #expect(Set(architecture.inputMagnitudes(architecture.layers[2], slice: 0)) == [32767])
  }

  @Test func tapsPrecedeThePixel() {
    #expect(
      Architecture.causalTaps(kernelSize: 3).map { [$0.0, $0.1] } == [
        [-1, -1], [-1, 0], [-1, 1], [0, -1],
      ])
    #expect(Architecture.causalTaps(kernelSize: 7).count == 24)
  }
}
