import Container
import Foundation
import ImagePlanes
import PNGFile
import PixelModels
import Testing

@testable import PRNZip

/// Files that every version of the program must decode, and this version of the format must write again.
///
/// `Vectors` holds NAME.png, NAME.LEVEL.prn for each level of mixing, and the weight file that they were
/// made with; `version-1` what the first version of the format wrote. The weights are random numbers, so
/// that every operation of the network counts. PRNZIP_WRITE_VECTORS=1 writes the files anew, which a new
/// version of the format calls for and nothing else.
@Suite struct GoldenFilesTests {
  struct Golden: Sendable, CustomTestStringConvertible {
    let name: String
    var mixing = MixingLevel.pure
    var tileLimit = 1024
    var isModelled = true
    var file: String { "\(name).\(mixing.rawValue).prn" }
    var testDescription: String { file }

    static func read(_ path: String) throws -> [UInt8] {
      Array(try Data(contentsOf: packageFile("Tests/PRNZipTests/Vectors/\(path)")))
    }
    func png() throws -> [UInt8] { try Self.read(name + ".png") }
  }

  static let files =
    MixingLevel.allCases.flatMap { level in
      [
        Golden(name: "pixel", mixing: level), Golden(name: "two-by-two", mixing: level),
        Golden(name: "tiles-metadata", mixing: level, tileLimit: 20),
        Golden(name: "photo", mixing: level),
      ]
    } + [Golden(name: "gray", isModelled: false)]

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
    options.mixing = golden.mixing
    let compressor = Compressor(options)
    let png = try golden.png()
    guard golden.isModelled else { return try compressor.compress(png) }
    let model = try #require(options.registry.defaultModel)
    let metadata = Metadata(try PNGFile.inspect(png).metadata)
    return try compressor.encode(PNGFile.decode8(png), metadata: metadata, with: model)
  }

  private func decodes(_ prn: [UInt8], to golden: Golden) throws {
    var options = Decompressor.Options()
    options.registry = try Self.registry()
    options.threads = 2
    let png = try golden.png()
    let decoded = try Decompressor(options).decompress(prn)
    guard golden.isModelled else {
      #expect(decoded == png)
      return
    }
    #expect(try PNGFile.decode8(decoded) == PNGFile.decode8(png))
    #expect(try PNGFile.inspect(decoded) == PNGFile.inspect(png))
  }

  @Test(arguments: files)
  func decodesToItsImage(_ golden: Golden) throws {
    try decodes(Golden.read(golden.file), to: golden)
  }

  @Test(arguments: files.filter { $0.mixing == .pure })
  func theFirstVersionStillDecodes(_ golden: Golden) throws {
    let prn = try Golden.read("version-1/\(golden.name).prn")
    #expect(prn[8] == 1)
    try decodes(prn, to: golden)
  }

  @Test(arguments: files)
  func encodesToTheSameBytes(_ golden: Golden) throws {
    #expect(try Self.compress(golden) == Golden.read(golden.file))
  }

  @Test(.enabled(if: writes)) func write() throws {
    let folder = packageFile("Tests/PRNZipTests/Vectors")
    for golden in Self.files {
      try Data(Self.compress(golden)).write(to: folder.appending(path: golden.file))
    }
  }

  /// FORMAT.md's appendix dumps one of the files: its bytes and the file's are the same.
  @Test func theFormatDocumentDumpsTheFile() throws {
    let text = try String(contentsOf: packageFile("FORMAT.md"), encoding: .utf8)
    var dumped: [UInt8] = []
    for line in text.split(separator: "\n") where line.hasPrefix("    @") {
      let columns = line.split(separator: "|", omittingEmptySubsequences: false)
      let offset = try #require(Int(columns[0].trimmingCharacters(in: .whitespaces).dropFirst()))
      #expect(offset == dumped.count)
      dumped += columns[1].split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }
    #expect(dumped == (try Golden.read("two-by-two.0.prn")))
  }
}
