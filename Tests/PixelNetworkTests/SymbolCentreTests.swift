import Prediction
import ImagePlanes
import TestSupport
import Testing

@testable import PixelNetwork

@Suite struct SymbolCentreTests {
  @Test(arguments: [(1, 1), (1, 9), (9, 1), (12, 15)])
  func predictionsAreTheReference(_ rows: Int, _ columns: Int) throws {
    let image = testImage(rows: rows, columns: columns, seed: 9)
    for architecture in [variedArchitectures[0], variedArchitectures[1]] {
      let file = try WeightFile.random(architecture: architecture, seed: 1)
      let expected = ReferenceNetwork(file, image).predictions
      let centres = PredictedImage(image, architecture: architecture, instructions: .tested).centres
      #expect(centres.map { $0.map(Int.init) } == expected)
    }
  }

  /// Section 2 of FORMAT.md by hand.
  @Test func smallExample() {
    let image = Image(
      width: 2, height: 2,
      interleaved: [
        100, 90, 80, 110, 105, 70,
        120, 100, 95, 0, 0, 0,
      ])
    let predictions = PredictedImage(
      image, architecture: variedArchitectures[0], instructions: .tested
    ).centres
    #expect(predictions[0] == [128, 100, 100, 120])
    // G - R at W, N, NW: -20, -5, -10: the median of -20, -5 and -15.
    #expect(predictions[1] == [100, 100, 110, 0])
    // B - G at W, N, NW: -5, -35, -10: -30, added to 0 and clipped.
    #expect(predictions[2] == [90, 95, 90, 0])
  }
}
