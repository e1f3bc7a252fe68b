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
    /// What its fdAT chunks have behind the sequence numbers: a zlib stream, as in IDAT chunks.
    public fileprivate(set) var data: [UInt8]
  }

  /// All chunks of the file but IHDR, IDAT and IEND, with the image's mark. Sequence numbers are 0,
  /// and an empty fdAT stands for each frame: all else is up to who writes the file.
  public let chunks: [PNGChunk]
  /// The frames, in their order; one or more.
  public let frames: [Frame]
  /// The first palette.
  private let palette: PNGChunk?

  /// Takes the chunks of a PNG file apart; nil where they are not those of an animation that
  /// follows the rules, or have no frame beside the image.
  ///
  /// Complexity: O(bytes of the chunks).
  public init?(_ information: PNGInformation) {
    let all = information.metadata
    let size = all.reduce(0) { $0 + (AnimationWalk.isNumbered($1) ? $1.data.count : 0) }
    guard size > 0, Memory.canAllocate(size) else { return nil }
    var walk = AnimationWalk()
    var number: UInt32 = 0
    var chunks: [PNGChunk] = []
    var wasData = false
    for chunk in all {
      let isData = chunk.type == AnimationWalk.frame
      guard isData || chunk.type == AnimationWalk.control else {
        walk.pass(chunk)
        chunks.append(chunk)
        wasData = false
        continue
      }
      guard chunk.data.count >= 4, chunk.data[..<4].bigEndian == number else { return nil }
      number += 1
      let rest = Array(chunk.data[4...])
      if isData, wasData {
        walk.frames[walk.frames.count - 1].data += rest
        continue
      }
      guard isData ? walk.add(rest) : walk.add(control: rest) else { return nil }
      chunks.append(PNGChunk(type: chunk.type, data: isData ? [] : [0, 0, 0, 0] + rest))
      wasData = isData
    }
    guard walk.isComplete else { return nil }
    (self.chunks, frames) = (chunks, walk.frames)
    palette = chunks.first { $0.type == AnimationWalk.palette }
  }

  /// The frames that chunks stand for: as `chunks` has them, but the data of fdAT is any.
  ///
  /// - Parameter chunks: any.
  /// - Returns: the frames in their order; nil where the chunks are not such ones.
  public static func frames(of chunks: [PNGChunk]) -> [Frame]? {
    var walk = AnimationWalk()
    for chunk in chunks {
      switch chunk.type {
      case AnimationWalk.frame: guard walk.add(chunk.data) else { return nil }
      case AnimationWalk.control:
        guard chunk.data.starts(with: [0, 0, 0, 0]), walk.add(control: Array(chunk.data[4...]))
        else { return nil }
      default: walk.pass(chunk)
      }
    }
    return walk.isComplete ? walk.frames : nil
  }

  /// The chunks with other data in each fdAT.
  ///
  /// - Parameters:
  ///   - chunks: as `chunks` has them.
  ///   - data: of the frames, in their order.
  /// - Returns: the chunks.
  public static func replacing(_ chunks: [PNGChunk], with data: [[UInt8]]) -> [PNGChunk] {
    var rest = data[...]
    return chunks.map { chunk in
      guard chunk.type == AnimationWalk.frame, let own = rest.popFirst() else { return chunk }
      return PNGChunk(type: chunk.type, data: own)
    }
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
    do {
      try Memory.check(frame.data.count + 1024)
    } catch {
      throw .outOfMemory(error)
    }
    let format = information.pixelFormat
    var header: [UInt8] = []
    header.append(bigEndian: frame.width)
    header.append(bigEndian: frame.height)
    header += [
      UInt8(format.depth), format.channels.pngColourType, 0, 0, information.isInterlaced ? 1 : 0,
    ]
    var file = ChunkWalker.signature
    file.reserveCapacity(frame.data.count + 1024)
    file.append(PNGChunk(type: Array("IHDR".utf8), data: header))
    if let palette { file.append(palette) }
    file.append(PNGChunk(type: PNGChunk.imageDataMark.type, data: frame.data))
    file.append(PNGChunk(type: Array("IEND".utf8), data: []))
    return try PNGFile.decode(file, limits: limits)
  }

  /// The chunks of an animation, to be written.
  ///
  /// - Parameters:
  ///   - chunks: as `chunks` has them.
  ///   - stream: gives the zlib stream of the frame of a number, from 0.
  /// - Returns: the chunks, with sequence numbers and a fdAT for each frame.
  /// - Throws: what `stream` throws.
  public static func encode<Failure: Error>(
    _ chunks: [PNGChunk], stream: (Int) throws(Failure) -> [UInt8]
  ) throws(Failure) -> [PNGChunk] {
    var number = 0
    var frame = 0
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
        data += try stream(frame)
        frame += 1
      } else {
        data += chunk.data.dropFirst(4)
      }
      all.append(PNGChunk(type: chunk.type, data: data))
    }
    return all
  }

  /// The zlib stream of a frame.
  ///
  /// Complexity: O(pixels).
  ///
  /// - Parameters:
  ///   - image: the frame.
  ///   - chunks: of the file, which have the palette.
  ///   - isInterlaced: whether the file is.
  ///   - level: zlib's, as of `PNGFile.encode`.
  /// - Returns: what fdAT chunks hold behind their sequence numbers.
  /// - Throws: as `PNGFile.encode`.
  public static func stream(
    of image: Image, _ chunks: [PNGChunk], isInterlaced: Bool, level: Int?
  ) throws(PNGError) -> [UInt8] {
    let palette = chunks.filter { $0.type == AnimationWalk.palette }.prefix(1)
    let file = ArraySource(
      try PNGFile.encode(
        image, metadata: palette + [.imageDataMark], isInterlaced: isInterlaced, level: level,
        filters: .tried))
    let walker = ChunkWalker(source: file, limits: PNGLimits())
    var stream: [UInt8] = []
    for range in try walker.imageData() { stream += try walker.bytes(range) }
    guard stream.count <= 0x7FFF_FFF0 else {
      throw .illegalMetadata("a frame of \(stream.count) bytes")
    }
    return stream
  }
}

/// Walks the chunks of an animation, whose sequence numbers are known to be right.
private struct AnimationWalk {
  static let control = Array("fcTL".utf8)
  static let frame = Array("fdAT".utf8)
  static let palette = Array("PLTE".utf8)
  /// Bytes of fcTL behind the sequence number.
  private static let controlSize = 22

  var frames: [Animation.Frame] = []
  /// The size of the frame whose data is to come.
  private var next: (width: Int, height: Int)?
  private var sawImage = false
  private var sawControl = false

  /// Whether a chunk has a sequence number.
  static func isNumbered(_ chunk: PNGChunk) -> Bool {
    chunk.type == control || chunk.type == frame
  }

  /// Whether there are frames, and each has its data.
  var isComplete: Bool { !frames.isEmpty && next == nil }

  /// Takes a chunk that has no sequence number.
  mutating func pass(_ chunk: PNGChunk) { sawImage = sawImage || chunk == .imageDataMark }

  /// Takes a fcTL, without its sequence number; false where it breaks a rule.
  mutating func add(control: [UInt8]) -> Bool {
    guard control.count == Self.controlSize, next == nil, sawImage || !sawControl else {
      return false
    }
    sawControl = true
    let width = Int(control[0..<4].bigEndian), height = Int(control[4..<8].bigEndian)
    let sides = 1..<1 << 31
    guard sides.contains(width), sides.contains(height) else { return false }
    // What stands before the image is about the image.
    if sawImage { next = (width, height) }
    return true
  }

  /// Takes the data of a frame; false where it breaks a rule.
  mutating func add(_ data: [UInt8]) -> Bool {
    guard let size = next else { return false }
    frames.append(Animation.Frame(width: size.width, height: size.height, data: data))
    next = nil
    return true
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
