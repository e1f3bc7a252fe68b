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

  /// Bytes of memory that an entry takes besides its data: two arrays, and a place in one that
  /// grows.
  private static let entrySize = 160

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
      bytes.append(varint: 2 * trailing.count)
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

  private static func data(
    of type: [UInt8], _ reader: inout FileReader, in bytes: [UInt8], _ expansion: inout Expansion,
    _ memory: inout Memory.Allowance
  ) throws(ContainerError) -> [UInt8] {
    let length = try reader.varint()
    guard length & 1 == 1 else {
      let range = try reader.skip(length / 2)
      try ContainerError.asking { () throws(OutOfMemory) in
        try memory.take(entrySize + range.count)
      }
      return Array(bytes[range])
    }
    let number = length / 2
    guard number < KnownChunks.all.count, KnownChunks.all[number].type == type else {
      throw .corrupt(
        reason: "known chunk \(number) of type \(String(decoding: type, as: UTF8.self))")
    }
    let known = KnownChunks.all[number].data
    guard expansion.admits(known.count) else {
      throw .metadataTooLarge(bytes: expansion.bytes + known.count, limit: expansion.limit)
    }
    try ContainerError.asking { () throws(OutOfMemory) in try memory.take(entrySize) }
    return known
  }

  private static func append(
    _ entry: Entry, to bytes: inout [UInt8], _ expansion: inout Expansion
  ) throws(ContainerError) {
    try check(type: entry.type)
    bytes += entry.type
    if let number = KnownChunks.all.firstIndex(of: entry), expansion.admits(entry.data.count) {
      bytes.append(varint: 2 * number + 1)
    } else {
      bytes.append(varint: 2 * entry.data.count)
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
      let data = try data(of: type, &reader, in: bytes, &expansion, &memory)
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
      let entry = Entry(type: type, data: data)
      if hasImage { metadata.behindImage.append(entry) } else { metadata.beforeImage.append(entry) }
    }
    guard hasImage else { throw .corrupt(reason: "the metadata has no IDAT entry") }
    return metadata
  }
}
