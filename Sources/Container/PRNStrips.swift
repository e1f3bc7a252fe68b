import Bytes

/// A prn file whose image is in strips (FORMAT.md, section 1.11), read from its start to its end, a
/// strip at a time.
///
///     var file = try PRNStrips(source)
///     while let strip = try file.next() { ... }
public struct PRNStrips {
  /// A strip: a modelled image of its own, without the framing of a file.
  public struct Strip: Sendable {
    /// Its header, and where its sections lie in `bytes`.
    public let file: PRNFile
    /// Its sections.
    public let bytes: [UInt8]
    /// The number of its first row in the image.
    public let row: Int
    /// The section with its header.
    public let headerSection: Section
  }

  /// The header of the file.
  public let header: Header
  /// What comes before the first section, in bytes.
  public let headerSize: Int
  /// The ancillary chunks, if there are any.
  public private(set) var metadata: Section?
  /// The bytes that `metadata` lies in.
  public private(set) var metadataBytes: [UInt8] = []
  private let source: any ByteSource
  private var position: Int
  /// Of strips and sections so far.
  private var stripIndex = 0, sectionIndex = 0

  /// Bytes that hold the header of any file in strips.
  private static let startSize = 64

  /// Whether a file is one in strips, as far as its first bytes say. What is no prn file is refused
  /// here, before anybody reads all of it.
  ///
  /// - Throws: `ContainerError.notAPRNFile`, `anotherFormat`, `reading`, `outOfMemory`.
  public static func isOne(_ source: any ByteSource) throws(ContainerError) -> Bool {
    let start = try bytes(0..<min(startSize, source.count), of: source)
    guard start.starts(with: Header.magic) || start.count < Header.magic.count else {
      _ = try Header.decode(start)
      return false
    }
    let kind = Header.magic.count + 2
    return start.count > kind && start.starts(with: Header.magic + [Header.version])
      && start[kind - 1] < 0x80
      && start[kind] & ~Header.pnmBit == Header.ContentKind.strips.rawValue
  }

  /// Reads what comes before the strips.
  ///
  /// - Parameter source: a file of which `isOne` is true.
  /// - Throws: any `ContainerError`.
  public init(_ source: any ByteSource) throws(ContainerError) {
    self.source = source
    let start = try Self.bytes(0..<min(Self.startSize, source.count), of: source)
    (header, headerSize) = try Header.decode(start)
    guard header.contentKind == .strips else { throw .corrupt(reason: "an image in one piece") }
    position = headerSize
    let kind = position < source.count ? try Self.bytes(position..<position + 1, of: source) : []
    guard let kind = kind.first.flatMap(SectionKind.init), kind.isMetadata else { return }
    (metadata, metadataBytes) = try section(kind)
  }

  /// The next strip; nil behind the last one, where the file ends.
  ///
  /// Complexity: O(bytes of the strip).
  ///
  /// - Throws: any `ContainerError`.
  public mutating func next() throws(ContainerError) -> Strip? {
    guard stripIndex < header.stripCount else {
      guard position == source.count else {
        let count = source.count - position
        let start = try Self.bytes(position..<position + min(count, 1 << 12), of: source)
        throw .trailing(offset: position, count: count, .init(start[...]))
      }
      return nil
    }
    let (section, payload) = try section(.strip)
    var fields = FileReader(payload, section.payload, field: "header of a strip")
    let row = try fields.varint()
    guard row == stripIndex * header.stripHeight else {
      throw .corrupt(reason: "strip \(stripIndex) from row \(row) on")
    }
    let length = try fields.varint()
    let strip = try Header(reading: &fields)
    try header.check(strip, index: stripIndex)
    let bytes = try take(length)
    let file = try PRNFile(strip: strip, bytes, index: sectionIndex)
    defer {
      sectionIndex += file.sections.count
      stripIndex += 1
    }
    return Strip(file: file, bytes: bytes, row: row, headerSection: section)
  }

  // MARK: - Writing

  /// What comes before the strips.
  ///
  /// - Parameters:
  ///   - header: of an image in strips.
  ///   - metadata: the payload of that section; if it is empty, no section is written.
  ///   - metadataKind: of the section.
  /// - Returns: the start of the file.
  /// - Throws: `ContainerError.corrupt` if the header has an illegal value.
  public static func start(
    _ header: Header, metadata: [UInt8], metadataKind: SectionKind = .metadata
  ) throws(ContainerError) -> [UInt8] {
    var bytes = try header.encoded()
    if !metadata.isEmpty {
      Section.append(metadataKind, metadata, to: &bytes)
    }
    return bytes
  }

  /// A strip: its header and its sections.
  ///
  /// - Parameters:
  ///   - header: of the strip.
  ///   - row: the number of its first row in the image.
  ///   - groups: the payloads of each of the header's groups.
  /// - Returns: its part of the file.
  /// - Throws: `ContainerError.corrupt` if the header has an illegal value or the number of
  ///   sections is not the header's; `outOfMemory`.
  public static func strip(
    _ header: Header, row: Int, groups: [PRNFile.GroupPayloads]
  ) throws(ContainerError) -> [UInt8] {
    try PRNFile.check(groups, of: header)
    let length = groups.reduce(0) { $0 + $1.size }
    var fields: [UInt8] = []
    fields.append(varint: row)
    fields.append(varint: length)
    fields += try header.fields()
    let size = Section.size(payload: fields.count) + length
    try ContainerError.asking { () throws(OutOfMemory) in try Memory.check(size) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    Section.append(.strip, fields, to: &bytes)
    for group in groups { group.append(to: &bytes) }
    return bytes
  }

  // MARK: - Reading

  private static func bytes(
    _ range: Range<Int>, of source: any ByteSource
  ) throws(ContainerError) -> [UInt8] {
    try ContainerError.reading { () throws(TransferError) in try source.bytes(range) }
  }

  /// The next bytes of the file.
  private mutating func take(_ count: Int) throws(ContainerError) -> [UInt8] {
    let (end, overflow) = position.addingReportingOverflow(count)
    guard !overflow, end <= source.count else {
      throw .truncated(expected: overflow ? .max : end, available: source.count)
    }
    let bytes = try Self.bytes(position..<end, of: source)
    position = end
    return bytes
  }

  /// The next section, which has to be of this kind, and the bytes that it lies in.
  private mutating func section(
    _ kind: SectionKind
  ) throws(ContainerError) -> (Section, [UInt8]) {
    // As many as kind and length take at most, if there are as many.
    let start = try Self.bytes(position..<min(position + 10, source.count), of: source)
    var reader = FileReader(start, start.indices)
    let length: Int
    do throws(ContainerError) {
      _ = try reader.u8()
      length = try reader.varint()
    } catch .truncated(let expected, _) {
      throw .truncated(expected: position + expected, available: source.count)
    }
    let (size, overflow) = length.addingReportingOverflow(reader.position + 4)
    let bytes = try take(overflow ? .max : size)
    var whole = FileReader(bytes, bytes.indices)
    let section = try Section.read(&whole, of: bytes, index: sectionIndex)
    guard section.kind == kind else {
      throw .corrupt(reason: "section \(sectionIndex) must not be of kind \(section.kind)")
    }
    sectionIndex += 1
    return (section, bytes)
  }
}
