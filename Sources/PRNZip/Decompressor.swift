import Bytes
import Container
import ImagePlanes
import Mixing
import ModelStore
import PNGFile
import PixelNetwork
import Platform
import TileCoding

/// Makes PNG files of prn files.
///
///     let png = try Decompressor().decompress(prn)
///
/// What comes out has always been verified against the digest in the file. A stored PNG file comes
/// back byte for byte; a modelled image with the same pixels and ancillary chunks, though the bytes
/// of its PNG file are new.
public struct Decompressor: Sendable {
  /// What can be chosen.
  public struct Options: Sendable {
    /// The models that files may have been made with.
    public var store = ModelStore.embedded
    /// Threads to use, 1 or more.
    public var threads = 1
    /// What a file may ask for.
    public var limits = Limits()
    /// The version of the arithmetic; all give the same image.
    var instructions = InstructionSet.current

    /// The defaults.
    public init() {}
  }

  /// What a file holds.
  enum Content: Equatable {
    case stored([UInt8])
    case modelled(Image, Metadata)
  }

  /// What was chosen.
  public let options: Options

  /// A decompressor with these options.
  public init(_ options: Options = Options()) { self.options = options }

  /// Decompresses a prn file.
  ///
  /// Complexity: O(pixels * multiplications per pixel).
  ///
  /// - Parameters:
  ///   - prn: the file; any bytes may be given.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Returns: the PNG file.
  /// - Throws: `PRNZipError`.
  public func decompress(
    _ prn: [UInt8], progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) -> [UInt8] {
    switch try decode(prn, progress: progress) {
    case .stored(let png): return png
    case .modelled(let image, let metadata):
      do {
        return try PNGFile.encode(image, metadata: metadata.chunks)
      } catch {
        throw PRNZipError(error)
      }
    }
  }

  /// Decodes and verifies a prn file, and gives nothing back.
  ///
  /// - Parameters:
  ///   - prn: the file; any bytes may be given.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Throws: `PRNZipError`.
  public func test(
    _ prn: [UInt8], progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) {
    _ = try decode(prn, progress: progress)
  }

  /// Decodes and verifies a prn file.
  func decode(
    _ prn: [UInt8], progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) -> Content {
    let file: PRNFile
    var metadata = Metadata()
    do throws(ContainerError) {
      file = try PRNFile(prn)
      if let section = file.metadata { metadata = try Metadata.decode(prn, section.payload) }
    } catch {
      throw PRNZipError(error)
    }
    if let section = file.storedPNG {
      progress?(1)
      return .stored(try storedPNG(file.header, prn[section.payload]))
    }
    let image = try image(file, prn, progress)
    try verify(file.header, Digest.of(image))
    return .modelled(image, metadata)
  }

  private func storedPNG(
    _ header: Header, _ payload: ArraySlice<UInt8>
  ) throws(PRNZipError) -> [UInt8] {
    try verify(header, Digest.of(payload))
    guard Memory.canAllocate(payload.count) else {
      throw .outOfMemory(OutOfMemory(bytes: payload.count))
    }
    let png = Array(payload)
    let information = try inspect(png, options.limits)
    guard information.width == header.width, information.height == header.height,
      information.pixelFormat == header.format
    else {
      throw .container(.corrupt(reason: "the header is not that of the stored PNG file"))
    }
    return png
  }

  private func image(
    _ file: PRNFile, _ prn: [UInt8], _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> Image {
    let header = file.header
    guard let modelling = header.modelling else {
      throw .container(.corrupt(reason: "a file without a model and without a PNG file"))
    }
    let (model, mixing) = try model(header, modelling)
    let sections = sections(header, modelling)
    let codec = NetworkTileCodec(
      model.network, mixings: [mixing], instructions: options.instructions)
    let memory = try options.limits.check(
      sections, with: codec, format: model.format, file: prn.count)
    let small = SmallImage(of: model, sections, instructions: options.instructions)
    guard small != nil || file.smallTiles.isEmpty else {
      throw .container(
        .corrupt(reason: "a small image, which model \(model.name) does not know"))
    }
    let smallImage = try small?.decode(
      prn, file.smallTiles.map(\.payload), threads: options.threads, limits: options.limits)
    var image = try Image.black(model.format, width: header.width, height: header.height)
    do {
      try SectionRunner(threads: options.threads, memory: memory, progress: progress).decode(
        prn, file.tiles.map(\.payload), sections, with: codec, small: smallImage, into: &image)
    } catch {
      throw PRNZipError(error, of: sections, with: codec)
    }
    return image
  }

  /// The model and the mixing of a modelled file, after a check of what they ask of the rest of its
  /// header.
  func model(
    _ header: Header, _ modelling: Header.Modelling
  ) throws(PRNZipError) -> (Model, MixingParameters) {
    let found: Model?
    do {
      found = try options.store.model(identity: modelling.modelIdentity)
    } catch {
      throw .weightFile(error)
    }
    guard let model = found else {
      throw .unknownModel(identityHex: hexadecimal(modelling.modelIdentity))
    }
    guard let format = header.format, model.format == format else {
      throw .container(
        .corrupt(
          reason: (header.format?.imagesInWords ?? "images of no known kind")
            + ", but the model \(model.name) is for \(model.format.imagesInWords)"))
    }
    guard modelling.mixingLevel == 0 || model.canBeMixed else {
      throw .container(.corrupt(reason: "mixing with model \(model.name), which does not adapt"))
    }
    guard let level = MixingLevel(rawValue: modelling.mixingLevel) else {
      throw .container(.corrupt(reason: "mixing level \(modelling.mixingLevel)"))
    }
    guard modelling.tileWidth % model.scale == 0, modelling.tileHeight % model.scale == 0 else {
      throw .container(
        .corrupt(
          reason: "tiles of \(modelling.tileWidth) x \(modelling.tileHeight) pixels, "
            + "not multiples of \(model.scale)"))
    }
    return (model, MixingParameters(level, adaptation: modelling.adaptation))
  }

  /// The tiles of the image.
  func sections(_ header: Header, _ modelling: Header.Modelling) -> TileSections {
    TileSections(
      TileGrid(
        width: header.width, height: header.height, tileWidth: modelling.tileWidth,
        tileHeight: modelling.tileHeight), tilesPerSection: modelling.tilesPerSection)
  }

  private func verify(_ header: Header, _ digest: [UInt8]) throws(PRNZipError) {
    guard header.digest == digest else {
      throw .digestMismatch(
        expected: hexadecimal(header.digest), computed: hexadecimal(digest))
    }
  }
}
