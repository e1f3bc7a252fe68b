import Container
import Foundation
import ImagePlanes
import PNGFile
import PixelModels

@testable import PRNZip

/// Small models: one that fits smooth images, one of noise.
enum TestModels {
  private static let architecture = Architecture(
    symbolCentre: .colourMED, inputKinds: [.residual, .prediction], kernelSize: 7, features: 24,
    bottleneck: 24, blocks: 1, connections: [.residual, .skip], headFeatures: 24,
    activationMaximum: 32767)

  /// No weights, only biases: each unit of distance from the prediction costs half a bit.
  static func laplace(name: String = "laplace") throws -> [UInt8] {
    let layers = architecture.layers.map { shape in
      MaskedConvolution(
        shift: 1,
        groups: (0..<3).map { group in
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
    try WeightFile.random(architecture: architecture, seed: seed, name: "noise").serialized
  }

  /// Both, laplace first.
  static func registry() throws -> ModelRegistry {
    var registry = ModelRegistry()
    try registry.add(laplace())
    try registry.add(noise())
    return registry
  }
}

/// A compressor with the small models.
func makeCompressor(
  model: String? = nil, mixing: MixingLevel = .pure, threads: Int = 1, tileLimit: Int = 1024,
  verify: Bool = false
) throws -> Compressor {
  var options = Compressor.Options()
  options.registry = try TestModels.registry()
  options.model = model
  options.threads = threads
  options.mixing = mixing
  options.tileLimit = tileLimit
  options.verify = verify
  return Compressor(options)
}

/// A decompressor with the small models.
func decompressor(threads: Int = 1, limits: Limits = Limits()) throws -> Decompressor {
  var options = Decompressor.Options()
  options.registry = try TestModels.registry()
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

/// A plain 8-bit RGB file of the image.
func plainPNG(_ image: Image) -> [UInt8] {
  PNGMaker(width: image.width, height: image.height).file(image.interleaved)
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
