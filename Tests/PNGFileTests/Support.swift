import Bytes
import Foundation
import ImagePlanes
import PNGFile
import TestSupport

/// A PNG file in pieces, so that a test can change one of them. Nothing here goes through libpng.
struct RawPNG {
  struct Chunk {
    var type: [UInt8]
    var data: [UInt8]

    init(_ type: String, _ data: [UInt8] = []) {
      self.type = Array(type.utf8)
      self.data = data
    }
  }

  var chunks: [Chunk]

  /// IHDR, one IDAT of stored blocks and IEND. `samples` are the bytes of all rows without filter
  /// bytes, repeated as often as needed.
  init(width: Int, height: Int, colourType: UInt8 = 2, depth: UInt8 = 8, samples: [UInt8]) {
    let channels = [2: 3, 4: 2, 6: 4][colourType] ?? 1
    let rowBytes = (width * channels * Int(depth) + 7) / 8
    var rows: [UInt8] = []
    for row in 0..<height {
      rows.append(0)
      for i in 0..<rowBytes { rows.append(samples[(row * rowBytes + i) % samples.count]) }
    }
    chunks = [
      Chunk("IHDR", bigEndian(width) + bigEndian(height) + [depth, colourType, 0, 0, 0]),
      Chunk("IDAT", storedZlib(rows)), Chunk("IEND"),
    ]
  }

  /// The chunks of a file that is in order.
  init(_ bytes: [UInt8]) {
    chunks = []
    var offset = 8
    while offset + 12 <= bytes.count {
      let length = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      var chunk = Chunk("")
      chunk.type = Array(bytes[offset + 4..<offset + 8])
      chunk.data = Array(bytes[offset + 8..<offset + 8 + length])
      chunks.append(chunk)
      offset += 12 + length
    }
  }

  /// The file, every CRC right.
  var bytes: [UInt8] {
    chunks.reduce(into: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { file, chunk in
      let body = chunk.type + chunk.data
      file += bigEndian(chunk.data.count) + body + bigEndian(Int(crc32(body)))
    }
  }

  /// The same with chunks put in before number `index`.
  func inserting(_ new: Chunk..., at index: Int) -> RawPNG {
    var result = self
    result.chunks.insert(contentsOf: new, at: index)
    return result
  }
}

/// CRC-32 (ISO/IEC 15948, annex D).
func crc32(_ bytes: [UInt8]) -> UInt32 {
  var crc: UInt32 = ~0
  for byte in bytes { crc = crc >> 8 ^ crcTable[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
  return ~crc
}

private let crcTable: [UInt32] = (0..<256).map { byte in
  (0..<8).reduce(UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
}

/// The four bytes of a number, most significant first.
func bigEndian(_ value: Int) -> [UInt8] {
  (0..<4).map { UInt8(value >> (24 - 8 * $0) & 0xFF) }
}

/// RFC 1950 with the stored blocks of RFC 1951.
func storedZlib(_ data: [UInt8]) -> [UInt8] {
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
  return bytes + bigEndian(b << 16 | a)
}

/// An image of slopes.
func slopes(width: Int, height: Int, colours: Int = 3) -> Image {
  Image(
    width: width, height: height,
    interleaved: (0..<colours * width * height).map { UInt8(truncatingIfNeeded: $0 * 5) },
    colours: colours)
}

/// An image of noise, of as many bits as the format has.
func noise(
  _ format: PixelFormat, width: Int, height: Int, _ generator: inout SplitMix64
) -> Image {
  let mask = UInt8(1 << min(format.depth, 8) - 1)
  return Image(
    format,
    planes: (0..<format.planeCount).map { _ in
      var plane = Plane(width: width, height: height)
      for i in plane.samples.indices { plane.samples[i] = UInt8(generator.next() >> 56) & mask }
      return plane
    })
}

/// What a call throws, nil if nothing.
func pngError<Result>(_ body: () throws(PNGError) -> Result) -> PNGError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error
  }
}

/// The names of the PNG files of PngSuite, without extension, in order.
func pngSuiteNames() throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: pngSuite.path)
    .filter { $0.hasSuffix(".png") }.map { String($0.dropLast(4)) }.sorted()
}

/// A file of PngSuite.
func pngSuiteFile(_ name: String) throws -> [UInt8] {
  Array(try Data(contentsOf: pngSuite.appendingPathComponent(name + ".png")))
}

private let pngSuite = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appendingPathComponent("PngSuite")
