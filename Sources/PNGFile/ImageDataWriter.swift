import Bytes
import CPNGShims
import ImagePlanes
import Platform

/// Makes the image data of a PNG file: filters rows, and deflates them in blocks, several at once.
///
/// A block has what came before it for a dictionary, so that little is lost. Where blocks end
/// follows from the size of the image data: threads make no difference.
final class ImageDataWriter {
  /// Gets the data of a chunk.
  typealias Sink = ([UInt8]) throws(PNGError) -> Void

  /// Bytes of a block, before they are deflated; an image has eight, as far as that allows.
  private static let blockSizes = 1 << 17...1 << 20
  private static let blocks = 8
  /// Bytes of blocks in work at most, but for one.
  private static let mostInWork = 1 << 26
  /// What zlib takes to deflate, about.
  private static let deflaterBytes = 1 << 19
  /// How far matches reach.
  private static let window = 1 << 15

  private let settings: FilterChoice.Settings
  private let threads: Int
  private let isInterlaced: Bool
  /// Bytes of all rows, and of those that are deflated.
  private let size: Int
  private var done = 0
  private let blockSize: Int
  /// Filtered rows: the last ones that are deflated, and those that are not.
  private var bytes: [UInt8] = []
  private var dictionary = 0
  /// The last row, before it was filtered.
  private var prior: [UInt8] = []
  private var adler: UInt32 = 1

  /// - Parameters:
  ///   - layout: of the whole image.
  ///   - settings: how to filter and deflate.
  ///   - threads: to work on.
  init(_ layout: RowLayout, _ settings: FilterChoice.Settings, threads: Int) {
    self.settings = settings
    isInterlaced = layout.passes.count > 1
    size = layout.size
    let sizes = Self.blockSizes
    blockSize = min(max(size / Self.blocks, sizes.lowerBound), sizes.upperBound)
    let most = min(threads, SideBySide.processors, Self.mostInWork / blockSize)
    self.threads = size > blockSize ? max(most, 1) : 1
  }

  /// Whether all rows have come.
  var isComplete: Bool { done == size }

  /// Writes the next rows.
  ///
  /// Complexity: O(pixels). Memory: some blocks, or rows that are longer, for each thread.
  ///
  /// - Parameters:
  ///   - strip: the next rows of the image; all of it, if it is interlaced.
  ///   - sink: gets what is complete.
  /// - Throws: `PNGError.outOfMemory`, `unsupported` for more rows than there are; and what `sink`
  ///   throws.
  func write(_ strip: Image, to sink: Sink) throws(PNGError) {
    let rows = FilteredRows(
      strip, isInterlaced: isInterlaced, filter: settings.filter, below: prior)
    let rowBytes = 1 + strip.format.pngRowBytes(width: strip.width)
    guard rows.size <= size - done - pending else {
      throw .unsupported("more rows than the image has")
    }
    let most = max(1, blockSize / rowBytes)
    let workers = rowBytes > blockSize ? 1 : threads
    var first = 0
    while first < rows.count {
      let left = rows.count - first
      // As many rows for each thread, but no more than a block of them.
      let each = min(most, (left + workers - 1) / workers)
      let groups = min(workers, (left + each - 1) / each), start = first
      let new = groups * each * rowBytes
      do {
        // Of all threads at once: what one finds free, another may take.
        try Memory.check(bytes.count + 2 * new + groups * rows.workBytes)
        let filtered = try SideBySide.map(groups, threads: workers) { group throws(OutOfMemory) in
          let row = start + group * each
          return try rows.bytes(of: row..<min(row + each, rows.count))
        }
        bytes.reserveCapacity(bytes.count + new)
        for group in filtered { bytes += group }
      } catch {
        throw .outOfMemory(error)
      }
      first = min(first + groups * each, rows.count)
      // A block for each thread, or all that is left.
      if pending >= threads * blockSize || done + pending == size { try deflate(sink) }
    }
    if done + pending < size {
      do {
        prior = try rows.lastRow()
      } catch {
        throw .outOfMemory(error)
      }
    }
  }

  /// Bytes that are filtered, and not deflated.
  private var pending: Int { bytes.count - dictionary }

  /// Deflates the blocks that are complete; at the end, what is left is one.
  private func deflate(_ sink: Sink) throws(PNGError) {
    let isEnd = done + pending == size, isStart = done == 0
    let (all, first, level) = (bytes, dictionary, settings.level)
    let complete = Array(stride(from: first + blockSize, through: all.count, by: blockSize))
    let ends = complete + (isEnd && complete.last != all.count ? [all.count] : [])
    guard let end = ends.last else { return }
    all[first..<end].withUnsafeBufferPointer {
      adler = prn_adler32(adler, $0.baseAddress, $0.count)
    }
    let (header, checksum) = (header, checksum), kept = max(0, end - Self.window)
    let blocks: [[UInt8]]
    do {
      try Memory.check(
        ends.count * (prn_deflate_bound(blockSize) + Self.deflaterBytes) + all.count - kept)
      blocks = try SideBySide.map(ends.count, threads: threads) { index throws(OutOfMemory) in
        let start = index == 0 ? first : ends[index - 1], isLast = isEnd && ends[index] == end
        return try Self.block(
          all[max(0, start - Self.window)..<start], all[start..<ends[index]], level: level,
          isLast: isLast, behind: isStart && index == 0 ? header : [],
          before: isLast ? checksum : [])
      }
    } catch {
      throw .outOfMemory(error)
    }
    bytes = Array(all[kept...])
    dictionary = end - kept
    done += end - first
    for block in blocks { try sink(block) }
  }

  /// A part of a deflate stream, which ends with a whole byte.
  ///
  /// Complexity: O(data).
  ///
  /// - Parameters:
  ///   - before: what matches may reach, of 2^15 bytes at most.
  ///   - data: 1 to 2^30 bytes.
  ///   - level: zlib's, 0 to 9.
  ///   - isLast: whether it ends the stream.
  ///   - head: bytes to put before the part.
  ///   - tail: bytes to put behind it.
  /// - Returns: all of them.
  /// - Throws: `OutOfMemory`.
  static func block(
    _ before: ArraySlice<UInt8>, _ data: ArraySlice<UInt8>, level: Int, isLast: Bool,
    behind head: [UInt8] = [], before tail: [UInt8] = []
  ) throws(OutOfMemory) -> [UInt8] {
    let capacity = prn_deflate_bound(data.count)
    try Memory.check(capacity + head.count + tail.count)
    let block = before.withUnsafeBufferPointer { before in
      data.withUnsafeBufferPointer { data in
        [UInt8](unsafeUninitializedCapacity: capacity + head.count + tail.count) { target, count in
          guard let start = target.baseAddress else { return }
          let made = prn_deflate_block(
            Int32(level), before.baseAddress, before.count, data.baseAddress, data.count, isLast,
            start + head.count, capacity)
          guard made > 0 else { return }
          start.initialize(from: head, count: head.count)
          (start + head.count + made).initialize(from: tail, count: tail.count)
          count = head.count + made + tail.count
        }
      }
    }
    if block.isEmpty { throw .ofLibrary }
    return block
  }

  /// That of RFC 1950: a window of 2^15 bytes, and how hard zlib tries.
  private var header: [UInt8] {
    switch settings.level {
    case 0...1: [0x78, 0x01]
    case 2...5: [0x78, 0x5E]
    case 6: [0x78, 0x9C]
    default: [0x78, 0xDA]
    }
  }

  private var checksum: [UInt8] { (0..<4).map { UInt8(adler >> (24 - 8 * $0) & 0xFF) } }
}
