import Bytes

/// What stands around the PNG file of a stored image that is not held.
///
///     var framing = try StoredFraming(header, storedPNG: size)
///     // write framing.start; of the PNG file, framing.add each piece and write it
///     // write framing.end
public struct StoredFraming: Sendable {
  /// What comes before the PNG file.
  public let start: [UInt8]
  private var checksum: UInt32

  /// - Parameters:
  ///   - header: of a stored image.
  ///   - count: bytes of the PNG file.
  /// - Throws: `ContainerError.corrupt` if the header has an illegal value.
  public init(_ header: Header, storedPNG count: Int) throws(ContainerError) {
    var section = [SectionKind.storedPNG.rawValue]
    section.append(varint: count)
    start = try header.encoded() + section
    checksum = crc32(section[...])
  }

  /// Takes note of the next bytes of the PNG file.
  public mutating func add(_ bytes: UnsafeRawBufferPointer) {
    checksum = crc32(bytes, after: checksum)
  }

  /// What comes behind the PNG file, once all of it has been added.
  public var end: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: checksum)
    return bytes
  }
}
