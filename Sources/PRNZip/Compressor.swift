import Bytes
import Container
import ImagePlanes
import Mixing
import ModelStore
import PNGFile
import Platform
import TileCoding

/// Whether colours are coded as the luma and chroma that they came from.
public enum ColourTransformChoice: String, CaseIterable, Codable, Sendable {
  /// Never.
  case none
  /// Where the pixels show that they came from there, and the file is smaller.
  case auto
}

/// Makes prn files of PNG files, and of binary PNM and PAM files.
///
///     let prn = try Compressor().compress(png)
///
/// An image of any kind is modelled: photographs are predicted by a network, and pictures of few
/// colours by what they repeat. One whose modelled file would not be smaller is stored byte for
/// byte (FORMAT.md, section 1.4). The result depends on the PNG file and on the options, but for
/// threads and verification; and on limits only where they leave no memory to look for a lattice.
/// A large image is coded in strips (FORMAT.md, section 1.11).
public struct Compressor: Sendable {
  /// The version of the format that is written and read.
  public static let formatVersion = Int(Header.version)

  /// What can be chosen.
  public struct Options: Sendable {
    /// The models to choose from. Without any, no network is used.
    public var store = ModelStore.embedded
    /// How much work goes into a small file.
    public var effort = Effort.default
    /// The name of the model; nil for the effort's own.
    public var model: String?
    /// Code with the network's softmax alone.
    public var isPure = false
    /// Whether colours are coded as what they came from, where that is found.
    public var transform = ColourTransformChoice.auto
    /// Threads to use, 1 or more. The result is the same for each number.
    public var threads = 1
    /// The largest width and height of a tile, in pixels, 1 to 65535.
    public var tileLimit = 2048
    /// Small tiles share sections of at least so many pixels.
    var sectionPixels = 1 << 18
    /// Images of more pixels are coded in strips where that is possible, of about so many.
    var wholePixels = 1 << 25, stripPixels = 1 << 24
    /// Keep what it takes to give back the very PNG file, or store it.
    public var isExact = false
    /// Decode each modelled image and compare it with what it was.
    public var verify = false
    /// What an image may ask for.
    public var limits = Limits()
    /// What ends the work early; nil for nothing.
    public var cancellation: Cancellation?
    /// The version of the arithmetic; nil for what is fastest. All give the same bytes.
    var instructions: InstructionSet?

    /// The defaults.
    public init() {}
  }

  /// What was chosen.
  public let options: Options

  /// A compressor with these options.
  public init(_ options: Options = Options()) { self.options = options }

  /// Compresses a PNG file of any kind, or a binary PNM or PAM file (P4 to P7) of one image.
  ///
  /// Complexity: O(pixels * multiplications per pixel).
  ///
  /// - Parameters:
  ///   - png: the file; it is decoded first, and refused if damaged.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Returns: the prn file, less than 64 bytes larger than `png`.
  /// - Throws: `PRNZipError.png` for a damaged PNG file, `pnm`, `unknownModelName`,
  ///   `limitExceeded`, `outOfMemory`, `verificationFailed`, `cancelled`.
  public func compress(
    _ png: [UInt8], progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) -> [UInt8] {
    try options.cancellation.check()
    let information = try InputInformation(ArraySource(png), options.limits)
    if options.stripHeight(information) != nil {
      let sink = ArraySink()
      try compress(ArraySource(png), to: sink, progress: progress)
      return sink.take()
    }
    let (image, isWhole) = try information.image(
      ArraySource(png), options.limits, options.cancellation)
    guard isWhole else { return try stored(png, information) }
    let metadata = information.metadata
    // What no settings of zlib make is stored at once.
    let asksForRecipe = options.isExact && !information.isPNM
    let recipe = try asksForRecipe ? recipe(of: png, image, metadata) : nil
    if asksForRecipe, recipe == nil {
      progress?(1)
      return try stored(png, information)
    }
    // A recipe tells how the image was deflated, but not how frames were.
    let animated = options.isExact ? nil : information.animated
    let animation = animated.flatMap { Animation($0) }
    let share = animation?.shareOfFrames(beside: image) ?? 0
    var films: CodedFilms?
    if let animated, let animation {
      films = try self.films(
        of: animation, animated, image, trailing: metadata.trailing, heldBytes: png.count
      ) { progress?(share * $0) }
    }
    let layouts = Layouts(image, metadata, options, heldBytes: png.count)
    // The stored file is made only if it is the smallest: it is another copy of the PNG file.
    let storedSize = try storedSize(png.count, information)
    let coded = try layouts.smallest { progress?(share + (1 - share) * $0) }
    progress?(1)
    guard let coded else { return try stored(png, information) }
    let kept = films?.metadata ?? metadata
    let file = try file(
      of: image, information, kept, coded, films: films?.films, recipe: recipe)
    guard file.count < storedSize, coded.isInProportion(to: image) else {
      return try stored(png, information)
    }
    if options.verify {
      let content = try verify(file, image, kept)
      if let animated, let films { try verify(content, has: films.animation, animated) }
    }
    return file
  }

  /// The size of the modelled file of a PNG file, also where it is larger than the stored one; of
  /// an animation, with its chunks as they are.
  ///
  /// - Parameters:
  ///   - png: the file.
  ///   - progress: is told the share done, 0 to 1; may be called from any thread.
  /// - Returns: bytes; nil of an image that is coded in strips, or has no modelled file.
  /// - Throws: as `compress`.
  public func modelledSize(
    _ png: [UInt8], progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) -> Int? {
    let information = try InputInformation(ArraySource(png), options.limits)
    if options.stripHeight(information) != nil { return nil }
    let image = try information.image(ArraySource(png), options.limits).image
    let metadata = information.metadata
    let layouts = Layouts(image, metadata, options, heldBytes: png.count)
    guard let coded = try layouts.smallest(progress) else { return nil }
    return try file(of: image, information, metadata, coded).count
  }

  /// What gives back the very PNG file: the payload of a recipe, and a digest.
  struct Exactness {
    let recipe: [UInt8]
    let fileDigest: [UInt8]
  }

  /// How the very PNG file is made; nil where nobody knows.
  private func recipe(
    of png: [UInt8], _ image: Image, _ metadata: Metadata
  ) throws(PRNZipError) -> Exactness? {
    // What does not fit the limits has no recipe.
    let isCancelled = { options.cancellation?.isCancelled ?? false }
    let found = try? PNGRecipe.find(
      png, limits: options.limits.png, isCancelled: isCancelled)
    try options.cancellation.check()
    guard let recipe = found else { return nil }
    let again = try? PNGFile.encode(
      image, metadata: metadata.chunks, recipe: recipe, trailing: metadata.trailing,
      limits: options.limits.png, isCancelled: isCancelled)
    try options.cancellation.check()
    guard again == png, let payload = try RecipeCoding.encode(recipe) else { return nil }
    return Exactness(
      recipe: payload, fileDigest: Array(Digest.of(png).prefix(Header.fileDigestSize)))
  }

  /// Puts a modelled file together, with the films of an animation; an exact one with a recipe, and
  /// the digest of the PNG file.
  func file(
    of image: Image, _ information: InputInformation, _ metadata: Metadata, _ coded: CodedImage,
    films: [[UInt8]]? = nil, recipe: Exactness? = nil
  ) throws(PRNZipError) -> [UInt8] {
    let size = Header.digestSize(.modelled, width: image.width, height: image.height)
    var header = Header(
      recipe == nil ? .modelled : .exact, information,
      digest: Array(try Digest.of(image).prefix(size)), fileDigest: recipe?.fileDigest ?? [],
      lattice: coded.lattice, groups: coded.groups.map(\.group))
    header.filmCount = films?.count
    let (metadata, kind) = try MetadataCoding.encode(metadata)
    do throws(ContainerError) {
      return try PRNFile.encode(
        header, metadata: metadata, metadataKind: kind, recipe: recipe?.recipe ?? [],
        groups: coded.groups.map(\.payloads), films: films ?? [])
    } catch {
      throw PRNZipError(error)
    }
  }

  /// The size of the prn file of a PNG that a network fits if the network had no part in it, at
  /// this very effort and with this mixing: what prediction and contexts do alone. There is no way
  /// back from such a file.
  ///
  /// - Parameters:
  ///   - png: the file.
  ///   - level: of the mixing; nil for the effort's first.
  /// - Returns: bytes; that of the stored file where no model fits.
  /// - Throws: as `compress`.
  public func sizeWithoutNetwork(
    _ png: [UInt8], level: MixingLevel? = nil
  ) throws(PRNZipError) -> Int {
    let information = try InputInformation(ArraySource(png), options.limits)
    let image = try information.image(ArraySource(png), options.limits).image
    guard var network = try options.networkPlans(image.format).first else {
      return try storedSize(png.count, information)
    }
    network.mixings = [level.map { MixingParameters($0) } ?? network.mixings[0]]
    let metadata = information.metadata
    let encoder = GroupEncoder(options: options, heldBytes: png.count)
    let group = try encoder.encode(
      .whole(image, network), network, usesNetwork: false)
    return try file(of: image, information, metadata, CodedImage(groups: [group])).count
  }

  /// The header of a stored file.
  func storedHeader(_ information: InputInformation, digest: [UInt8]) -> Header {
    let size = Header.digestSize(.stored, width: information.width, height: information.height)
    return Header(.stored, information, digest: Array(digest.prefix(size)))
  }

  /// Bytes of the stored file of a PNG file of `count` bytes.
  func storedSize(
    _ count: Int, _ information: InputInformation
  ) throws(PRNZipError) -> Int {
    do throws(ContainerError) {
      let header = storedHeader(information, digest: [UInt8](repeating: 0, count: 16))
      return try PRNFile.size(header, storedPNG: count)
    } catch {
      throw .container(error)
    }
  }

  /// The stored file of a PNG, PNM or PAM file.
  func stored(
    _ png: [UInt8], _ information: InputInformation
  ) throws(PRNZipError) -> [UInt8] {
    do throws(ContainerError) {
      return try PRNFile.encode(
        storedHeader(information, digest: Digest.of(png)), storedPNG: png)
    } catch {
      throw PRNZipError(error)
    }
  }

  /// Decodes a file again; returns what it holds.
  ///
  /// - Throws: `PRNZipError.verificationFailed`.
  @discardableResult
  func verify(
    _ file: [UInt8], _ image: Image, _ metadata: Metadata
  ) throws(PRNZipError) -> Decompressor.Modelled {
    let decoded: Decompressor.Content
    do throws(PRNZipError) {
      decoded = try Decompressor(decompressorOptions).decode(file)
    } catch {
      throw error == .cancelled ? .cancelled : .verificationFailed
    }
    guard case .modelled(let content) = decoded, content.image == image,
      content.metadata == metadata
    else { throw .verificationFailed }
    return content
  }

  /// Of a decompressor that verifies.
  var decompressorOptions: Decompressor.Options {
    var options = Decompressor.Options()
    options.store = self.options.store
    options.threads = self.options.threads
    options.limits = self.options.limits
    options.cancellation = self.options.cancellation
    options.instructions = self.options.instructions
    return options
  }
}

extension Animation {
  /// How many of the pixels are those of frames: 0 to 1.
  fileprivate func shareOfFrames(beside image: Image) -> Double {
    let pixels = frames.reduce(0.0) { $0 + Double($1.width) * Double($1.height) }
    return pixels / (pixels + Double(image.width) * Double(image.height))
  }
}
