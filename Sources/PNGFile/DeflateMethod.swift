/// How data became a deflate stream.
enum DeflateMethod: Equatable, Sendable {
  /// Through zlib.
  case zlib(DeflateSettings, Flushes)
  /// In stored blocks of these lengths, in bytes: all of the data.
  case stored([Run])

  /// Some blocks of one length.
  struct Run: Equatable, Sendable {
    /// 0 to 65535 bytes.
    let length: Int
    /// 1 or more.
    var count: Int
  }

  /// Whether blocks have so many bytes together, and are not so many that they take much more.
  static func fit(_ runs: [Run], size: Int) -> Bool {
    var (sum, blocks) = (0, 0)
    for run in runs {
      guard run.count <= size / 16 + 64 - blocks else { return false }
      blocks += run.count
      let (bytes, overflow) = run.count.multipliedReportingOverflow(by: run.length)
      guard !overflow, bytes <= size - sum else { return false }
      sum += bytes
    }
    return sum == size && blocks > 0
  }

  /// The two bytes before the stream that zlib would write (RFC 1950).
  var header: [UInt8] {
    var (bits, flag) = (15, 0)
    if case .zlib(let settings, _) = self { (bits, flag) = (settings.windowBits, settings.flag) }
    var word = ((bits - 8) << 4 | 8) << 8 | flag << 6
    word += 31 - word % 31
    return [UInt8(word >> 8), UInt8(word & 0xFF)]
  }
}

/// What zlib's `deflateInit2` is told.
struct DeflateSettings: Equatable, Sendable {
  /// 1 to 9.
  let level: Int
  /// 9 to 15.
  let windowBits: Int
  /// 1 to 9.
  let memoryLevel: Int
  /// 0 default, 1 filtered, 2 Huffman codes only, 3 runs, 4 fixed codes.
  let strategy: Int

  /// The level as the header tells it, 0 to 3.
  fileprivate var flag: Int {
    if strategy >= 2 || level < 2 { return 0 }
    return level < 6 ? 1 : level == 6 ? 2 : 3
  }
}

/// Where zlib was told to write all that it had.
struct Flushes: Equatable, Sendable {
  /// zlib's number: 1 partial, 2 sync, 3 full.
  let kind: Int
  /// Every so many bytes of data, but not at its end; 0 if it is irregular.
  let interval: Int
  /// Bytes of data before each flush, in order; none if it is regular.
  let positions: [Int]

  /// None.
  static let none = Flushes(kind: 2, interval: 0, positions: [])

  /// Flushes of a kind before the end of `size` bytes of data, at `positions` in order.
  init(kind: Int, positions: [Int], size: Int) {
    let first = positions.first ?? 0
    let isRegular =
      first > 0 && positions.count == (size - 1) / first
      && positions.indices.allSatisfy { positions[$0] == first * ($0 + 1) }
    self.init(
      kind: kind, interval: isRegular ? first : 0, positions: isRegular ? [] : positions)
  }

  /// As given.
  init(kind: Int, interval: Int, positions: [Int]) {
    self.kind = kind
    self.interval = interval
    self.positions = positions
  }

  /// Whether all are inside so many bytes of data, and not so many that zlib, which clears its
  /// tables at each, takes long.
  func fit(size: Int) -> Bool {
    let count = interval > 0 ? (size - 1) / interval : positions.count
    return count <= size / 256 + 16 && (positions.last ?? 0) <= size
  }

  /// Whether there is none.
  var isEmpty: Bool { interval == 0 && positions.isEmpty }
}
