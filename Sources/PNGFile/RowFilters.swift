import CPNGShims

/// How an encoder chooses the filter of each row: the one with the least sum of absolute values
/// among those that it tries, the first one of these with the least.
struct FilterRule: Equatable, Sendable {
  /// Bit k: whether it tries filter k, 0 to 4. One of them alone is no choice.
  let candidates: UInt8
  /// Whether it tries filter 2 (up) before filter 1 (sub).
  let isUpFirst: Bool

  /// All rules, of at least one candidate.
  static let all: [FilterRule] = [false, true].flatMap { isUpFirst in
    (1..<32).map { FilterRule(candidates: $0, isUpFirst: isUpFirst) }
  }

  /// Whether the rule needs the sums.
  var isChoice: Bool { candidates & (candidates &- 1) != 0 }

  /// The filter of a row.
  ///
  /// - Parameter order: of `FilterSums`.
  /// - Returns: 0 to 4.
  func choice(_ order: UInt32) -> UInt8 {
    var rest = isUpFirst ? order >> 16 : order
    for _ in 0..<PRN_FILTERS {
      let filter = UInt8(rest & 7)
      if candidates >> filter & 1 == 1 { return filter }
      rest >>= 3
    }
    return 0
  }
}

/// The sums of a row by filter, brought to what rules need of them.
enum FilterSums {
  /// The filters by their sums, least first, 3 bits each, the first one lowest: of equal ones in
  /// the order 0, 1, 2, 3, 4, and from bit 16 on in the order 0, 2, 1, 3, 4.
  ///
  /// Complexity: O(count).
  ///
  /// - Parameters:
  ///   - row: `count` bytes without the filter type.
  ///   - prior: those of the row above.
  ///   - count: bytes of a row.
  ///   - step: bytes of a pixel, at least 1.
  /// - Returns: two orders.
  static func order(
    _ row: UnsafePointer<UInt8>, prior: UnsafePointer<UInt8>, count: Int, step: Int
  ) -> UInt32 {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Int(PRN_FILTERS)) { sums in
      guard let base = sums.baseAddress else { return 0 }
      prn_filter_sums(row, prior, count, step, base)
      func order(_ ranks: [UInt32]) -> UInt32 {
        var order: UInt32 = 0
        for filter in 0..<ranks.count {
          var place: UInt32 = 0
          for other in 0..<ranks.count
          where sums[other] < sums[filter]
            || (sums[other] == sums[filter] && ranks[other] < ranks[filter])
          {
            place += 1
          }
          order |= UInt32(filter) << (3 * place)
        }
        return order
      }
      return order([0, 1, 2, 3, 4]) | order([0, 2, 1, 3, 4]) << 16
    }
  }
}

/// The filter types of all rows, pass by pass.
enum RowFilters: Equatable, Sendable {
  /// What the rule chooses but for some rows.
  case rule(FilterRule, exceptions: [Exception])
  /// The type of each row.
  case list([UInt8])

  /// A row whose filter is another.
  struct Exception: Equatable, Sendable {
    /// Number of the row, counted through all passes.
    let row: Int
    let filter: UInt8
  }

  /// The shortest description of the types of all rows.
  ///
  /// Complexity: O(rows) times the number of rules.
  ///
  /// - Parameters:
  ///   - types: of all rows, 0 to 4.
  ///   - orders: of `FilterSums` of all rows; none if all types are equal.
  init(_ types: [UInt8], orders: [UInt32]) {
    if let first = types.first, types.allSatisfy({ $0 == first }) {
      self = .rule(FilterRule(candidates: 1 << first, isUpFirst: false), exceptions: [])
      return
    }
    var best = FilterRule(candidates: 1, isUpFirst: false)
    var least = Int.max
    for rule in FilterRule.all where least > 0 {
      var count = 0
      for (type, order) in zip(types, orders) where rule.choice(order) != type { count += 1 }
      // Of equal rules the one that tries more is nearer to what encoders do.
      if count <= least && (count < least || !best.isUpFirst && !rule.isUpFirst) {
        (best, least) = (rule, count)
      }
    }
    guard 4 * least <= types.count else {
      self = .list(types)
      return
    }
    let exceptions = types.indices.filter { best.choice(orders[$0]) != types[$0] }
    self = .rule(best, exceptions: exceptions.map { Exception(row: $0, filter: types[$0]) })
  }
}
