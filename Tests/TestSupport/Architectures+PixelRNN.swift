import PixelNetwork
import Prediction

extension TestArchitectures {
  /// Row LSTMs.
  package static let rowLSTMs = [
    NamedArchitecture("rowLSTM", rowLSTM), NamedArchitecture("rowLSTMRaw", rowLSTMRaw),
    NamedArchitecture("grayRowLSTM", grayRowLSTM),
    NamedArchitecture("grayRowLSTMBlockless", grayRowLSTMBlockless),
    NamedArchitecture("grayRowLSTMScale4", grayRowLSTMScale4),
    NamedArchitecture("bitsRowLSTM", bitsRowLSTM),
    NamedArchitecture("dilatedRowLSTM", dilatedRowLSTM),
    NamedArchitecture("dilatedRowLSTMAdaptive", dilatedRowLSTMAdaptive),
    NamedArchitecture("bitsDilatedRowLSTM", bitsDilatedRowLSTM),
  ]

  /// Diagonal BiLSTMs.
  package static let diagonalBiLSTMs = [
    NamedArchitecture("diagonalBiLSTM", diagonalBiLSTM),
    NamedArchitecture("diagonalBiLSTMRaw", diagonalBiLSTMRaw),
    NamedArchitecture("grayDiagonalBiLSTM", grayDiagonalBiLSTM),
    NamedArchitecture("grayDiagonalBiLSTMBlockless", grayDiagonalBiLSTMBlockless),
    NamedArchitecture("diagonalBiLSTMScale2", diagonalBiLSTMScale2),
    NamedArchitecture("bitsDiagonalBiLSTM", bitsDiagonalBiLSTM),
    NamedArchitecture("bitsDiagonalBiLSTMScale4", bitsDiagonalBiLSTMScale4),
  ]

  /// A plain one of each body.
  package static func plain(_ body: Body) -> Architecture {
    switch body {
    case .pixelCNN: median
    case .rowLSTM: rowLSTM
    case .diagonalBiLSTM: diagonalBiLSTM
    }
  }

  // MARK: Row LSTMs

  /// With adaptive prediction, all kinds of input and all connections.
  package static let rowLSTM = Architecture(
    body: .rowLSTM, symbolCentre: .adaptive, inputKinds: [.value, .residual, .prediction],
    kernelSize: 5, features: 24, bottleneck: 24, blocks: 2, connections: [.residual, .skip],
    headFeatures: 24, activationMaximum: 32767)

  /// With values alone, and no connections around the layer.
  package static let rowLSTMRaw = Architecture(
    body: .rowLSTM, symbolCentre: .raw, inputKinds: [.value], kernelSize: 3, features: 48,
    bottleneck: 24, blocks: 1, connections: [], headFeatures: 24, activationMaximum: 16383)

  /// One colour; the kernel of the first convolution decides the shear.
  package static let grayRowLSTM = Architecture(
    colours: 1, body: .rowLSTM, symbolCentre: .colourMED, inputKinds: [.residual, .prediction],
    kernelSize: 7, features: 48, bottleneck: 24, blocks: 3, connections: [.skip],
    headFeatures: 24, activationMaximum: 32767)

  /// No layer of LSTMs at all.
  package static let grayRowLSTMBlockless = Architecture(
    colours: 1, body: .rowLSTM, symbolCentre: .adaptiveWide, inputKinds: [.residual],
    kernelSize: 5, features: 24, bottleneck: 48, blocks: 0, connections: [.residual],
    headFeatures: 24, activationMaximum: 32767)

  /// With a small image.
  package static let grayRowLSTMScale4 = Architecture(
    colours: 1, body: .rowLSTM, symbolCentre: .raw, inputKinds: [.value], kernelSize: 7,
    features: 24, bottleneck: 24, blocks: 2, connections: [.skip], headFeatures: 24,
    activationMaximum: 32767, scale: 4, conditioningChannels: 16)

  /// 1-bit images, with units of the narrowest width: 8.
  package static let bitsRowLSTM = Architecture(
    colours: 1, body: .rowLSTM, head: .sigmoid, symbolCentre: .raw, inputKinds: [.value],
    kernelSize: 3, features: 16, bottleneck: 8, blocks: 1, connections: [.skip], headFeatures: 40,
    activationMaximum: 32767)

  /// Dilated states, which decide the shear.
  package static let dilatedRowLSTM = Architecture(
    body: .rowLSTM, symbolCentre: .raw, inputKinds: [.value], kernelSize: 3, features: 24,
    bottleneck: 24, blocks: 3, dilationCycle: 3, connections: [.residual, .skip],
    headFeatures: 24, activationMaximum: 16383)

  /// Dilated states with the shear of adaptive prediction, which allows 2.
  package static let dilatedRowLSTMAdaptive = Architecture(
    body: .rowLSTM, symbolCentre: .adaptive, inputKinds: [.residual, .prediction], kernelSize: 5,
    features: 24, bottleneck: 24, blocks: 3, dilationCycle: 2, connections: [.residual],
    headFeatures: 24, activationMaximum: 16383)

  /// All dilations, to 16.
  package static let bitsDilatedRowLSTM = Architecture(
    colours: 1, body: .rowLSTM, head: .sigmoid, symbolCentre: .raw, inputKinds: [.value],
    kernelSize: 7, features: 16, bottleneck: 8, blocks: 5, dilationCycle: 5, connections: [.skip],
    headFeatures: 8, activationMaximum: 16383)

  // MARK: Diagonal BiLSTMs

  /// All kinds of input and all connections.
  package static let diagonalBiLSTM = Architecture(
    body: .diagonalBiLSTM, symbolCentre: .colourMED, inputKinds: [.value, .residual, .prediction],
    kernelSize: 5, features: 48, bottleneck: 24, blocks: 2, connections: [.residual, .skip],
    headFeatures: 24, activationMaximum: 4000)

  /// With values alone, and no connections around the layer, which is wider than the stream.
  package static let diagonalBiLSTMRaw = Architecture(
    body: .diagonalBiLSTM, symbolCentre: .raw, inputKinds: [.value], kernelSize: 3, features: 24,
    bottleneck: 48, blocks: 1, connections: [], headFeatures: 24, activationMaximum: 16383)

  /// One colour, the largest kernel, skips alone.
  package static let grayDiagonalBiLSTM = Architecture(
    colours: 1, body: .diagonalBiLSTM, symbolCentre: .raw, inputKinds: [.value], kernelSize: 7,
    features: 32, bottleneck: 16, blocks: 3, connections: [.skip], headFeatures: 40,
    activationMaximum: 1000)

  /// No layer of LSTMs at all: only the order is a Diagonal BiLSTM's.
  package static let grayDiagonalBiLSTMBlockless = Architecture(
    colours: 1, body: .diagonalBiLSTM, symbolCentre: .colourMED,
    inputKinds: [.residual, .prediction], kernelSize: 5, features: 48, bottleneck: 24, blocks: 0,
    connections: [.residual], headFeatures: 24, activationMaximum: 32767)

  /// With a small image: whole rows of the conditioning map are kept.
  package static let diagonalBiLSTMScale2 = Architecture(
    body: .diagonalBiLSTM, symbolCentre: .colourMED, inputKinds: [.value, .residual, .prediction],
    kernelSize: 5, features: 48, bottleneck: 24, blocks: 2, connections: [.residual, .skip],
    headFeatures: 48, activationMaximum: 16383, scale: 2, conditioningChannels: 16)

  /// 1-bit images.
  package static let bitsDiagonalBiLSTM = Architecture(
    colours: 1, body: .diagonalBiLSTM, head: .sigmoid, symbolCentre: .raw, inputKinds: [.value],
    kernelSize: 7, features: 32, bottleneck: 16, blocks: 2, connections: [.residual, .skip],
    headFeatures: 32, activationMaximum: 16383)

  /// 1-bit images with a small one.
  package static let bitsDiagonalBiLSTMScale4 = Architecture(
    colours: 1, body: .diagonalBiLSTM, head: .sigmoid, symbolCentre: .raw, inputKinds: [.value],
    kernelSize: 5, features: 16, bottleneck: 8, blocks: 2, connections: [.residual],
    headFeatures: 8, activationMaximum: 16383, scale: 4, conditioningChannels: 8)
}
