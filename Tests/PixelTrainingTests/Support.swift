import ImagePlanes
import PixelModels

@testable import PixelTraining

/// Small networks and images that the tests share.
enum Small {
  static func architecture(
    inputs: InputKinds = [.value, .residual, .prediction],
    connections: Connections = [.residual, .skip], blocks: Int = 2, kernelSize: Int = 7,
    centre: SymbolCentre = .colourMED, colours: Int = 3, body: Body = .pixelCNN, scale: Int = 1
  ) -> Architecture {
    Architecture(
      colours: colours, body: body, symbolCentre: centre, inputKinds: inputs,
      kernelSize: kernelSize,
      features: 24,
      bottleneck: 24, blocks: blocks, connections: connections, headFeatures: 24,
      activationMaximum: 16383, scale: scale, contextChannels: scale == 1 ? 0 : 16)
  }

  /// Smooth with some noise, so that no input is constant.
  static func image(
    width: Int, height: Int, seed: UInt64 = 7, slope: Int = 1, colours: Int = 3
  ) -> Image {
    var generator = SeededGenerator(seed: seed)
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

  static func sample(_ image: Image, _ graph: PixelCNNGraph) -> TrainingSample {
    TrainingSample(
      PredictedImage(image, architecture: graph.architecture), row: 0, column: 0,
      rows: image.height, columns: image.width, graph: graph)
  }

  static func store(_ graph: PixelCNNGraph, seed: UInt64 = 3) -> ParameterStore {
    let store = ParameterStore(mask: graph.mask)
    Initializer.fill(store, graph: graph, seed: seed)
    return store
  }

  /// Any model for the small images of a network that has them.
  static func smallModel(_ architecture: Architecture) throws -> WeightFile? {
    guard architecture.scale > 1 else { return nil }
    let own = self.architecture(colours: architecture.colours)
    return try WeightFile.random(architecture: own, seed: 1)
  }
}
