import CAdaptive
import CMixing
import CNetwork
import CPrediction
import Platform

extension InstructionSet {
  /// The one to use: that which `requested` names, or else the best one that this machine has. One
  /// whose arithmetic differs from `portable` on fixed data is never used: it could write files
  /// that nobody else can read.
  public static let current: InstructionSet = {
    if let requested, requested.agrees { return requested }
    return supported.last { $0.agrees } ?? .portable
  }()

  /// Whether all arithmetic gives the results of `portable`, as far as its self-tests look; false
  /// where this machine lacks it.
  public var agrees: Bool {
    prn_network_agrees(rawValue) != 0 && prn_prediction_agrees(rawValue) != 0
      && prn_mixing_agrees(rawValue) != 0 && prn_graphics_agrees(rawValue) != 0
      && prn_bilevel_agrees(rawValue) != 0 && prn_deep_agrees(rawValue) != 0
  }
}
