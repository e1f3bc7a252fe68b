import Mixing
import Container
import ImagePlanes
import PNGFile
import PixelNetwork

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
    public var registry = ModelRegistry.embedded
    /// Threads to use, 1 or more.
    public var threads = 1
    /// What a file may ask for.
    public var limits = Limits()

    /// The defaults.
    public init() {}
  }

  /// What a file holds.
  enum Content: Equatable {
    case stored([UInt8])
    /// With the bits of a value, 8 or 1.
    case modelled(Image, Metadata, sampleDepth: Int = 8)
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
    case .modelled(let image, let metadata, let sampleDepth):
      do {
        return sampleDepth == 1
          ? try PNGFile.encode1(image, metadata: metadata.chunks)
          : try PNGFile.encode8(image, metadata: metadata.chunks)
      } catch {
        throw .png(error)
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
    do {
      file = try PRNFile(prn)
    } catch {
      throw .container(error)
    }
    if let section = file.storedPNG {
      progress?(1)
      return .stored(try storedPNG(file.header, prn[section.payload]))
    }
    var metadata = Metadata()
    do {
      if let section = file.metadata { metadata = try Metadata.decode(prn, section.payload) }
    } catch {
      throw .container(error)
    }
    let image = try image(file, prn, progress)
    try verify(file.header, Digest.of(image))
    return .modelled(image, metadata, sampleDepth: Int(file.header.sampleDepth))
  }

  private func storedPNG(
    _ header: Header, _ payload: ArraySlice<UInt8>
  ) throws(PRNZipError) -> [UInt8] {
    try verify(header, Digest.of(payload))
    let png = Array(payload)
    let information = try inspect(png, options.limits)
    guard information.width == header.width, information.height == header.height,
      information.colourType == Int(header.colourType),
      information.sampleDepth == Int(header.sampleDepth)
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
    let grid = grid(header, modelling)
    try options.limits.check(tileOf: model.network, [mixing], grid)
    try options.limits.check(tiles: grid)
    let sections = TileSections(tiles: modelling.tilesPerSection, of: grid.count)
    let small = SmallImage(of: model.network, grid, tilesPerSection: sections.tiles)
    guard small != nil || file.smallTiles.isEmpty else {
      throw .container(
        .corrupt(reason: "a small image, which model \(model.name) does not know"))
    }
    let smallImage = try small?.decode(
      prn, file.smallTiles.map(\.payload), threads: options.threads, limits: options.limits)
    let payloads = file.tiles.map(\.payload)
    let image = Collected(
      Image(width: header.width, height: header.height, colours: model.colours),
      total: header.width * header.height,
      progress: progress)
    try TileSchedule(
      count: min(sections.count, payloads.count), threads: options.threads,
      sharesTiles: !model.network.architecture.body.isSequential
    ).run {
      (index, threads) throws(PRNZipError) in
      let tiles = sections[index]
      do {
        try TileCodec(
          model: model.network, mixing: mixing, threads: threads
        ).decode(
          Array(prn[payloads[index]]), sizes: tiles.lazy.map { (grid[$0].height, grid[$0].width) },
          small: { number in
            smallImage.flatMap { small?.part(under: grid[tiles.lowerBound + number], of: $0) }
          }
        ) { number, tile in
          let rectangle = grid[tiles.lowerBound + number]
          image.add(pixels: rectangle.height * rectangle.width) {
            $0.paste(tile, row: rectangle.row, column: rectangle.column)
          }
        }
      } catch {
        throw PRNZipError(tile: tiles.lowerBound, error)
      }
    }
    return image.take(leaving: Image(width: 0, height: 0))
  }

  /// The model and the mixing of a modelled file, after a check of what they ask of the rest of its header.
  func model(
    _ header: Header, _ modelling: Header.Modelling
  ) throws(PRNZipError) -> (Model, MixingParameters) {
    guard let model = options.registry.model(identity: modelling.modelIdentity) else {
      throw .unknownModel(identityHex: hexadecimal(modelling.modelIdentity))
    }
    let kind = ImageKind(
      colours: header.colourType == 0 ? 1 : 3, sampleDepth: Int(header.sampleDepth))
    guard model.kind == kind else {
      throw .container(
        .corrupt(
          reason:
            "\(kind.description), but the model \(model.name) is for \(model.kind.description)"))
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
    try options.limits.check(width: header.width, height: header.height)
    return (model, MixingParameters(level, adaptation: modelling.adaptation))
  }

  /// The tiles of the image.
  func grid(_ header: Header, _ modelling: Header.Modelling) -> TileGrid {
    TileGrid(
      width: header.width, height: header.height, tileWidth: modelling.tileWidth,
      tileHeight: modelling.tileHeight)
  }

  private func verify(_ header: Header, _ digest: [UInt8]) throws(PRNZipError) {
    guard header.digest == digest else {
      throw .digestMismatch(
        expected: hexadecimal(header.digest), computed: hexadecimal(digest))
    }
  }
}
