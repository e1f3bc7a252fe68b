import Container
import Foundation
import ImagePlanes
import Mixing
import ModelStore
import PNGFile
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
    #expect(information.groups.count == 1 && !information.isExact && !information.isInterlaced)
    let group = try #require(information.network)
    #expect(group.channels == "RGB" && group.codec == "network" && group.mapping == "none")
    #expect(group.modelName == "noise" && group.colours == nil)
    #expect(group.modelIdentity == Array(model.identity.prefix(8)))
    #expect(group.tileWidth == 7 && group.tileHeight == 5)
    #expect(group.tileCount == 6 && group.mixing == .standard)
    #expect(group.size == information.sections.dropFirst().reduce(0) { $0 + $1.size })
    #expect(try information.metadataBytes == MetadataCoding.encode(metadata).payload.count)
    #expect(information.fileSize == prn.count)
    #expect(information.sections.map(\.kind) == ["metadata"] + Array(repeating: "tile", count: 6))
    #expect(
      information.sections.reduce(information.headerSize) { $0 + $1.size } == prn.count)
    #expect(abs(information.bitsPerSubpixel - Double(prn.count * 8) / 600) < 1e-12)
    #expect(abs(information.ratio - 600 / Double(prn.count)) < 1e-12)
    #expect(try FileInformation(prn, store: ModelStore()).network?.modelName == nil)
  }

  @Test(arguments: [(0, 1), (2, 3), (3, 1), (4, 2), (6, 4)])
  func stored(colourType: Int, channels: Int) throws {
    let depth = colourType == 0 || colourType == 2 ? 16 : 8
    let png = PNGMaker(width: 3, height: 2, colourType: colourType, depth: depth).file([1, 2])
    let information = try FileInformation(storedFile(png))
    #expect(!information.isModelled && information.isExact)
    #expect(information.channels == channels)
    #expect(information.groups.isEmpty && information.metadataBytes == 0)
    #expect(information.sections.map(\.kind) == ["storedPNG"])
  }

  /// Alpha of one value, colours of two; a palette of which half is used.
  @Test func groups() throws {
    var image = Image(
      PixelFormat(.rgba, depth: 8), planes: smoothImage(width: 40, height: 40).planes)
    image.planes.append(Plane(width: 40, height: 40, repeating: 77))
    image.planes[2] = image.planes[0]
    var png = try PNGFile.encode(image)
    var information = try FileInformation(makeCompressor(model: "laplace").compress(png))
    #expect(information.groups.map(\.channels) == ["A", "RGB"])
    #expect(information.groups.map(\.codec) == ["constant", "network"])
    #expect(information.groups.map(\.tileCount) == [0, 1] && information.groups[0].size == 0)
    let colours = PNGChunk(type: Array("PLTE".utf8), data: [UInt8](0..<48))
    var indices = Image(PixelFormat(.palette, depth: 4), planes: [image.planes[0]])
    indices.planes[0].samples = indices.planes[0].samples.map { $0 & 7 }
    png = try PNGFile.encode(indices, metadata: [colours, .imageDataMark])
    information = try FileInformation(makeCompressor(isPure: false).compress(png))
    #expect(information.groups.map(\.channels) == ["I"])
    #expect(information.groups.map(\.mapping) == ["palette"])
    #expect(["graphics", "bilevel"].contains(information.groups[0].codec))
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
