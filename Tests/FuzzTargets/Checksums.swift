import Bytes
import Container

/// Files with their checksums made good, as far as their lengths lead: so that what is damaged gets
/// beyond them.
enum Checksums {
  /// A PNG file with the right CRC of each chunk.
  static func seal(png bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    guard FileFormat(start: bytes) == .png else { return bytes }
    var offset = 8
    while offset + 12 <= bytes.count {
      let length = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - offset - 12 else { break }
      let end = offset + 8 + length
      let crc = crc32(bytes[offset + 4..<end])
      for i in 0..<4 { bytes[end + i] = UInt8(truncatingIfNeeded: crc >> UInt32(24 - 8 * i)) }
      offset = end + 4
    }
    return bytes
  }

  /// A prn file with the right checksums of its header and sections, those within films too, which
  /// have a depth of 1.
  static func seal(prn bytes: [UInt8], depth: Int = 0) -> [UInt8] {
    var bytes = bytes
    var offset = 5
    guard let length = varint(bytes, &offset), seal(&bytes, 0, offset + length) else {
      return bytes
    }
    offset += length + 4
    while offset < bytes.count {
      let start = offset
      let isFilm = bytes[start] == SectionKind.film.rawValue
      offset += 1
      guard let length = varint(bytes, &offset), length <= bytes.count - offset else { break }
      // A prn file of its own.
      let payload = offset..<offset + length
      if isFilm, depth < 2 {
        bytes.replaceSubrange(payload, with: seal(prn: Array(bytes[payload]), depth: depth + 1))
      }
      guard seal(&bytes, start, payload.upperBound) else { break }
      offset = payload.upperBound + 4
    }
    return bytes
  }

  /// A weight file with the right checksum at its end.
  static func seal(weights bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    _ = seal(&bytes, 0, bytes.count - 4)
    return bytes
  }

  /// Up to five bytes of seven bits, the lowest first.
  private static func varint(_ bytes: [UInt8], _ offset: inout Int) -> Int? {
    var value = 0
    for i in 0..<5 {
      guard offset < bytes.count else { return nil }
      let byte = bytes[offset]
      offset += 1
      value |= Int(byte & 0x7F) << (7 * i)
      if byte < 0x80 { return value }
    }
    return nil
  }

  /// The CRC of a range goes behind it, its lowest byte first; false where there is no room.
  private static func seal(_ bytes: inout [UInt8], _ start: Int, _ end: Int) -> Bool {
    guard start <= end, end + 4 <= bytes.count else { return false }
    let crc = crc32(bytes[start..<end])
    for i in 0..<4 { bytes[end + i] = UInt8(truncatingIfNeeded: crc >> UInt32(8 * i)) }
    return true
  }
}
