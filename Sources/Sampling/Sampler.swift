import Bytes
import EntropyCoding
import ImagePlanes
import ModelStore
import PRNZip
import PixelNetwork
import TileCoding

/// Draws images from a model, or what is hidden of an image (van den Oord et al. 2016, figures 1
/// and 7 to 9).
///
///     let sampler = Sampler(options)
///     let images = try sampler.sample(width: 64, height: 64, count: 16, seed: 1)
///     let completions = try sampler.complete(image, .bottomHalf, count: 4, seed: 1)
///
/// Values are drawn from the network's frequencies, without mixing, in code order: so a
/// hidden value depends on what is visible and earlier, and never on what is visible and later. The
/// same arguments give the same values on every machine and with every number of threads. Of a
/// multi-scale model the small image is drawn first, and then the image given it: so what is
/// visible of the small image counts everywhere.
public struct Sampler: Sendable {
  /// What can be chosen.
  public struct Options: Sendable {
    /// The models to choose from.
    public var store = ModelStore.embedded
    /// The name of the model; nil for that of `--effort default`.
    public var model: String?
    /// The power of the probabilities that values are drawn with, in `sharpnesses`: 1 draws from
    /// the model as it is, more makes rare values rarer.
    public var sharpness = 1
    /// Threads to use, 1 or more.
    public var threads = 1
    /// What an image may ask for.
    public var limits = Limits()

    /// The defaults.
    public init() {}
  }

  /// The sharpnesses that there are.
  public static let sharpnesses = 1...4

  /// What was chosen.
  public let options: Options

  /// A sampler with these options.
  public init(_ options: Options = Options()) { self.options = options }

  /// Draws images from nothing.
  ///
  /// Complexity: O(count * pixels * multiplications per pixel).
  ///
  /// - Parameters:
  ///   - width: 1 to 65535 pixels.
  ///   - height: 1 to 65535 pixels.
  ///   - count: how many images.
  ///   - seed: any.
  /// - Returns: `count` images of the model's format.
  /// - Throws: `PRNZipError.unknownModelName`, `limitExceeded`, `outOfMemory`.
  public func sample(
    width: Int, height: Int, count: Int, seed: UInt64
  ) throws(PRNZipError) -> [Image] {
    let model = try model(for: .rgb8, isAny: true)
    try options.limits.check(width: width, height: height)
    let black = try Image.black(model.format, width: width, height: height)
    return try draw(black, visible: nil, with: model, count: count, seed: seed)
  }

  /// Draws what is hidden of an image.
  ///
  /// Complexity: O(count * pixels * multiplications per pixel).
  ///
  /// - Parameters:
  ///   - image: of a format that there are models for; at most 65535 x 65535 pixels.
  ///   - occlusion: what is hidden.
  ///   - count: how many completions.
  ///   - seed: any.
  /// - Returns: `count` images; what is visible is the image's own.
  /// - Throws: `PRNZipError.unknownModelName`, `unsuitableModel`, `unsuitableMask`,
  ///   `limitExceeded`, `outOfMemory`.
  public func complete(
    _ image: Image, _ occlusion: Occlusion, count: Int, seed: UInt64
  ) throws(PRNZipError) -> [Image] {
    try options.limits.check(width: image.width, height: image.height)
    let visible = try occlusion.visible(width: image.width, height: image.height)
    let model = try model(for: image.format)
    return try draw(image, visible: visible, with: model, count: count, seed: seed)
  }

  /// The chosen model, which may be for images of another format if `isAny`; else the default one.
  private func model(
    for format: PixelFormat, isAny: Bool = false
  ) throws(PRNZipError) -> Model {
    let found: Model?
    do throws(WeightFileError) {
      if let name = options.model {
        found = try options.store.model(named: name)
      } else {
        found = try options.store.model(for: .default, format)
      }
    } catch {
      throw .weightFile(error)
    }
    guard let found else {
      throw .unknownModelName(options.model ?? "for \(format.imagesInWords)")
    }
    guard !found.description.isForChroma else {
      throw .unsuitableModel(
        name: found.name, kind: "chroma that follows luma", image: format.imagesInWords)
    }
    guard isAny || found.format == format else {
      throw .unsuitableModel(
        name: found.name, kind: found.format.imagesInWords, image: format.imagesInWords)
    }
    return found
  }

  private func draw(
    _ image: Image, visible: [Bool]?, with model: Model, count: Int, seed: UInt64
  ) throws(PRNZipError) -> [Image] {
    // Each image is a tile, and a section, of its own.
    let sections = TileSections(
      TileGrid(width: image.width, height: image.height, limit: max(image.width, image.height)),
      tilesPerSection: 1)
    let codec = NetworkTileCodec(model.network)
    let small = SmallImage(of: model, sections)
    let bytes = image.width * image.height * image.planes.count
    let images = bytes.multipliedReportingOverflow(by: max(count, 0))
    guard !images.overflow, Memory.canAllocate(images.partialValue) else {
      throw .outOfMemory(OutOfMemory(bytes: images.overflow ? .max : images.partialValue))
    }
    let memory = try options.limits.check(
      sections, with: codec, planes: image.format.planeCount, file: images.partialValue)
    let work = SectionRunner.Work(codec, sections, count: count)
    let smallImage = try small.map { _ throws(PRNZipError) in
      try image.small(scale: model.scale)
    }
    do {
      return try SectionRunner(threads: options.threads, memory: memory).run(work) {
        index, threads throws(EntropyCodingError) in
        guard let tile = Tile(image) else { throw .outOfMemory }
        let coder = SymbolSampler(
          numbers: DrawnNumbers(seed: seed, image: index),
          sharpness: min(max(options.sharpness, 1), Self.sharpnesses.upperBound),
          columns: image.width, visible: visible)
        var drawn = image
        if let small, var smallDrawn = smallImage {
          guard let given = Tile(smallDrawn) else { throw .outOfMemory }
          let smallCoder = coder.ofSmallImage(scale: model.scale, of: image)
          try small.codec.run(smallCoder, given, threads: threads)
          given.write(to: &smallDrawn, row: 0, column: 0)
          tile.place(
            small: smallDrawn,
            TileRectangle(row: 0, column: 0, height: given.rows, width: given.columns),
            scale: model.scale)
        }
        try codec.run(coder, tile, threads: threads)
        tile.write(to: &drawn, row: 0, column: 0)
        return drawn
      }
    } catch {
      throw PRNZipError(error, of: sections, with: codec)
    }
  }
}
