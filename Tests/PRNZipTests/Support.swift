import Platform
import Mixing
import Prediction
import Container
import Foundation
import ImagePlanes
import PNGFile
import PixelNetwork
import TestSupport

@testable import PRNZip

/// Small models: one that fits smooth images, one of noise.
enum TestModels {
  static func architecture(
    colours: Int = 3, symbolCentre: SymbolCentre = .adaptive
  ) -> Architecture {
    Architecture(
      colours: colours, symbolCentre: symbolCentre, inputKinds: [.residual, .prediction],
      kernelSize: 7, features: 24, bottleneck: 24, blocks: 1, connections: [.residual, .skip],
      headFeatures: 24, activationMaximum: 32767)
  }

  /// No weights, only biases: each unit of distance from the prediction costs a bit.
  static func laplace(
    name: String = "laplace", colours: Int = 3, symbolCentre: SymbolCentre = .adaptive
  ) throws -> [UInt8] {
    let architecture = architecture(colours: colours, symbolCentre: symbolCentre)
    let layers = architecture.layers.map { shape in
      MaskedConvolution(
        shift: 1,
        groups: (0..<colours).map { group in
          MaskedConvolution.Group(
            bias: (0..<shape.outputsPerGroup).map { output in
              shape.kind == .headOutput ? Int32(-64 * min(output, 256 - output)) : 0
            },
            weights: [Int16](
              repeating: 0, count: shape.inputCount(group: group) * shape.outputsPerGroup))
        })
    }
    return try WeightFile(name: name, architecture: architecture, layers: layers).serialized
  }

  /// Everything depends on everything that the masks let through.
  static func noise(seed: UInt64 = 1) throws -> [UInt8] {
    try WeightFile.random(architecture: architecture(), seed: seed, name: "noise").serialized
  }

  /// The same, with a code order row by row.
  static func bilstm(seed: UInt64 = 1) throws -> [UInt8] {
    let architecture = Architecture(
      body: .diagonalBiLSTM, symbolCentre: .colourMED, inputKinds: [.residual, .prediction],
      kernelSize: 7, features: 24, bottleneck: 24, blocks: 2, connections: [.residual, .skip],
      headFeatures: 24, activationMaximum: 32767)
    return try WeightFile.random(architecture: architecture, seed: seed, name: "bilstm").serialized
  }

  /// The same as laplace for gray images.
  static func gray() throws -> [UInt8] { try laplace(name: "gray", colours: 1) }

  /// For 1-bit images: a 1 has the probability 1/9.
  static func bits() throws -> [UInt8] {
    let architecture = Architecture(
      colours: 1, head: .sigmoid, symbolCentre: .raw, inputKinds: .value, kernelSize: 3,
      features: 8, bottleneck: 8, blocks: 0, connections: [], headFeatures: 8,
      activationMaximum: 255)
    let layers = architecture.layers.map { shape in
      MaskedConvolution(
        shift: 1,
        groups: [
          MaskedConvolution.Group(
            bias: (0..<shape.outputsPerGroup).map { _ in
              shape.kind == .headOutput ? Int32(2 * -3 * 64) : 0
            }, weights: [Int16](repeating: 0, count: shape.weightCount))
        ])
    }
    return try WeightFile(name: "bits", architecture: architecture, layers: layers).serialized
  }

  /// The same kind of model, where everything depends on everything that the masks let through.
  static func noisyBits(body: Body = .pixelCNN) throws -> [UInt8] {
    let architecture = Architecture(
      colours: 1, body: body, head: .sigmoid, symbolCentre: .raw, inputKinds: .value,
      kernelSize: 5, features: 16, bottleneck: 8, blocks: 2, connections: [.residual, .skip],
      headFeatures: 24, activationMaximum: 16383)
    return try WeightFile.random(architecture: architecture, seed: 1, name: "noisy-bits").serialized
  }

  /// A model that cannot be mixed.
  static func fixed() throws -> [UInt8] {
    try laplace(name: "fixed", symbolCentre: .colourMED)
  }

  /// Those of RGB images that can be mixed, laplace first.
  static func registry() throws -> ModelRegistry {
    var registry = ModelRegistry()
    try registry.add(laplace())
    try registry.add(noise())
    return registry
  }

  /// All of them.
  static func wholeRegistry() throws -> ModelRegistry {
    var registry = try registry()
    try registry.add(gray())
    try registry.add(fixed())
    try registry.add(bits())
    return registry
  }
}

extension TileCodec {
  init(
    model: PixelCNN, mixing: MixingLevel, adaptation: UInt8 = 0, threads: Int,
    instructions: InstructionSet = .current
  ) {
    self.init(
      model: model, mixing: MixingParameters(mixing, adaptation: adaptation), threads: threads,
      instructions: instructions)
  }
}

extension Compressor {
  /// Makes a modelled file, however large it comes out.
  func encode(
    _ image: Image, metadata: Metadata, with model: Model, mixing: MixingLevel = .pure,
    adaptation: UInt8 = 0
  ) throws(PRNZipError) -> [UInt8] {
    try encode(
      image, metadata: metadata,
      Plan(model: model, mixings: [MixingParameters(mixing, adaptation: adaptation)]))
  }
}

/// A compressor with the small models.
func makeCompressor(
  model: String? = nil, effort: Effort = .default, isPure: Bool = true, threads: Int = 1,
  tileLimit: Int = 1024, sectionPixels: Int = 1, verify: Bool = false
) throws -> Compressor {
  var options = Compressor.Options()
  options.sectionPixels = sectionPixels
  options.registry = try TestModels.wholeRegistry()
  options.model = model
  options.threads = threads
  options.effort = effort
  options.isPure = isPure
  options.tileLimit = tileLimit
  options.verify = verify
  return Compressor(options)
}

/// A decompressor with the small models.
func decompressor(threads: Int = 1, limits: Limits = Limits()) throws -> Decompressor {
  var options = Decompressor.Options()
  options.registry = try TestModels.wholeRegistry()
  options.threads = threads
  options.limits = limits
  return Decompressor(options)
}

/// Slopes with a little noise; the same in every run.
func smoothImage(width: Int, height: Int) -> Image {
  var state: UInt32 = 7
  var samples: [UInt8] = []
  for row in 0..<height {
    for column in 0..<width {
      for colour in 0..<3 {
        state = state &* 1_664_525 &+ 1_013_904_223
        samples.append(
          UInt8(truncatingIfNeeded: row + 2 * column + 40 * colour + Int(state >> 30)))
      }
    }
  }
  return Image(width: width, height: height, interleaved: samples)
}

/// Its first plane.
func grayImage(width: Int, height: Int) -> Image {
  Image(.gray8, planes: [smoothImage(width: width, height: height).planes[0]])
}

/// Lines of 1 on 0, and a few specks; the same in every run.
func bitImage(width: Int, height: Int) -> Image {
  var state: UInt32 = 3
  var image = Image(width: width, height: height, colours: 1, depth: 1)
  for i in 0..<width * height {
    state = state &* 1_664_525 &+ 1_013_904_223
    let isLine = (i / width + i % width) % 23 == 0
    image.planes[0].samples[i] = isLine || state >> 27 == 0 ? 1 : 0
  }
  return image
}

/// A plain 1-bit file of the image.
func bitPNG(_ image: Image) -> [UInt8] {
  var rows: [UInt8] = []
  for row in 0..<image.height {
    for first in stride(from: 0, to: image.width, by: 8) {
      rows.append(
        (0..<8).reduce(0) { byte, i in
          let column = first + i
          let bit = column < image.width ? image.planes[0].samples[row * image.width + column] : 0
          return byte << 1 | bit
        })
    }
  }
  return PNGMaker(width: image.width, height: image.height, colourType: 0, depth: 1).file(rows)
}

/// A plain 8-bit RGB or gray file of the image.
func plainPNG(_ image: Image) -> [UInt8] {
  PNGMaker(width: image.width, height: image.height, colourType: image.colours == 1 ? 0 : 2)
    .file(image.interleaved)
}

/// What `body` throws, if it throws a `PRNZipError`.
func prnzipError<Result>(_ body: () throws(PRNZipError) -> Result) -> PRNZipError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error
  }
}

/// A file beside the sources: the path from the package's root.
func packageFile(_ path: String) -> URL {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent(path)
}
