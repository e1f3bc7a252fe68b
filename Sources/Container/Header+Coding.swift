import Bytes

extension Header {
  /// Writes `magic` to `crc32`: the file up to its first section.
  ///
  /// - Returns: the bytes.
  /// - Throws: `ContainerError.corrupt` if a field has an illegal value.
  public func encoded() throws(ContainerError) -> [UInt8] {
    try validate()
    var fields: [UInt8] = [contentKind.rawValue]
    fields.append(varint: width)
    fields.append(varint: height)
    fields += [colourType, sampleDepth]
    fields += digest
    if let modelling {
      fields += modelling.modelIdentity
      fields.append(varint: modelling.tileWidth)
      fields.append(varint: modelling.tileHeight)
      fields.append(varint: modelling.tilesPerSection)
      fields += [modelling.mixingLevel, modelling.adaptation]
    }
    var bytes = Self.magic
    bytes.append(Self.version)
    bytes.append(littleEndian: UInt16(fields.count))  // at most 56
    bytes += fields
    bytes.append(littleEndian: crc32(bytes[...]))
    return bytes
  }

  /// Reads the header of a file: the checksum first, then the version, then the fields.
  ///
  /// - Parameter bytes: the file, or at least its start.
  /// - Returns: the header and where the first section starts.
  /// - Throws: any `ContainerError` but `damagedSection`.
  public static func decode(
    _ bytes: [UInt8]
  ) throws(ContainerError) -> (header: Header, end: Int) {
    guard !bytes.isEmpty, bytes.prefix(magic.count) == magic.prefix(bytes.count) else {
      throw .notAPRNFile
    }
    var framing = FileReader(bytes, bytes.indices)
    _ = try framing.skip(magic.count)
    let version = try framing.u8()
    let length = try framing.u16()
    let range = try framing.skip(length)
    let stored = try framing.u32()
    let computed = crc32(bytes[..<range.upperBound])
    guard stored == computed else { throw .damagedHeader(stored: stored, computed: computed) }
    guard version <= Self.version else { throw .newerVersion(Int(version)) }
    guard version == Self.version else { throw .draftVersion(Int(version)) }
    var fields = FileReader(bytes, range, field: "header")
    let header = try Header(reading: &fields)
    guard fields.remaining == 0 else {
      throw .corrupt(reason: "\(fields.remaining) bytes too many in the header")
    }
    return (header, framing.position)
  }

  private init(
    reading fields: inout FileReader
  ) throws(ContainerError) {
    let kind = try fields.u8()
    guard let contentKind = ContentKind(rawValue: kind) else {
      throw .corrupt(reason: "content kind \(kind)")
    }
    width = try fields.varint()
    height = try fields.varint()
    colourType = try fields.u8()
    sampleDepth = try fields.u8()
    digest = try fields.array(16)
    if contentKind == .modelled {
      modelling = Modelling(
        modelIdentity: try fields.array(16), tileWidth: try fields.varint(),
        tileHeight: try fields.varint(), tilesPerSection: try fields.varint(),
        mixingLevel: try fields.u8(), adaptation: try fields.u8())
    }
    try validate()
  }
}
