import Bytes
import ImagePlanes
import TestSupport
import Testing

@testable import PNGFile

@Suite struct AnimationTests {
  private static let palette = [UInt8](repeating: 7, count: 48)

  private static func images(_ format: PixelFormat) -> [Image] {
    [(9, 7), (9, 7), (4, 5), (1, 1)].map {
      formatImage(format, .gradient, width: $0, height: $1)
    }
  }

  private static func information(_ chunks: [PNGChunk]) throws -> PNGInformation {
    let image = Self.images(.rgb8)[0]
    return try PNGFile.inspect(PNGFile.encode(image, metadata: chunks))
  }

  private static func animation(_ chunks: [PNGChunk]) throws -> Animation? {
    Animation(try information(chunks))
  }

  /// Frames are what they were, and another file of them has the same ones.
  @Test(arguments: PixelFormat.ofPNG, [false, true])
  func framesComeBack(format: PixelFormat, isInterlaced: Bool) throws {
    let images = Self.images(format)
    let palette =
      format.channels == .palette ? [UInt8](Self.palette.prefix(3 << format.depth)) : []
    for pieces in [1, 3] {
      let file = try AnimatedPNG.file(
        images, palette: palette, isInterlaced: isInterlaced, pieces: pieces,
        startsWithImage: pieces == 1)
      let information = try PNGFile.inspect(file)
      let animation = try #require(Animation(information))
      #expect(animation.frames.map(\.width) == [9, 4, 1])
      #expect(animation.frames.map(\.height) == [7, 5, 1])
      for (frame, image) in zip(animation.frames, images.dropFirst()) {
        #expect(try animation.image(of: frame, information) == image)
      }
      let sizes = try #require(Animation.frames(of: animation.chunks))
      #expect(sizes.map(\.width) == [9, 4, 1] && sizes.map(\.height) == [7, 5, 1])
      #expect(sizes.allSatisfy { $0.data.isEmpty })
      let chunks = try Animation.encode(animation.chunks) { number throws(PNGError) in
        try Animation.stream(
          of: images[number + 1], animation.chunks, isInterlaced: isInterlaced, level: nil)
      }
      let again = try PNGFile.encode(images[0], metadata: chunks, isInterlaced: isInterlaced)
      let other = try PNGFile.inspect(again)
      let copy = try #require(Animation(other))
      #expect(copy.chunks == animation.chunks)
      for (frame, image) in zip(copy.frames, images.dropFirst()) {
        #expect(try copy.image(of: frame, other) == image)
      }
    }
  }

  /// What breaks a rule is kept as it is.
  @Test func rulesAreKept() throws {
    let good = try AnimatedPNG.chunks(Self.images(.rgb8))
    #expect(try Self.animation(good) != nil)
    var broken: [[PNGChunk]] = []
    for (index, chunk) in good.enumerated() where chunk.name == "fcTL" || chunk.name == "fdAT" {
      // Without it; twice; with another number; too short.
      var chunks = good
      chunks.remove(at: index)
      broken.append(chunks)
      chunks = good
      chunks.insert(chunk, at: index)
      broken.append(chunks)
      chunks = good
      chunks[index] = PNGChunk(type: chunk.type, data: [9] + chunk.data.dropFirst())
      broken.append(chunks)
      chunks[index] = PNGChunk(type: chunk.type, data: [0, 0, 0])
      broken.append(chunks)
      guard chunk.name == "fcTL" else { continue }
      chunks[index] = PNGChunk(type: chunk.type, data: chunk.data + [0])
      broken.append(chunks)
      guard index > 2 else { continue }
      // No columns.
      chunks[index] = PNGChunk(
        type: chunk.type, data: chunk.data[..<4] + [0, 0, 0, 0] + chunk.data[8...])
      broken.append(chunks)
    }
    // The frame's data before the image; apart.
    broken.append([good[0], AnimatedPNG.chunk("fdAT", [0, 0, 0, 0, 1]), .imageDataMark])
    let apart = try AnimatedPNG.chunks(Self.images(.rgb8), pieces: 2)
    let second = try #require(apart.lastIndex { $0.name == "fdAT" })
    broken.append(apart[..<second] + [AnimatedPNG.chunk("tEXt", [0x41, 0])] + apart[second...])
    // No frame beside the image.
    broken.append(Array(good.prefix(3)))
    for chunks in broken {
      #expect(try Self.animation(chunks) == nil, "\(chunks.map(\.name))")
    }
  }

  /// What stands for frames: sequence numbers are 0, and the data of fdAT is any.
  @Test func chunksStandForFrames() throws {
    let animation = try Self.animation(AnimatedPNG.chunks(Self.images(.rgb8)))
    let chunks = try #require(animation).chunks
    #expect(Animation.frames(of: chunks) != nil)
    for (index, chunk) in chunks.enumerated() where chunk.name == "fcTL" || chunk.name == "fdAT" {
      var other = chunks
      other[index] = PNGChunk(type: chunk.type, data: [1] + chunk.data.dropFirst())
      #expect((Animation.frames(of: other) == nil) == (chunk.name == "fcTL"))
      other.remove(at: index)
      // Without the image's own there is an animation all the same.
      #expect((Animation.frames(of: other) == nil) == (index != 1))
    }
    let replaced = Animation.replacing(chunks, with: [[1], [], [2, 3]])
    #expect(Animation.frames(of: replaced)?.map(\.data) == [[1], [], [2, 3]])
    #expect(Animation.still(chunks) == [.imageDataMark])
  }

  @Test func damagedFramesAreErrors() throws {
    var chunks = try AnimatedPNG.chunks(Self.images(.rgb8))
    let last = try #require(chunks.lastIndex { $0.name == "fdAT" })
    chunks[last] = PNGChunk(type: chunks[last].type, data: Array(chunks[last].data.dropLast(9)))
    let information = try Self.information(chunks)
    let animation = try #require(Animation(information))
    #expect(throws: PNGError.self) {
      try animation.image(of: animation.frames[2], information)
    }
    let limits = PNGLimits(maximumPixels: 19)
    #expect(throws: PNGError.tooLarge(width: 4, height: 5, maximumPixels: 19)) {
      try animation.image(of: animation.frames[1], information, limits: limits)
    }
  }
}
