/// How much work goes into a small file, in both directions.
public enum Effort: String, CaseIterable, Codable, Sendable {
  /// No network.
  case instant
  /// A small network, and little mixing.
  case fast
  /// A network of moderate size.
  case `default`
  /// The largest network, and several ways of mixing.
  case best

  /// This effort and the lower ones that have networks, it first.
  package var upToThis: [Effort] {
    switch self {
    case .instant: []
    case .fast: [.fast]
    case .default: [.default, .fast]
    case .best: [.best, .default, .fast]
    }
  }
}
