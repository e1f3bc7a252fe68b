import Bytes
import ImagePlanes
import TestSupport
import Testing

@testable import Training

@Suite struct ProcessingTests {
  /// One kind alone, always.
  static let kinds: [(String, Processing)] = [
    ("scale", Processing(scale: 1)), ("blur", Processing(blur: 1)),
    ("sharpen", Processing(sharpen: 1)), ("noise", Processing(noise: 1)),
    ("tone", Processing(tone: 1)), ("cast", Processing(cast: 1)),
    ("subsampling", Processing(subsampling: 1)), ("permutation", Processing(permutation: 1)),
  ]
  static let everything = Processing(
    scale: 1, blur: 1, sharpen: 1, noise: 1, tone: 1, cast: 1, subsampling: 1, permutation: 1)

  func process(
    _ image: Image, _ processing: Processing, maximumSide: Int = 1000, seed: UInt64
  ) -> Image {
    var generator = SplitMix64(seed: seed)
    return image.processed(processing, maximumSide: maximumSide, &generator)
  }

  @Test func theSameSeedGivesTheSameImage() {
    let image = Small.image(width: 110, height: 100)
    for seed in 0..<10 as Range<UInt64> {
      let one = process(image, ProcessingTests.everything, seed: seed)
      #expect(one == process(image, ProcessingTests.everything, seed: seed))
      #expect(one != process(image, ProcessingTests.everything, seed: seed + 100))
    }
  }

  /// Each kind changes a textured image, and the size only where it is to.
  @Test(arguments: kinds) func everyKindWorks(_ name: String, _ processing: Processing) {
    let image = Small.image(width: 220, height: 200, slope: 0)
    for seed in 0..<20 as Range<UInt64> {
      let result = process(image, processing, seed: seed)
      let isChanged = result != image
      #expect(isChanged)
      if name != "scale" { #expect(result.width == 220 && result.height == 200) }
      #expect(result.planes.count == 3)
      #expect(result.planes.allSatisfy { $0.samples.count == result.width * result.height })
    }
  }

  @Test func noneIsTheImageItself() {
    let image = Small.image(width: 30, height: 20)
    #expect(process(image, Processing(), seed: 1) == image)
  }

  /// What is scaled has at most the side asked for; what would be too small keeps its size.
  @Test func scalingKeepsItsLimits() {
    let image = Small.image(width: 220, height: 130, slope: 0)
    var sizes: Set<Int> = []
    for seed in 0..<60 as Range<UInt64> {
      let result = process(image, Processing(scale: 1), maximumSide: 150, seed: seed)
      sizes.insert(result.width)
      let isKept = result.width == 220 && result.height == 130
      #expect(isKept || result.width <= 150 && (96...150).contains(result.height))
    }
    #expect(sizes.contains(220) && sizes.contains(150))
    let small = Small.image(width: 40, height: 40)
    for seed in 0..<20 as Range<UInt64> {
      #expect(process(small, Processing(scale: 1), maximumSide: 64, seed: seed) == small)
    }
  }

  /// No size and no number of planes is refused.
  @Test(arguments: [(1, 1), (1, 7), (2, 1), (3, 5), (0, 0), (0, 4), (97, 1), (100, 130)])
  func grayAndTinyImagesSurvive(_ width: Int, _ height: Int) {
    let gray = Image(.gray8, planes: [Small.image(width: width, height: height).planes[1]])
    for seed in 0..<20 as Range<UInt64> {
      for (_, processing) in ProcessingTests.kinds + [("", ProcessingTests.everything)] {
        for image in [gray, Small.image(width: width, height: height)] {
          let result = process(image, processing, maximumSide: 5, seed: seed)
          #expect(result.planes.count == image.planes.count)
          #expect(result.planes.allSatisfy { $0.samples.count == result.width * result.height })
        }
      }
    }
  }

  @Test func permutationExchangesPlanes() {
    let image = Small.image(width: 9, height: 8)
    var orders: Set<[Int]> = []
    for seed in 0..<50 as Range<UInt64> {
      let result = process(image, Processing(permutation: 1), seed: seed)
      orders.insert(result.planes.map { image.planes.firstIndex(of: $0) ?? -1 })
    }
    #expect(orders.count == 5 && !orders.contains([0, 1, 2]))
    #expect(orders.allSatisfy { $0.sorted() == [0, 1, 2] })
  }

  /// Noise has the mean 0, its deviation within the promised range, and is sometimes the same in
  /// all colours.
  @Test func noiseIsAsStrongAsPromised() {
    var image = Image(width: 100, height: 100)
    for colour in 0..<3 { image.planes[colour].samples = Array(repeating: 128, count: 10000) }
    var shared = 0
    for seed in 0..<40 as Range<UInt64> {
      let result = process(image, Processing(noise: 1), seed: seed)
      for plane in result.planes {
        let errors = plane.samples.map { Double($0) - 128 }
        let mean = errors.reduce(0, +) / 10000
        let deviation = (errors.reduce(0) { $0 + $1 * $1 } / 10000).squareRoot()
        #expect(abs(mean) < 0.2)
        #expect((0.45...3.2).contains(deviation))
      }
      if result.planes[0] == result.planes[1] { shared += 1 }
    }
    #expect((4...25).contains(shared))
  }

  /// Tables leave gaps in the histogram of a ramp, dithering leaves none.
  @Test func toneComesWithAndWithoutGaps() {
    var image = Image(width: 256, height: 100)
    for colour in 0..<3 {
      for i in 0..<25600 { image.planes[colour].samples[i] = UInt8(i % 256) }
    }
    var withGaps = 0
    for seed in 0..<60 as Range<UInt64> {
      let values = Set(process(image, Processing(tone: 1), seed: seed).planes[0].samples)
      let low = Int(values.min() ?? 0)
      if values.count < Int(values.max() ?? 0) - low + 1 { withGaps += 1 }
    }
    #expect((15...45).contains(withGaps))
  }
}
