import AdaptiveCoding
import ImagePlanes
import TestSupport
import Testing

@Suite struct KnownPixelsTests {
  /// Pixels that are known are not coded, and come back.
  @Test func graphicsAroundThem() throws {
    var image = formatImage(.rgb8, .graphics, width: 70, height: 50)
    let patch = TileRectangle(row: 32, column: 0, height: 18, width: 32)
    let noise = formatImage(.rgb8, .random, width: 32, height: 18)
    let plain = try stream(GraphicsTileCodec(planes: 3, hasAlpha: false), image).count
    image.paste(noise, row: patch.row, column: patch.column)
    let codec = GraphicsTileCodec(
      planes: 3, hasAlpha: false, known: KnownPixels([patch], of: image))
    let stream = try stream(codec, image)
    #expect(stream.count < plain + 200)
    // Of the image that the decoder knows only the patch counts.
    var known = try Image(.rgb8, width: 70, height: 50)
    known.paste(noise, row: patch.row, column: patch.column)
    let decoder = GraphicsTileCodec(
      planes: 3, hasAlpha: false, known: KnownPixels([patch], of: known))
    #expect(try decoded(decoder, stream, like: image) == image)
  }

  /// Costs are told block by block, and come to about the stream.
  @Test func costsOfBlocks() throws {
    var image = try Image(.rgb8, width: 100, height: 70)
    image.paste(formatImage(.rgb8, .random, width: 32, height: 32), row: 32, column: 64)
    let (costs, bytes) = try GraphicsTileCodec(planes: 3, hasAlpha: false).costs(image)
    #expect(costs.count == 4 * 3)
    let sum = costs.reduce(0, +) >> 11
    #expect(abs(Int(sum) - bytes.count) < 8 + bytes.count / 100)
    #expect(costs.firstIndex(of: costs.max() ?? 0) == 4 + 2)
  }
}
