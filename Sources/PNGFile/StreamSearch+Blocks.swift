import CPNGShims

// What the blocks and matches of a stream tell of how it was made, before anything is tried.

extension StreamSearch {
  /// Stored blocks, if the stream has no others.
  var storedMethod: DeflateMethod? {
    guard blocks.allSatisfy({ $0.kind == 0 }) else { return nil }
    var runs: [DeflateMethod.Run] = []
    for block in blocks {
      if let last = runs.last, last.length == block.count {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(DeflateMethod.Run(length: block.count, count: 1))
      }
    }
    guard 64 * runs.count <= stream.count + 256 else { return nil }
    return DeflateMethod.fit(runs, size: data.count) ? .stored(runs) : nil
  }

  /// Whether a block is what a flush leaves: empty, and not the last one.
  private func isFlush(_ index: Int) -> Bool {
    blocks[index].count == 0 && index < blocks.count - 1
      && (blocks[index].kind == 0 || blocks[index].kind == 1)
  }

  /// The flushes that there may be; nil if there are some that zlib does not do so.
  var flushes: [Flushes]? {
    let marks = blocks.indices.filter { isFlush($0) }
    guard let first = marks.first else { return [.none] }
    let positions = marks.map { blocks[$0].start }
    guard positions[0] > 0, zip(positions, positions.dropFirst()).allSatisfy({ $0 < $1 }),
      marks.allSatisfy({ blocks[$0].kind == blocks[first].kind })
    else { return nil }
    let kinds = blocks[first].kind == 0 ? [2, 3] : [1]
    let flushes = kinds.map { Flushes(kind: $0, positions: positions, size: data.count) }
    guard flushes[0].fit(size: data.count),
      flushes[0].positions.isEmpty || 32 * positions.count <= stream.count
    else { return nil }
    return flushes
  }

  /// zlib ends a block when it has 2^(6 + memory level) - 1 symbols, or when it is flushed. So
  /// blocks tell the memory level, and whether it was zlib.
  var memoryLevels: [Int]? {
    var exact: Int?
    var most = 0
    for (index, block) in blocks.enumerated() where block.kind != 0 && !isFlush(index) {
      most = max(most, block.symbols)
      guard index < blocks.count - 1, !isFlush(index + 1) else { continue }
      if let exact, exact != block.symbols { return nil }
      exact = block.symbols
    }
    let levels = [8, 9, 7, 6, 5, 4, 3, 2, 1].filter { most < 1 << ($0 + 6) }
    guard let exact else { return levels }
    return levels.contains { exact == 1 << ($0 + 6) - 1 }
      ? levels.filter { exact == 1 << ($0 + 6) - 1 } : nil
  }

  /// The settings that may be, the most common first.
  func settings(memoryLevels: [Int]) -> [DeflateSettings] {
    let hint = [[1, 2], [5, 4, 3, 2], [6], [9, 8, 7]][Int(stream[1] >> 6)]
    let levels = hint + [6, 9, 8, 7, 5, 4, 3, 2, 1].filter { !hint.contains($0) }
    let bits = Int(stream[0] >> 4) + 8
    var windows: [Int] = []
    for window in [max(bits, 9), bits + 1, 15]
    where (9...15).contains(window) && !windows.contains(window)
      && inflated.farthest <= 1 << window - 262
    {
      windows.append(window)
    }
    // Filtered: no matches of less than 6 bytes, from level 4 on.
    let isFiltered = inflated.shortest > 5
    let isFixed = blocks.allSatisfy { $0.kind != 2 }
    var all: [DeflateSettings] = []
    func append(_ strategy: Int, _ levels: [Int]) {
      for memoryLevel in memoryLevels {
        for level in levels {
          for window in windows {
            all.append(
              DeflateSettings(
                level: level, windowBits: window, memoryLevel: memoryLevel, strategy: strategy))
          }
        }
      }
    }
    let isPlain = layout.format.channels == .palette || layout.format.depth < 8
    if isFiltered, !isPlain { append(1, levels.filter { $0 > 3 }) }
    append(0, levels)
    if isFiltered, isPlain { append(1, levels.filter { $0 > 3 }) }
    if inflated.farthest <= 1 { append(3, [6]) }
    if inflated.matches == 0 { append(2, [6]) }
    if isFixed { append(4, levels) }
    return all
  }
}
