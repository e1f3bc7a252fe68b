import PixelModels

/// How much work goes into a small file, in both directions.
public enum Effort: String, CaseIterable, Codable, Sendable {
  /// A small network, and little mixing.
  case fast
  /// A network of moderate size.
  case `default`
  /// The largest network, and all of the mixing.
  case best

  /// The level of the on-line mixing.
  public var mixing: MixingLevel {
    switch self {
    case .fast: .fast
    case .default: .standard
    case .best: .best
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
  let mixing: MixingLevel
  /// Those to try, of which the file has the best; at least one.
  var adaptations: [UInt8]
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
      let level = isPure || !model.canBeMixed ? .pure : effort.mixing
      let isNew = plans.allSatisfy { $0.model.identity != model.identity || $0.mixing != level }
      let adaptations = 0..<(level == .best ? OnlineMixing.adaptations : 1)
      if isNew { plans.append(Plan(model: model, mixing: level, adaptations: Array(adaptations))) }
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
