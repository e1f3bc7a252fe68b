import Bytes
import ColourLattices

extension Header {
  /// The bit of the byte of `contentKind` that stands for `isPNM`.
  static let pnmBit: UInt8 = 1 << 4
  /// The bit of the same byte that tells whether there is `filmCount`.
  static let filmsBit: UInt8 = 1 << 5

  /// The byte of colour type, sample depth, interlacing, and whether there is a lattice.
  private var pixelKind: UInt8 {
    let depth = UInt8(truncatingIfNeeded: sampleDepth.trailingZeroBitCount)
    return colourType | depth << 3 | (isInterlaced ? 1 << 6 : 0) | (lattice == nil ? 0 : 1 << 7)
  }

  /// Writes `magic` to `crc32`: the file up to its first section.
  ///
  /// - Returns: the bytes.
  /// - Throws: `ContainerError.corrupt` if a field has an illegal value.
  public func encoded() throws(ContainerError) -> [UInt8] {
    let fields = try fields()
    var bytes = Self.magic
    bytes.append(Self.version)
    bytes.append(varint: fields.count)
    bytes += fields
    bytes.append(littleEndian: crc32(bytes[...]))
    return bytes
  }

  /// Writes the fields alone.
  ///
  /// - Returns: at most `mostBytes` bytes.
  /// - Throws: `ContainerError.corrupt` if a field has an illegal value.
  func fields() throws(ContainerError) -> [UInt8] {
    try validate()
    let bits = (isPNM ? Self.pnmBit : 0) | (filmCount == nil ? 0 : Self.filmsBit)
    var fields: [UInt8] = [contentKind.rawValue | bits]
    fields.append(varint: width)
    fields.append(varint: height)
    fields.append(pixelKind)
    if contentKind == .strips { fields.append(varint: stripHeight) }
    if let filmCount { fields.append(varint: filmCount) }
    if let lattice { fields.append(lattice.byte) }
    fields += digest
    fields += fileDigest
    for group in groups { group.append(to: &fields) }
    guard fields.count <= Self.mostBytes else {
      throw .corrupt(reason: "a header of \(fields.count) bytes")
    }
    return fields
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
      throw FileFormat(start: bytes).map { .anotherFormat($0) } ?? .notAPRNFile
    }
    var framing = FileReader(bytes, bytes.indices)
    _ = try framing.skip(magic.count)
    if bytes.dropFirst(magic.count).starts(with: draftMark) {
      _ = try framing.skip(draftMark.count)
      throw .draftVersion(Int(try framing.u8()))
    }
    let version = try framing.u8()
    let length = try framing.varint()
    let range = try framing.skip(length)
    let stored = try framing.u32()
    let computed = crc32(bytes[..<range.upperBound])
    guard stored == computed else { throw .damagedHeader(stored: stored, computed: computed) }
    guard version <= Self.version else { throw .newerVersion(Int(version)) }
    guard version == Self.version else { throw .draftVersion(Int(version)) }
    guard length <= mostBytes else { throw .corrupt(reason: "a header of \(length) bytes") }
    var fields = FileReader(bytes, range, field: "header")
    let header = try Header(reading: &fields)
    return (header, framing.position)
  }

  /// Reads the fields, up to the end of the reader.
  ///
  /// - Throws: `ContainerError.corrupt`.
  init(reading fields: inout FileReader) throws(ContainerError) {
    let kind = try fields.u8()
    guard let contentKind = ContentKind(rawValue: kind & ~(Self.pnmBit | Self.filmsBit)) else {
      throw .corrupt(reason: "content kind \(kind)")
    }
    let width = try fields.varint(), height = try fields.varint()
    let pixelKind = try fields.u8()
    let stripHeight = contentKind == .strips ? try fields.varint() : 0
    let filmCount = kind & Self.filmsBit == 0 ? nil : try fields.varint()
    var lattice: ColourLattice?
    if pixelKind >> 7 == 1 {
      let byte = try fields.u8()
      guard let found = ColourLattice(byte: byte) else { throw .corrupt(reason: "lattice \(byte)") }
      lattice = found
    }
    let digestSize = Self.digestSize(contentKind, width: width, height: height)
    self.init(
      contentKind, isPNM: kind & Self.pnmBit != 0, width: width, height: height,
      colourType: pixelKind & 7,
      sampleDepth: 1 << (pixelKind >> 3 & 7), isInterlaced: pixelKind >> 6 & 1 == 1,
      digest: try fields.array(digestSize),
      fileDigest: try fields.array(contentKind == .exact ? Self.fileDigestSize : 0),
      lattice: lattice, stripHeight: stripHeight, filmCount: filmCount)
    while fields.remaining > 0 { groups.append(try Group(reading: &fields)) }
    try validate()
  }
}

extension ColourLattice {
  /// Transform, sampling and phases in a byte.
  fileprivate var byte: UInt8 {
    transform.rawValue | sampling.rawValue << 3 | UInt8(truncatingIfNeeded: rowPhase & 1) << 6
      | UInt8(truncatingIfNeeded: columnPhase & 1) << 7
  }

  /// nil for what is no lattice.
  fileprivate init?(byte: UInt8) {
    guard let transform = ColourTransform(rawValue: byte & 7),
      let sampling = ChromaSampling(rawValue: byte >> 3 & 7)
    else { return nil }
    self.init(
      transform: transform, sampling: sampling, rowPhase: Int(byte >> 6 & 1),
      columnPhase: Int(byte >> 7))
    if !isValid { return nil }
  }
}
