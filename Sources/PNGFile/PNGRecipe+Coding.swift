import Bytes

// A recipe as bytes. Integers are varints of FORMAT.md, lists have their number of elements first.
//
//   flags                 bit 0 interlaced, 1 padding, 2 header, 3 flushes, 4 patches,
//                         5 list of lengths, 6 stored blocks
//   filters               bits 0 to 4 candidates, 5 up first, 6 exceptions; 0: a list of types
//   [exceptions]          number, distances of their rows, their types
//   [padding]             list of bytes
//   [header]              two bytes
//   settings              level, bits 4 to 6 strategy; memory level, bits 4 to 7 window - 8
//     or stored blocks    list of pairs: length, number of blocks
//   [flushes]             kind; interval, or 0 and a list of distances
//   lengths               of all but the last chunk, 0 if there is one; or a list
//   [patches]             growth (2 g, -2 g - 1 if below 0), list of: distance, list of bytes

extension PNGRecipe {
  private enum Flag {
    static let interlaced: UInt8 = 1
    static let padding: UInt8 = 2
    static let header: UInt8 = 4
    static let flushes: UInt8 = 8
    static let patches: UInt8 = 16
    static let list: UInt8 = 32
    static let stored: UInt8 = 64
  }

  /// The recipe in as few bytes as its kind of list takes; they are not compressed.
  ///
  /// Complexity: O(bytes).
  ///
  /// - Returns: at least 5 bytes.
  public func encoded() -> [UInt8] {
    var flags: UInt8 = isInterlaced ? Flag.interlaced : 0
    if !padding.isEmpty { flags |= Flag.padding }
    if header != method.header { flags |= Flag.header }
    if !patches.isEmpty { flags |= Flag.patches }
    if case .list = lengths { flags |= Flag.list }
    switch method {
    case .stored: flags |= Flag.stored
    case .zlib(_, let flushes): if !flushes.isEmpty { flags |= Flag.flushes }
    }
    var bytes = [flags]
    switch filters {
    case .list(let types): bytes.append(list: types, with: 0)
    case .rule(let rule, let exceptions):
      let head = rule.candidates | (rule.isUpFirst ? 32 : 0)
      bytes.append(head | (exceptions.isEmpty ? 0 : 64))
      if !exceptions.isEmpty {
        bytes.append(distances: exceptions.map(\.row), from: -1)
        bytes += exceptions.map(\.filter)
      }
    }
    if flags & Flag.padding != 0 { bytes.append(list: padding) }
    if flags & Flag.header != 0 { bytes += header }
    switch method {
    case .zlib(let settings, let flushes):
      bytes.append(UInt8(settings.level | settings.strategy << 4))
      bytes.append(UInt8(settings.memoryLevel | (settings.windowBits - 8) << 4))
      if !flushes.isEmpty {
        bytes.append(UInt8(flushes.kind))
        bytes.append(varint: flushes.interval)
        if flushes.interval == 0 { bytes.append(distances: flushes.positions) }
      }
    case .stored(let runs):
      bytes.append(varint: runs.count)
      for run in runs {
        bytes.append(varint: run.length)
        bytes.append(varint: run.count)
      }
    }
    switch lengths {
    case .regular(let length): bytes.append(varint: length)
    case .list(let lengths):
      bytes.append(varint: lengths.count)
      for length in lengths { bytes.append(varint: length) }
    }
    if !patches.isEmpty {
      bytes.append(varint: patches.growth >= 0 ? 2 * patches.growth : -2 * patches.growth - 1)
      bytes.append(varint: patches.patches.count)
      var end = 0
      for patch in patches.patches {
        bytes.append(varint: patch.offset - end)
        bytes.append(list: patch.bytes)
        end = patch.offset + patch.bytes.count
      }
    }
    return bytes
  }

  /// Reads what `encoded` gives.
  ///
  /// Complexity: O(bytes), in time and in memory.
  ///
  /// - Parameter bytes: all of the recipe; any bytes.
  /// - Throws: `PNGError.damagedRecipe`, `outOfMemory`.
  public init(decoding bytes: [UInt8]) throws(PNGError) {
    do {
      // An element of a list has a byte at least, and no more of memory than this.
      try Memory.check(bytes.count, of: 48)
    } catch {
      throw .outOfMemory(error)
    }
    var reader = ByteReader(bytes, bytes.indices) { PNGError.damagedRecipe("\($0)") }
    let flags = try reader.u8()
    guard flags < 128 else { throw .damagedRecipe("flags \(flags)") }
    isInterlaced = flags & Flag.interlaced != 0
    filters = try RowFilters(&reader)
    padding = flags & Flag.padding != 0 ? try reader.list() : []
    var header: [UInt8]?
    if flags & Flag.header != 0 { header = try reader.array(2) }
    if flags & Flag.stored != 0 {
      guard flags & Flag.flushes == 0 else { throw .damagedRecipe("flags \(flags)") }
      method = try .stored(
        reader.elements { reader throws(PNGError) in
          let (length, count) = try (reader.varint(), reader.varint())
          guard length < 65536, count > 0 else {
            throw .damagedRecipe("\(count) blocks of \(length) bytes")
          }
          return DeflateMethod.Run(length: length, count: count)
        })
    } else {
      let (first, second) = try (Int(reader.u8()), Int(reader.u8()))
      let settings = DeflateSettings(
        level: first & 15, windowBits: 8 + second >> 4, memoryLevel: second & 15,
        strategy: first >> 4)
      guard (1...9).contains(settings.level), (9...15).contains(settings.windowBits),
        (1...9).contains(settings.memoryLevel), settings.strategy < 5
      else { throw .damagedRecipe("settings \(first) \(second)") }
      method = .zlib(settings, flags & Flag.flushes != 0 ? try Flushes(&reader) : .none)
    }
    self.header = header ?? method.header
    if flags & Flag.list == 0 {
      lengths = .regular(try reader.varint())
    } else {
      lengths = try .list(
        reader.elements { reader throws(PNGError) in
          let length = try reader.varint()
          guard length <= 0x7FFF_FFFF else { throw .damagedRecipe("a chunk of \(length) bytes") }
          return length
        })
    }
    patches = flags & Flag.patches != 0 ? try Patches(&reader) : .none
    guard reader.remaining == 0 else {
      throw .damagedRecipe("\(reader.remaining) bytes behind its end")
    }
  }
}

extension RowFilters {
  fileprivate init(_ reader: inout ByteReader<PNGError>) throws(PNGError) {
    let head = try reader.u8()
    let rule = FilterRule(candidates: head & 31, isUpFirst: head & 32 != 0)
    let types: [UInt8]
    if head == 0 {
      types = try reader.list()
      self = .list(types)
    } else {
      guard head < 128, rule.candidates > 0 else { throw .damagedRecipe("filters \(head)") }
      let rows = head & 64 != 0 ? try reader.positions(from: -1) : []
      types = try reader.array(rows.count)
      self = .rule(rule, exceptions: zip(rows, types).map { Exception(row: $0, filter: $1) })
    }
    guard types.allSatisfy({ $0 < 5 }) else { throw .damagedRecipe("a filter above 4") }
  }
}

extension Flushes {
  fileprivate init(_ reader: inout ByteReader<PNGError>) throws(PNGError) {
    let kind = Int(try reader.u8())
    guard (1...3).contains(kind) else { throw .damagedRecipe("flush \(kind)") }
    let interval = try reader.varint()
    let positions = interval == 0 ? try reader.positions(from: 0) : []
    self.init(kind: kind, interval: interval, positions: positions)
  }
}

extension Patches {
  fileprivate init(_ reader: inout ByteReader<PNGError>) throws(PNGError) {
    let growth = try reader.varint()
    var end = 0
    let patches = try reader.elements { reader throws(PNGError) in
      let (offset, overflow) = end.addingReportingOverflow(try reader.varint())
      guard !overflow, offset < 1 << 48 else { throw .damagedRecipe("a patch out of range") }
      let bytes = try reader.list()
      end = offset + bytes.count
      return Patch(offset: offset, bytes: bytes)
    }
    self.init(growth: growth % 2 == 0 ? growth / 2 : -(growth / 2) - 1, patches: patches)
  }
}

extension ByteReader<PNGError> {
  /// A list of bytes.
  fileprivate mutating func list() throws(PNGError) -> [UInt8] {
    let count = try varint()
    return try array(count)
  }

  /// A list of elements that have a byte at least.
  fileprivate mutating func elements<Element>(
    _ element: (inout ByteReader<PNGError>) throws(PNGError) -> Element
  ) throws(PNGError) -> [Element] {
    let count = try varint()
    guard count <= remaining else { throw .damagedRecipe("a list of \(count) elements") }
    var elements: [Element] = []
    elements.reserveCapacity(count)
    for _ in 0..<count { elements.append(try element(&self)) }
    return elements
  }

  /// A list of positions above `start`, each above the one before, by its distance from it - 1.
  fileprivate mutating func positions(from start: Int) throws(PNGError) -> [Int] {
    var last = start
    return try elements { reader throws(PNGError) in
      let distance = try reader.varint()
      guard distance < 1 << 48, last < 1 << 48 else {
        throw .damagedRecipe("a position out of range")
      }
      last += distance + 1
      return last
    }
  }
}

extension [UInt8] {
  /// Appends a list of bytes, behind a first one if there is such.
  fileprivate mutating func append(list: [UInt8], with head: UInt8? = nil) {
    if let head { append(head) }
    append(varint: list.count)
    self += list
  }

  /// Appends what `positions` reads.
  fileprivate mutating func append(distances positions: [Int], from start: Int = 0) {
    append(varint: positions.count)
    var last = start
    for position in positions {
      append(varint: position - last - 1)
      last = position
    }
  }
}
