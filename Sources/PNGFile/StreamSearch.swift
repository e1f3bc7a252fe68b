import Bytes
import CPNGShims

/// Looks for what made a stream of image data.
struct StreamSearch {
  /// Bytes of data whose matches are compared first, then, and at last.
  private static let parts = [1 << 12, 1 << 15, 1 << 18]
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
  let layout: RowLayout
  let blocks: [prn_block]
  let inflated: prn_inflated
  /// Of the first bytes of the data.
  private let tokens: [UInt32]

  /// Decodes the stream.
  ///
  /// It is nil if the stream is not what the rows take.
  ///
  /// - Parameters:
  ///   - walker: of a file whose structure has been checked.
  ///   - layout: of its rows.
  ///   - limits: of memory.
  /// - Throws: `PNGError.tooMuchMemory`, `outOfMemory`.
  init?(_ walker: ChunkWalker, _ layout: RowLayout, limits: PNGLimits) throws(PNGError) {
    let ranges = try walker.imageData()
    let count = ranges.reduce(0) { $0 + $1.count }
    let size = layout.size
    let blockCount = min(StreamSearch.mostBlocks, count)
    let tokenCount = min(size, StreamSearch.parts[2])
    // With a second list of tokens, what is told of the rows, and what zlib and a writer hold. The
    // stream may be made again, to compare it.
    let memory =
      size + 3 * count + blockCount * MemoryLayout<prn_block>.stride + 8 * tokenCount
      + 12 * layout.rowCount + 1 << 22
    try limits.check(bytes: memory)
    guard Memory.canAllocate(memory) else { throw .outOfMemory(OutOfMemory(bytes: memory)) }
    var stream: [UInt8] = []
    stream.reserveCapacity(count)
    for range in ranges {
      try PNGError.reading { () throws(TransferError) in
        try walker.source.forEachPiece(of: range) { stream += $0 }
      }
    }
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
  /// - Parameter isCancelled: is asked at each row whether to end early.
  /// - Returns: nil if there is nothing that fits.
  /// - Throws: `PNGError.outOfMemory`, `reading(.cancelled)`.
  func method(_ isCancelled: () -> Bool) throws(PNGError) -> (DeflateMethod, Patches)? {
    if let stored = storedMethod {
      return try patches(of: stored, isCancelled).map { (stored, $0) }
    }
    guard let flushes, let levels = memoryLevels else { return nil }
    // As many as are not too much work.
    var work = 4 * data.count + 1 << 24
    var best: (method: DeflateMethod, matched: Int)?
    for flush in flushes {
      for settings in settings(memoryLevels: levels) where work > 0 {
        let candidate = DeflateMethod.zlib(settings, flush)
        guard try agrees(candidate, &work) else { continue }
        let matched = try matched(candidate, &work, isCancelled)
        if matched == stream.count - 2, matched == inflated.stream + 4 { return (candidate, .none) }
        if matched > best?.matched ?? -1 { best = (candidate, matched) }
      }
    }
    guard let best, 16 * (inflated.stream - best.matched) <= inflated.stream + 256 else {
      return nil
    }
    return try patches(of: best.method, isCancelled).map { (best.method, $0) }
  }

  /// Whether a method makes the same matches of the first bytes of the data; the work is the data
  /// that it takes.
  private func agrees(_ method: DeflateMethod, _ work: inout Int) throws(PNGError) -> Bool {
    // All of less data is compared at once.
    for part in StreamSearch.parts where 2 * part <= data.count {
      work -= part
      guard try agrees(method, part: part) else { return false }
    }
    return true
  }

  /// Whether a method makes the same matches of some bytes at the start of the data.
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
    let count = part - StreamSearch.margin
    let blockCount = min(made.count, StreamSearch.mostBlocks / 8)
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
    _ method: DeflateMethod, _ isCancelled: () -> Bool, _ sink: DeflateWriter.Sink
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
          if isCancelled() { throw .reading(.cancelled) }
        }
      }
      _ = try writer.finish(sink)
    }
    return offset
  }

  /// How many bytes of the stream behind its header a method makes before one is different; the
  /// work is the data that it takes.
  private func matched(
    _ method: DeflateMethod, _ work: inout Int, _ isCancelled: () -> Bool
  ) throws(PNGError) -> Int {
    var position = 2
    work -= try make(method, isCancelled) { bytes in
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
  private func patches(
    of method: DeflateMethod, _ isCancelled: () -> Bool
  ) throws(PNGError) -> Patches? {
    var expected = Array(stream.prefix(2))
    expected.reserveCapacity(stream.count + 64)
    _ = try make(method, isCancelled) { bytes in
      expected.append(contentsOf: bytes)
      // What is longer than this is not what was made.
      return expected.count <= 2 * stream.count + 1 << 16
    }
    return Patches(of: stream, expected: expected, from: 2, limit: max(16, stream.count / 16))
  }
}
