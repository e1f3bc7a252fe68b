import CAdaptive
import CMixing
import CNetwork
import CPrediction
import Platform

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
  private static let known = Known()

  // @unchecked: `results` are only touched with the lock held.
  final class Known: @unchecked Sendable {
    private struct Key: Hashable {
      let arithmetic: Arithmetic
      let set: InstructionSet
    }

    private let lock = Lock()
    private var results: [Key: Bool] = [:]
    /// Samples that portable arithmetic has done in place of an untested one.
    private var spared: [Arithmetic: Int] = [:]

    /// Whether work is so little that a self-test, which has not run yet, would take longer.
    func spares(_ arithmetic: Arithmetic, _ set: InstructionSet, samples: Int) -> Bool {
      lock.withLock {
        guard results[Key(arithmetic: arithmetic, set: set)] == nil else { return false }
        let all = spared[arithmetic, default: 0] + samples
        guard all <= Arithmetic.sparedSamples else { return false }
        spared[arithmetic] = all
        return true
      }
    }

    /// The result of the test, which runs at the first call.
    func result(_ arithmetic: Arithmetic, _ set: InstructionSet) -> Bool {
      lock.withLock {
        let key = Key(arithmetic: arithmetic, set: set)
        if let result = results[key] { return result }
        let result = arithmetic.passes(set.rawValue)
        results[key] = result
        return result
      }
    }
  }

  /// Whether an instruction set's version gives the results of `portable` on fixed data; false
  /// where this machine lacks it.
  ///
  /// The self-test runs at the first call, which takes some milliseconds; threads wait for it.
  package func agrees(_ set: InstructionSet) -> Bool {
    set == .portable || Self.known.result(self, set)
  }

  /// Portable arithmetic does so many samples about as fast as the self-test and the best one.
  package static let sparedSamples = 1 << 16

  /// The version for some work without a network.
  ///
  /// - Parameters:
  ///   - asked: the set that is asked for; nil for the best one, but for portable arithmetic as
  ///     long as the process has had little work of this kind, and nobody requests a set.
  ///   - samples: how much work it is.
  /// - Returns: a number for C, of a set that agrees with `portable`.
  package func version(_ asked: InstructionSet?, samples: Int) -> Int32 {
    if let asked { return asked.tested(for: self).rawValue }
    let best = InstructionSet.current
    if InstructionSet.requested == nil, Self.known.spares(self, best, samples: samples) {
      return InstructionSet.portable.rawValue
    }
    return best.tested(for: self).rawValue
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
