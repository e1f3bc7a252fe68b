import Container
import Foundation
import Mixing
import ModelStore
import TestSupport
import Testing

@testable import PRNZip

@Suite struct FileInformationTests {
  @Test func modelled() throws {
    let models = try photoStore()
    let model = try #require(try models.model(named: "noise"))
    let metadata = Metadata(beforeImage: [.init(type: Array("gAMA".utf8), data: [0, 1, 2, 3])])
    let prn = try makeCompressor(tileLimit: 8).encode(
      smoothImage(width: 20, height: 10), metadata: metadata, with: model, mixing: .standard)
    let information = try FileInformation(prn, store: models)
    #expect(information.isModelled)
    #expect(information.width == 20 && information.height == 10)
    #expect(information.channels == 3 && information.sampleDepth == 8)
    #expect(information.colourType == 2)
    #expect(information.modelName == "noise")
    #expect(information.modelIdentity == model.identity)
    #expect(information.tileWidth == 7 && information.tileHeight == 5)
    #expect(information.tileCount == 6 && information.mixing == .standard)
    #expect(information.metadataBytes == 14)
    #expect(information.fileSize == prn.count)
    #expect(information.sections.map(\.kind) == ["metadata"] + Array(repeating: "tile", count: 6))
    #expect(
      information.sections.reduce(information.headerSize) { $0 + $1.size } == prn.count)
    #expect(abs(information.bitsPerSubpixel - Double(prn.count * 8) / 600) < 1e-12)
    #expect(abs(information.ratio - 600 / Double(prn.count)) < 1e-12)
    #expect(try FileInformation(prn, store: ModelStore()).modelName == nil)
  }

  @Test(arguments: [(0, 1), (2, 3), (3, 1), (4, 2), (6, 4)])
  func stored(colourType: Int, channels: Int) throws {
    let depth = colourType == 0 || colourType == 2 ? 16 : 8
    let png = PNGMaker(width: 3, height: 2, colourType: colourType, depth: depth).file([1, 2])
    let information = try FileInformation(makeCompressor().compress(png))
    #expect(!information.isModelled)
    #expect(information.channels == channels)
    #expect(information.modelName == nil && information.modelIdentity == nil)
    #expect(information.tileCount == nil && information.metadataBytes == 0)
    #expect(information.sections.map(\.kind) == ["storedPNG"])
  }

  @Test func isEncodable() throws {
    let png = PNGMaker(width: 3, height: 2, colourType: 0).file([1, 2])
    let information = try FileInformation(makeCompressor().compress(png))
    let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(information))
    #expect((json as? [String: Any])?["width"] as? Int == 3)
  }

  @Test func refusesWhatIsNotAPRNFile() {
    #expect(throws: PRNZipError.container(.notAPRNFile)) { try FileInformation([1, 2, 3]) }
  }
}
