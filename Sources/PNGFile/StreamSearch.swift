import Bytes
import CPNGShims

/// Looks for what made a stream of image data.
struct StreamSearch {
  /// Data whose matches are compared first, and then.
  private static let parts = [1 << 14, 1 << 18]
  /// Data before the end of a part whose matches depend on what follows: more than zlib looks
  /// ahead.
  private static let margin = 600
  private static let mostBlocks = 1 << 18

  /// The stream, from its header on.
  let stream: [UInt8]
  /// The lengths of the chunks that have it.
  let lengths: [Int]
  /// What it stands for.
  let data: [UInt8]
  private let layout: RowLayout
  private let blocks: [prn_block]
  private let inflated: prn_inflated
  /// Of the first bytes of the data.
  private let tokens: [UInt32]

  /// Decodes the stream.
  ///
  /// - Parameters:
  ///   - walker: of a file whose structure has been checked.
  ///   - layout: of its rows.
  /// - Returns: nil if it is not what the rows take.
  /// - Throws: `PNGError.tooMuchMemory`, `outOfMemory`.
  init?(_ walker: ChunkWalker, _ layout: RowLayout, limits: PNGLimits) throws(PNGError) {
    let ranges = walker.imageData()
    let count = ranges.reduce(0) { $0 + $1.count }
    let size = layout.size
    let blockCount = min(StreamSearch.mostBlocks, count)
    let tokenCount = min(size, StreamSearch.parts[1])
    // With a second list of tokens, two filter types and orders, and what zlib and a writer hold.
    let memory =
      size + count + blockCount * MemoryLayout<prn_block>.stride + 8 * tokenCount
      + 6 * layout.rowCount + 16 * ranges.count + 1 << 22
    try limits.check(bytes: memory)
    guard Memory.canAllocate(memory) else { throw .outOfMemory(OutOfMemory(bytes: memory)) }
    var stream: [UInt8] = []
    stream.reserveCapacity(count)
    for range in ranges { stream += walker.bytes[range] }
    guard count > 2 else { return nil }
    var inflated = prn_inflated()
    var blocks: [prn_block] = []
    var tokens: [UInt32] = []
    var isGood = false
    data = stream.withUnsafeBufferPointer { stream in
      [UInt8](unsafeUninitializedCapacity: size) { data, dataCount in
        tokens = [UInt32](unsafeUninitializedCapacity: tokenCount) { tokens, count in
          blocks = [prn_block](unsafeUninitializedCapacity: blockCount) { blocks, count in
            guard let start = stream.baseAddress else { return }
            isGood = prn_inflate(
              start + 2, stream.count - 2, data.baseAddress, size, tokens.baseAddress, tokenCount,
              blocks.baseAddress, blockCount, &inflated)
            count = isGood ? inflated.blocks : 0
          }
          count = isGood ? min(inflated.data, tokenCount) : 0
        }
        dataCount = isGood ? inflated.data : 0
      }
    }
    guard isGood, inflated.data == size else { return nil }
    self.stream = stream
    self.blocks = blocks
    self.tokens = tokens
    self.inflated = inflated
    self.layout = layout
    lengths = ranges.map(\.count)
  }

  /// How the stream was made, and what is different in it.
  ///
  /// - Returns: nil if there is nothing that fits.
  /// - Throws: `PNGError.outOfMemory`.
  func method() throws(PNGError) -> (DeflateMethod, Patches)? {
    if let stored = storedMethod {
      return try patches(of: stored).map { (stored, $0) }
    }
    guard let flushes, let levels = memoryLevels else { return nil }
    var candidates: [DeflateMethod] = []
    for flush in flushes {
      for settings in settings(memoryLevels: levels) { candidates.append(.zlib(settings, flush)) }
    }
    for part in StreamSearch.parts where candidates.count > 1 {
      var left: [DeflateMethod] = []
      for candidate in candidates where try agrees(candidate, part: min(part, data.count)) {
        left.append(candidate)
      }
      candidates = left
    }
    // All of the data: of as many as are not too much work.
    var work = 8 * data.count + 1 << 22
    var best: (method: DeflateMethod, matched: Int)?
    for candidate in candidates where work > 0 {
      let matched = try matched(candidate, &work)
      if matched > best?.matched ?? -1 { best = (candidate, matched) }
      if matched == stream.count - 2, matched == inflated.stream + 4 { return (candidate, .none) }
      if matched >= inflated.stream { break }
    }
    guard let best, 16 * (inflated.stream - best.matched) <= inflated.stream + 256 else {
      return nil
    }
    return try patches(of: best.method).map { (best.method, $0) }
  }

  // MARK: What blocks tell

  /// Stored blocks, if the stream has no others.
  private var storedMethod: DeflateMethod? {
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
    return .stored(runs)
  }

  /// Whether a block is what a flush leaves: empty, and not the last one.
  private func isFlush(_ index: Int) -> Bool {
    blocks[index].count == 0 && index < blocks.count - 1
      && (blocks[index].kind == 0 || blocks[index].kind == 1)
  }

  /// The flushes that there may be; nil if there are some that zlib does not do so.
  private var flushes: [Flushes]? {
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
  private var memoryLevels: [Int]? {
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
  private func settings(memoryLevels: [Int]) -> [DeflateSettings] {
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

  // MARK: Trying

  /// Whether a method makes the same matches of the first bytes of the data.
  private func agrees(_ method: DeflateMethod, part: Int) throws(PNGError) -> Bool {
    var made: [UInt8] = []
    made.reserveCapacity(part)
    let writer = try DeflateWriter(method, size: data.count)
    let sink: DeflateWriter.Sink = { bytes throws(PNGError) in
      made.append(contentsOf: bytes)
      return true
    }
    try data.withUnsafeBufferPointer { data throws(PNGError) in
      _ = try writer.give(UnsafeBufferPointer(rebasing: data[..<part]), sink)
    }
    _ = try writer.finish(sink)
    let count = part == data.count ? part : max(0, part - StreamSearch.margin)
    let blockCount = min(made.count, StreamSearch.mostBlocks)
    return withUnsafeTemporaryAllocation(of: prn_block.self, capacity: blockCount) { blocks in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: part) { other in
        var inflated = prn_inflated()
        let isGood = prn_inflate(
          made, made.count, nil, part, other.baseAddress, part, blocks.baseAddress, blockCount,
          &inflated)
        return isGood && prn_tokens_agree(tokens, other.baseAddress, count)
      }
    }
  }

  /// Makes the stream in the way of a method, row by row.
  private func make(
    _ method: DeflateMethod, _ sink: DeflateWriter.Sink
  ) throws(PNGError) -> Int {
    let writer = try DeflateWriter(method, size: data.count)
    var offset = 0
    try data.withUnsafeBufferPointer { data throws(PNGError) in
      for pass in layout.passes {
        let count = 1 + layout.rowBytes(pass)
        for _ in 0..<pass.height {
          let row = UnsafeBufferPointer(rebasing: data[offset..<offset + count])
          offset += count
          guard try writer.give(row, sink) else { return }
        }
      }
      _ = try writer.finish(sink)
    }
    return offset
  }

  /// How many bytes of the deflate stream a method makes before one is different; the work is the
  /// data that it takes.
  private func matched(_ method: DeflateMethod, _ work: inout Int) throws(PNGError) -> Int {
    var position = 2
    work -= try make(method) { bytes in
      stream.withUnsafeBufferPointer { stream in
        for byte in bytes {
          guard position < stream.count, stream[position] == byte else { return false }
          position += 1
        }
        return true
      }
    }
    return position - 2
  }

  /// What is different in the stream from what a method makes; nil if it is too much.
  private func patches(of method: DeflateMethod) throws(PNGError) -> Patches? {
    var expected = Array(stream.prefix(2))
    expected.reserveCapacity(stream.count + 64)
    _ = try make(method) { bytes in
      expected.append(contentsOf: bytes)
      // What is longer than this is not what was made.
      return expected.count <= 2 * stream.count + 1 << 16
    }
    return Patches(of: stream, expected: expected, from: 2, limit: max(16, stream.count / 16))
  }
}
