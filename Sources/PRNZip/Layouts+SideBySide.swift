import AdaptiveCoding
import Bytes
import Platform
import TileCoding

// A codec that learns from the image alone goes through a tile on one thread, so that others are
// free to try something else meanwhile. What comes of it is the same.

extension Layouts {
  /// Codes plans, one after another, on a thread beside that of `body`.
  ///
  /// - Parameters:
  ///   - plans: that need not be coded if there is no thread or no memory for them.
  ///   - others: all that `body` may code, but parts of it.
  ///   - body: gets layouts that know of the memory which the plans take. If that lets it fail, it
  ///     is called again without.
  /// - Returns: what `body` returns; and the groups of the plans, nil if they have not been coded.
  /// - Throws: what `body` throws.
  func beside<Value: Sendable>(
    _ plans: [GroupPlan], with others: [GroupPlan],
    _ body: (Layouts) throws(PRNZipError) -> Value
  ) throws(PRNZipError) -> (value: Value, groups: [CodedGroup]?) {
    guard options.threads > 1, !plans.isEmpty, let layouts = layouts(beside: plans, others) else {
      return (try body(self), nil)
    }
    var options = options
    options.threads = 1
    let encoder = GroupEncoder(options: options, heldBytes: encoder.heldBytes)
    // Only one of the two calls uses them.
    nonisolated(unsafe) let (work, held) = (body, layouts)
    let both = try SideBySide.map(2, threads: 2) {
      index throws(PRNZipError) -> (value: Value?, groups: [CodedGroup]?) in
      if index == 1 { return (nil, Self.groups(of: plans, encoder)) }
      do throws(PRNZipError) {
        return (try work(held), nil)
      } catch {
        switch error {
        case .limitExceeded, .outOfMemory: return (nil, nil)
        default: throw error
        }
      }
    }
    if let value = both[0].value { return (value, both[1].groups) }
    return (try body(self), both[1].groups)
  }

  /// Tries plans that do not depend on each other.
  ///
  /// - Parameters:
  ///   - plans: in the order in which they are tried; the first may take the longest.
  ///   - smallest: what there is.
  /// - Throws: as `GroupEncoder`.
  func offerAll(
    _ plans: [GroupPlan], to smallest: inout Smallest
  ) throws(PRNZipError) {
    guard let first = plans.first else { return }
    let rest = Array(plans.dropFirst())
    let (group, groups) = try beside(rest, with: [first]) { layouts throws(PRNZipError) in
      try layouts.encoder.encode(first)
    }
    smallest.offer([group])
    try offer(groups, of: rest, to: &smallest)
  }

  /// Offers groups, or codes their plans now.
  func offer(
    _ groups: [CodedGroup]?, of plans: [GroupPlan], to smallest: inout Smallest
  ) throws(PRNZipError) {
    for (index, plan) in plans.enumerated() {
      if let groups {
        smallest.offer([groups[index]])
      } else {
        smallest.offer([try encoder.encode(plan)])
      }
    }
  }

  /// Where something fails, it is left to those who would have done it without.
  private static func groups(of plans: [GroupPlan], _ encoder: GroupEncoder) -> [CodedGroup]? {
    try? plans.map { try encoder.encode($0) }
  }

  /// Layouts that know what some plans take, where that leaves enough memory for the others, and
  /// to look for a lattice: nothing that these do may depend on it.
  private func layouts(beside plans: [GroupPlan], _ others: [GroupPlan]) -> Layouts? {
    let bytes = plans.map(encoder.tileMemory).max() ?? 0
    let most = others.map(encoder.tileMemory).max() ?? 0
    let layouts = holding(bytes)
    do throws(PRNZipError) {
      for plan in plans { try encoder.check(plan) }
      for plan in others { try layouts.encoder.check(plan) }
    } catch {
      return nil
    }
    guard layouts.mayLookForLattice else { return nil }
    return Memory.canAllocate(bytes + most) ? layouts : nil
  }
}
