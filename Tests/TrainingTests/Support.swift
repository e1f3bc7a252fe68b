import Bytes
import ImagePlanes
import PixelNetwork
import Prediction
import TestSupport
import TileCoding

@testable import Training

/// Small networks and images that the tests share.
enum Small {
  static func architecture(
    inputs: InputKinds = [.value, .residual, .prediction],
    connections: Connections = [.residual, .skip], blocks: Int = 2, kernelSize: Int = 7,
    centre: SymbolCentre = .colourMED, colours: Int = 3, body: Body = .pixelCNN, scale: Int = 1,
    dilationCycle: Int = 1, head: Head = .softmax
  ) -> Architecture {
    Architecture(
      colours: colours, body: body, head: head, symbolCentre: centre, inputKinds: inputs,
      kernelSize: kernelSize, features: 24, bottleneck: 24, blocks: blocks,
      dilationCycle: dilationCycle, connections: connections, headFeatures: 24,
      activationMaximum: 16383, scale: scale, conditioningChannels: scale == 1 ? 0 : 16)
  }

  /// For 1-bit images.
  static func sigmoid(
    connections: Connections = [.residual, .skip], blocks: Int = 2, body: Body = .pixelCNN,
    dilationCycle: Int = 1
  ) -> Architecture {
    Architecture(
      colours: 1, body: body, head: .sigmoid, symbolCentre: .raw, inputKinds: .value,
      kernelSize: 5, features: 16, bottleneck: 8, blocks: blocks, dilationCycle: dilationCycle,
      connections: connections, headFeatures: 8, activationMaximum: 16383)
  }

  /// Values that a network of this kind codes: those of `image`, or diagonal stripes of 0 and 1
  /// with some noise.
  static func image(
    width: Int, height: Int, for architecture: Architecture, seed: UInt64 = 7
  ) -> Image {
    guard architecture.head == .sigmoid else {
      return image(width: width, height: height, seed: seed, colours: architecture.colours)
    }
    var generator = SplitMix64(seed: seed)
    let phase = generator.index(below: 6)
    var image = Image(width: width, height: height, colours: 1, depth: 1)
    for i in 0..<width * height {
      let stripe = (i / width + i % width + phase) / 3 & 1
      let isNoise = generator.index(below: 16) == 0
      image.planes[0].samples[i] = UInt8(isNoise ? 1 - stripe : stripe)
    }
    return image
  }

  /// Smooth with some noise, so that no input is constant.
  static func image(
    width: Int, height: Int, seed: UInt64 = 7, slope: Int = 1, colours: Int = 3
  ) -> Image {
    var generator = SplitMix64(seed: seed)
    var image = Image(width: width, height: height, colours: colours)
    for colour in 0..<colours {
      for r in 0..<height {
        for c in 0..<width {
          let value = 90 + slope * (6 * r + 4 * c) + 20 * colour + generator.index(below: 24)
          image.planes[colour].samples[r * width + c] = UInt8(min(value, 255))
        }
      }
    }
    return image
  }

  static func sample(_ image: Image, _ layout: ParameterLayout) throws -> TrainingSample {
    TrainingSample(
      try PredictedImage(image, architecture: layout.architecture), row: 0, column: 0,
      rows: image.height, columns: image.width, layout: layout)
  }

  static func store(_ layout: ParameterLayout, seed: UInt64 = 3) -> ParameterStore {
    ParameterStore(
      Parameters(weights: Initializer.weights(layout, seed: seed)), mask: layout.mask)
  }

  /// What each distribution is made of, the last hidden features that its colour sees:
  /// [(row * width + column) * 3 + colour].
  static func hidden(
    _ image: Image, _ store: ParameterStore, _ layout: ParameterLayout, _ space: Workspace
  ) throws -> [[Float]] {
    NetworkPass(layout: layout, space: space, parameters: store.weights, quantize: false)
      .forward([try sample(image, layout)])
    let features = layout.architecture.headFeatures
    return (0..<image.height * image.width).flatMap { i -> [[Float]] in
      let cell = i / image.width * space.geometry.stride + i % image.width
      return (0..<3).map { g in
        (0..<(g + 1) * features / 3).map { space.hidden[cell * features + $0] }
      }
    }
  }

  /// Any model for the small images of a network that has them.
  static func smallModel(_ architecture: Architecture) throws -> WeightFile? {
    guard architecture.scale > 1 else { return nil }
    let own = self.architecture(colours: architecture.colours)
    return try WeightFile.random(architecture: own, seed: 1)
  }
}
