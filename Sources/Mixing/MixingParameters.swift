import CMixing

/// How much of the mixing a file uses (FORMAT.md, table 8.1).
public enum MixingLevel: UInt8, CaseIterable, Codable, Sendable {
  /// None: the network's softmax alone is coded.
  case pure = 0
  /// Five contexts.
  case fast = 1
  /// Seven contexts, and a second weight set.
  case standard = 2
  /// Eleven contexts, five weight sets and seven experts.
  case full = 3
}

/// How the values of a file are mixed: what its header says.
public struct MixingParameters: Equatable, Sendable {
  /// How many adaptations there are.
  public static let adaptations = UInt8(PRN_ADAPTATIONS)

  /// `mixingLevel`.
  public var level: MixingLevel
  /// How fast the weights follow the image, 0 ..< `adaptations`; 0 for `pure`.
  public var adaptation: UInt8

  /// Both are checked where they are used.
  public init(_ level: MixingLevel, adaptation: UInt8 = 0) {
    self.level = level
    self.adaptation = adaptation
  }
}
