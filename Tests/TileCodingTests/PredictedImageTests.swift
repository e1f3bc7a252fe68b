import ImagePlanes
import Testing

@testable import PixelNetwork

@Suite struct PredictedImageTests {
  @Test(
    arguments: 0..<variedArchitectures.count, [(1, 1), (1, 9), (9, 1), (12, 15), (19, 6)])
  func allIsTheReference(_ index: Int, _ size: (Int, Int)) throws {
    let architecture = variedArchitectures[index]
    let image = testImage(
      rows: size.0, columns: size.1, seed: 9, colours: architecture.colours)
    let reference = ReferenceNetwork(
      try WeightFile.random(architecture: architecture, seed: 1), image)
    let predicted = PredictedImage(image, architecture: architecture, instructions: .tested)
    #expect(predicted.image == image)
    #expect(predicted.centres.map { $0.map(Int.init) } == reference.predictions)
    #expect(predicted.residuals.map { $0.map(Int.init) } == reference.residuals)
    let isSeen = architecture.inputKinds.contains(.prediction)
    #expect(predicted.channels == (isSeen ? reference.predictionInputs[0][0].count : 0))
    let expected = (0..<size.0 * size.1).flatMap { pixel in
      (0..<architecture.colours).flatMap { reference.predictionInputs[$0][pixel] }
    }
    #expect(predicted.predictions.map(Int.init) == (isSeen ? expected : []))
  }

  /// No input leaves the range that the overflow bound of the weight file counts on.
  @Test func inputsKeepTheirMagnitudes() {
    for architecture in variedArchitectures {
      let image = testImage(rows: 30, columns: 33, colours: architecture.colours)
      let predicted = PredictedImage(image, architecture: architecture, instructions: .tested)
      #expect(predicted.residuals.allSatisfy { $0.allSatisfy { abs($0) <= 4080 } })
      let magnitudes = architecture.predictionMagnitudes
      guard !magnitudes.isEmpty else { continue }
      var largest = [Int](repeating: 0, count: magnitudes.count)
      for (i, value) in predicted.predictions.enumerated() {
        largest[i % magnitudes.count] = max(largest[i % magnitudes.count], abs(Int(value)))
      }
      #expect(zip(largest, magnitudes).allSatisfy { $0 <= $1 })
    }
  }
}
