import ImagePlanes
import Testing

@testable import PixelTraining

@Suite struct AugmentationTests {
  @Test func mirrorsAreTheirOwnInverses() {
    let image = Small.image(width: 5, height: 4)
    #expect(image.mirrored != image && image.mirrored.mirrored == image)
    #expect(image.flipped != image && image.flipped.flipped == image)
    #expect(image.transposed.width == 4 && image.transposed.transposed == image)
    #expect(image.mirrored.planes[1].samples[0] == image.planes[1].samples[4])
    #expect(image.flipped.planes[2].samples[0] == image.planes[2].samples[15])
    #expect(image.transposed.planes[0].samples[1] == image.planes[0].samples[5])
  }

  /// A gray image goes the way of each plane.
  @Test func grayImagesStayGray() {
    let image = Small.image(width: 9, height: 7)
    for colour in 0..<3 {
      var gray = image
      gray.planes = [image.planes[colour]]
      for (one, all) in [
        (gray.mirrored, image.mirrored), (gray.flipped, image.flipped),
        (gray.transposed, image.transposed),
        (
          gray.enlarged(by: 1.5, height: 10, width: 13),
          image.enlarged(by: 1.5, height: 10, width: 13)
        ),
      ] {
        #expect(one.width == all.width && one.height == all.height)
        #expect(one.planes == [all.planes[colour]])
      }
    }
  }

  /// Cubic convolution keeps constants, and the samples themselves at scale 1.
  @Test func enlargingInterpolates() {
    let image = Small.image(width: 9, height: 7)
    #expect(image.enlarged(by: 1, height: 7, width: 9) == image)
    let twice = image.enlarged(by: 2, height: 14, width: 18)
    #expect(twice.width == 18 && twice.height == 14)
    for r in 0..<7 {
      for c in 0..<9 {
        #expect(twice.planes[0].samples[2 * r * 18 + 2 * c] == image.planes[0].samples[r * 9 + c])
      }
    }
    var flat = Image(width: 6, height: 6)
    for colour in 0..<3 { flat.planes[colour].samples = Array(repeating: 77, count: 36) }
    let larger = flat.enlarged(by: 1.37, height: 8, width: 8)
    #expect(larger.planes.allSatisfy { $0.samples.allSatisfy { $0 == 77 } })
  }
}

@Suite struct CropSamplerTests {
  /// The same seed, the same crop; other seeds, others; and every crop is a part of an image.
  @Test func cropsAreDrawnFromTheImages() throws {
    let recipe = try TrainingFolder.recipe(steps: 1, extra: "centre = raw\ninputs = value")
    let graph = PixelCNNGraph(architecture: recipe.architecture)
    let images = [Small.image(width: 40, height: 33), Small.image(width: 12, height: 40)]
    let sampler = CropSampler(images: images, recipe: recipe, graph: graph)
    #expect(sampler.images.count == 1, "one image is smaller than a crop")
    let crops = (0..<20).map { sampler.sample(seed: $0) }
    for (seed, crop) in crops.enumerated() {
      #expect(crop.symbols == sampler.sample(seed: UInt64(seed)).symbols)
      #expect(crop.rows == 16 && crop.columns == 16)
      #expect(crop.weights.reduce(0, +) == 256)
    }
    #expect(Set(crops.map(\.inputs)).count > 15)
  }
}
