import ImagePlanes
import PNGFile

/// Animated PNG files.
package enum AnimatedPNG {
  /// A chunk.
  package static func chunk(_ type: String, _ data: [UInt8] = []) -> PNGChunk {
    PNGChunk(type: Array(type.utf8), data: data)
  }

  /// A number in four bytes, the high one first.
  package static func big(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// The data of fcTL.
  package static func control(_ number: Int, width: Int, height: Int) -> [UInt8] {
    big(number) + big(width) + big(height) + big(1) + big(2) + [0, 1, 0, 25, 1, 0]
  }

  /// The chunks of an animation: the first image is that of IDAT, all others are frames.
  ///
  /// - Parameters:
  ///   - images: of one format.
  ///   - palette: of that format.
  ///   - isInterlaced: whether they are.
  ///   - pieces: fdAT chunks of a frame.
  ///   - startsWithImage: whether the image belongs to the animation.
  /// - Returns: all chunks, with the mark of the image data.
  /// - Throws: `PNGError`.
  package static func chunks(
    _ images: [Image], palette: [UInt8] = [], isInterlaced: Bool = false, pieces: Int = 1,
    startsWithImage: Bool = true
  ) throws -> [PNGChunk] {
    var number = 0
    func next() -> Int {
      number += 1
      return number - 1
    }
    var all = [chunk("acTL", big(images.count) + big(0))]
    if !palette.isEmpty { all.append(chunk("PLTE", palette)) }
    for (index, image) in images.enumerated() {
      if index > 0 || startsWithImage {
        all.append(chunk("fcTL", control(next(), width: image.width, height: image.height)))
      }
      if index == 0 {
        all.append(.imageDataMark)
        continue
      }
      let data = try Animation.stream(
        of: image, all, isInterlaced: isInterlaced, level: nil)
      let size = (data.count + pieces - 1) / pieces
      for start in stride(from: 0, to: data.count, by: size) {
        all.append(
          chunk("fdAT", big(next()) + data[start..<min(start + size, data.count)]))
      }
    }
    return all
  }

  /// A file of such chunks.
  package static func file(
    _ images: [Image], palette: [UInt8] = [], isInterlaced: Bool = false, pieces: Int = 1,
    startsWithImage: Bool = true
  ) throws -> [UInt8] {
    let chunks = try chunks(
      images, palette: palette, isInterlaced: isInterlaced, pieces: pieces,
      startsWithImage: startsWithImage)
    return try PNGFile.encode(images[0], metadata: chunks, isInterlaced: isInterlaced)
  }
}
