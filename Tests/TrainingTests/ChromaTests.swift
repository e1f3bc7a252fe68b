import Bytes
import ImagePlanes
import PixelNetwork
import TestSupport
import Testing

@testable import Training

/// Models of chroma, which are given luma.
@Suite struct ChromaTests {
  private static let text = RecipeTests.text + "\nplanes = chroma\ncrop = 16"

  @Test func recipes() throws {
    let recipe = try Recipe(text: Self.text)
    #expect(recipe.planes == .chroma && recipe.planes.knownColours == 1)
    #expect(try Recipe(text: RecipeTests.text).planes == .samples)
    for line in ["colours = 1", "scale = 2", "subsample = 2"] {
      #expect(throws: TrainingError.self) { try Recipe(text: Self.text + "\n" + line) }
    }
    #expect(throws: TrainingError.self) { try Recipe(text: RecipeTests.text + "\nplanes = luma") }
  }

  /// 0.299, 0.587 and 0.114 of the colours; the differences from it, divided.
  @Test func valuesComputedByHand() throws {
    var image = try Image(.rgb8, width: 1, height: 1)
    for (k, value) in [200, 100, 50].enumerated() { image.planes[k].samples = [UInt8(value)] }
    // Luma is 124.2; -74.2 / 1.772 = -41.87, 75.8 / 1.402 = 54.07.
    #expect(
      image.lumaChroma(.jfif, isHalved: false).planes.map { $0.samples[0] } == [124, 86, 182])
    // 124.2 / 1.3584 = 91.43; -74.2 / 2.2179 = -33.46; 75.8 / 1.8215 = 41.61.
    #expect(
      image.lumaChroma(.photoCD, isHalved: false).planes.map { $0.samples[0] } == [91, 123, 179])
  }

  @Test func halvesAreMeans() throws {
    var image = try Image(.rgb8, width: 5, height: 2)
    for k in 0..<3 { image.planes[k].samples = [0, 8, 20, 40, 99, 4, 4, 40, 60, 99] }
    let half = image.lumaChroma(.jfif, isHalved: true)
    #expect(half.planes[0].samples == [4, 40] && half.planes[1].samples == [128, 128])
  }

  /// Regions are luma and chroma, of at most the size that others have.
  @Test func regions() throws {
    let image = patternImage(width: 700, height: 600)
    let recipe = try Recipe(text: Self.text)
    let layout = ParameterLayout(architecture: recipe.architecture, knownColours: 1)
    let sampler = CropSampler(images: [image], recipe: recipe, layout: layout)
    for seed in 0..<4 as Range<UInt64> {
      let region = try sampler.region(seed: seed).image
      #expect(region.width == CropSampler.regionSide && region.height == CropSampler.regionSide)
    }
  }

  /// What the last layer says of luma does not count.
  @Test func lumaCostsNothing() throws {
    let architecture = try Recipe(text: Self.text).architecture
    let layout = ParameterLayout(architecture: architecture, knownColours: 1)
    var parameters = Initializer.weights(layout, seed: 1)
    let images = [patternImage(width: 9, height: 8)]
    func bits() throws -> Double {
      try FloatCodeLength(layout: layout).bitsPerDimension(
        images, parameters: parameters, threads: 1, quantize: false)
    }
    let before = try bits()
    let heads = layout.all(.headOutput)
    for i in heads[0].weightOffset..<heads[0].end { parameters[i] += 1 }
    #expect(try bits() == before)
    // A logit that rises above the others.
    parameters[heads[1].biasOffset] += 1
    #expect(try bits() != before)
  }
}
