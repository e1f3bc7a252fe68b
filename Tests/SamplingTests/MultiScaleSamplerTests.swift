import ImagePlanes
import ModelStore
import PRNZip
import PixelNetwork
import TestSupport
import Testing

@testable import Sampling

/// Of a multi-scale model, the small image is drawn first, and then the image given it.
@Suite struct MultiScaleSamplerTests {
  private func sampler(_ weights: [UInt8], threads: Int = 1) throws -> Sampler {
    var options = Sampler.Options()
    options.store = ModelStore()
    options.model = try options.store.add(weights).name
    options.threads = threads
    return Sampler(options)
  }

  /// The small image is drawn first, from its own model: another conditional network changes only
  /// the rest.
  // Of 1-bit images, random weights draw values that are all the same.
  @Test(arguments: MultiScaleModel.allCases.filter { $0.architecture.head == .softmax })
  func theSmallImageIsDrawnFirst(_ model: MultiScaleModel) throws {
    let scale = model.architecture.scale
    let small = try #require(try WeightFile(parsing: model.weights()).small)
    let images = try sampler(model.weights(small: small)).sample(
      width: 13, height: 10, count: 2, seed: 5)
    for threads in [2, 3] {
      #expect(
        try sampler(model.weights(small: small), threads: threads).sample(
          width: 13, height: 10, count: 2, seed: 5) == images)
    }
    let others = try sampler(model.weights(seed: 9, small: small)).sample(
      width: 13, height: 10, count: 2, seed: 5)
    for (image, other) in zip(images, others) {
      #expect(image != other)
      #expect(try image.subsampled(by: scale) == other.subsampled(by: scale))
    }
    #expect(try images[0].subsampled(by: scale) != images[1].subsampled(by: scale))
    // Its random numbers are not those of the image's first values.
    let alone = try sampler(small.serialized).sample(
      width: (12 + scale) / scale, height: (9 + scale) / scale, count: 1, seed: 5)
    #expect(try alone[0] != images[0].subsampled(by: scale))
  }

  @Test(arguments: [MultiScaleModel.scale2, .scale4, .grayRowLSTM])
  func completionsKeepWhatIsVisible(_ model: MultiScaleModel) throws {
    let image = model.image(width: 14, height: 11)
    let visible = try Occlusion.bottomHalf.visible(width: 14, height: 11)
    let completions = try sampler(model.weights(), threads: 2).complete(
      image, .bottomHalf, count: 3, seed: 1)
    #expect(Set(completions.map(\.interleaved)).count == 3)
    var other = image
    for colour in 0..<image.colours {
      for (pixel, isVisible) in visible.enumerated() {
        if isVisible {
          for completion in completions {
            #expect(
              completion.planes[colour].samples[pixel] == image.planes[colour].samples[pixel])
          }
        } else {
          other.planes[colour].samples[pixel] = 77
        }
      }
    }
    // Other pixels under the mask, also in the small image: the same completions.
    #expect(
      try sampler(model.weights()).complete(other, .bottomHalf, count: 3, seed: 1)
        == completions)
  }
}
