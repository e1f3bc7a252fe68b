import Bytes

/// Which chunks of a PNG file are kept beside the image itself.
public enum ChunkSelection: Equatable, Sendable {
  /// All, and the bytes behind the end.
  case all
  /// Those that change how the image looks, animations among them.
  case safe
  /// Those that the image cannot do without.
  case none
  /// Those of these types, and those that the image cannot do without.
  case only(Set<String>)
  /// All but those of these types.
  case allBut(Set<String>)

  /// Chunks that decide how an image is shown (PNG third edition, section 4.7): colour spaces, the
  /// size of a pixel, animation.
  public static let display: Set<String> = [
    "cICP", "mDCV", "cLLI", "iCCP", "sRGB", "gAMA", "cHRM", "sBIT", "pHYs", "acTL", "fcTL", "fdAT",
  ]
  /// Those of an animation, none of which is of use without the others.
  private static let animation: Set<String> = ["acTL", "fcTL", "fdAT"]
  /// Chunks of an image itself: critical ones, which have no small first letter, are not listed.
  private static let image: Set<String> = ["tRNS"]

  /// Whether pixels need the chunks of this type, four letters: they are always kept.
  public static func isNeeded(_ type: String) -> Bool {
    // The first letter is a capital: without this chunk, there is no image (section 5.4).
    type.utf8.first.map { $0 & 0x20 == 0 } == true || image.contains(type)
  }

  /// Whether a chunk of this type, four letters, is kept.
  func keeps(_ type: String) -> Bool {
    if Self.isNeeded(type) { return true }
    return switch self {
    case .all: true
    case .safe: Self.display.contains(type)
    case .none: false
    case .only(let types): Self.has(types, type)
    case .allBut(let types): !Self.has(types, type)
    }
  }

  /// Whether a list has a type, or, of an animation, any of its types.
  private static func has(_ types: Set<String>, _ type: String) -> Bool {
    animation.contains(type) ? !types.isDisjoint(with: animation) : types.contains(type)
  }

  /// Whether bytes behind IEND are kept.
  var keepsTrailing: Bool {
    switch self {
    case .all, .allBut: true
    case .safe, .none, .only: false
    }
  }
}

/// A PNG file without some of its chunks. Nothing is copied: it is the parts of another source that
/// are left.
public struct StrippedPNG: ByteSource {
  /// Bytes that are left.
  public let count: Int
  private let source: any ByteSource
  /// Where the parts begin here, in ascending order, and what they are of the source.
  private let parts: [(start: Int, range: Range<Int>)]

  /// Finds the chunks that are left. What is no PNG file is left as it is, a damaged one from the
  /// damage on: who reads it finds out.
  ///
  /// Complexity: O(chunks); their data is not read.
  ///
  /// - Parameters:
  ///   - source: a PNG file.
  ///   - selection: of its chunks.
  /// - Throws: `TransferError`.
  public init(_ source: any ByteSource, keeping selection: ChunkSelection) throws(TransferError) {
    self.source = source
    var kept: [Range<Int>] = []
    func keep(_ range: Range<Int>) {
      if let last = kept.last, last.upperBound == range.lowerBound {
        kept[kept.count - 1] = last.lowerBound..<range.upperBound
      } else if !range.isEmpty {
        kept.append(range)
      }
    }
    let signature = ChunkWalker.signature
    let isPNG = try source.bytes(0..<min(signature.count, source.count)) == signature
    var offset = isPNG ? signature.count : 0
    keep(0..<offset)
    while isPNG, source.count - offset >= 12 {
      let start = try source.bytes(offset..<offset + 8)
      let length = Int(start[...].bigEndian)
      guard length <= source.count - offset - 12 else { break }
      let type = String(decoding: start[4...], as: UTF8.self)
      let end = offset + 12 + length
      if selection.keeps(type) { keep(offset..<end) }
      offset = end
      if type == "IEND" {
        if !selection.keepsTrailing { offset = source.count }
        break
      }
    }
    keep(offset..<source.count)
    var parts: [(start: Int, range: Range<Int>)] = []
    var count = 0
    for range in kept {
      parts.append((count, range))
      count += range.count
    }
    (self.parts, self.count) = (parts, count)
  }

  /// Reads bytes from the parts that they are in. O(parts + bytes).
  public func read(
    at offset: Int, into target: UnsafeMutableRawBufferPointer
  ) throws(TransferError) {
    var done = 0
    for part in parts where done < target.count {
      let skipped = offset + done - part.start
      guard (0..<part.range.count).contains(skipped) else { continue }
      let some = min(part.range.count - skipped, target.count - done)
      try source.read(
        at: part.range.lowerBound + skipped,
        into: UnsafeMutableRawBufferPointer(rebasing: target[done..<done + some]))
      done += some
    }
  }
}
