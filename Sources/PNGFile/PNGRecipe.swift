import Bytes

/// How the bytes of a PNG file follow from its samples and its chunks: all that its encoder was
/// free to choose.
///
///     if let recipe = try PNGRecipe.find(png) {
///       let information = try PNGFile.inspect(png)
///       let again = try PNGFile.encode(
///         PNGFile.decode(png), metadata: information.metadata, recipe: recipe,
///         trailing: information.trailing)   // == png
///     }
///
/// It has the filter type of each row, the settings of zlib's deflate, the lengths of the IDAT
/// chunks, and small differences. Most files of libpng, with zlib, have a recipe of a few bytes.
///
/// The recipe relies on what zlib's deflate makes of data, which is the same for all of its
/// releases 1.2 and 1.3, but not for other libraries in its place. So who keeps a recipe instead of
/// a file should keep the file's digest, too, and verify what `PNGFile.encode` gives back.
public struct PNGRecipe: Equatable, Sendable {
  /// Whether the file has the passes of Adam7.
  public let isInterlaced: Bool
  /// The filter types of the rows.
  let filters: RowFilters
  /// The bits behind the samples of each row, as they are in its last byte; none if all are 0.
  let padding: [UInt8]
  /// How the deflate stream was made.
  let method: DeflateMethod
  /// The two bytes before the deflate stream.
  let header: [UInt8]
  /// The lengths of the IDAT chunks.
  let lengths: ChunkLengths
  /// What the stream, of header, deflate and checksum, is instead of what it should be.
  let patches: Patches
}

/// The lengths of the IDAT chunks.
enum ChunkLengths: Equatable, Sendable {
  /// So many bytes each, the last one the rest, at least 1; 0 for one chunk of any length.
  case regular(Int)
  /// The length of each.
  case list([Int])

  /// The lengths of at least one chunk.
  init(_ lengths: [Int]) {
    let (first, last) = (lengths.first ?? 0, lengths.last ?? 0)
    if lengths.count <= 1 {
      self = .regular(0)
    } else if lengths.dropLast().allSatisfy({ $0 == first }), (1...max(first, 1)).contains(last) {
      self = .regular(first)
    } else {
      self = .list(lengths)
    }
  }

  /// The number of chunks of a stream of so many bytes.
  func count(of size: Int) -> Int {
    switch self {
    case .regular(0): 1
    case .regular(let length): max(1, (size - 1) / length + 1)
    case .list(let lengths): lengths.count
    }
  }

  /// The length of a chunk of a stream of so many bytes.
  func length(of index: Int, size: Int) -> Int {
    switch self {
    case .regular(0): size
    case .regular(let length): min(length, size - length * index)
    case .list(let lengths): lengths[index]
    }
  }
}

/// What a few bytes of a stream are instead of what they should be.
struct Patches: Equatable, Sendable {
  /// Bytes that the stream has more than it should have.
  let growth: Int
  /// In order and apart from each other.
  let patches: [Patch]

  /// Some bytes of the stream.
  struct Patch: Equatable, Sendable {
    /// Bytes of the stream before them.
    let offset: Int
    /// What they are.
    let bytes: [UInt8]
  }

  /// None.
  static let none = Patches(growth: 0, patches: [])

  /// How `stream` differs from what it should be, from byte `start` on; nil if that is too much.
  ///
  /// Complexity: O(bytes).
  ///
  /// - Parameters:
  ///   - stream: as it is.
  ///   - expected: as it should be.
  ///   - start: where to begin; before it, both are equal.
  ///   - limit: the most bytes to store.
  init?(of stream: [UInt8], expected: [UInt8], from start: Int = 0, limit: Int) {
    var patches: [Patch] = []
    var size = 0
    var index = start
    while index < stream.count {
      guard index >= expected.count || stream[index] != expected[index] else {
        index += 1
        continue
      }
      // Up to four bytes that are equal.
      var (end, equal) = (index + 1, 0)
      while end + equal < stream.count, equal < 4 {
        let place = end + equal
        if place < expected.count, stream[place] == expected[place] {
          equal += 1
        } else {
          end = place + 1
          equal = 0
        }
        if end - index > limit { return nil }
      }
      size += end - index + 4
      if size > limit { return nil }
      patches.append(Patch(offset: index, bytes: Array(stream[index..<end])))
      index = end
    }
    self.init(growth: stream.count - expected.count, patches: patches)
  }

  /// As given.
  init(growth: Int, patches: [Patch]) {
    self.growth = growth
    self.patches = patches
  }

  /// Whether there is nothing to do.
  var isEmpty: Bool { growth == 0 && patches.isEmpty }

  /// Makes of a stream as it should be one as it is.
  ///
  /// - Throws: `PNGError.damagedRecipe` where bytes would be without a value.
  func apply(to stream: inout [UInt8]) throws(PNGError) {
    let (size, overflow) = stream.count.addingReportingOverflow(growth)
    guard !overflow, size >= 0, size <= stream.count + patches.reduce(0, { $0 + $1.bytes.count })
    else { throw .damagedRecipe("a stream of \(stream.count) bytes grows by \(growth)") }
    let known = stream.count
    if size < known { stream.removeLast(known - size) }
    stream.append(contentsOf: repeatElement(0, count: max(0, size - known)))
    for patch in patches {
      guard patch.bytes.count <= size, patch.offset <= size - patch.bytes.count else {
        throw .damagedRecipe("a patch at byte \(patch.offset) of \(size)")
      }
      stream.replaceSubrange(patch.offset..<patch.offset + patch.bytes.count, with: patch.bytes)
    }
  }
}
