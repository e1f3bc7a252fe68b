import Bytes

/// PNG files of any kind, put together without libpng: the image data is not compressed.
struct PNGMaker {
  var width: Int
  var height: Int
  var colourType = 2
  var depth = 8
  var interlaced = false
  /// Chunks before and behind the image data.
  var before: [(type: String, data: [UInt8])] = []
  var behind: [(type: String, data: [UInt8])] = []
  var trailing: [UInt8] = []

  private var channels: Int { [2: 3, 4: 2, 6: 4][colourType] ?? 1 }

  /// - Parameter samples: the bytes of all rows, without filter bytes; repeated as often as needed.
  ///   Interlaced images must be of 1 x 1 pixel: one pass then.
  /// - Returns: the file.
  func file(_ samples: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    append(
      "IHDR",
      big(width) + big(height) + [UInt8(depth), UInt8(colourType), 0, 0, interlaced ? 1 : 0],
      to: &bytes)
    for chunk in before { append(chunk.type, chunk.data, to: &bytes) }
    if colourType == 3 { append("PLTE", [UInt8](repeating: 9, count: 3 << depth), to: &bytes) }
    append("IDAT", zlib(rows(samples)), to: &bytes)
    for chunk in behind { append(chunk.type, chunk.data, to: &bytes) }
    append("IEND", [], to: &bytes)
    return bytes + trailing
  }

  private func rows(_ samples: [UInt8]) -> [UInt8] {
    let size = (width * channels * depth + 7) / 8
    var rows: [UInt8] = []
    for row in 0..<height {
      rows.append(0)
      for i in 0..<size { rows.append(samples[(row * size + i) % samples.count]) }
    }
    return rows
  }

  private func append(_ type: String, _ data: [UInt8], to bytes: inout [UInt8]) {
    bytes += big(data.count)
    let start = bytes.count
    bytes += Array(type.utf8) + data
    bytes += big(Int(crc32(bytes[start...])))
  }

  private func big(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(value >> (24 - 8 * $0) & 0xFF) }
  }

  /// RFC 1950 with RFC 1951's stored blocks.
  private func zlib(_ data: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0x78, 0x01]
    var rest = data[...]
    repeat {
      let block = rest.prefix(65535)
      rest = rest.dropFirst(block.count)
      let (low, high) = (UInt8(block.count & 0xFF), UInt8(block.count >> 8))
      bytes += [rest.isEmpty ? 1 : 0, low, high, ~low, ~high] + block
    } while !rest.isEmpty
    var (a, b) = (1, 0)
    for byte in data {
      a = (a + Int(byte)) % 65521
      b = (b + a) % 65521
    }
    return bytes + big(b << 16 | a)
  }
}
