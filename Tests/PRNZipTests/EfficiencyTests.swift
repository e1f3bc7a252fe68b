import Foundation
import ImagePlanes
import PNGFile
import PixelNetwork
import TestSupport
import Testing

@testable import PRNZip

@Suite struct EfficiencyTests {
  /// The range coder's bytes against the ideal code length of the quantized frequencies, on photos.
  @Test(arguments: ["city", "dog", "night"])
  func theRangeCoderLosesLessThanAThousandth(name: String) throws {
    let png = Array(try Data(contentsOf: packageFile("testimages/\(name).png")))
    let whole = try PNGFile.decode(png)
    let tile = try whole.crop(TileRectangle(row: 40, column: 30, height: 200, width: 240))
    let model = try #require(ModelRegistry.embedded.models.first { $0.colours == 3 })
    let evaluation = try #require(
      PixelCNNEvaluation(
        model: model.network, samples: TileSamples(tile), bandLength: 4,
        keepsDistributions: false, instructions: .current))
    var ideal = CodeLength()
    try PixelLoop(evaluation, threads: 2).run(&ideal)
    let bits = 8 * Double(try TileCodec(model: model.network, threads: 2).encode(tile).count)
    #expect(bits >= ideal.bits - 8)
    #expect(bits <= 1.001 * ideal.bits, "\(bits) bits, ideally \(ideal.bits)")
    #expect(bits < 8 * 3 * 200 * 240, "the model must shrink a photo")
  }
}
