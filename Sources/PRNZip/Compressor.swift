import Bytes
import Container
import ImagePlanes
import Mixing
import ModelStore
import PNGFile
import Platform
import TileCoding

/// Makes prn files of PNG files.
///
///     let prn = try Compressor().compress(png)
///
/// An 8-bit RGB or gray image, or a 1-bit gray one, is modelled: its tiles are predicted by a
/// network and range coded. Any other image, and one whose modelled file would not be smaller, is
/// stored byte for byte (FORMAT.md, section 1.4). The result depends on the PNG file and on the
/// options, but for threads, limits and verification.
public struct Compressor: Sendable {
  /// What can be chosen.
  public struct Options: Sendable {
    /// The models to choose from. Without any, every image is stored.
    public var store = ModelStore.embedded
    /// How much work goes into a small file.
    public var effort = Effort.default
    /// The name of the model; nil for the effort's own.
    public var model: String?
    /// Code with the network's softmax alone.
    public var isPure = false
    /// Threads to use, 1 or more. The result is the same for each number.
    public var threads = 1
    /// The largest width and height of a tile, in pixels, 1 to 65535.
    public var tileLimit = 2048
    /// Small tiles share sections of at least so many pixels.
    var sectionPixels = 1 << 18
    /// Decode each modelled image and compare it with what it was.
    public var verify = false
    /// What an image may ask for.
    public var limits = Limits()
    /// The version of the arithmetic; all give the same bytes.
    var instructions = InstructionSet.current

    /// The defaults.
    public init() {}
  }

  /// What was chosen.
  public let options: Options

  /// A compressor with these options.
  public init(_ options: Options = Options()) { self.options = options }

  /// Compresses a PNG file of any kind.
  ///
  /// Complexity: O(pixels * multiplications per pixel).
  ///
  /// - Parameters:
  ///   - png: the file; it is decoded first, and refused if damaged.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Returns: the prn file, less than 64 bytes larger than `png`.
  /// - Throws: `PRNZipError.png` for a damaged PNG file, `unknownModelName`, `limitExceeded`,
  ///   `outOfMemory`, `verificationFailed`.
  public func compress(
    _ png: [UInt8], progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) -> [UInt8] {
    let information = try inspect(png, options.limits)
    let plans = information.canBeModelled ? try options.plans(information.pixelFormat) : []
    guard !plans.isEmpty else {
      do {
        try PNGFile.validate(png, limits: options.limits.png)
      } catch {
        throw PRNZipError(error)
      }
      progress?(1)
      return try stored(png, information)
    }
    let image = try Image.decoded(png, options.limits)
    let metadata = Metadata(information.metadata)
    // The stored file is made only if it is the smallest: it is another copy of the PNG file.
    let storedSize = try storedSize(png, information)
    var smallest: [UInt8]?
    // So few values are not worth the time of the other adaptations.
    let isSmall = image.planes.count * image.width * image.height <= 12_000
    for (index, var plan) in plans.enumerated() {
      if isSmall { plan.mixings.removeAll { $0.adaptation != 0 } }
      let file = try encode(image, metadata: metadata, plan, pngBytes: png.count) { share in
        progress?((Double(index) + share) / Double(plans.count))
      }
      if file.count < smallest?.count ?? storedSize { smallest = file }
    }
    if let smallest { return smallest }
    return try stored(png, information)
  }

  /// The size of the prn file of a PNG of a kind that is modelled if the network had no part in it,
  /// at this very effort and with this mixing: what prediction and contexts do alone. There is no
  /// way back from such a file.
  ///
  /// - Parameters:
  ///   - png: the file.
  ///   - level: of the mixing; nil for the effort's first.
  /// - Returns: bytes; that of the stored file where no model fits.
  /// - Throws: as `compress`.
  public func sizeWithoutNetwork(
    _ png: [UInt8], level: MixingLevel? = nil
  ) throws(PRNZipError) -> Int {
    let information = try inspect(png, options.limits)
    guard information.canBeModelled, var plan = try options.plans(information.pixelFormat).first
    else { return try storedSize(png, information) }
    plan.mixings = [level.map { MixingParameters($0) } ?? plan.mixings[0]]
    let metadata = Metadata(information.metadata)
    return try encode(
      Image.decoded(png, options.limits), metadata: metadata, plan, usesNetwork: false
    ).count
  }

  /// The header of a stored file.
  private func header(_ information: PNGInformation, digest: [UInt8]) -> Header {
    Header(
      width: information.width, height: information.height, format: information.pixelFormat,
      digest: digest, modelling: nil)
  }

  /// Bytes of the stored file.
  private func storedSize(
    _ png: [UInt8], _ information: PNGInformation
  ) throws(PRNZipError) -> Int {
    do throws(ContainerError) {
      let header = header(information, digest: [UInt8](repeating: 0, count: 16))
      return try PRNFile.size(header, storedPNG: png.count)
    } catch {
      throw .container(error)
    }
  }

  private func stored(
    _ png: [UInt8], _ information: PNGInformation
  ) throws(PRNZipError) -> [UInt8] {
    do throws(ContainerError) {
      return try PRNFile.encode(header(information, digest: Digest.of(png)), storedPNG: png)
    } catch {
      throw PRNZipError(error)
    }
  }

  /// Makes a modelled file, however large it comes out, with one of the plan's mixings.
  ///
  /// `pngBytes` counts for the limits: the PNG file, where it is held meanwhile.
  func encode(
    _ image: Image, metadata: Metadata, _ plan: Plan, pngBytes: Int = 0, usesNetwork: Bool = true,
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) -> [UInt8] {
    let sections = sections(image, plan)
    let codec = NetworkTileCodec(
      plan.model.network, mixings: plan.mixings, usesNetwork: usesNetwork,
      instructions: options.instructions)
    let memory = try options.limits.check(
      sections, with: codec, format: image.format, file: pngBytes)
    let smallTiles = try SmallImage(
      of: plan.model, sections, instructions: options.instructions
    )?.encode(
      image.small(scale: plan.model.scale), threads: options.threads, limits: options.limits)
    let runner = SectionRunner(threads: options.threads, memory: memory, progress: progress)
    // Axes: mixing, section.
    let tiles: [[[UInt8]]]
    do {
      tiles = try runner.encode(image, sections, with: codec)
    } catch {
      throw PRNZipError(error, of: sections, with: codec)
    }
    let digest = try Digest.of(image)
    var files: [[UInt8]] = []
    for (mixing, tiles) in zip(plan.mixings, tiles) {
      let header = Header(
        width: image.width, height: image.height, format: image.format, digest: digest,
        modelling: .init(
          modelIdentity: plan.model.identity, tileWidth: sections.grid.tileWidth,
          tileHeight: sections.grid.tileHeight, tilesPerSection: sections.tilesPerSection,
          mixingLevel: mixing.level.rawValue, adaptation: mixing.adaptation))
      do throws(ContainerError) {
        files.append(
          try PRNFile.encode(
            header, metadata: metadata, smallTiles: smallTiles ?? [], tiles: tiles))
      } catch {
        throw PRNZipError(error)
      }
    }
    let file = files[plan.choice(of: files.map(\.count))]
    if options.verify && usesNetwork { try verify(file, image, metadata, plan.model) }
    return file
  }

  /// The tiles of an image.
  func sections(_ image: Image, _ plan: Plan) -> TileSections {
    plan.sections(
      width: image.width, height: image.height, tileLimit: options.tileLimit,
      sectionPixels: options.sectionPixels)
  }

  private func verify(
    _ file: [UInt8], _ image: Image, _ metadata: Metadata, _ model: Model
  ) throws(PRNZipError) {
    var options = Decompressor.Options()
    options.store = ModelStore(model)
    options.threads = self.options.threads
    options.limits = self.options.limits
    options.instructions = self.options.instructions
    guard let decoded = try? Decompressor(options).decode(file),
      case .modelled(image, metadata) = decoded
    else { throw .verificationFailed }
  }
}
