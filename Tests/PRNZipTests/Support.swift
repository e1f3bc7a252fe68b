import Container
import Foundation
import ImagePlanes
import Mixing
import ModelStore
import TestSupport

@testable import PRNZip

/// A store of these weight files alone.
func store(_ weightFiles: [[UInt8]]) throws -> ModelStore {
  var store = ModelStore()
  for file in weightFiles { try store.add(file) }
  return store
}

// Made once: many tests decode thousands of files.
private let storeOfPhotos = Result { try store(TestModels.ofPhotos()) }
private let storeOfAll = Result { try store(TestModels.all()) }

/// The small models of RGB images that can be mixed, laplace first.
func photoStore() throws -> ModelStore { try storeOfPhotos.get() }

/// All small models.
func wholeStore() throws -> ModelStore { try storeOfAll.get() }

extension ModelStore {
  /// All of its models.
  func all() throws -> [Model] {
    try descriptions.compactMap { try model(identity: $0.identity) }
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
  options.store = try wholeStore()
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
  options.store = try wholeStore()
  options.threads = threads
  options.limits = limits
  return Decompressor(options)
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

/// The bytes of one of the images that come with the program.
func testImage(_ name: String) throws -> [UInt8] {
  Array(try Data(contentsOf: packageFile("testimages/\(name).png")))
}

/// A file beside the sources: the path from the package's root.
func packageFile(_ path: String) -> URL {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent(path)
}
