import Bytes
import Container
import Foundation
import ImagePlanes
import PNGFile
import PixelNetwork
import Prediction
import TestSupport
import Testing

/// Images and files to try the program on.
enum Samples {
  private static let photo = Result { try PNGFile.decode(packageFile("testimages/city.png")) }

  /// A part of a photo, which the model makes smaller.
  static func image(width: Int = 48, height: Int = 40, row: Int = 100) throws -> Image {
    try photo.get().crop(TileRectangle(row: row, column: 100, height: height, width: width))
  }

  /// The same as a PNG file, with a comment.
  static func png(width: Int = 48, height: Int = 40, row: Int = 100) throws -> [UInt8] {
    let comment = PNGChunk(type: Array("tEXt".utf8), data: Array("Comment\0none".utf8))
    return try PNGFile.encode(
      image(width: width, height: height, row: row), metadata: [comment, .imageDataMark])
  }

  /// A PNG file that is stored: gray noise of 16 bits, of which nothing can be left out.
  static func storedPNG() throws -> [UInt8] {
    var generator = SplitMix64(seed: 5)
    let planes = (0..<2).map { _ in
      var plane = Plane(width: 256, height: 256)
      for i in plane.samples.indices { plane.samples[i] = UInt8(generator.next() >> 56) }
      return plane
    }
    return try PNGFile.encode(Image(PixelFormat(.gray, depth: 16), planes: planes), level: 1)
  }

  /// A plane of the photo.
  static func grayImage() throws -> Image {
    Image(.gray8, planes: [try self.image().planes[1]])
  }

  /// The same as a PNG file.
  static func grayPNG() throws -> [UInt8] { try PNGFile.encode(grayImage()) }

  /// A 1-bit PNG file of many digits.
  static func digitsPNG() throws -> [UInt8] { try packageFile("testimages/digits.png") }

  /// Few pixels of 1 on 0.
  static func bitImage() -> Image {
    var image = Image(width: 64, height: 48, colours: 1, depth: 1)
    for i in image.planes[0].samples.indices where i * i % 11 == 3 {
      image.planes[0].samples[i] = i % 5 == 0 ? 1 : 0
    }
    return image
  }

  /// The same as a 1-bit PNG file, hardly compressed.
  static func bitPNG() throws -> [UInt8] { try PNGFile.encode(bitImage(), level: 1) }

  /// A weight file for 1-bit images: a 1 has the probability 1/33.
  static func bitModel() throws -> [UInt8] {
    let architecture = Architecture(
      colours: 1, head: .sigmoid, symbolCentre: .raw, inputKinds: .value, kernelSize: 3,
      features: 8, bottleneck: 8, blocks: 0, connections: [], headFeatures: 8,
      activationMaximum: 255)
    return try TestModels.biases(name: "bits-test", architecture, logit: { _ in 2 * -5 * 64 })
      .serialized
  }

  /// A PNG file of noise.
  static func noise(side: Int) throws -> [UInt8] {
    var state: UInt32 = 1
    let samples = (0..<3 * side * side).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    return try PNGFile.encode(
      Image(width: side, height: side, interleaved: samples), level: 1)
  }

  /// A weight file that is not in the program: one of its networks by another name.
  static func foreignModel() throws -> [UInt8] {
    let weights = "Sources/EmbeddedModels/weights"
    let names = try FileManager.default.contentsOfDirectory(atPath: packageURL(weights).path)
    let name = try #require(names.filter { $0.hasPrefix("photo") && $0.hasSuffix(".prnw") }.min())
    let own = try WeightFile(parsing: packageFile("\(weights)/\(name)"))
    return try WeightFile(
      name: "foreign", architecture: own.architecture, layers: own.layers,
      initialStates: own.initialStates
    ).serialized
  }

  /// A weight file for gray images: no weights, only biases.
  static func grayModel() throws -> [UInt8] {
    try TestModels.biases(
      name: "gray-test", architecture(colours: 1), logit: { -32 * min($0, 256 - $0) }
    ).serialized
  }

  /// A multi-scale weight file: no weights, only biases.
  static func multiScaleModel() throws -> [UInt8] {
    var architecture = architecture(colours: 3)
    let small = try TestModels.biases(
      name: "multi-test", architecture, logit: { -32 * min($0, 256 - $0) })
    (architecture.scale, architecture.conditioningChannels) = (4, 8)
    return try TestModels.biases(
      name: "multi-test", architecture, small: small, logit: { -32 * min($0, 256 - $0) }
    ).serialized
  }

  private static func architecture(colours: Int) -> Architecture {
    Architecture(
      colours: colours, symbolCentre: .adaptive, inputKinds: [.residual], kernelSize: 3,
      features: 24, bottleneck: 24, blocks: 0, connections: [], headFeatures: 24,
      activationMaximum: 255)
  }

  /// A prn file with one byte of the header changed and its checksum made good again. The header
  /// has less than 128 bytes.
  static func changingHeader(_ prn: [UInt8], at index: Int, to byte: UInt8) -> [UInt8] {
    var prn = prn
    prn[index] = byte
    let end = 6 + Int(prn[5])
    let checksum = crc32(prn[..<end])
    for i in 0..<4 { prn[end + i] = UInt8(truncatingIfNeeded: checksum >> (8 * i)) }
    return prn
  }

  /// A prn file of the same model that claims to be of another image, with nothing in its sections.
  static func claim(
    _ prn: [UInt8], width: Int, height: Int, tileWidth: Int, tileHeight: Int,
    tilesPerSection: Int = 1, mixingLevel: UInt8? = nil
  ) throws -> [UInt8] {
    let old = try PRNFile(prn).header
    let group = try #require(old.groups.first)
    var claimed = group
    claimed.tiling = .init(
      tileWidth: tileWidth, tileHeight: tileHeight, tilesPerSection: tilesPerSection)
    if let mixingLevel, case .network(let identity, _, _) = group.parameters {
      claimed.parameters = .network(
        modelIdentity: identity, mixingLevel: mixingLevel, adaptation: 0)
    }
    let size = Header.digestSize(.modelled, width: width, height: height)
    let header = Header(
      .modelled, width: width, height: height, colourType: old.colourType,
      sampleDepth: old.sampleDepth, digest: [UInt8](repeating: 0, count: size), groups: [claimed])
    let tiles = [[UInt8]](repeating: [], count: header.sectionCounts[0])
    return try PRNFile.encode(header, groups: [.init(tiles: tiles)])
  }

  /// The bytes of a file of the package.
  private static func packageFile(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: packageURL(path)))
  }

  private static func packageURL(_ path: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent(path)
  }
}
