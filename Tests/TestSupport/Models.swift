import ImagePlanes
import PixelNetwork
import Prediction

/// Weight files of small networks: some that fit smooth images, some of noise.
package enum TestModels {
  /// A PixelCNN of one block for images of 8 bits.
  package static func architecture(
    colours: Int = 3, symbolCentre: SymbolCentre = .adaptive
  ) -> Architecture {
    Architecture(
      colours: colours, symbolCentre: symbolCentre, inputKinds: [.residual, .prediction],
      kernelSize: 7, features: 24, bottleneck: 24, blocks: 1, connections: [.residual, .skip],
      headFeatures: 24, activationMaximum: 32767)
  }

  /// No weights, only the biases of the logits: the same distribution for each value.
  ///
  /// - Parameters:
  ///   - name: as in `WeightFile`.
  ///   - architecture: a PixelCNN.
  ///   - small: the small image's model, if `scale` is above 1.
  ///   - logit: of an output of a slice, in 64ths; 32 of them are one doubling.
  /// - Returns: the file.
  /// - Throws: any `WeightFileError`.
  package static func biases(
    name: String, _ architecture: Architecture, small: WeightFile? = nil,
    logit: (_ output: Int) -> Int
  ) throws(WeightFileError) -> WeightFile {
    let layers = architecture.layers.map { layer in
      MaskedConvolution(
        shift: 1,
        slices: (0..<layer.sliceCount).map { slice in
          MaskedConvolution.Slice(
            bias: (0..<layer.outputsPerSlice).map {
              layer.kind == .headOutput ? Int32(logit($0)) : 0
            },
            weights: [Int16](
              repeating: 0, count: layer.inputCount(slice: slice) * layer.outputsPerSlice))
        })
    }
    return try WeightFile(name: name, architecture: architecture, layers: layers, small: small)
  }

  /// Each unit of distance from the prediction costs half a bit.
  package static func laplace(
    name: String = "laplace", colours: Int = 3, symbolCentre: SymbolCentre = .adaptive
  ) throws(WeightFileError) -> [UInt8] {
    try biases(
      name: name, architecture(colours: colours, symbolCentre: symbolCentre),
      logit: { -64 * min($0, 256 - $0) }
    ).serialized
  }

  /// Everything depends on everything that the masks let through.
  package static func noise(seed: UInt64 = 1) throws(WeightFileError) -> [UInt8] {
    try WeightFile.random(architecture: architecture(), seed: seed, name: "noise").serialized
  }

  /// Noise, with a code order row by row.
  package static func bilstm(seed: UInt64 = 1) throws(WeightFileError) -> [UInt8] {
    let architecture = Architecture(
      body: .diagonalBiLSTM, symbolCentre: .colourMED, inputKinds: [.residual, .prediction],
      kernelSize: 7, features: 24, bottleneck: 24, blocks: 2, connections: [.residual, .skip],
      headFeatures: 24, activationMaximum: 32767)
    return try WeightFile.random(architecture: architecture, seed: seed, name: "bilstm").serialized
  }

  /// `laplace` for gray images.
  package static func gray() throws(WeightFileError) -> [UInt8] {
    try laplace(name: "gray", colours: 1)
  }

  /// For 1-bit images: a 1 has the probability 1/9.
  package static func bits() throws(WeightFileError) -> [UInt8] {
    let architecture = Architecture(
      colours: 1, head: .sigmoid, symbolCentre: .raw, inputKinds: .value, kernelSize: 3,
      features: 8, bottleneck: 8, blocks: 0, connections: [], headFeatures: 8,
      activationMaximum: 255)
    return try biases(name: "bits", architecture, logit: { _ in 2 * -3 * 64 }).serialized
  }

  /// A model that cannot be mixed.
  package static func fixed() throws(WeightFileError) -> [UInt8] {
    try laplace(name: "fixed", symbolCentre: .colourMED)
  }

  /// `laplace` with a small image of every second pixel.
  package static func multiScale() throws(WeightFileError) -> [UInt8] {
    var architecture = architecture()
    (architecture.scale, architecture.conditioningChannels) = (2, 8)
    return try biases(
      name: "multi", architecture, small: WeightFile(parsing: laplace()),
      logit: { -64 * min($0, 256 - $0) }
    ).serialized
  }

  /// Those of RGB images that can be mixed, laplace first.
  package static func ofPhotos() throws(WeightFileError) -> [[UInt8]] {
    [try laplace(), try noise()]
  }

  /// One of each kind of image and use; laplace first.
  package static func all() throws(WeightFileError) -> [[UInt8]] {
    try ofPhotos() + [gray(), fixed(), bits()]
  }
}

/// Multi-scale networks of random weights, which differ in all that the small image has to do with.
package enum MultiScaleModel: String, CaseIterable, Sendable {
  case scale2, scale4, grayRowLSTM, withoutBlocks, diagonalBiLSTM, bits

  package var architecture: Architecture {
    switch self {
    case .scale2: TestArchitectures.scale2
    case .scale4: TestArchitectures.scale4
    case .grayRowLSTM: TestArchitectures.grayRowLSTMScale4
    case .withoutBlocks:
      Architecture(
        symbolCentre: .adaptiveWide, inputKinds: [.residual], kernelSize: 3, features: 24,
        bottleneck: 24, blocks: 0, connections: [], headFeatures: 24, activationMaximum: 255,
        scale: 2, conditioningChannels: 8)
    case .diagonalBiLSTM: TestArchitectures.diagonalBiLSTMScale2
    case .bits: TestArchitectures.bitsDiagonalBiLSTMScale4
    }
  }

  /// A weight file of the name "multi".
  ///
  /// - Parameters:
  ///   - seed: of the weights.
  ///   - small: the small image's model; one of random weights if nil.
  /// - Returns: the file's bytes.
  /// - Throws: any `WeightFileError`.
  package func weights(
    seed: UInt64 = 1, small: WeightFile? = nil
  ) throws(WeightFileError) -> [UInt8] {
    try WeightFile.random(architecture: architecture, seed: seed, name: "multi", small: small)
      .serialized
  }

  /// An image of the network's kind.
  package func image(width: Int, height: Int) -> Image {
    testImage(rows: height, columns: width, for: architecture)
  }
}
