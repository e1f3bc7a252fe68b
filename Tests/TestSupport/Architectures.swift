import PixelNetwork
import Prediction

/// An architecture of `TestArchitectures` with its name there, for parameterised tests.
package struct NamedArchitecture: Sendable, CustomStringConvertible {
  package let name: String
  package let architecture: Architecture
  package var description: String { name }

  package init(_ name: String, _ architecture: Architecture) {
    self.name = name
    self.architecture = architecture
  }
}

/// Small architectures that differ in everything that changes the arithmetic's shape.
///
///     @Test(arguments: TestArchitectures.all)
///     func ...(_ named: NamedArchitecture) { named.architecture ... }
///     TestArchitectures.adaptiveWide
///
/// The names begin with what is not RGB values of 8 bits ("gray", "bits"), and tell the body, if it
/// is not a PixelCNN's, and what else is special. Here are the PixelCNNs; the PixelRNNs are
/// in an extension.
package enum TestArchitectures {
  /// Those of all kinds.
  package static let all = pixelCNNs + rowLSTMs + diagonalBiLSTMs

  /// Those that are given no small image: a tile of theirs is coded by itself.
  package static let alone = all.filter { $0.architecture.scale == 1 }

  /// Fewer, for tests that take long: each body, head, number of colours and way of predicting,
  /// with and without blocks and dilations; no small image.
  package static let few = [
    NamedArchitecture("median", median), NamedArchitecture("rawBare", rawBare),
    NamedArchitecture("rawBlockless", rawBlockless), NamedArchitecture("adaptive", adaptive),
    NamedArchitecture("adaptiveWide", adaptiveWide),
    NamedArchitecture("grayAdaptiveWide", grayAdaptiveWide),
    NamedArchitecture("grayMedian", grayMedian), NamedArchitecture("bits", bits),
    NamedArchitecture("dilatedAdaptive", dilatedAdaptive),
    NamedArchitecture("bitsDilated", bitsDilated), NamedArchitecture("classes", classes),
    NamedArchitecture("rowLSTM", rowLSTM), NamedArchitecture("rowLSTMRaw", rowLSTMRaw),
    NamedArchitecture("bitsRowLSTM", bitsRowLSTM),
    NamedArchitecture("dilatedRowLSTM", dilatedRowLSTM),
    NamedArchitecture("dilatedRowLSTMAdaptive", dilatedRowLSTMAdaptive),
    NamedArchitecture("diagonalBiLSTM", diagonalBiLSTM),
    NamedArchitecture("grayDiagonalBiLSTM", grayDiagonalBiLSTM),
  ]

  /// Those whose tiles can be mixed: a PixelCNN of each breadth of prediction, a gray one, a Row
  /// LSTM.
  package static let mixed = [
    NamedArchitecture("adaptive", adaptive), NamedArchitecture("adaptiveWide", adaptiveWide),
    NamedArchitecture("adaptiveWidest", adaptiveWidest),
    NamedArchitecture("grayAdaptiveWide", grayAdaptiveWide),
    NamedArchitecture("rowLSTM", rowLSTM), NamedArchitecture("classes", classes),
  ]

  /// PixelCNNs.
  package static let pixelCNNs = [
    NamedArchitecture("median", median), NamedArchitecture("rawBare", rawBare),
    NamedArchitecture("medianAllInputs", medianAllInputs),
    NamedArchitecture("rawBlockless", rawBlockless),
    NamedArchitecture("medianClipped", medianClipped),
    NamedArchitecture("medianValues", medianValues),
    NamedArchitecture("rawResiduals", rawResiduals), NamedArchitecture("adaptive", adaptive),
    NamedArchitecture("adaptiveWide", adaptiveWide),
    NamedArchitecture("adaptiveWidest", adaptiveWidest),
    NamedArchitecture("adaptiveWideBlockless", adaptiveWideBlockless),
    NamedArchitecture("grayAdaptiveWide", grayAdaptiveWide),
    NamedArchitecture("grayMedian", grayMedian), NamedArchitecture("grayNarrow", grayNarrow),
    NamedArchitecture("bits", bits), NamedArchitecture("scale2", scale2),
    NamedArchitecture("scale4", scale4), NamedArchitecture("dilated", dilated),
    NamedArchitecture("dilatedAdaptive", dilatedAdaptive),
    NamedArchitecture("bitsDilated", bitsDilated), NamedArchitecture("classes", classes),
  ]

  // MARK: Fixed centres

  /// The plain case: a photo network around the median, with residual and skip connections.
  package static let median = Architecture(
    symbolCentre: .colourMED, inputKinds: [.residual, .prediction], kernelSize: 7, features: 48,
    bottleneck: 24, blocks: 2, connections: [.residual, .skip], headFeatures: 24,
    activationMaximum: 32767)

  /// Values alone, no connections around the block, a head wider than the stream.
  package static let rawBare = Architecture(
    symbolCentre: .raw, inputKinds: [.value], kernelSize: 3, features: 24, bottleneck: 24,
    blocks: 1, connections: [], headFeatures: 72, activationMaximum: 2047)

  /// All kinds of input, and skips where the stream is replaced.
  package static let medianAllInputs = Architecture(
    symbolCentre: .colourMED, inputKinds: [.value, .residual, .prediction], kernelSize: 5,
    features: 72, bottleneck: 48, blocks: 2, connections: [.skip], headFeatures: 48,
    activationMaximum: 32767)

  /// No blocks: the connections have nothing to go around.
  package static let rawBlockless = Architecture(
    symbolCentre: .raw, inputKinds: [.value, .prediction], kernelSize: 7, features: 24,
    bottleneck: 24, blocks: 0, connections: [.residual, .skip], headFeatures: 24,
    activationMaximum: 4000)

  /// Activations clipped as low as can be, in blocks wider than the stream.
  package static let medianClipped = Architecture(
    symbolCentre: .colourMED, inputKinds: [.residual], kernelSize: 5, features: 24, bottleneck: 72,
    blocks: 3, connections: [.residual], headFeatures: 24, activationMaximum: 255)

  /// Values as inputs, though symbols are around the median.
  package static let medianValues = Architecture(
    symbolCentre: .colourMED, inputKinds: [.value], kernelSize: 3, features: 24, bottleneck: 24,
    blocks: 1, connections: [.residual, .skip], headFeatures: 24, activationMaximum: 32767)

  /// Residuals of the raw centre: an odd case that the format allows.
  package static let rawResiduals = Architecture(
    symbolCentre: .raw, inputKinds: [.residual, .value], kernelSize: 5, features: 24,
    bottleneck: 24, blocks: 1, connections: [.skip], headFeatures: 24, activationMaximum: 32767)

  // MARK: Adaptive centres

  /// Narrow adaptive prediction, all kinds of input, the smallest kernel.
  package static let adaptive = Architecture(
    symbolCentre: .adaptive, inputKinds: [.value, .residual, .prediction], kernelSize: 3,
    features: 24, bottleneck: 24, blocks: 1, connections: [.residual, .skip], headFeatures: 24,
    activationMaximum: 32767)

  /// Wide adaptive prediction, the largest kernel.
  package static let adaptiveWide = Architecture(
    symbolCentre: .adaptiveWide, inputKinds: [.residual, .prediction], kernelSize: 7, features: 48,
    bottleneck: 24, blocks: 2, connections: [.residual, .skip], headFeatures: 24,
    activationMaximum: 16383)

  /// The widest adaptive prediction, with window fits.
  package static let adaptiveWidest = Architecture(
    symbolCentre: .adaptiveWidest, inputKinds: [.residual, .prediction], kernelSize: 5,
    features: 24, bottleneck: 24, blocks: 1, connections: [.residual], headFeatures: 24,
    activationMaximum: 32767)

  /// Wide prediction of which the network sees nothing, and no blocks.
  package static let adaptiveWideBlockless = Architecture(
    symbolCentre: .adaptiveWide, inputKinds: [.value], kernelSize: 5, features: 24, bottleneck: 24,
    blocks: 0, connections: [], headFeatures: 24, activationMaximum: 2047)

  // MARK: Gray and 1-bit images

  /// One colour, with wide adaptive prediction.
  package static let grayAdaptiveWide = Architecture(
    colours: 1, symbolCentre: .adaptiveWide, inputKinds: [.value, .residual, .prediction],
    kernelSize: 7, features: 24, bottleneck: 24, blocks: 1, connections: [.residual, .skip],
    headFeatures: 24, activationMaximum: 16383)

  /// One colour around the median.
  package static let grayMedian = Architecture(
    colours: 1, symbolCentre: .colourMED, inputKinds: [.residual, .prediction], kernelSize: 5,
    features: 24, bottleneck: 24, blocks: 2, connections: [.residual], headFeatures: 24,
    activationMaximum: 32767)

  /// The narrowest layers: 8 channels.
  package static let grayNarrow = Architecture(
    colours: 1, symbolCentre: .colourMED, inputKinds: [.value, .residual], kernelSize: 5,
    features: 8, bottleneck: 16, blocks: 1, connections: [.residual, .skip], headFeatures: 8,
    activationMaximum: 32767)

  /// 1-bit images, with a sigmoid.
  package static let bits = Architecture(
    colours: 1, head: .sigmoid, symbolCentre: .raw, inputKinds: [.value], kernelSize: 7,
    features: 32, bottleneck: 16, blocks: 2, connections: [.residual, .skip], headFeatures: 8,
    activationMaximum: 16383)

  /// Classes of symbols in the place of a softmax.
  package static let classes = Architecture(
    head: .classes, symbolCentre: .adaptive, inputKinds: [.residual, .prediction], kernelSize: 5,
    features: 24, bottleneck: 24, blocks: 1, connections: [.residual, .skip], headFeatures: 24,
    activationMaximum: 16383)

  // MARK: Small images

  /// A small image of half the rows and columns.
  package static let scale2 = Architecture(
    symbolCentre: .colourMED, inputKinds: [.residual, .prediction], kernelSize: 5, features: 24,
    bottleneck: 24, blocks: 2, connections: [.residual, .skip], headFeatures: 24,
    activationMaximum: 32767, scale: 2, conditioningChannels: 8)

  /// A small image of a quarter of them: two transposed convolutions.
  package static let scale4 = Architecture(
    symbolCentre: .adaptive, inputKinds: [.value, .residual, .prediction], kernelSize: 3,
    features: 24, bottleneck: 24, blocks: 1, connections: [.residual], headFeatures: 24,
    activationMaximum: 16383, scale: 4, conditioningChannels: 24)

  // MARK: Dilations

  /// Dilations 1, 2, 4, 1 behind the smallest kernel: they look further than that.
  package static let dilated = Architecture(
    symbolCentre: .raw, inputKinds: [.value], kernelSize: 3, features: 24, bottleneck: 24,
    blocks: 4, dilationCycle: 3, connections: [.residual, .skip], headFeatures: 24,
    activationMaximum: 16383)

  /// Dilations 1, 2, 4, 8 with the shear of adaptive prediction.
  package static let dilatedAdaptive = Architecture(
    symbolCentre: .adaptive, inputKinds: [.residual, .prediction], kernelSize: 5, features: 24,
    bottleneck: 24, blocks: 4, dilationCycle: 4, connections: [.residual], headFeatures: 24,
    activationMaximum: 16383)

  /// All dilations, to 16, and skips alone.
  package static let bitsDilated = Architecture(
    colours: 1, head: .sigmoid, symbolCentre: .raw, inputKinds: [.value], kernelSize: 5,
    features: 16, bottleneck: 8, blocks: 5, dilationCycle: 5, connections: [.skip],
    headFeatures: 8, activationMaximum: 16383)
}
