import Bytes

/// What sections a file has, whatever is damaged of it.
///
/// Behind bytes that are no section, it goes on at the next section whose checksum is right.
struct SectionScan {
  /// What stands in the file, in its order.
  enum Item: Equatable {
    /// A section whose checksum is right.
    case section(Section)
    /// A section whose length is right, for the next one follows, but not its checksum.
    case damaged(Section)
    /// Bytes that are no section, one or more.
    case gap(Range<Int>)

    /// Whether it is a gap.
    var isGap: Bool {
      if case .gap = self { return true }
      return false
    }

    /// The section, damaged or not.
    var section: Section? {
      switch self {
      case .section(let section), .damaged(let section): section
      case .gap: nil
      }
    }
  }

  private let bytes: [UInt8]
  /// Bytes that may still be summed, of sections that nothing or another one seems to follow, and
  /// of others: bytes made for that could have it done over and over.
  private var budget: (followed: Int, other: Int)
  private(set) var items: [Item] = []

  /// Complexity: O(bytes), for any bytes.
  ///
  /// - Parameters:
  ///   - bytes: a file.
  ///   - start: where the sections begin.
  init(_ bytes: [UInt8], from start: Int) {
    self.bytes = bytes
    let most = 16 * bytes.count + (1 << 20)
    budget = (most, most)
    var position = start
    while position < bytes.count {
      if let section = section(at: position) {
        items.append(.section(section))
        position = section.payload.upperBound + 4
      } else if let (section, end) = framed(at: position),
        end == bytes.count || self.section(at: end) != nil
      {
        items.append(.damaged(section))
        position = end
      } else {
        let next = (position + 1..<max(bytes.count, position + 1)).first { start in
          self.section(at: start) != nil
        }
        items.append(.gap(position..<(next ?? bytes.count)))
        position = next ?? bytes.count
      }
    }
  }

  /// The section that begins at `start` by its kind and its length, and where it ends.
  private func framed(at start: Int) -> (Section, end: Int)? {
    guard start < bytes.count, let kind = SectionKind(rawValue: bytes[start]) else { return nil }
    var reader = FileReader(bytes, start..<bytes.count)
    guard (try? reader.u8()) != nil, let length = try? reader.varint(),
      let payload = try? reader.skip(length), (try? reader.u32()) != nil
    else { return nil }
    return (Section(kind: kind, payload: payload), reader.position)
  }

  /// The same with a right checksum.
  private mutating func section(at start: Int) -> Section? {
    guard let (section, end) = framed(at: start) else { return nil }
    // In any bytes, lengths are everywhere, but few that lead from one to the other.
    if end == bytes.count || framed(at: end) != nil {
      guard end - start <= budget.followed else { return nil }
      budget.followed -= end - start
    } else {
      guard end - start <= budget.other else { return nil }
      budget.other -= end - start
    }
    var reader = FileReader(bytes, section.payload.upperBound..<end)
    let computed = crc32(bytes[start..<section.payload.upperBound])
    guard let stored = try? reader.u32(), stored == computed else { return nil }
    return section
  }
}

extension SectionScan {
  /// What has become of each section that there should be.
  enum Slot: Equatable {
    case found(Section)
    /// Its checksum is wrong.
    case damaged
    /// It is not there.
    case missing
  }

  /// Which item is which section.
  ///
  /// Those before the first gap count from the first section on, those behind the last gap from the
  /// last one back; and where as many sections are missing as there are gaps, each gap is one.
  ///
  /// - Parameters:
  ///   - items: from the first section on.
  ///   - kinds: of the sections that there should be.
  ///   - isComplete: whether the last item is at the place of the last section.
  /// - Returns: a slot for each of `kinds`.
  static func align(_ items: [Item], with kinds: [SectionKind], isComplete: Bool) -> [Slot] {
    var slots = [Slot](repeating: .missing, count: kinds.count)
    /// Puts an item where a section of its kind should be.
    func put(_ item: Item, at index: Int) -> Bool {
      guard kinds.indices.contains(index), let section = item.section,
        section.kind == kinds[index]
      else { return false }
      if case .section = item { slots[index] = .found(section) } else { slots[index] = .damaged }
      return true
    }
    let gaps = items.count(where: \.isGap)
    if items.count == kinds.count {
      for (index, item) in items.enumerated() { _ = put(item, at: index) }
      return slots
    }
    var front = 0
    while front < items.count, put(items[front], at: front) { front += 1 }
    guard gaps > 0, isComplete else { return slots }
    var back = 0
    while front + back < min(items.count, kinds.count),
      put(items[items.count - 1 - back], at: kinds.count - 1 - back)
    {
      back += 1
    }
    return slots
  }
}
