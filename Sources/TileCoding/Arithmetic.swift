import CAdaptive
import CMixing
import CNetwork
import CPrediction
import Platform
import Synchronization

/// Arithmetic that there is in a version for each instruction set, by what a tile's codec needs.
package enum Arithmetic: CaseIterable, Sendable {
  /// Kernels of the network, prediction and mixing.
  case network
  /// `GraphicsTileCodec`.
  case graphics
  /// `BilevelTileCodec`.
  case bilevel
  /// `DeepTileCodec`.
  case deep
  /// `LinearTileCodec`.
  case linear

  /// What the self-tests that have run came to.
  private static let known = Mutex<[Key: Bool]>([:])

  private struct Key: Hashable {
    let arithmetic: Arithmetic
    let set: InstructionSet
  }

  /// Whether an instruction set's version gives the results of `portable` on fixed data; false
  /// where this machine lacks it.
  ///
  /// The self-test runs at the first call, which takes some milliseconds; threads wait for it.
  package func agrees(_ set: InstructionSet) -> Bool {
    if set == .portable { return true }
    return Self.known.withLock { known in
      let key = Key(arithmetic: self, set: set)
      if let result = known[key] { return result }
      let result = passes(set.rawValue)
      known[key] = result
      return result
    }
  }

  private func passes(_ version: Int32) -> Bool {
    switch self {
    case .network:
      prn_network_agrees(version) != 0 && prn_prediction_agrees(version) != 0
        && prn_mixing_agrees(version) != 0
    case .graphics: prn_graphics_agrees(version) != 0
    case .bilevel: prn_bilevel_agrees(version) != 0
    case .deep: prn_deep_agrees(version) != 0
    case .linear: prn_linear_agrees(version) != 0
    }
  }
}

extension InstructionSet {
  /// The one to ask for: that which `requested` names, or else the best one, if this machine has
  /// it. A codec uses what `tested` makes of it.
  public static let current: InstructionSet = {
    if let requested, requested.isSupported { return requested }
    return supported.last ?? .portable
  }()

  /// This one, or else the best slower one whose arithmetic agrees with `portable`: one that does
  /// not agree could write files that nobody else can read.
  package func tested(for arithmetic: Arithmetic) -> InstructionSet {
    Self.allCases.last { $0.rawValue <= rawValue && arithmetic.agrees($0) } ?? .portable
  }
}
