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
    let (least, most) = (Self.blockSizes.lowerBound, Self.blockSizes.upperBound)
    blockSize = min(max(size / Self.blocks, least), most)
    self.threads = size > blockSize ? max(threads, 1) : 1
  }

  /// Writes the next rows.
  ///
  /// Complexity: O(pixels). Memory: some blocks for each thread.
  ///
  /// - Parameters:
  ///   - strip: the next rows of the image; all of it, if it is interlaced.
  ///   - sink: gets what is complete.
  /// - Throws: `PNGError.outOfMemory`, and what `sink` throws.
  func write(_ strip: Image, to sink: Sink) throws(PNGError) {
    let rows = FilteredRows(
      strip, isInterlaced: isInterlaced, filter: settings.filter, below: prior)
    let rowBytes = 1 + strip.format.pngRowBytes(width: strip.width)
    let most = max(1, blockSize / rowBytes)
    var first = 0
    while first < rows.count {
      let left = rows.count - first
      // As many rows for each thread, but no more than a block of them.
      let each = min(most, (left + threads - 1) / threads)
      let groups = min(threads, (left + each - 1) / each), start = first
      let filtered = try memory { () throws(OutOfMemory) in
        try SideBySide.map(groups, threads: threads) { group throws(OutOfMemory) in
          let row = start + group * each
          return try rows.bytes(of: row..<min(row + each, rows.count))
        }
      }
      try memory { () throws(OutOfMemory) in
        try Memory.check(filtered.reduce(bytes.count) { $0 + $1.count })
      }
      for group in filtered { bytes += group }
      first = min(first + groups * each, rows.count)
      // A block for each thread, or all that is left.
      let pending = bytes.count - dictionary
      if pending >= threads * blockSize || done + pending == size { try deflate(sink) }
    }
    if done < size { prior = rows.lastRow() }
  }

  /// Deflates the blocks that are complete; at the end, what is left is one.
  private func deflate(_ sink: Sink) throws(PNGError) {
    let isEnd = done + bytes.count - dictionary == size
    let (all, first, level) = (bytes, dictionary, settings.level)
    let complete = Array(stride(from: first + blockSize, through: all.count, by: blockSize))
    let ends = complete + (isEnd && complete.last != all.count ? [all.count] : [])
    let blocks = try memory { () throws(OutOfMemory) in
      try SideBySide.map(ends.count, threads: threads) { index throws(OutOfMemory) in
        let start = index == 0 ? first : ends[index - 1]
        return try Self.block(
          all[max(0, start - Self.window)..<start], all[start..<ends[index]], level: level,
          isLast: isEnd && index == ends.count - 1)
      }
    }
    for (index, block) in blocks.enumerated() {
      let start = index == 0 ? first : ends[index - 1]
      all[start..<ends[index]].withUnsafeBufferPointer {
        adler = prn_adler32(adler, $0.baseAddress, $0.count)
      }
      let isFirst = done == 0
      done += ends[index] - start
      try sink((isFirst ? header : []) + block + (done == size ? checksum : []))
    }
    let kept = max(0, (ends.last ?? first) - Self.window)
    dictionary = (ends.last ?? first) - kept
    bytes.removeFirst(kept)
  }

  /// A part of a stream without header and checksum, which ends with a whole byte.
  ///
  /// Complexity: O(data).
  ///
  /// - Parameters:
  ///   - before: what matches may reach, of 2^15 bytes at most.
  ///   - data: 1 to 2^30 bytes.
  ///   - level: zlib's, 0 to 9.
  ///   - isLast: whether it ends the stream.
  /// - Returns: the part.
  /// - Throws: `OutOfMemory`.
  static func block(
    _ before: ArraySlice<UInt8>, _ data: ArraySlice<UInt8>, level: Int, isLast: Bool
  ) throws(OutOfMemory) -> [UInt8] {
    let capacity = prn_deflate_bound(data.count)
    try Memory.check(capacity)
    let block = before.withUnsafeBufferPointer { before in
      data.withUnsafeBufferPointer { data in
        [UInt8](unsafeUninitializedCapacity: capacity) { target, count in
          count = prn_deflate_block(
            Int32(level), before.baseAddress, before.count, data.baseAddress, data.count, isLast,
            target.baseAddress, capacity)
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

  private func memory<Value>(_ body: () throws(OutOfMemory) -> Value) throws(PNGError) -> Value {
    do {
      return try body()
    } catch {
      throw .outOfMemory(error)
    }
  }
}
