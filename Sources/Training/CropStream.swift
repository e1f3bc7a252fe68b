import Bytes
import ImagePlanes
import PixelNetwork
import TileCoding

/// The crops that `train` would learn from, or the images that it would validate on, as bytes for a
/// trainer outside of this program.
///
/// The stream is a header and then records, all numbers little-endian. The header is "PRND" and, as
/// UInt32 each, the version (1), the colours, those of them that are known and cost nothing, the
/// channels of the inputs and of the predictions of all colours, and how far the inputs go beyond
/// the crop. A record is rows and columns (UInt32), `TrainingSample.inputs` and `.predictions` in
/// 256ths (Int16), the symbols [colours][rows][columns] (UInt8), and zeros up to a multiple of 4
/// bytes.
public struct CropStream: Sendable {
  /// What is streamed.
  public enum Part: Sendable {
    /// Crops to train on, without end.
    case training
    /// Crops of the images to validate on.
    case validation
    /// The images to validate on, or all of their tiles, as they are.
    case whole
  }

  private enum Source: Sendable {
    case regions(CropSampler)
    case images([Image])
  }

  private let recipe: Recipe
  private let part: Part
  private let layout: ParameterLayout
  private let source: Source

  /// Reads the images.
  ///
  /// - Parameters:
  ///   - recipe: whose crops.
  ///   - data: the folder that the recipe's folders are in.
  ///   - part: what of the recipe's images.
  /// - Throws: `TrainingError`; `.noStream` of a multi-scale network.
  public init(recipe: Recipe, data: String, part: Part) throws {
    guard recipe.architecture.scale == 1 else { throw TrainingError.noStream("multi-scale") }
    self.recipe = recipe
    let layout = ParameterLayout(
      architecture: recipe.architecture, mixture: recipe.mixture,
      knownColours: recipe.planes.knownColours)
    self.layout = layout
    self.part = part
    let folders = part == .training ? recipe.train : recipe.valid
    let photos = try PhotoFolder(
      folders: folders.map { data + "/" + $0 }, format: recipe.architecture.pixelFormat, threads: 1)
    let tiles = recipe.tile > 0 ? TileSet(photos, side: recipe.tile) : nil
    guard part == .training else {
      let limit = part == .whole ? Int.max : Trainer.validationTiles
      source = .images(try tiles?.images(limit: limit) ?? recipe.evaluated(photos.images))
      return
    }
    let sampler =
      tiles.map { CropSampler(tiles: $0, recipe: recipe, layout: layout) }
      ?? CropSampler(images: photos.images, recipe: recipe, layout: layout)
    guard sampler.count > 0 else {
      throw TrainingError.noImages(folder: folders.joined(separator: " "))
    }
    source = .regions(sampler)
  }

  /// How many regions there are: those of the images to train on have no end.
  public var regions: Int {
    guard case .images(let images) = source else { return .max }
    return images.count
  }

  /// The bytes in front of the first record.
  public var header: [UInt8] {
    let architecture = layout.architecture
    let fields = [
      1, architecture.colours, layout.knownColours,
      architecture.colours * layout.inputChannelsPerColour,
      architecture.colours * layout.predictionChannels, layout.reach,
    ]
    return Array("PRND".utf8) + fields.flatMap { Self.bytes(UInt32(clamping: $0)) }
  }

  /// Records of a region: of the images to train on, crops at random places, which follow from the
  /// recipe's seed; of one to validate on, crops side by side, as many as it has, spread evenly, or
  /// the whole. A tile is a crop.
  ///
  /// - Parameters:
  ///   - region: 0 ..< `regions`.
  ///   - count: crops, at most.
  /// - Returns: the bytes of the records.
  /// - Throws: `EntropyCodingError.outOfMemory`.
  public func records(region: Int, count: Int) throws -> [UInt8] {
    switch source {
    case .regions(let sampler):
      let seed = recipe.seed &+ SplitMix64.gamma &* UInt64(truncatingIfNeeded: region)
      var generator = SplitMix64(seed: SplitMix64.mix(seed))
      let predicted = try sampler.region(seed: generator.next())
      return (0..<(recipe.tile > 0 ? min(count, 1) : count)).flatMap { _ in
        Self.record(sampler.crop(of: predicted, seed: generator.next()))
      }
    case .images(let images):
      let image = images[region]
      let (rows, columns) =
        part == .whole ? (image.height, image.width) : (recipe.crop, recipe.crop)
      let (down, across) = (image.height / rows, image.width / columns)
      let number = min(count, down * across)
      guard number > 0 else { return [] }
      let predicted = try PredictedImage(image, architecture: layout.architecture)
      return (0..<number).flatMap { k in
        let (row, column) = (k * down * across / number).quotientAndRemainder(dividingBy: across)
        return Self.record(
          TrainingSample(
            predicted, row: rows * row, column: columns * column, rows: rows, columns: columns,
            layout: layout))
      }
    }
  }

  private static func record(_ sample: TrainingSample) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(
      2 * (sample.inputs.count + sample.predictions.count) + sample.symbols.count + 12)
    bytes += Self.bytes(UInt32(sample.rows)) + Self.bytes(UInt32(sample.columns))
    for values in [sample.inputs, sample.predictions] {
      let integers = values.map { Int16(($0 * 256).rounded()).littleEndian }
      integers.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
    // Without the padding behind each row.
    let stride = sample.columns + sample.padding
    for first in Swift.stride(from: 0, to: sample.symbols.count, by: stride) {
      bytes += sample.symbols[first..<first + sample.columns]
    }
    bytes += [UInt8](repeating: 0, count: -bytes.count & 3)
    return bytes
  }

  private static func bytes(_ number: UInt32) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}

extension Recipe {
  /// Images as they are evaluated: subsampled, or luma and chroma, of every second one at half of
  /// the size.
  func evaluated(_ images: [Image]) throws -> [Image] {
    let own = try images.map { try $0.subsampled(by: subsample) }
    guard planes == .chroma else { return own }
    return own.enumerated().map { $1.lumaChroma(.jfif, isHalved: $0 % 2 == 1) }
  }
}
