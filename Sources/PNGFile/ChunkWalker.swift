import Bytes
import ImagePlanes

/// Walks the chunks of a PNG file (ISO/IEC 15948, section 5), stricter than libpng: every CRC
/// counts.
struct ChunkWalker {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  private static let longestChunk = 0x7FFF_FFFF
  /// Bytes of memory that a chunk takes besides its data: two arrays, and a place in one that
  /// grows.
  private static let chunkSize = 160

  let bytes: [UInt8]
  let limits: PNGLimits

  private func number(_ offset: Int) -> Int {
    (0..<4).reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
  }

  /// Checks the structure and gives the header and the metadata. O(bytes).
  func information() throws(PNGError) -> PNGInformation {
    guard bytes.starts(with: ChunkWalker.signature) else { throw .notAPNG }
    var offset = 8
    var header: [UInt8] = []
    var metadata: [PNGChunk] = []
    var sawImageData = false
    var imageDataSize = 0
    var inImageData = false
    var animated = false
    var memory = Memory.Allowance()
    var metadataSize = 0
    /// For what is kept besides the image data.
    func takeMemory(_ size: Int) throws(PNGError) {
      metadataSize += size
      try limits.check(bytes: metadataSize)
      do {
        try memory.take(size)
      } catch {
        throw .outOfMemory(error)
      }
    }
    while true {
      guard bytes.count - offset >= 12 else { throw .truncated(offset: offset) }
      let length = number(offset)
      guard length <= ChunkWalker.longestChunk, length <= bytes.count - offset - 12 else {
        throw .truncated(offset: offset)
      }
      let type = Array(bytes[offset + 4..<offset + 8])
      guard type.allSatisfy({ (0x41...0x5A).contains($0 & 0xDF) }) else {
        throw .illegalChunkType(offset: offset)
      }
      let name = String(decoding: type, as: UTF8.self)
      let data = bytes[offset + 8..<offset + 8 + length]
      let computed = crc32(bytes[offset + 4..<offset + 8 + length])
      guard Int(computed) == number(offset + 8 + length) else {
        throw .damagedChunk(type: name, offset: offset)
      }
      guard header.isEmpty == (name == "IHDR") else {
        throw .structure(header.isEmpty ? "it does not begin with IHDR" : "it has two IHDR")
      }
      offset += 12 + length
      switch name {
      case "IHDR":
        guard length == 13 else { throw .structure("IHDR has \(length) bytes") }
        header = Array(data)
      case "IDAT":
        guard inImageData || !sawImageData else { throw .structure("IDAT chunks are apart") }
        if !sawImageData { metadata.append(.imageDataMark) }
        sawImageData = true
        inImageData = true
        imageDataSize += length
        continue
      case "IEND":
        guard sawImageData else { throw .structure("it has no IDAT") }
        guard length == 0 else { throw .structure("IEND has \(length) bytes") }
        try takeMemory(bytes.count - offset)
        let information = try information(
          header: header, metadata: metadata, animated: animated, end: offset)
        guard information.canBeHeld(byImageData: imageDataSize) else {
          throw .structure("its image data is too short for its size")
        }
        return information
      default:
        animated = animated || name == "acTL"
        try takeMemory(ChunkWalker.chunkSize + length)
        metadata.append(PNGChunk(type: type, data: Array(data)))
      }
      inImageData = false
    }
  }

  /// Where the data of the IDAT chunks is, in a file whose structure has been checked. O(chunks).
  ///
  /// - Throws: `PNGError.outOfMemory`.
  func imageData() throws(PNGError) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var memory = Memory.Allowance()
    var offset = 8
    while bytes.count - offset >= 12 {
      let start = offset + 8
      let end = start + number(offset)
      guard end <= bytes.count - 4 else { break }
      if bytes[offset + 4..<start].elementsEqual("IDAT".utf8) {
        do {
          try memory.take(2 * MemoryLayout<Range<Int>>.stride)
        } catch {
          throw .outOfMemory(error)
        }
        ranges.append(start..<end)
      } else if !ranges.isEmpty {
        break
      }
      offset = end + 4
    }
    return ranges
  }

  private func information(
    header: [UInt8], metadata: [PNGChunk], animated: Bool, end: Int
  ) throws(PNGError) -> PNGInformation {
    func number(_ offset: Int) -> Int { (0..<4).reduce(0) { $0 << 8 | Int(header[offset + $1]) } }
    let width = number(0)
    let height = number(4)
    guard width > 0, height > 0, width < 1 << 31, height < 1 << 31 else {
      throw .structure("illegal size \(width) x \(height)")
    }
    let depth = Int(header[8])
    guard let format = PixelFormat(pngColourType: header[9], depth: depth) else {
      throw .structure("illegal colour type \(header[9]) with \(depth) bits")
    }
    guard header[10] == 0, header[11] == 0, header[12] <= 1 else {
      throw .structure("unknown compression, filter or interlace method")
    }
    return PNGInformation(
      width: width, height: height, pixelFormat: format, isInterlaced: header[12] == 1,
      isAnimated: animated, metadata: metadata, trailing: Array(bytes[end...]))
  }
}

extension PNGInformation {
  /// Whether `size` bytes of deflate can hold as much as the samples: no more than 1032 bytes for
  /// each, a match of 258 bytes in two bits. So a small file cannot make its reader allocate much.
  fileprivate func canBeHeld(byImageData size: Int) -> Bool {
    width * height <= 8 * 1032 * size / (pixelFormat.channels.count * pixelFormat.depth)
  }
}
