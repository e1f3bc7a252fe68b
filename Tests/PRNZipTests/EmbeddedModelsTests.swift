import Bytes
import Container
import Crypto
import Foundation
import ImagePlanes
import PNGFile
import PixelNetwork
import TestSupport
import Testing

@testable import PRNZip

/// Every model that the program has: real weights on real images, where other tests have random ones.
@Suite struct EmbeddedModelsTests {
  static let names = ModelRegistry.embedded.models.map(\.name)

  static func model(_ name: String) throws -> Model {
    try #require(ModelRegistry.embedded.model(named: name))
  }

  /// A part of a test image of the model's kind; its sides are no multiples of anything.
  static func image(_ model: Model) throws -> Image {
    func png(_ name: String) throws -> [UInt8] {
      Array(try Data(contentsOf: packageFile("testimages/\(name).png")))
    }
    if model.sampleDepth == 1 {
      return try PNGFile.decode(png("digits"))
        .crop(TileRectangle(row: 0, column: 28, height: 59, width: 85))
    }
    let photo = try PNGFile.decode(png("city"))
      .crop(TileRectangle(row: 120, column: 90, height: 47, width: 53))
    guard model.colours == 1 else { return photo }
    return Image(.gray8, planes: [photo.planes[1]])
  }

  static func file(
    _ model: Model, threads: Int, kernels: IntegerKernels = .automatic
  ) throws -> [UInt8] {
    var options = Compressor.Options()
    options.threads = threads
    options.tileLimit = model.sampleDepth == 1 ? 28 : 32
    options.sectionPixels = 2000
    return try Compressor(options).encode(image(model), metadata: Metadata(), with: model)
  }

  /// Digits are cut out of a mosaic without being asked for: of what lies beyond one, its models know nothing.
  @Test(arguments: Effort.allCases) func mosaicsOfDigitsAreModelled(_ effort: Effort) throws {
    var options = Compressor.Options()
    options.effort = effort
    options.threads = 2
    let png = Array(try Data(contentsOf: packageFile("testimages/digits.png")))
    let prn = try Compressor(options).compress(png)
    #expect(prn.count < png.count / 2, "\(prn.count) of \(png.count)")
    let image = try PNGFile.decode(png)
    #expect(try Decompressor().decode(prn) == .modelled(image, Metadata()))
  }

  /// The same file on any number of threads, the same image from it, and fewer bytes than half of its values'.
  @Test(arguments: names) func filesRoundTrip(_ name: String) throws {
    let model = try Self.model(name)
    let image = try Self.image(model)
    let prn = try Self.file(model, threads: 1)
    let raw = image.width * image.height * image.colours * model.sampleDepth / 8
    #expect(prn.count < raw * 3 / 4, "\(prn.count) of \(raw)")
    for threads in [2, 3] {
      #expect(try Self.file(model, threads: threads) == prn)
      var options = Decompressor.Options()
      options.threads = threads
      #expect(
        try Decompressor(options).decode(prn)
          == .modelled(image, Metadata()))
    }
  }

  /// The same bytes with all versions of the arithmetic.
  @Test(arguments: names) func kernelsAgree(_ name: String) throws {
    let model = try Self.model(name)
    let tile = try Self.image(model).crop(TileRectangle(row: 0, column: 0, height: 30, width: 26))
    let small = model.scale > 1 ? try tile.subsampled(by: model.scale) : nil
    let expected = try TileCodec(model: model.network, threads: 2).encode(tile)
    for kernels in ["portable", "avx2", "avx512"].compactMap(IntegerKernels.init(named:)) {
      let codec = TileCodec(model: model.network, threads: 1, kernels: kernels)
      #expect(try codec.encode(tile) == expected)
      #expect(try codec.decode(expected, rows: 30, columns: 26, small: small) == tile)
    }
  }

  /// Files as they were when the weights were put in: `Vectors/embedded.csv` has the SHA-256 of each.
  @Test func filesAreTheSameEverywhere() throws {
    let lines = try Self.names.map { name in
      let digest = SHA256.hash(data: try Self.file(Self.model(name), threads: 2))
      return name + "," + hexadecimal(Array(digest))
    }
    let path = packageFile("Tests/PRNZipTests/Vectors/embedded.csv")
    if GoldenFilesTests.writes {
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: path)
    }
    #expect(
      try String(contentsOf: path, encoding: .utf8).split(separator: "\n").map(String.init) == lines
    )
  }

  /// A changed byte behind the header is found out, at the latest by the digest.
  @Test(arguments: names) func damageIsRefused(_ name: String) throws {
    var prn = try Self.file(Self.model(name), threads: 2)
    for index in stride(from: 50, to: prn.count, by: prn.count / 9) {
      prn[index] ^= 0x24
      #expect(throws: PRNZipError.self) { try Decompressor(.init()).decompress(prn) }
      prn[index] ^= 0x24
    }
    #expect(throws: PRNZipError.self) {
      try Decompressor(.init()).decompress(prn.dropLast())
    }
  }

  /// The same image from the same seed, and another one from another.
  @Test(arguments: names) func samplesFollowTheSeed(_ name: String) throws {
    var options = Sampler.Options()
    options.model = name
    options.threads = 1
    // The first rows of a digit are black.
    let height = try Self.model(name).sampleDepth == 1 ? 20 : 6
    func drawn(_ seed: UInt64) throws -> [Image] {
      try Sampler(options).sample(width: 17, height: height, count: 2, seed: seed)
    }
    let one = try drawn(4)
    options.threads = 3
    #expect(try drawn(4) == one)
    #expect(try drawn(5) != one)
  }
}
