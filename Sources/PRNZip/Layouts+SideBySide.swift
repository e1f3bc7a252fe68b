import Bytes
import Platform

// A codec that learns from the image alone goes through a tile on one thread, so that others are
// free to try something else meanwhile. What comes of it is the same.

extension Layouts {
  /// Codes plans, one after another, on a thread beside that of `body`.
  ///
  /// - Parameters:
  ///   - plans: that need not be coded if there is no thread or no memory for them.
  ///   - plan: what `body` codes, and nothing else.
  ///   - body: gets an encoder that knows of the memory which the plans take.
  /// - Returns: what `body` returns; and the groups of the plans, nil if they have not been coded.
  /// - Throws: what `body` throws.
  func beside<Value: Sendable>(
    _ plans: [GroupPlan], of plan: GroupPlan,
    _ body: (GroupEncoder) throws(PRNZipError) -> Value
  ) throws(PRNZipError) -> (value: Value, groups: [CodedGroup]?) {
    guard options.threads > 1, !plans.isEmpty, let held = encoder(beside: plans, plan) else {
      return (try body(encoder), nil)
    }
    var options = options
    options.threads = 1
    let one = GroupEncoder(options: options, heldBytes: encoder.heldBytes)
    // Only one of the two calls uses it.
    nonisolated(unsafe) let work = body
    let both = try SideBySide.map(2, threads: 2) {
      index throws(PRNZipError) -> (value: Value?, groups: [CodedGroup]?) in
      if index == 1 { return (nil, Self.groups(of: plans, one)) }
      do throws(PRNZipError) {
        return (try work(held), nil)
      } catch .outOfMemory {
        return (nil, nil)
      }
    }
    if let value = both[0].value { return (value, both[1].groups) }
    return (try body(encoder), both[1].groups)
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
    let (group, groups) = try beside(rest, of: first) { encoder throws(PRNZipError) in
      try encoder.encode(first)
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

  /// An encoder that knows what some plans take, where that leaves enough memory for another one.
  private func encoder(beside plans: [GroupPlan], _ plan: GroupPlan) -> GroupEncoder? {
    let bytes = plans.map(encoder.tileMemory).max() ?? 0
    let held = GroupEncoder(options: options, heldBytes: encoder.heldBytes + bytes)
    do throws(PRNZipError) {
      for plan in plans { try encoder.check(plan) }
      try held.check(plan)
    } catch {
      return nil
    }
    return Memory.canAllocate(bytes + encoder.tileMemory(plan)) ? held : nil
  }
}
