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

  let source: any ByteSource
  let limits: PNGLimits

  /// The bytes of a range of the file.
  ///
  /// - Throws: `PNGError.reading`, `outOfMemory`.
  func bytes(_ range: Range<Int>) throws(PNGError) -> [UInt8] {
    try PNGError.reading { () throws(TransferError) in try source.bytes(range) }
  }

  /// The length and the type of the chunk at an offset, behind which there are four bytes more.
  private func start(_ offset: Int) throws(PNGError) -> (length: Int, type: [UInt8]) {
    let bytes = try bytes(offset..<offset + 8)
    return (Int(bytes[...].bigEndian), Array(bytes[4...]))
  }

  /// The CRC-32 of a range, and what the four bytes behind it say.
  private func checksums(
    of range: Range<Int>
  ) throws(PNGError) -> (computed: UInt32, stored: UInt32) {
    var computed: UInt32 = 0
    try PNGError.reading { () throws(TransferError) in
      try source.forEachPiece(of: range) { computed = crc32($0, after: computed) }
    }
    let stored = try bytes(range.upperBound..<range.upperBound + 4)
    return (computed, stored[...].bigEndian)
  }

  /// Checks the structure and gives the header and the metadata. O(bytes).
  func information() throws(PNGError) -> PNGInformation {
    let beginning = try bytes(0..<min(FileFormat.startSize, source.count))
    guard let format = FileFormat(start: beginning) else { throw .notAPNG }
    guard format == .png else { throw .anotherFormat(format) }
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
      guard source.count - offset >= 12 else { throw .truncated(offset: offset) }
      let (length, type) = try start(offset)
      guard length <= ChunkWalker.longestChunk, length <= source.count - offset - 12 else {
        throw .truncated(offset: offset)
      }
      guard type.allSatisfy({ (0x41...0x5A).contains($0 & 0xDF) }) else {
        throw .illegalChunkType(offset: offset)
      }
      let name = String(decoding: type, as: UTF8.self)
      let data = offset + 8..<offset + 8 + length
      let (computed, stored) = try checksums(of: offset + 4..<data.upperBound)
      guard computed == stored else { throw .damagedChunk(type: name, offset: offset) }
      guard header.isEmpty == (name == "IHDR") else {
        throw .structure(header.isEmpty ? "it does not begin with IHDR" : "it has two IHDR")
      }
      offset += 12 + length
      switch name {
      case "IHDR":
        guard length == 13 else { throw .structure("IHDR has \(length) bytes") }
        header = try bytes(data)
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
        try takeMemory(source.count - offset)
        let information = try information(
          header: header, metadata: metadata, animated: animated, end: offset)
        guard information.canBeHeld(byImageData: imageDataSize) else {
          throw .structure("its image data is too short for its size")
        }
        return information
      default:
        animated = animated || name == "acTL"
        try takeMemory(ChunkWalker.chunkSize + length)
        metadata.append(PNGChunk(type: type, data: try bytes(data)))
      }
      inImageData = false
    }
  }

  /// Where the data of the IDAT chunks is, in a file whose structure has been checked. O(chunks).
  ///
  /// - Throws: `PNGError.reading`, `outOfMemory`.
  func imageData() throws(PNGError) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var memory = Memory.Allowance()
    var offset = 8
    while source.count - offset >= 12 {
      let (length, type) = try start(offset)
      let start = offset + 8
      let end = start + length
      guard end <= source.count - 4 else { break }
      if type.elementsEqual("IDAT".utf8) {
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
    let width = Int(header[0..<4].bigEndian)
    let height = Int(header[4..<8].bigEndian)
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
      isAnimated: animated, metadata: metadata, trailing: try bytes(end..<source.count))
  }
}

extension PNGInformation {
  /// Whether `size` bytes of deflate can hold as much as the samples: no more than 1032 bytes for
  /// each, a match of 258 bytes in two bits. So a small file cannot make its reader allocate much.
  fileprivate func canBeHeld(byImageData size: Int) -> Bool {
    width * height <= 8 * 1032 * size / (pixelFormat.channels.count * pixelFormat.depth)
  }
}

extension ArraySlice<UInt8> {
  /// The number that the first four bytes are.
  var bigEndian: UInt32 { prefix(4).reduce(0) { $0 << 8 | UInt32($1) } }
}
