import Bytes
import ImagePlanes

/// The frames of an animated PNG file that its image data does not hold (PNG third edition, section
/// 11.3.4): those of its fdAT chunks.
///
/// Every animation that follows the rules has one: each fcTL chunk but that of the image has fdAT
/// chunks of its own behind it, side by side, and sequence numbers count up from 0.
public struct Animation: Equatable, Sendable {
  /// A frame.
  public struct Frame: Equatable, Sendable {
    /// Columns, 1 to 2^31 - 1.
    public let width: Int
    /// Rows, 1 to 2^31 - 1.
    public let height: Int
    /// Its zlib stream, as in IDAT chunks.
    fileprivate var data: [UInt8]

    /// The bytes of its zlib stream.
    public var dataSize: Int { data.count }
  }

  /// All chunks of the file but IHDR, IDAT and IEND, with the image's mark. Sequence numbers are 0,
  /// and an empty fdAT stands for each frame: all else is up to who writes the file.
  public let chunks: [PNGChunk]
  /// The frames, in their order; one or more.
  public let frames: [Frame]

  /// Takes the chunks of a PNG file apart; nil where they are not those of an animation that
  /// follows the rules, or have no frame beside the image.
  ///
  /// Complexity: O(bytes of the chunks).
  public init?(_ information: PNGInformation) {
    let size = information.metadata.reduce(0) {
      $0 + (AnimationWalk.isNumbered($1) ? $1.data.count : 0)
    }
    guard size > 0, Memory.canAllocate(size) else { return nil }
    var walk = AnimationWalk()
    var number: UInt32 = 0
    var chunks: [PNGChunk] = []
    for chunk in information.metadata {
      guard AnimationWalk.isNumbered(chunk) else {
        guard walk.take(chunk) else { return nil }
        chunks.append(chunk)
        continue
      }
      guard chunk.data.count >= 4, chunk.data[..<4].bigEndian == number else { return nil }
      number += 1
      let isFrame = chunk.type == AnimationWalk.frame
      let rest = Array(chunk.data.dropFirst(4))
      let plain = PNGChunk(type: chunk.type, data: isFrame ? [] : [0, 0, 0, 0] + rest)
      if isFrame, walk.goesOn(rest) { continue }
      guard walk.take(plain, data: rest) else { return nil }
      chunks.append(plain)
    }
    guard let frames = walk.finish() else { return nil }
    (self.chunks, self.frames) = (chunks, frames)
  }

  /// The sizes of the frames that chunks stand for, as `chunks` has them.
  ///
  /// - Parameter chunks: any.
  /// - Returns: the sizes in the order of the frames; nil where the chunks are not such ones.
  public static func sizes(of chunks: [PNGChunk]) -> [(width: Int, height: Int)]? {
    var walk = AnimationWalk()
    for chunk in chunks {
      let expected = chunk.type == AnimationWalk.frame ? 0 : 4
      if AnimationWalk.isNumbered(chunk) {
        guard chunk.data.prefix(4).count == expected, chunk.data.prefix(4).allSatisfy({ $0 == 0 })
        else { return nil }
      }
      guard walk.take(chunk) else { return nil }
    }
    return walk.finish()?.map { ($0.width, $0.height) }
  }

  /// The chunks without those of an animation.
  public static func still(_ chunks: [PNGChunk]) -> [PNGChunk] {
    chunks.filter { $0.name != "acTL" && !AnimationWalk.isNumbered($0) }
  }

  /// The image of a frame.
  ///
  /// Complexity: O(pixels).
  ///
  /// - Parameters:
  ///   - frame: one of `frames`.
  ///   - information: of the file.
  ///   - limits: of the frame.
  /// - Returns: an image of the file's format.
  /// - Throws: any `PNGError` but `reading`.
  public func image(
    of frame: Frame, _ information: PNGInformation, limits: PNGLimits = PNGLimits()
  ) throws(PNGError) -> Image {
    var size: [UInt8] = []
    size.append(bigEndian: frame.width)
    size.append(bigEndian: frame.height)
    let format = information.pixelFormat
    let kind: [UInt8] = [
      UInt8(format.depth), format.channels.pngColourType, 0, 0, information.isInterlaced ? 1 : 0,
    ]
    do {
      try Memory.check(frame.data.count + 1024)
    } catch {
      throw .outOfMemory(error)
    }
    var file = ChunkWalker.signature
    file.reserveCapacity(frame.data.count + 1024)
    file.append(PNGChunk(type: Array("IHDR".utf8), data: size + kind))
    for chunk in chunks where chunk.name == "PLTE" { file.append(chunk) }
    file.append(PNGChunk(type: PNGChunk.imageDataMark.type, data: frame.data))
    file.append(PNGChunk(type: Array("IEND".utf8), data: []))
    return try PNGFile.decode(file, limits: limits)
  }

  /// The chunks of an animation, to be written.
  ///
  /// Complexity: O(pixels of the frames).
  ///
  /// - Parameters:
  ///   - chunks: those of `chunks`.
  ///   - isInterlaced: whether the file is.
  ///   - level: zlib's, as of `PNGFile.encode`.
  ///   - next: the image of the next frame.
  /// - Returns: the chunks, with sequence numbers and a fdAT for each frame.
  /// - Throws: as `PNGFile.encode`; and what `next` throws.
  public static func encode(
    _ chunks: [PNGChunk], isInterlaced: Bool, level: Int?, next: () throws(PNGError) -> Image
  ) throws(PNGError) -> [PNGChunk] {
    let palette = chunks.filter { $0.name == "PLTE" }
    var number = 0
    var all: [PNGChunk] = []
    for chunk in chunks {
      guard AnimationWalk.isNumbered(chunk) else {
        all.append(chunk)
        continue
      }
      var data: [UInt8] = []
      data.append(bigEndian: number)
      number += 1
      if chunk.type == AnimationWalk.frame {
        let file = ArraySource(
          try PNGFile.encode(
            next(), metadata: palette.prefix(1) + [.imageDataMark], isInterlaced: isInterlaced,
            level: level, filters: .tried))
        let walker = ChunkWalker(source: file, limits: PNGLimits())
        for range in try walker.imageData() { data += try walker.bytes(range) }
        guard data.count <= 0x7FFF_FFFF else {
          throw .illegalMetadata("a frame of \(data.count) bytes")
        }
      } else {
        data += chunk.data.dropFirst(4)
      }
      all.append(PNGChunk(type: chunk.type, data: data))
    }
    return all
  }
}

/// Walks the chunks of an animation, whose sequence numbers are known to be right.
private struct AnimationWalk {
  static let control = Array("fcTL".utf8)
  static let frame = Array("fdAT".utf8)
  private static let controlSize = 26

  private var frames: [Animation.Frame] = []
  /// The size of the frame whose data is to come.
  private var next: (width: Int, height: Int)?
  private var sawImage = false
  private var sawControl = false
  /// Whether the last chunk was a frame's data.
  private var isInFrame = false

  /// Whether a chunk has a sequence number.
  static func isNumbered(_ chunk: PNGChunk) -> Bool {
    chunk.type == control || chunk.type == frame
  }

  /// Whether data belongs to the frame of the chunk before, to which it is added.
  mutating func goesOn(_ data: [UInt8]) -> Bool {
    guard isInFrame, let last = frames.indices.last else { return false }
    frames[last].data += data
    return true
  }

  /// Takes the next chunk, of a frame with its data; false where it breaks a rule.
  mutating func take(_ chunk: PNGChunk, data: [UInt8] = []) -> Bool {
    isInFrame = false
    if chunk == .imageDataMark { sawImage = true }
    if chunk.type == Self.control {
      guard chunk.data.count == Self.controlSize, next == nil, sawImage || !sawControl else {
        return false
      }
      sawControl = true
      let width = Int(chunk.data[4..<8].bigEndian), height = Int(chunk.data[8..<12].bigEndian)
      let sides = 1..<1 << 31
      guard sides.contains(width), sides.contains(height) else { return false }
      // What stands before the image is about the image.
      if sawImage { next = (width, height) }
    } else if chunk.type == Self.frame {
      guard sawImage, let size = next else { return false }
      frames.append(Animation.Frame(width: size.width, height: size.height, data: data))
      next = nil
      isInFrame = true
    }
    return true
  }

  /// The frames; nil if there are none, or the data of the last one is missing.
  func finish() -> [Animation.Frame]? {
    frames.isEmpty || next != nil ? nil : frames
  }
}

extension [UInt8] {
  fileprivate mutating func append(bigEndian value: Int) {
    for shift in [24, 16, 8, 0] { append(UInt8(truncatingIfNeeded: value >> shift)) }
  }

  fileprivate mutating func append(_ chunk: PNGChunk) {
    append(bigEndian: chunk.data.count)
    let start = count
    self += chunk.type + chunk.data
    append(bigEndian: Int(crc32(self[start...])))
  }
}
