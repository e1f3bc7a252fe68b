import AdaptiveCoding
import Bytes
import EntropyCoding
import ImagePlanes
import TestSupport
import TileCoding
import Testing

@Suite struct CostsTests {
  /// The costs of an image as one tile.
  private func costs(
    _ codec: some TileCodec, _ image: Image, planes: Int
  ) throws -> CostPlanes {
    let costs = try #require(
      CostPlanes(count: planes + 1, width: image.width, height: image.height))
    var codec = codec
    codec.costs = costs
    #expect(try decoded(codec, stream(codec, image), like: image) == image)
    return costs
  }

  /// What the decoder's state tells of a block is what the encoder counts by decisions, of which
  /// there are some thousand, each rounded to 1/256 bit.
  @Test(arguments: SampleKind.allCases) func graphicsBlocks(_ kind: SampleKind) throws {
    let image = formatImage(.rgb8, kind, width: 70, height: 40)
    let codec = GraphicsTileCodec(planes: 3, hasAlpha: false)
    let noted = try costs(codec, image, planes: 3)
    let counted = try codec.costs(image).costs
    let side = GraphicsTileCodec.blockSide
    for block in counted.indices {
      let (top, left) = (block / 3 * side, block % 3 * side)
      var bits = 0.0
      for plane in 0..<4 {
        for row in top..<min(top + side, 40) {
          for column in left..<min(left + side, 70) {
            bits += Double(noted[plane][row * 70 + column])
          }
        }
      }
      let expected = Double(counted[block]) / 256
      #expect(abs(bits - expected) <= 0.01 * expected + 72, "\(bits), not \(expected)")
    }
  }

  /// Bits are where the noise is: in the right half of the green plane.
  @Test func noiseCosts() throws {
    var image = try Image(.rgb8, width: 64, height: 64)
    var generator = SplitMix64(seed: 4)
    for row in 0..<64 {
      for column in 32..<64 {
        image.planes[1].samples[row * 64 + column] = UInt8(generator.next() >> 56)
      }
    }
    func check(_ codec: some TileCodec) throws {
      let noted = try costs(codec, image, planes: 3)
      let right = (0..<64 * 64).filter { $0 % 64 >= 32 }.reduce(0) { $0 + Double(noted[1][$1]) }
      let all = (0..<4).reduce(0) { $0 + noted.sum($1) }
      #expect(right > 7 * 32 * 64 && right > 0.7 * all, "\(codec): \(right) of \(all) bits")
    }
    try check(RunsTileCodec(planes: 3, hasAlpha: false))
    try check(LinearTileCodec(planes: 3))
    try check(SparseTileCodec(planes: 3))
    try check(GraphicsTileCodec(planes: 3, hasAlpha: false))
  }
}
