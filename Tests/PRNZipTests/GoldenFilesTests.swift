import Container
import Foundation
import ImagePlanes
import PNGFile
import PixelModels
import Testing

@testable import PRNZip

/// Files that every version of the program must decode, and this version of the format must write again.
///
/// `Vectors` holds NAME.png, NAME.prn and the weight file that they were made with. The weights are random
/// numbers, so that every operation of the network counts. PRNZIP_WRITE_VECTORS=1 writes them anew, which
/// a new version of the format calls for and nothing else.
@Suite struct GoldenFilesTests {
  struct Golden: Sendable, CustomTestStringConvertible {
    let name: String
    let tileLimit: Int
    let isModelled: Bool
    var testDescription: String { name }

    func bytes(_ suffix: String) throws -> [UInt8] {
      Array(try Data(contentsOf: packageFile("Tests/PRNZipTests/Vectors/\(name).\(suffix)")))
    }
  }

  static let files = [
    Golden(name: "pixel", tileLimit: 1024, isModelled: true),
    Golden(name: "two-by-two", tileLimit: 1024, isModelled: true),
    Golden(name: "tiles-metadata", tileLimit: 20, isModelled: true),
    Golden(name: "photo", tileLimit: 1024, isModelled: true),
    Golden(name: "gray", tileLimit: 1024, isModelled: false),
  ]

  static let writes = ProcessInfo.processInfo.environment["PRNZIP_WRITE_VECTORS"] != nil

  static func registry() throws -> ModelRegistry {
    var registry = ModelRegistry()
    try registry.add(
      Array(try Data(contentsOf: packageFile("Tests/PRNZipTests/Vectors/random.prnw"))))
    return registry
  }

  /// The modelled file, however large; the stored one for other kinds.
  static func compress(_ golden: Golden) throws -> [UInt8] {
    var options = Compressor.Options()
    options.registry = try registry()
    options.tileLimit = golden.tileLimit
    let compressor = Compressor(options)
    let png = try golden.bytes("png")
    guard golden.isModelled else { return try compressor.compress(png) }
    let model = try #require(options.registry.defaultModel)
    let metadata = Metadata(try PNGFile.inspect(png).metadata)
    return try compressor.encode(PNGFile.decodeRGB8(png), metadata: metadata, with: model)
  }

  @Test(arguments: files)
  func decodesToItsImage(_ golden: Golden) throws {
    var options = Decompressor.Options()
    options.registry = try Self.registry()
    options.threads = 2
    let png = try golden.bytes("png")
    let decoded = try Decompressor(options).decompress(golden.bytes("prn"))
    guard golden.isModelled else {
      #expect(decoded == png)
      return
    }
    #expect(try PNGFile.decodeRGB8(decoded) == PNGFile.decodeRGB8(png))
    #expect(try PNGFile.inspect(decoded) == PNGFile.inspect(png))
  }

  @Test(arguments: files)
  func encodesToTheSameBytes(_ golden: Golden) throws {
    #expect(try Self.compress(golden) == golden.bytes("prn"))
  }

  @Test(.enabled(if: writes)) func write() throws {
    let folder = packageFile("Tests/PRNZipTests/Vectors")
    let architecture = Architecture(
      symbolCentre: .colourMED, inputKinds: [.value, .residual, .prediction], kernelSize: 7,
      features: 24, bottleneck: 24, blocks: 2, connections: [.residual, .skip], headFeatures: 24,
      activationMaximum: 16383)
    try Data(WeightFile.random(architecture: architecture, seed: 7).serialized).write(
      to: folder.appending(path: "random.prnw"))
    for golden in Self.files {
      try Data(Self.compress(golden)).write(to: folder.appending(path: golden.name + ".prn"))
    }
  }

  /// FORMAT.md's appendix dumps one of the files: its bytes and the file's are the same.
  @Test func theFormatDocumentDumpsTheFile() throws {
    let text = try String(contentsOf: packageFile("FORMAT.md"), encoding: .utf8)
    let golden = try #require(Self.files.first { $0.name == "two-by-two" })
    var dumped: [UInt8] = []
    for line in text.split(separator: "\n") where line.hasPrefix("    @") {
      let columns = line.split(separator: "|", omittingEmptySubsequences: false)
      let offset = try #require(Int(columns[0].trimmingCharacters(in: .whitespaces).dropFirst()))
      #expect(offset == dumped.count)
      dumped += columns[1].split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }
    #expect(dumped == (try golden.bytes("prn")))
  }
}
