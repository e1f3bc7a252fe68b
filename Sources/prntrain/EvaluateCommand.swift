import ArgumentParser
import Foundation
import ImagePlanes
import ModelStore
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
      and bits of them for each subpixel. All use the averaged weights. A recipe of one colour \
      takes the luma of RGB images; of files, the gray ones alone are compressed. Bits of a \
      recipe whose scale is above 1 are those of both images, the small one by the recipe that it \
      names, if that has been trained. Otherwise, and of a recipe for small images, no files are \
      made. For a recipe with tiles, each tile is an image: nats of it are told, by the float \
      model, the rounded and the integer one, and the bytes of the files beside what the integer \
      model's code lengths come to. For a recipe with a mixture, or of chroma, no files are made.
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
    let photos = try PhotoFolder(
      folders: folders, format: state.recipe.architecture.pixelFormat, threads: threads.threads)
    let tiles = state.recipe.tile > 0 ? TileSet(photos, side: state.recipe.tile) : nil
    try printCodeLengths(state, small, tiles?.images() ?? photos.images)
    // There is no weight file to code with.
    if state.recipe.mixture > 0 || state.recipe.planes == .chroma { return }
    let files = photos.paths.indices.filter { !photos.isConverted[$0] }
    if let tiles {
      let coding = try FileCoding(
        state.weightFile(), threads: threads.threads, tileLimit: state.recipe.tile)
      if !files.isEmpty { try printTiles(coding, photos, tiles, files) }
      return
    }
    if files.count < photos.paths.count {
      print("files         \(photos.paths.count - files.count) of other colours skipped")
    }
    let isWhole = state.recipe.architecture.scale == 1 || small != nil
    if !isWhole { print("small image   given: its model has not been trained") }
    guard !files.isEmpty, isWhole, state.recipe.subsample == 1 else { return }
    let coding = try FileCoding(state.weightFile(small: small), threads: threads.threads)
    // Without an adaptive centre there is no mixing, and all efforts are the same.
    let efforts: [Effort?] =
      state.recipe.architecture.symbolCentre.isAdaptive
      ? effort.map { [$0] } ?? [nil] + Effort.allCases : [nil]
    for effort in efforts {
      try printFiles(coding, photos, files, effort)
    }
  }

  /// What the float network and the rounded one say.
  private func printCodeLengths(
    _ state: TrainingState, _ small: TrainingState?, _ images: [Image]
  ) throws {
    let float = try state.bitsPerDimension(
      images, quantized: false, threads: threads.threads, small: small)
    let rounded = try state.bitsPerDimension(
      images, quantized: true, threads: threads.threads, small: small)
    func described(_ bits: Double) -> String {
      let nats = state.recipe.natsPerTile(bitsPerDimension: bits)
      return String(format: "%.4f bits/dim", bits)
        + (nats.map { String(format: ", %.3f nats", $0) } ?? "")
    }
    let share = String(format: "%+.3f", 100 * (rounded / float - 1))
    print("step          \(state.step)")
    print(
      "network       \(state.recipe.architecture.multiplicationsPerPixel) multiplications a pixel")
    print("images        \(images.count), \(images.reduce(0) { $0 + $1.width * $1.height }) pixels")
    print("float         \(described(float))")
    print("quantized     \(described(rounded)) (\(share) %)")
  }

  /// What becomes of the files; nil for no effort, which is `--pure`.
  private func printFiles(
    _ coding: FileCoding, _ photos: PhotoFolder, _ files: [Int], _ effort: Effort?
  ) throws {
    let subpixels = files.reduce(0) {
      $0 + photos.images[$1].planes.count * photos.images[$1].width * photos.images[$1].height
    }
    func bpsp(_ bytes: Int) -> String {
      String(format: "%.4f", 8 * Double(bytes) / Double(subpixels))
    }
    let sizes = try coding.sizes(files.map { photos.paths[$0] }, effort)
    print("files, \(effort?.rawValue ?? "pure")  \(sizes.bytes) bytes, \(bpsp(sizes.bytes)) bpsp")
    print("  without metadata  \(bpsp(sizes.bytes - sizes.metadata)) bpsp")
    guard effort != nil else { return }
    let alone = sizes.withoutNetwork - sizes.metadata
    let share = Double(sizes.bytes - sizes.metadata) / Double(max(alone, 1))
    print(
      "  and without the network's part  \(bpsp(alone)) bpsp: "
        + "\(String(format: "%.4f", share)) of it")
  }

  /// What the integer network says of the mosaics' tiles, and the files' sizes.
  private func printTiles(
    _ coding: FileCoding, _ photos: PhotoFolder, _ tiles: TileSet, _ files: [Int]
  ) throws {
    var (bitsOfTiles, countOfTiles) = (0.0, 0)
    var (bits, bytes, pngBytes) = (0.0, 0, 0)
    for file in files {
      let (mosaic, side) = (photos.images[file], tiles.side)
      guard mosaic.width % side == 0, mosaic.height % side == 0 else {
        throw TrainingError.file(
          path: photos.paths[file],
          "\(mosaic.width) x \(mosaic.height) pixels are not of whole tiles of \(side)")
      }
      let measured = try coding.tiles(photos.paths[file], effort)
      let count = min(tiles.counts[file], measured.codeLengths.count)
      bitsOfTiles += measured.codeLengths.prefix(count).reduce(0, +)
      countOfTiles += count
      bits += measured.codeLengths.reduce(0, +)
      bytes += measured.bytes
      pngBytes += measured.pngBytes
    }
    let nats = bitsOfTiles / Double(max(countOfTiles, 1)) * 0.6931471805599453
    let share = String(format: "%.5f", 8 * Double(bytes) / bits)
    print("integer       \(String(format: "%.3f", nats)) nats")
    print("PNG files     \(pngBytes) bytes")
    print("code length   \(String(format: "%.1f", bits / 8)) bytes, all tiles of the files")
    print("files, \(effort?.rawValue ?? "pure")   \(bytes) bytes, \(share) of the code length")
  }
}
