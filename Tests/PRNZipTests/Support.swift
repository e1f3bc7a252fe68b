import Bytes
import ColourLattices
import Container
import Foundation
import ImagePlanes
import Mixing
import ModelStore
import PNGFile
import TestSupport
import Testing

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
  /// Makes a file of one group that a network codes, however large it comes out.
  func encode(
    _ image: Image, metadata: Metadata, with model: Model, mixing: MixingLevel = .pure,
    adaptation: UInt8 = 0
  ) throws(PRNZipError) -> [UInt8] {
    let network = NetworkPlan(
      model: model, mixings: [MixingParameters(mixing, adaptation: adaptation)])
    let group = try GroupEncoder(options: options, heldBytes: 0).encode(
      GroupPlan.whole(image, network), network)
    return try modelledFile(image, metadata, [group])
  }
}

/// A modelled file of these groups.
func modelledFile(
  _ image: Image, _ metadata: Metadata, _ groups: [CodedGroup], lattice: ColourLattice? = nil
) throws(PRNZipError) -> [UInt8] {
  let digest = try Digest.of(image)
  var header = modelledHeader(
    image.format, width: image.width, height: image.height, digest: digest,
    groups: groups.map(\.group))
  header.lattice = lattice
  let payload = try MetadataCoding.encode(metadata).payload
  do throws(ContainerError) {
    return try PRNFile.encode(header, metadata: payload, groups: groups.map(\.payloads))
  } catch {
    throw PRNZipError(error)
  }
}

/// A header of a modelled image.
func modelledHeader(
  _ format: PixelFormat, width: Int, height: Int,
  digest: [UInt8] = [UInt8](repeating: 0, count: 16), groups: [Group]
) -> Header {
  let size = Header.digestSize(.modelled, width: width, height: height)
  return Header(
    .modelled, width: width, height: height, colourType: format.channels.pngColourType,
    sampleDepth: UInt8(format.depth), digest: Array(digest.prefix(size)), groups: groups)
}

/// The prn file in which a PNG file is stored.
func storedFile(_ png: [UInt8]) throws -> [UInt8] {
  let information = try InputInformation(ArraySource(png), Limits())
  let digest = Array(Digest.of(png).prefix(8))
  return try PRNFile.encode(Header(.stored, information, digest: digest), storedPNG: png)
}

/// What a group's header says where a network codes it.
struct NetworkFields {
  var modelIdentity: [UInt8]
  var mixingLevel: UInt8
  var adaptation: UInt8
  var tileWidth: Int
  var tileHeight: Int
  var tilesPerSection: Int
}

extension Header {
  /// The fields of the first group that a network codes; nil if there is none.
  var network: NetworkFields? {
    get {
      for group in groups {
        guard case .network(let identity, let level, let adaptation) = group.parameters else {
          continue
        }
        return NetworkFields(
          modelIdentity: identity, mixingLevel: level, adaptation: adaptation,
          tileWidth: group.tiling?.tileWidth ?? width,
          tileHeight: group.tiling?.tileHeight ?? height,
          tilesPerSection: group.tiling?.tilesPerSection ?? 1)
      }
      return nil
    }
    set {
      guard let new = newValue, let index = groups.firstIndex(where: { $0.codec == .network })
      else { return }
      groups[index].parameters = .network(
        modelIdentity: Array(new.modelIdentity.prefix(Header.identitySize)),
        mixingLevel: new.mixingLevel, adaptation: new.adaptation)
      groups[index].tiling = .init(
        tileWidth: new.tileWidth, tileHeight: new.tileHeight,
        tilesPerSection: new.tilesPerSection)
    }
  }

  /// How many sections with tiles there are.
  var sectionCount: Int { sectionCounts.reduce(0, +) }
}

extension PRNFile {
  /// A modelled file of one group.
  static func encode(
    _ header: Header, metadata: Metadata, smallTiles: [[UInt8]] = [], tiles: [[UInt8]]
  ) throws -> [UInt8] {
    try encode(
      header, metadata: MetadataCoding.encode(metadata).payload,
      groups: [.init(smallTiles: smallTiles, tiles: tiles)])
  }

  /// The sections of tiles of all groups.
  var tiles: [Section] { groups.flatMap(\.tiles) }

  /// Those of small images.
  var smallTiles: [Section] { groups.flatMap(\.smallTiles) }
}

extension FileInformation {
  /// The first group that a network codes.
  var network: GroupInformation? { groups.first { $0.modelIdentity != nil } }
}

/// Expects that a file gives back a PNG file: stored, its bytes; modelled, its pixels, chunks and
/// trailing bytes.
func expectRoundTrip(
  _ prn: [UInt8], _ png: [UInt8], _ decompressor: Decompressor, _ comment: String = "",
  location: SourceLocation = #_sourceLocation
) throws {
  #expect(try prn.count <= storedFile(png).count, "\(comment)", sourceLocation: location)
  let again = try decompressor.decompress(prn)
  if try FileInformation(prn).isModelled {
    #expect(
      try PNGFile.decode(again) == PNGFile.decode(png), "\(comment)", sourceLocation: location)
    #expect(
      try PNGFile.inspect(again) == PNGFile.inspect(png), "\(comment)", sourceLocation: location)
  } else {
    #expect(again == png, "\(comment)", sourceLocation: location)
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

extension Decompressor.Content {
  /// A modelled file's content without a recipe.
  static func modelled(
    _ image: Image, _ metadata: Metadata, isInterlaced: Bool
  ) -> Decompressor.Content {
    .modelled(.init(image: image, metadata: metadata, isInterlaced: isInterlaced, recipe: nil))
  }
}
