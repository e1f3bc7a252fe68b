import Prediction
import ArgumentParser
import Foundation
import PRNZip
import PixelNetwork
import Training

extension Effort: ExpressibleByArgument {}

/// `prntrain evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a recipe's checkpoint on PNG files.",
    discussion: """
      Prints the code length of the float model and of the rounded one in bits/dim (bits for each \
      subpixel), each image as one tile, and what prnzip makes of the images: bytes of the files, \
      and bits of them for each subpixel. All use the averaged weights. A recipe of one colour takes \
      the luma of RGB images; of files, the gray ones alone are compressed. Bits of a recipe whose scale is above 1 are \
      those of both images, the small one by the recipe that it names, if that has been trained. Otherwise, and of a recipe \
      for small images, no files are made. For a recipe with tiles, each \
      tile is an image: nats of it are told, by the float model, the rounded and the integer one, and the bytes of the \
      files beside what the integer model's code lengths come to. For a recipe with a mixture, no files are made.
      """)
  @OptionGroup var recipe: RecipeOptions
  @OptionGroup var threads: ThreadOptions
  @Option(help: "Measure files at this effort only: fast, default or best.")
  var effort: Effort?
  @Argument(help: "PNG files, and folders of them.")
  var folders: [String]

  func run() throws {
    let state = try recipe.trained()
    let small = try recipe.small(of: state)
    let colours = state.recipe.architecture.colours
    let photos = try PhotoFolder(
      folders: folders, format: state.recipe.architecture.pixelFormat, threads: threads.threads)
    let tiles =
      state.recipe.tile > 0 ? TileSet(photos, side: state.recipe.tile) : nil
    let images = tiles?.images() ?? photos.images
    let float = try state.bitsPerDimension(
      images, quantized: false, threads: threads.threads, small: small)
    let rounded = try state.bitsPerDimension(
      images, quantized: true, threads: threads.threads, small: small)
    func described(_ bits: Double) -> String {
      let nats = state.recipe.natsPerTile(bitsPerDimension: bits)
      return String(format: "%.4f bits/dim", bits)
        + (nats.map { String(format: ", %.3f nats", $0) } ?? "")
    }
    print("step          \(state.step)")
    print(
      "network       \(state.recipe.architecture.multiplicationsPerPixel) multiplications a pixel")
    print("images        \(images.count), \(images.reduce(0) { $0 + $1.width * $1.height }) pixels")
    print("float         \(described(float))")
    print(
      "quantized     \(described(rounded)) "
        + "(\(String(format: "%+.3f", 100 * (rounded / float - 1))) %)")
    // There is no weight file to code with.
    if state.recipe.mixture > 0 { return }
    if let tiles {
      try printTiles(state, photos, tiles)
      return
    }
    let files = photos.paths.indices.filter { !photos.isConverted[$0] }
    if files.count < photos.paths.count {
      print("files         \(photos.paths.count - files.count) of other colours skipped")
    }
    let isWhole = state.recipe.architecture.scale == 1 || small != nil
    if !isWhole { print("small image   given: its model has not been trained") }
    guard !files.isEmpty, isWhole, state.recipe.subsample == 1 else { return }
    let subpixels = files.reduce(0) {
      $0 + colours * photos.images[$1].width * photos.images[$1].height
    }
    func bpsp(_ bytes: Int) -> String {
      String(format: "%.4f", 8 * Double(bytes) / Double(subpixels))
    }
    let weights = try state.weightFile(small: small).serialized
    // Without an adaptive centre there is no mixing, and all efforts are the same.
    let efforts: [Effort?] =
      state.recipe.architecture.symbolCentre.isAdaptive
      ? effort.map { [$0] } ?? [nil] + Effort.allCases : [nil]
    for effort in efforts {
      let sizes = try compressed(files.map { photos.paths[$0] }, with: weights, effort)
      print("files, \(effort?.rawValue ?? "pure")  \(sizes.bytes) bytes, \(bpsp(sizes.bytes)) bpsp")
      print("  without metadata  \(bpsp(sizes.bytes - sizes.metadata)) bpsp")
      guard effort != nil else { continue }
      let alone = sizes.withoutNetwork - sizes.metadata
      let share = Double(sizes.bytes - sizes.metadata) / Double(max(alone, 1))
      print(
        "  and without the network's part  \(bpsp(alone)) bpsp: \(String(format: "%.4f", share)) of it"
      )
    }
  }

  /// What the integer network says of the mosaics' tiles, and the files' sizes.
  private func printTiles(
    _ state: TrainingState, _ photos: PhotoFolder, _ tiles: TileSet
  ) throws {
    let compressor = try compressor(
      with: state.weightFile().serialized, effort, tileLimit: state.recipe.tile)
    let files = photos.paths.indices.filter { !photos.isConverted[$0] }
    guard !files.isEmpty else { return }
    var (bitsOfTiles, countOfTiles) = (0.0, 0)
    var (bits, bytes, pngBytes) = (0.0, 0, 0)
    for file in files {
      let (mosaic, side) = (photos.images[file], state.recipe.tile)
      guard mosaic.width % side == 0, mosaic.height % side == 0 else {
        throw TrainingError.file(
          path: photos.paths[file],
          "\(mosaic.width) x \(mosaic.height) pixels are not of whole tiles of \(side)")
      }
      let png = try Self.read(photos.paths[file])
      let lengths = try compressor.codeLengths(png)
      let count = min(tiles.counts[file], lengths.count)
      bitsOfTiles += lengths.prefix(count).reduce(0, +)
      countOfTiles += count
      bits += lengths.reduce(0, +)
      bytes += try compressor.compress(png).count
      pngBytes += png.count
    }
    let nats = bitsOfTiles / Double(max(countOfTiles, 1)) * 0.6931471805599453
    print("integer       \(String(format: "%.3f", nats)) nats")
    print("PNG files     \(pngBytes) bytes")
    print("code length   \(String(format: "%.1f", bits / 8)) bytes, all tiles of the files")
    print(
      "files, \(effort?.rawValue ?? "pure")   \(bytes) bytes, "
        + "\(String(format: "%.5f", 8 * Double(bytes) / bits)) of the code length")
  }

  private static func read(_ path: String) throws -> [UInt8] {
    guard let png = FileManager.default.contents(atPath: path) else {
      throw TrainingError.file(path: path, "cannot be read")
    }
    return [UInt8](png)
  }

  /// A compressor that knows this weight file alone.
  private func compressor(
    with weights: [UInt8], _ effort: Effort?, tileLimit: Int? = nil
  ) throws -> Compressor {
    var options = Compressor.Options()
    options.registry = ModelRegistry()
    options.model = try options.registry.add(weights).name
    options.threads = threads.threads
    options.isPure = effort == nil
    options.effort = effort ?? .fast
    options.tileLimit = tileLimit ?? options.tileLimit
    return Compressor(options)
  }

  private struct Sizes {
    var bytes = 0
    var metadata = 0
    var withoutNetwork = 0
  }

  /// The sizes of the prn files, made with this weight file alone, and of the metadata in them.
  private func compressed(
    _ paths: [String], with weights: [UInt8], _ effort: Effort?
  ) throws -> Sizes {
    let compressor = try compressor(with: weights, effort)
    return try paths.reduce(into: Sizes()) { sum, path in
      let png = try Self.read(path)
      let prn = try compressor.compress(png)
      sum.bytes += prn.count
      let information = try FileInformation(prn, registry: compressor.options.registry)
      sum.metadata += information.metadataBytes
      if effort != nil {
        sum.withoutNetwork += try compressor.sizeWithoutNetwork(png, level: information.mixing)
      }
    }
  }
}
