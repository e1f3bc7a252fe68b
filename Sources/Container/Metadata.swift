import Bytes

/// The `metadata` section's payload (FORMAT.md, section 1.3): the PNG file's chunks other than
/// IHDR, IDAT and IEND, in their order.
public struct Metadata: Equatable, Sendable {
  /// One chunk.
  public struct Entry: Equatable, Sendable {
    /// Four ASCII letters.
    public let type: [UInt8]
    /// What the chunk holds, without length, type and CRC.
    public let data: [UInt8]

    /// A chunk; unchecked, `Metadata.encoded()` checks it.
    public init(type: [UInt8], data: [UInt8]) {
      self.type = type
      self.data = data
    }
  }

  /// Chunks before the image data.
  public var beforeImage: [Entry]
  /// Chunks behind the image data.
  public var behindImage: [Entry]
  /// Bytes behind the last chunk, IEND.
  public var trailing: [UInt8]

  /// What a decoder should let known chunks come to, in bytes, unless it is told otherwise. An
  /// encoder names no more of them by their number.
  public static let expansionLimit = 1 << 20
  /// Bytes of entries that may be coded: more are deflated, for coding takes seconds for each
  /// mebibyte.
  public static let codedLimit = 1 << 20

  /// Bytes that a deflated section may come to: a few bytes can claim a thousand times as many.
  public static let deflatedLimit = 1 << 26

  /// Bytes of memory that an entry takes besides its data: two arrays, and a place in one that
  /// grows.
  private static let entrySize = 160

  /// The entry of a PNM file whose data is the header, up to the first sample.
  private static let pnmHeader: [UInt8] = Array("PNMh".utf8)
  /// The entry that stands for the image data.
  private static let imageData: [UInt8] = Array("IDAT".utf8)
  /// The entry whose data is what follows the PNG file's end.
  private static let end: [UInt8] = Array("IEND".utf8)

  /// Chunks before and behind the image data, and what follows the last.
  public init(
    beforeImage: [Entry] = [], behindImage: [Entry] = [], trailing: [UInt8] = []
  ) {
    self.beforeImage = beforeImage
    self.behindImage = behindImage
    self.trailing = trailing
  }

  /// What is kept of a PNM file.
  ///
  /// - Parameters:
  ///   - pnmHeader: its bytes up to the first sample.
  ///   - trailing: its bytes behind the last one.
  public init(pnmHeader: [UInt8], trailing: [UInt8]) {
    self.init(
      beforeImage: [Entry(type: Self.pnmHeader, data: pnmHeader)], trailing: trailing)
  }

  /// The header of a PNM file; nil if the entries are not those of one.
  public var pnmHeader: [UInt8]? {
    guard beforeImage.count == 1, beforeImage[0].type == Self.pnmHeader, behindImage.isEmpty else {
      return nil
    }
    return beforeImage[0].data
  }

  /// Whether there is nothing to keep.
  public var isEmpty: Bool { beforeImage.isEmpty && behindImage.isEmpty && trailing.isEmpty }

  /// Writes the payload. Known chunks are named by their number as long as they come to no more
  /// than `expansionLimit`.
  ///
  /// - Returns: the bytes.
  /// - Throws: `ContainerError.corrupt` if a type is not four letters or one of IHDR, IDAT, IEND;
  ///   `outOfMemory`.
  public func encoded() throws(ContainerError) -> [UInt8] {
    // A type and a varint of each entry, and of that of the image data, are less than 16 bytes.
    let most = (beforeImage + behindImage).reduce(32 + trailing.count) { $0 + 16 + $1.data.count }
    try ContainerError.asking { () throws(OutOfMemory) in try Memory.check(most) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(most)
    var expansion = Expansion(limit: Self.expansionLimit)
    for entry in beforeImage { try Self.append(entry, to: &bytes, &expansion) }
    bytes += Self.imageData + [0]
    for entry in behindImage { try Self.append(entry, to: &bytes, &expansion) }
    if !trailing.isEmpty {
      bytes += Self.end
      bytes.append(varint: trailing.count)
      bytes += trailing
    }
    return bytes
  }

  /// What the known chunks of a payload come to: a few bytes name some thousand.
  private struct Expansion {
    let limit: Int
    var bytes = 0

    /// Counts a chunk, if it is within the limit.
    ///
    /// - Returns: whether it is.
    mutating func admits(_ count: Int) -> Bool {
      guard bytes + count <= limit else { return false }
      bytes += count
      return true
    }
  }

  /// The type of an entry that stands for known chunk `number`; no chunk has it.
  private static func knownType(_ number: Int) -> [UInt8] {
    [1, 0x4B, 0x43, UInt8(truncatingIfNeeded: number)]
  }

  /// The known chunk that an entry of this type stands for; nil for other entries.
  private static func known(
    _ type: [UInt8], length: Int, _ expansion: inout Expansion
  ) throws(ContainerError) -> Entry? {
    guard type.starts(with: knownType(0).dropLast()) else { return nil }
    let number = Int(type[3])
    guard number < KnownChunks.all.count, length == 0 else {
      throw .corrupt(reason: "known chunk \(number) with \(length) bytes")
    }
    let known = KnownChunks.all[number]
    guard expansion.admits(known.data.count) else {
      throw .metadataTooLarge(
        bytes: expansion.bytes + known.data.count, limit: expansion.limit)
    }
    return known
  }

  private static func append(
    _ entry: Entry, to bytes: inout [UInt8], _ expansion: inout Expansion
  ) throws(ContainerError) {
    try check(type: entry.type)
    if let number = KnownChunks.all.firstIndex(of: entry), expansion.admits(entry.data.count) {
      bytes += knownType(number) + [0]
    } else {
      bytes += entry.type
      bytes.append(varint: entry.data.count)
      bytes += entry.data
    }
  }

  private static func check(type: [UInt8]) throws(ContainerError) {
    let isLetter: (UInt8) -> Bool = { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
    guard type.count == 4, type.allSatisfy(isLetter) else {
      throw .corrupt(reason: "a metadata entry whose type is not four letters")
    }
    let name = String(decoding: type, as: UTF8.self)
    guard !["IHDR", "IDAT", "IEND"].contains(name) else {
      throw .corrupt(reason: "a metadata entry of type \(name)")
    }
  }

  /// Reads the payload.
  ///
  /// - Parameters:
  ///   - bytes: a file.
  ///   - range: where the payload lies in it.
  ///   - limit: the most bytes that known chunks may come to. All others are in the file.
  /// - Returns: the chunks.
  /// - Throws: `ContainerError.corrupt` if a rule of the format is broken, `metadataTooLarge`,
  ///   `outOfMemory`.
  public static func decode(
    _ bytes: [UInt8], _ range: Range<Int>, limit: Int = expansionLimit
  ) throws(ContainerError) -> Metadata {
    var reader = FileReader(bytes, range, field: "metadata")
    var metadata = Metadata()
    var expansion = Expansion(limit: limit)
    var memory = Memory.Allowance()
    var hasImage = false
    while reader.remaining > 0 {
      let type = try reader.array(4)
      let range = try reader.skip(try reader.varint())
      try ContainerError.asking { () throws(OutOfMemory) in
        try memory.take(entrySize + range.count)
      }
      if let known = try known(type, length: range.count, &expansion) {
        metadata.append(known, behindImage: hasImage)
        continue
      }
      let data = Array(bytes[range])
      if type == imageData {
        guard data.isEmpty, !hasImage else {
          throw .corrupt(reason: "the metadata's IDAT entry is not empty or not the only one")
        }
        hasImage = true
        continue
      }
      if type == end {
        guard hasImage, !data.isEmpty, reader.remaining == 0 else {
          throw .corrupt(reason: "the metadata's IEND entry is empty or not the last one")
        }
        metadata.trailing = data
        continue
      }
      try check(type: type)
      metadata.append(Entry(type: type, data: data), behindImage: hasImage)
    }
    guard hasImage else { throw .corrupt(reason: "the metadata has no IDAT entry") }
    return metadata
  }

  private mutating func append(_ entry: Entry, behindImage: Bool) {
    if behindImage {
      self.behindImage.append(entry)
    } else {
      beforeImage.append(entry)
    }
  }
}
