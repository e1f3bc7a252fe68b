import ArgumentParser
import Foundation
import PRNZip
import PixelModels
import PixelTraining

extension Effort: ExpressibleByArgument {}

/// `prntrain evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a recipe's checkpoint on folders of 8-bit PNGs.",
    discussion: """
      Prints the code length of the float model and of the rounded one in bits/dim (bits for each \
      subpixel), each image as one tile, and what prnzip makes of the images: bytes of the files, \
      and bits of them for each subpixel. All use the averaged weights. A recipe of one colour takes \
      the luma of RGB images; of files, the gray ones alone are compressed. Bits of a recipe whose scale is above 1 are \
      those of both images, the small one by the recipe that it names, if that has been trained. Otherwise, and of a recipe \
      for small images, no files are made.
      """)
  @OptionGroup var recipe: RecipeOptions
  @OptionGroup var threads: ThreadOptions
  @Option(help: "Measure files at this effort only: fast, default or best.")
  var effort: Effort?
  @Argument(help: "Folders of PNG files.")
  var folders: [String]

  func run() throws {
    let state = try recipe.trained()
    let small = try recipe.small(of: state)
    let colours = state.recipe.architecture.colours
    let photos = try PhotoFolder(folders: folders, colours: colours, threads: threads.threads)
    let float = try state.bitsPerDimension(
      photos.images, quantized: false, threads: threads.threads, small: small)
    let rounded = try state.bitsPerDimension(
      photos.images, quantized: true, threads: threads.threads, small: small)
    print("step          \(state.step)")
    print("images        \(photos.images.count), \(photos.pixels) pixels")
    print("float         \(String(format: "%.4f", float)) bits/dim")
    print(
      "quantized     \(String(format: "%.4f", rounded)) bits/dim "
        + "(\(String(format: "%+.3f", 100 * (rounded / float - 1))) %)")
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
    let efforts: [Effort?] = effort.map { [$0] } ?? [nil] + Effort.allCases
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

  private struct Sizes {
    var bytes = 0
    var metadata = 0
    var withoutNetwork = 0
  }

  /// The sizes of the prn files, made with this weight file alone, and of the metadata in them.
  private func compressed(
    _ paths: [String], with weights: [UInt8], _ effort: Effort?
  ) throws -> Sizes {
    var options = Compressor.Options()
    options.registry = ModelRegistry()
    options.model = try options.registry.add(weights).name
    options.threads = threads.threads
    options.isPure = effort == nil
    options.effort = effort ?? .fast
    let compressor = Compressor(options)
    return try paths.reduce(into: Sizes()) { sum, path in
      guard let png = FileManager.default.contents(atPath: path) else {
        throw TrainingError.file(path: path, "cannot be read")
      }
      let prn = try compressor.compress([UInt8](png))
      sum.bytes += prn.count
      sum.metadata += try FileInformation(prn, registry: options.registry).metadataBytes
      if effort != nil { sum.withoutNetwork += try compressor.sizeWithoutNetwork([UInt8](png)) }
    }
  }
}
