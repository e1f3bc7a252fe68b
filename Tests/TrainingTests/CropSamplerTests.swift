import Bytes
import ImagePlanes
import PixelNetwork
import TestSupport
import Testing
import TileCoding

@testable import Training

@Suite struct CropSamplerTests {
  /// A sampler of images whose every pixel is another one.
  static func sampler(
    _ sizes: [(Int, Int)], extra: String = "centre = raw\ninputs = value", crop: Int = 16,
    mirror: String = "none", steps: Int = 1
  ) throws -> CropSampler {
    let recipe = try TrainingFolder.recipe(steps: steps, extra: extra, crop: crop, mirror: mirror)
    var images: [Image] = []
    for (width, height) in sizes {
      var image = Image(width: width, height: height, colours: recipe.architecture.colours)
      for i in 0..<width * height {
        for k in image.planes.indices {
          image.planes[k].samples[i] = UInt8(truncatingIfNeeded: k == 0 ? i % width : i / width)
        }
      }
      images.append(image)
    }
    return CropSampler(
      images: images, recipe: recipe, layout: ParameterLayout(architecture: recipe.architecture))
  }

  /// The same seed, the same region; other seeds, others; and every region is a part of an image.
  @Test func regionsArePartsOfTheImages() throws {
    let sampler = try Self.sampler([(300, 70), (12, 40), (16, 16)])
    #expect(sampler.images.count == 2, "one image is smaller than a crop")
    var sizes: Set<Int> = []
    var columns: Set<UInt8> = []
    for seed in 0..<60 as Range<UInt64> {
      let region = try sampler.region(seed: seed)
      #expect(try region.image == sampler.region(seed: seed).image)
      let image = region.image
      sizes.insert(image.width)
      guard image.width > 16 else { continue }
      #expect(image.width == CropSampler.regionSide && image.height == 70)
      let start = image.planes[0].samples[0]
      columns.insert(start)
      for i in 0..<image.width * image.height {
        let isThere =
          image.planes[0].samples[i] == start &+ UInt8(i % image.width)
          && Int(image.planes[1].samples[i]) == i / image.width
        if !isThere { Issue.record("seed \(seed), pixel \(i)") }
      }
    }
    #expect(sizes.contains(CropSampler.regionSide) && columns.count > 15)
  }

  /// Crops lie inside of their region, up to its edges, and see what is around them.
  @Test(arguments: [(16, 16), (17, 40), (40, 16), (64, 33)])
  func cropsLieInsideOfRegions(_ width: Int, _ height: Int) throws {
    let sampler = try Self.sampler([(width, height)])
    let region = try sampler.region(seed: 5)
    #expect(region.image.width == width && region.image.height == height)
    var corners: Set<[UInt8]> = []
    for seed in 0..<200 as Range<UInt64> {
      let crop = sampler.crop(of: region, seed: seed)
      #expect(crop.rows == 16 && crop.columns == 16)
      #expect(crop.weights.reduce(0, +) == 256)
      #expect(crop.symbols == sampler.crop(of: region, seed: seed).symbols)
      // Raw symbols are the values: the columns in R, the rows in G.
      let column = crop.symbols[0]
      let row = crop.symbols[16 * 17]
      corners.insert([row, column])
      #expect(Int(column) + 16 <= width && Int(row) + 16 <= height)
      let last = 15 * 17 + 15
      #expect(crop.symbols[last] == column + 15 && crop.symbols[16 * 17 + last] == row + 15)
      // The value to the left of the first pixel, 3 columns and rows inside of the margin.
      let left = crop.inputs[(3 * 22 + 2) * 3]
      #expect(left == (column > 0 ? Float(Int(column) - 1 - 128) / 16 : 0))
    }
    let places = (width - 15) * (height - 15)
    #expect(corners.count > min(places, 200) / 2)
    if places < 40 { #expect(corners.count == places) }
  }

  /// A crop of an adaptive network has the predictors of the whole region.
  @Test func cropsSeeThePredictionsOfTheRegion() throws {
    let sampler = try Self.sampler([(40, 40)], extra: "centre = adaptive")
    let region = try PredictedImage(
      Small.image(width: 40, height: 40), architecture: sampler.layout.architecture)
    let whole = try Small.sample(region.image, sampler.layout)
    for seed in 0..<20 as Range<UInt64> {
      var generator = SplitMix64(seed: seed)
      let row = generator.index(below: 25)
      let column = generator.index(below: 25)
      let crop = sampler.crop(of: region, seed: seed)
      let count = 16 * 3 * sampler.layout.predictionChannels
      for r in 0..<16 {
        let start = ((row + r) * 40 + column) * count / 16
        #expect(
          crop.predictions.dropFirst(r * count).prefix(count)
            == whole.predictions.dropFirst(start).prefix(count))
        for k in 0..<3 {
          let symbols = (k * 40 + row + r) * 41 + column
          #expect(
            crop.symbols.dropFirst((k * 16 + r) * 17).prefix(16)
              == whole.symbols.dropFirst(symbols).prefix(16))
        }
      }
    }
  }

  /// What processing makes too small for a crop is not taken.
  @Test func processedRegionsHoldACrop() throws {
    let sampler = try Self.sampler(
      [(120, 130), (100, 300)], extra: "processing = 1", crop: 100,
      mirror: "horizontal vertical diagonal")
    for seed in 0..<40 as Range<UInt64> {
      let region = try sampler.region(seed: seed)
      #expect(min(region.image.width, region.image.height) >= 100)
      #expect(max(region.image.width, region.image.height) <= CropSampler.regionSide)
      #expect(sampler.crop(of: region, seed: seed).rows == 100)
    }
  }

  @Test func grayImagesGiveGrayCrops() throws {
    let sampler = try Self.sampler(
      [(120, 130)], extra: "processing = 1\ncolours = 1\ncentre = adaptive", crop: 24)
    for seed in 0..<20 as Range<UInt64> {
      let region = try sampler.region(seed: seed)
      #expect(region.image.colours == 1 && region.centres.count == 1)
      let crop = sampler.crop(of: region, seed: seed)
      #expect(crop.symbols.count == 24 * 25)
      #expect(crop.inputs.count == (24 + 3) * 30 * 2)
    }
  }
}

@Suite struct RegionSlotTests {
  /// Regions follow from step and place: a slot that begins late has what one from the start has.
  @Test func regionsFollowFromTheStep() throws {
    let sampler = try CropSamplerTests.sampler(
      [(300, 280)], extra: "centre = raw\ninputs = value\nreuse = 6", mirror: "diagonal")
    for index in 0..<4 {
      let slot = RegionSlot(index: index)
      let regions = try (0..<20).map { try slot.region(step: $0, sampler: sampler).image }
      for step in 0..<20 {
        let late = RegionSlot(index: index)
        #expect(try late.region(step: step, sampler: sampler).image == regions[step])
      }
      let changes = (1..<20).filter { regions[$0] != regions[$0 - 1] }
      #expect(zip(changes, changes.dropFirst()).allSatisfy { $1 - $0 == 6 })
      #expect(changes.count == 3)
      // Both of a pair at the same step, the other pair half of the time later.
      #expect(changes.first == (index < 2 ? 6 : 3))
    }
  }

  @Test func placesAndSeedsDiffer() throws {
    let sampler = try CropSamplerTests.sampler([(300, 280)])
    let other = try CropSamplerTests.sampler(
      [(300, 280)], extra: "centre = raw\ninputs = value\nseed = 2")
    let regions = try (0..<4).map {
      try RegionSlot(index: $0).region(step: 0, sampler: sampler).image
    }
    for (i, region) in regions.enumerated() {
      for j in 0..<i { #expect(region != regions[j]) }
      #expect(try region != RegionSlot(index: i).region(step: 0, sampler: other).image)
    }
  }
}
