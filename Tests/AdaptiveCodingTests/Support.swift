import EntropyCoding
import ImagePlanes
import TestSupport
import TileCoding
import Testing

/// Sizes that are awkward.
let awkwardSizes = [(1, 1), (1, 7), (7, 1), (5, 3), (9, 9), (33, 17), (70, 40)]

/// An image as one tile.
func whole(_ image: Image) -> [TileRectangle] {
  [TileRectangle(row: 0, column: 0, height: image.height, width: image.width)]
}

/// The one stream of an image.
func stream(_ codec: some TileCodec, _ image: Image) throws -> [UInt8] {
  let streams = try codec.encode(image, whole(image), threads: 1)
  #expect(streams.count == 1 && codec.variants == 1)
  return streams[0]
}

/// The image of a stream.
func decoded(_ codec: some TileCodec, _ stream: [UInt8], like image: Image) throws -> Image {
  var decoded = try Image(image.format, width: image.width, height: image.height)
  try codec.decode(stream[...], whole(image), small: nil, threads: 1) { tile, rectangle in
    tile.write(to: &decoded, row: rectangle.row, column: rectangle.column)
  }
  return decoded
}

/// Any bytes give an error or some image, but no trap.
func expectNoTrap(_ codec: some TileCodec, like image: Image, _ streams: [[UInt8]]) throws {
  for stream in streams {
    do {
      _ = try decoded(codec, stream, like: image)
    } catch {
      continue
    }
  }
}

/// Bytes that are nobody's, and damaged ones of a stream.
func hostile(_ stream: [UInt8]) -> [[UInt8]] {
  var streams: [[UInt8]] = [[], [0], [255], [UInt8](repeating: 255, count: 99)]
  for index in stream.indices {
    var damaged = stream
    damaged[index] ^= UInt8(1 << (index % 8))
    streams += [damaged, Array(stream.prefix(index))]
  }
  return streams
}

/// Bytes in so many planes.
func byteFormat(_ planes: Int) -> PixelFormat {
  PixelFormat([Channels.gray, .grayAlpha, .rgb, .rgba][planes - 1], depth: 8)
}

/// The values of a plane that numbers so many colours.
func numbersImage(_ colours: Int, _ kind: SampleKind, width: Int, height: Int) -> Image {
  var image = formatImage(.gray8, kind, width: width, height: height)
  image.planes[0].samples = image.planes[0].samples.map {
    UInt8(truncatingIfNeeded: Int($0) % colours)
  }
  return image
}
