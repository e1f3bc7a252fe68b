import Bytes
import CPNGShims

/// Makes a stream of RFC 1950 without its header: a deflate stream and a checksum.
///
/// Each row is given in a call of its own, as libpng does: where the rows end decides, in rare
/// cases, whether zlib stores a block.
final class DeflateWriter {
  /// Takes bytes of the stream; false to stop.
  typealias Sink = (UnsafeBufferPointer<UInt8>) throws(PNGError) -> Bool

  /// Bytes of the stream that are made at once; more of them where zlib has to give all it has.
  private static let capacity = 1 << 16
  private static let flushCapacity = 1 << 20

  private let method: DeflateMethod
  /// Bytes of all data.
  private let size: Int
  private let deflater: OpaquePointer?
  private var buffer: [UInt8]
  private var adler: UInt32 = 1
  /// Bytes of data so far.
  private var position = 0
  /// Of the flushes, or of the runs of stored blocks.
  private var index = 0
  /// Blocks of the run that were begun, and bytes that the last one lacks.
  private var begun = 0
  private var missing = 0

  /// - Parameters:
  ///   - method: how.
  ///   - size: bytes of all data.
  /// - Throws: `PNGError.outOfMemory`.
  init(_ method: DeflateMethod, size: Int) throws(PNGError) {
    self.method = method
    self.size = size
    guard case .zlib(let settings, let flushes) = method else {
      deflater = nil
      buffer = []
      return
    }
    let capacity = flushes.isEmpty ? DeflateWriter.capacity : DeflateWriter.flushCapacity
    do {
      try Memory.check(capacity)
    } catch {
      throw .outOfMemory(error)
    }
    buffer = [UInt8](repeating: 0, count: capacity)
    deflater = prn_deflater_create(
      Int32(settings.level), Int32(settings.windowBits), Int32(settings.memoryLevel),
      Int32(settings.strategy))
    if deflater == nil { throw .outOfMemory(.ofLibrary) }
  }

  deinit {
    if let deflater { prn_deflater_destroy(deflater) }
  }

  /// Gives the next bytes of data.
  ///
  /// - Returns: false if `sink` has said so.
  /// - Throws: what `sink` throws.
  func give(_ data: UnsafeBufferPointer<UInt8>, _ sink: Sink) throws(PNGError) -> Bool {
    adler = prn_adler32(adler, data.baseAddress, data.count)
    var start = 0
    while start < data.count {
      let count = min(nextEnd() - position, data.count - start)
      let part = UnsafeBufferPointer(rebasing: data[start..<start + count])
      switch method {
      case .zlib(_, let flushes):
        guard let deflater else { return false }
        prn_deflater_give(deflater, part.baseAddress, part.count)
        guard try take(0, sink) else { return false }
        position += count
        if position == nextFlush(flushes) {
          index += 1
          guard try take(Int32(flushes.kind), sink) else { return false }
        }
      case .stored(let runs):
        guard try beginBlocks(runs, sink), try sink(part) else { return false }
        position += count
        missing -= count
      }
      start += count
    }
    return true
  }

  /// Ends the stream, with its checksum.
  func finish(_ sink: Sink) throws(PNGError) -> Bool {
    switch method {
    case .zlib:
      if let deflater { prn_deflater_give(deflater, nil, 0) }
      guard try take(4, sink) else { return false }
    case .stored(let runs):
      guard try beginBlocks(runs, sink) else { return false }
    }
    let checksum = (0..<4).map { UInt8(adler >> (24 - 8 * $0) & 0xFF) }
    return try give(checksum, to: sink)
  }

  private func give(_ bytes: [UInt8], to sink: Sink) throws(PNGError) -> Bool {
    try bytes.withUnsafeBufferPointer { bytes throws(PNGError) in try sink(bytes) }
  }

  /// Takes what zlib has.
  private func take(_ flush: Int32, _ sink: Sink) throws(PNGError) -> Bool {
    guard let deflater else { return false }
    return try buffer.withUnsafeMutableBufferPointer { buffer throws(PNGError) in
      while true {
        let count = prn_deflater_take(deflater, flush, buffer.baseAddress, buffer.count)
        if count > 0 {
          guard try sink(UnsafeBufferPointer(rebasing: buffer[..<count])) else { return false }
        }
        if count < buffer.count { return true }
      }
    }
  }

  /// The position of the next flush, `Int.max` if there is none.
  private func nextFlush(_ flushes: Flushes) -> Int {
    if flushes.interval > 0 {
      let (next, overflow) = flushes.interval.multipliedReportingOverflow(by: index + 1)
      return overflow || next >= size ? .max : next
    }
    return index < flushes.positions.count ? flushes.positions[index] : .max
  }

  /// The position up to which data may be given at once.
  private func nextEnd() -> Int {
    switch method {
    case .zlib(_, let flushes): nextFlush(flushes)
    case .stored(let runs):
      missing > 0 ? position + missing : position + max(nextLength(runs), 1)
    }
  }

  /// The length of the next stored block that has data.
  private func nextLength(_ runs: [DeflateMethod.Run]) -> Int {
    var (index, begun) = (index, begun)
    while index < runs.count {
      if begun < runs[index].count, runs[index].length > 0 { return runs[index].length }
      index += 1
      begun = 0
    }
    return .max - position
  }

  /// Writes the heads of stored blocks, up to the next that has data.
  private func beginBlocks(_ runs: [DeflateMethod.Run], _ sink: Sink) throws(PNGError) -> Bool {
    while missing == 0, index < runs.count {
      if begun == runs[index].count {
        index += 1
        begun = 0
        continue
      }
      begun += 1
      let isLast = index == runs.count - 1 && begun == runs[index].count
      let length = UInt16(truncatingIfNeeded: runs[index].length)
      missing = Int(length)
      var head: [UInt8] = [isLast ? 1 : 0]
      head.append(littleEndian: [length, ~length])
      guard try give(head, to: sink) else { return false }
    }
    return true
  }
}
