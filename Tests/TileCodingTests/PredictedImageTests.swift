import ImagePlanes
import PixelNetwork
import Platform
import TestSupport
import Testing

@testable import TileCoding

@Suite struct PredictedImageTests {
  @Test(
    arguments: TestArchitectures.all, [(1, 1), (1, 9), (9, 1), (12, 15), (19, 6)])
  func allIsTheReference(_ named: NamedArchitecture, _ size: (Int, Int)) throws {
    let architecture = named.architecture
    let image = testImage(
      rows: size.0, columns: size.1, seed: 9, colours: architecture.colours)
    let reference = ReferenceNetwork(
      try WeightFile.random(architecture: architecture, seed: 1), image)
    let predicted = try PredictedImage(image, architecture: architecture)
    #expect(predicted.image == image)
    #expect(predicted.centres.map { $0.map(Int.init) } == reference.predictions)
    let seesResiduals = architecture.inputKinds.contains(.residual)
    #expect(
      predicted.residuals.map { $0.map(Int.init) }
        == reference.residuals.map { $0.map { seesResiduals ? $0 : 0 } })
    let isSeen = architecture.inputKinds.contains(.prediction)
    #expect(predicted.channels == (isSeen ? reference.predictionInputs[0][0].count : 0))
    let expected = (0..<size.0 * size.1).flatMap { pixel in
      (0..<architecture.colours).flatMap { reference.predictionInputs[$0][pixel] }
    }
    #expect(predicted.predictions.map(Int.init) == (isSeen ? expected : []))
  }

  /// No input leaves the range that the overflow bound of the weight file counts on.
  @Test func inputsKeepTheirMagnitudes() throws {
    for architecture in TestArchitectures.all.map(\.architecture) {
      let image = testImage(rows: 30, columns: 33, colours: architecture.colours)
      let predicted = try PredictedImage(image, architecture: architecture)
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

  /// All versions of the arithmetic give the same.
  @Test(arguments: InstructionSet.supported) func instructions(_ instructions: InstructionSet)
    throws
  {
    for architecture in TestArchitectures.mixed.map(\.architecture) {
      let image = photoLikeImage(rows: 30, columns: 33, colours: architecture.colours)
      let expected = try PredictedImage(
        image, architecture: architecture, instructions: .portable)
      let found = try PredictedImage(
        image, architecture: architecture, instructions: instructions)
      #expect(found.centres == expected.centres && found.residuals == expected.residuals)
      #expect(found.predictions == expected.predictions)
    }
  }
}
