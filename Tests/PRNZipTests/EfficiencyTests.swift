import Foundation
import ImagePlanes
import ModelStore
import PNGFile
import TileCoding
import Testing

@testable import PRNZip

@Suite struct EfficiencyTests {
  /// The range coder's bytes against the ideal code length of the quantized frequencies, on photos.
  @Test(arguments: ["city", "dog", "night"])
  func theRangeCoderLosesLessThanAThousandth(name: String) throws {
    let image = try PNGFile.decode(testImage(name))
    let tile = [TileRectangle(row: 40, column: 30, height: 200, width: 240)]
    let codec = NetworkTileCodec(
      try #require(try ModelStore.embedded.model(named: "photo-fast")).network)
    let ideal = CodeLength()
    try codec.run(ideal, image, tile, threads: 2)
    let bits = 8 * Double(try codec.encode(image, tile, threads: 2)[0].count)
    #expect(bits >= ideal.bits - 8)
    #expect(bits <= 1.001 * ideal.bits, "\(bits) bits, ideally \(ideal.bits)")
    #expect(bits < 8 * 3 * 200 * 240 * 3 / 4, "the model must shrink a photo")
  }
}
