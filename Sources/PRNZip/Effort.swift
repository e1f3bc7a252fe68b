import Mixing
import Container
import PixelNetwork

/// How much work goes into a small file, in both directions.
public enum Effort: String, CaseIterable, Codable, Sendable {
  /// A small network, and little mixing.
  case fast
  /// A network of moderate size.
  case `default`
  /// The largest network, and several ways of mixing.
  case best

  /// The ways of on-line mixing that are tried, at least one.
  var mixings: [MixingParameters] {
    switch self {
    case .fast: [MixingParameters(.fast)]
    case .default: [MixingParameters(.standard)]
    case .best:
      (0..<MixingParameters.adaptations).map { MixingParameters(.standard, adaptation: $0) }
        + [MixingParameters(.full)]
    }
  }

  /// The model for images of this kind.
  func modelName(_ kind: ImageKind) -> String {
    if kind.sampleDepth == 1 {
      switch self {
      case .fast: return "mnist-pixelcnn"
      case .default: return "mnist-rowlstm"
      case .best: return "mnist-bilstm"
      }
    }
    return kind.colours == 1 ? "gray" : "photo-\(rawValue)"
  }

  /// This effort and the lower ones, it first.
  var upToThis: [Effort] {
    switch self {
    case .fast: [.fast]
    case .default: [.default, .fast]
    case .best: [.best, .default, .fast]
    }
  }
}

/// One way to code an image.
struct Plan: Sendable {
  let model: Model
  /// Those to try, at least one; the network is evaluated once for all of them.
  var mixings: [MixingParameters]
  /// The largest width and height of a tile that is worth trying.
  var tileLimit = Header.largestTileSide

  /// The side of the images of digits: a model of these knows nothing of what is beyond.
  static let digitSide = 28
  /// Full mixing takes this part of the bytes at most where it is chosen: it costs time in the decoder, too.
  static let fullMixingGain = 0.99

  /// Which of the files, one for each of `mixings`, is the one to keep: the smallest, but of full mixing only if that is
  /// worth its time.
  func choice(of sizes: [Int]) -> Int {
    let light = mixings.indices.filter { mixings[$0].level != .full }
    let full = mixings.indices.filter { mixings[$0].level == .full }
    let smallest = light.min { sizes[$0] < sizes[$1] }
    guard let best = full.min(by: { sizes[$0] < sizes[$1] }) else { return smallest ?? 0 }
    guard let smallest else { return best }
    return Double(sizes[best]) <= Self.fullMixingGain * Double(sizes[smallest]) ? best : smallest
  }
}

extension Compressor.Options {
  /// All ways to code an image of this kind that this effort tries: also those of the lower efforts, so that a
  /// higher one never gives a larger file. Empty where no model fits.
  ///
  /// - Throws: `PRNZipError.unknownModelName`.
  func plans(_ kind: ImageKind) throws(PRNZipError) -> [Plan] {
    var plans: [Plan] = []
    for effort in effort.upToThis {
      guard let model = try model(for: effort, kind) else { continue }
      let mixings = isPure || !model.canBeMixed ? [MixingParameters(.pure)] : effort.mixings
      let isNew = plans.allSatisfy {
        $0.model.identity != model.identity || !mixings.allSatisfy($0.mixings.contains)
      }
      guard isNew else { continue }
      var plan = Plan(model: model, mixings: mixings)
      if kind.sampleDepth == 1
        && Effort.allCases.contains(where: { $0.modelName(kind) == model.name })
      {
        plan.tileLimit = Plan.digitSide
      }
      plans.append(plan)
    }
    return plans
  }

  /// The model that was asked for, if it fits; else the effort's own, or the first that fits.
  private func model(for effort: Effort, _ kind: ImageKind) throws(PRNZipError) -> Model? {
    if let name = model {
      guard let model = registry.model(named: name) else { throw .unknownModelName(name) }
      return model.kind == kind ? model : nil
    }
    if let own = registry.model(named: effort.modelName(kind)), own.kind == kind {
      return own
    }
    return registry.models.first { $0.kind == kind }
  }
}
