import Bytes
import Container
import Crypto
import DigitModels
import Foundation
import ImagePlanes
import Mixing
import ModelStore
import PNGFile
import Platform
import Testing

@testable import PRNZip

/// Every model that the program has: real weights on real images, where other tests have random
/// ones.
@Suite struct EmbeddedModelsTests {
  static let names = ModelStore.withDigits.descriptions.map(\.name)

  static func model(_ name: String) throws -> Model {
    try #require(try ModelStore.withDigits.model(named: name))
  }

  /// A part of a test image of the model's kind; its sides are no multiples of anything.
  static func image(_ model: Model) throws -> Image {
    if model.format == .gray1 {
      return try PNGFile.decode(testImage("digits"))
        .crop(TileRectangle(row: 0, column: 28, height: 59, width: 85))
    }
    let photo = try PNGFile.decode(testImage("city"))
      .crop(TileRectangle(row: 120, column: 90, height: 47, width: 53))
    return model.format == .rgb8 ? photo : Image(.gray8, planes: [photo.planes[1]])
  }

  static func file(
    _ model: Model, mixing: MixingLevel = .pure, threads: Int = 2,
    instructions: InstructionSet = .current
  ) throws -> [UInt8] {
    var options = Compressor.Options()
    options.threads = threads
    options.tileLimit = model.format == .gray1 ? 28 : 32
    options.sectionPixels = 2000
    options.instructions = instructions
    return try Compressor(options).encode(
      image(model), metadata: Metadata(), with: model, mixing: mixing)
  }

  /// Digits are cut out of a mosaic without being asked for: of what lies beyond one, its models
  /// know nothing.
  @Test(arguments: Effort.allCases) func mosaicsOfDigitsAreModelled(_ effort: Effort) throws {
    var options = Compressor.Options()
    options.store = .withDigits
    options.effort = effort
    options.threads = 2
    let png = try testImage("digits")
    let prn = try Compressor(options).compress(png)
    let most = effort == .instant ? png.count * 2 / 3 : png.count / 2
    #expect(prn.count < most, "\(prn.count) of \(png.count)")
    let image = try PNGFile.decode(png)
    let content = Decompressor.Content.modelled(image, Metadata(), isInterlaced: false)
    #expect(try Self.decompressor().decode(prn) == content)
    // Who has no models of digits is told which one it takes.
    guard effort != .instant else { return }
    let error = prnzipError { () throws(PRNZipError) in try Decompressor().decode(prn) }
    let identity = try #require(try Header.decode(prn).header.network).modelIdentity
    #expect(error == .unknownModel(identityHex: hexadecimal(identity)))
    options.store = .embedded
    #expect(try Decompressor().decode(Compressor(options).compress(png)) == content)
  }

  /// One that knows all models.
  private static func decompressor(
    threads: Int = 1, instructions: InstructionSet = .current
  ) -> Decompressor {
    var options = Decompressor.Options()
    options.store = .withDigits
    (options.threads, options.instructions) = (threads, instructions)
    return Decompressor(options)
  }

  /// The same file on any number of threads, the same image from it, and at most three quarters of
  /// the bytes of its values.
  @Test(arguments: names) func filesRoundTrip(_ name: String) throws {
    let model = try Self.model(name)
    let image = try Self.image(model)
    let prn = try Self.file(model, threads: 1)
    let raw = image.width * image.height * image.planes.count * model.format.depth / 8
    #expect(prn.count < raw * 3 / 4, "\(prn.count) of \(raw)")
    for threads in [2, 3] {
      #expect(try Self.file(model, threads: threads) == prn)
      #expect(
        try Self.decompressor(threads: threads).decode(prn)
          == .modelled(image, Metadata(), isInterlaced: false))
    }
  }

  /// The same bytes with all instruction sets, at every level of the mixing, and the same image.
  @Test(arguments: names, MixingLevel.allCases)
  func instructionSetsAgree(_ name: String, mixing: MixingLevel) throws {
    let model = try Self.model(name)
    guard mixing == .pure || model.canBeMixed else { return }
    let expected = try Self.file(model, mixing: mixing)
    let content = Decompressor.Content.modelled(
      try Self.image(model), Metadata(), isInterlaced: false)
    for instructions in InstructionSet.supported {
      let file = try Self.file(model, mixing: mixing, threads: 3, instructions: instructions)
      #expect(file == expected, "\(instructions)")
      let decompressor = Self.decompressor(instructions: instructions)
      #expect(try decompressor.decode(expected) == content, "\(instructions)")
    }
  }

  /// Files as they were when the weights were put in: `Vectors/embedded.csv` has the SHA-256 of
  /// each.
  @Test func filesAreTheSameEverywhere() throws {
    let lines = try Self.names.map { name in
      let digest = SHA256.hash(data: try Self.file(Self.model(name)))
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
    var prn = try Self.file(Self.model(name))
    for index in stride(from: 50, to: prn.count, by: prn.count / 9) {
      prn[index] ^= 0x24
      #expect(throws: PRNZipError.self) { try Self.decompressor().decompress(prn) }
      prn[index] ^= 0x24
    }
    #expect(throws: PRNZipError.self) {
      try Self.decompressor().decompress(prn.dropLast())
    }
  }
}
