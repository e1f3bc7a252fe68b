import Container
import ImagePlanes
import Mixing
import ModelStore
import PixelNetwork
import TileCoding

extension Effort {
  /// The ways of mixing that are tried, at least one.
  var mixings: [MixingParameters] {
    switch self {
    case .instant, .fast: [MixingParameters(.fast)]
    case .default: [MixingParameters(.standard)]
    case .best:
      [
        MixingParameters(.standard), MixingParameters(.full),
        MixingParameters(.full, adaptation: 1),
      ]
    }
  }
}

/// One way to code planes with a network.
struct NetworkPlan: Sendable {
  let model: Model
  /// Those to try, at least one; the network is evaluated once for all of them.
  var mixings: [MixingParameters]

  /// Which of the files, one for each of `mixings`, is the one to keep: the first of the smallest.
  func choice(of sizes: [Int]) -> Int {
    mixings.indices.min { sizes[$0] < sizes[$1] } ?? 0
  }

  /// The tiles of an image, and the sections that small ones share.
  ///
  /// Small tiles share a section of at least `sectionPixels`, unless the image has fewer, so that
  /// the section's bytes and the coder's end are few beside theirs.
  func sections(width: Int, height: Int, tileLimit: Int, sectionPixels: Int) -> TileSections {
    let grid = TileGrid(
      width: width, height: height,
      limit: min(max(tileLimit, 1), model.description.tileLimit), multipleOf: model.scale)
    let area = grid.tileWidth * grid.tileHeight
    let share =
      area < Header.sharingTilePixels ? (max(sectionPixels, 1) - 1) / area + 1 : 1
    return TileSections(
      grid, tilesPerSection: min(share, grid.count, Header.mostTilesPerSection))
  }
}

extension Compressor.Options {
  /// All ways to code planes of this format with networks that this effort tries: also those of the
  /// lower efforts, so that a higher one gives no larger file. Empty where no model fits.
  ///
  /// - Throws: `PRNZipError.unknownModelName`, `weightFile`.
  func networkPlans(_ format: PixelFormat) throws(PRNZipError) -> [NetworkPlan] {
    try plans { effort throws(PRNZipError) in try model(for: effort, format) }
  }

  /// The same for chroma that follows luma.
  ///
  /// - Throws: `PRNZipError.weightFile`.
  func chromaPlans() throws(PRNZipError) -> [NetworkPlan] {
    try plans { effort throws(PRNZipError) in
      do throws(WeightFileError) {
        // A multi-scale model would be given pixels of what it has to code.
        return try store.chromaModel(for: effort).flatMap { $0.scale == 1 ? $0 : nil }
      } catch {
        throw .weightFile(error)
      }
    }
  }

  private func plans(
    _ model: (Effort) throws(PRNZipError) -> Model?
  ) throws(PRNZipError) -> [NetworkPlan] {
    var plans: [NetworkPlan] = []
    // A network that is asked for is used at any effort.
    let efforts = effort == .instant && asksForNetwork ? [.instant] : effort.upToThis
    for effort in efforts {
      guard let model = try model(effort) else { continue }
      let mixings = isPure || !model.canBeMixed ? [MixingParameters(.pure)] : effort.mixings
      // A network is evaluated once for all that it is mixed with.
      if let index = plans.firstIndex(where: { $0.model.identity == model.identity }) {
        plans[index].mixings += mixings.filter { !plans[index].mixings.contains($0) }
      } else {
        plans.append(NetworkPlan(model: model, mixings: mixings))
      }
    }
    return plans
  }

  /// Checks that a model that was asked for by its name is one for such images: whoever names it
  /// expects that it is used. RGB images that are gray throughout are nobody's mistake.
  ///
  /// - Throws: `PRNZipError.unsuitableModel`, `weightFile`.
  func checkModel(for format: PixelFormat) throws(PRNZipError) {
    let named: Model?
    do throws(WeightFileError) {
      named = try model.flatMap { name throws(WeightFileError) in try store.model(named: name) }
    } catch {
      throw .weightFile(error)
    }
    guard let named else { return }
    let colours = [.rgb, .rgba].contains(format.channels) ? 3 : 1
    let isForChroma = named.description.isForChroma
    guard isForChroma || named.format.planeCount != colours else { return }
    throw .unsuitableModel(
      name: named.name, kind: isForChroma ? "chroma that follows luma" : named.format.imagesInWords,
      image: format.imagesInWords)
  }

  /// The model that was asked for, if it fits; else the effort's own, or the first that fits.
  private func model(
    for effort: Effort, _ format: PixelFormat
  ) throws(PRNZipError) -> Model? {
    do throws(WeightFileError) {
      guard let name = model else { return try store.model(for: effort, format) }
      if let model = try store.model(named: name) {
        return model.format == format && !model.description.isForChroma ? model : nil
      }
    } catch {
      throw .weightFile(error)
    }
    throw .unknownModelName(model ?? "")
  }
}
