import Foundation
import ImagePlanes
import PixelNetwork
import Testing
import TileCoding

@testable import Training

@Suite struct MultiScaleTests {
  /// A value of the small image may move every distribution, any other none that is coded before
  /// it.
  @Test(arguments: Body.allCases, [2, 4])
  func onlyTheSmallImageIsSeenAhead(_ body: Body, _ scale: Int) throws {
    let layout = ParameterLayout(architecture: Small.architecture(body: body, scale: scale))
    let store = Small.store(layout)
    let (width, height) = (7, 6)
    let space = Workspace(rows: height, columns: width, layout: layout)
    func hidden(_ image: Image) throws -> [[Float]] {
      try Small.hidden(image, store, layout, space)
    }
    let image = Small.image(width: width, height: height)
    let before = try hidden(image)
    var movedEarlier = 0
    for changed in 0..<width * height {
      let isKnown = (changed / width) % scale == 0 && changed % width % scale == 0
      for colour in 0..<3 {
        var other = image
        other.planes[colour].samples[changed] ^= 0x55
        let after = try hidden(other)
        let moved = before.indices.filter { before[$0] != after[$0] }
        let earlier = moved.filter { $0 <= changed * 3 + colour }
        #expect(isKnown || earlier.isEmpty, "pixel \(changed), colour \(colour): \(earlier)")
        movedEarlier += earlier.count
      }
    }
    #expect(movedEarlier > 50)
  }

  /// A crop sees the same of the small image as the whole image does, also beside the crop: the
  /// conditioning maps are equal.
  @Test(arguments: [2, 4]) func cropsSeeTheSmallImageOfTheImage(_ scale: Int) throws {
    let layout = ParameterLayout(architecture: Small.architecture(scale: scale))
    let store = Small.store(layout)
    let channels = layout.architecture.conditioningChannels
    let predicted = try PredictedImage(
      Small.image(width: 26, height: 23), architecture: layout.architecture)
    func map(row: Int, column: Int, rows: Int, columns: Int, in space: Workspace) -> [[Float]] {
      let sample = TrainingSample(
        predicted, row: row, column: column, rows: rows, columns: columns, layout: layout)
      NetworkPass(layout: layout, space: space, parameters: store.weights, quantize: false)
        .makeConditioningMap(sample)
      guard let maps = space.conditioning else { return [] }
      return (0..<rows * columns).map { i in
        let cell = i / columns * space.geometry.stride + i % columns
        return (0..<channels).map { maps.values[cell * channels + $0] }
      }
    }
    let whole = map(
      row: 0, column: 0, rows: 23, columns: 26,
      in: Workspace(rows: 23, columns: 26, layout: layout))
    #expect(Set(whole.flatMap { $0 }).count > 1000)
    let space = Workspace(rows: 8, columns: 12, layout: layout)
    for (row, column) in [(8, 8), (0, 0), (8, 0), (0, 12), (12, 12)] {
      let crop = map(row: row, column: column, rows: 8, columns: 12, in: space)
      for (i, cell) in crop.enumerated() {
        let pixel = (row + i / 12) * 26 + column + i % 12
        let difference = zip(cell, whole[pixel]).map { abs($0 - $1) }.max() ?? 1
        #expect(difference < 1e-4, "crop at \(row), \(column): pixel \(i)")
      }
    }
  }

  /// What is given costs nothing.
  @Test func theSmallImageIsNotCoded() throws {
    for scale in [2, 4] {
      let layout = ParameterLayout(architecture: Small.architecture(scale: scale))
      let sample = try Small.sample(Small.image(width: 11, height: 6), layout)
      let coded = sample.weights.reduce(0, +)
      #expect(Int(coded) == 66 - (scale == 2 ? 18 : 6))
      #expect(sample.small.count == 3 * (scale == 2 ? 5 * 8 : 4 * 5))
      #expect(sample.smallRows == 0..<(scale == 2 ? 3 : 2))
    }
  }

  /// Both networks are trained, measured together and exported into one file.
  @Test func bothNetworksAreTrained() throws {
    let folder = try TrainingFolder()
    func trained(_ text: String) throws -> TrainingState {
      let recipe = try TrainingFolder.recipe(
        steps: 40, extra: "learning-rate = 0.003\n" + text, crop: 8)
      _ = try folder.run(recipe, runs: text)
      return try TrainingState(recipe: recipe, folder: "\(folder.path)/\(text)")
    }
    let small = try trained("subsample = 2")
    let large = try trained("scale = 2\nconditioning-channels = 8")
    let images = try PhotoFolder(
      folders: [folder.path + "/valid"], format: .rgb8, threads: 1
    ).images
    let given = try large.bitsPerDimension(images, quantized: false, threads: 2)
    let both = try large.bitsPerDimension(images, quantized: false, threads: 1, small: small)
    let alone = try small.bitsPerDimension(images, quantized: false, threads: 1)
    let pixels = images.reduce(0) { $0 + $1.width * $1.height }
    let smallPixels = images.reduce(0) { $0 + ($1.width + 1) / 2 * (($1.height + 1) / 2) }
    #expect(abs(both - given - alone * Double(smallPixels) / Double(pixels)) < 1e-9)
    let file = try WeightFile(parsing: large.weightFile(small: small).serialized)
    #expect(file.architecture == large.recipe.architecture)
    #expect(try file.small == small.weightFile())

    #expect(throws: TrainingError.smallModel("is missing")) { try large.weightFile() }
    #expect(throws: TrainingError.smallModel("is not called for")) {
      try small.weightFile(small: small)
    }
    let other = try TrainingState(
      recipe: TrainingFolder.recipe(steps: 1, extra: "subsample = 4"), folder: folder.path)
    #expect(throws: TrainingError.smallModel("has subsample = 4, where scale = 2")) {
      try large.weightFile(small: other)
    }
  }

  /// A wider and deeper network computes what the one that it starts from does, with the same
  /// conditioning map.
  @Test(arguments: Body.allCases) func networksGrow(_ body: Body) throws {
    let folder = try TrainingFolder()
    let multi = "body = \(body)\nscale = 4\nconditioning-channels = 8"
    _ = try folder.run(TrainingFolder.recipe(steps: 8, extra: multi), runs: "runs")
    let before = try TrainingState(
      recipe: TrainingFolder.recipe(steps: 8, extra: multi), folder: folder.path + "/runs")
    let grown = try TrainingState(
      recipe: Recipe(
        text: """
          name = grown
          start = small
          start-shape = 24 24 1 24
          features = 48
          bottleneck = 72
          blocks = 2
          head-features = 48
          train = train
          steps = 1
          \(multi)
          """), folder: folder.path + "/runs")
    let images = try PhotoFolder(
      folders: [folder.path + "/valid"], format: .rgb8, threads: 1
    ).images
    let bits = try before.bitsPerDimension(images, quantized: false, threads: 1)
    let same = try grown.bitsPerDimension(images, quantized: false, threads: 1)
    #expect(abs(bits - same) < 1e-5)
  }

  /// Crops of subsampled regions, and crops that begin where a pixel of the small image lies.
  @Test func samplersKeepToTheGrid() throws {
    let small = try CropSamplerTests.sampler(
      [(300, 70), (62, 61), (60, 64)], extra: "centre = raw\ninputs = value\nsubsample = 4")
    #expect(small.images.count == 2, "one image is too small for a crop of 16")
    for seed in 0..<30 as Range<UInt64> {
      let image = try small.region(seed: seed).image
      #expect([75, 16].contains(image.width) && [18, 16].contains(image.height))
      let row = image.planes[0].samples[..<image.width]
      #expect(zip(row, row.dropFirst()).allSatisfy { $1 == $0 &+ 4 })
    }
    let large = try CropSamplerTests.sampler(
      [(41, 38)], extra: "centre = raw\ninputs = value\nscale = 4")
    let region = try large.region(seed: 1)
    var corners: Set<[UInt8]> = []
    for seed in 0..<200 as Range<UInt64> {
      let crop = large.crop(of: region, seed: seed)
      corners.insert([crop.symbols[0], crop.symbols[16 * 17]])
    }
    #expect(corners.count == 7 * 6 && corners.allSatisfy { $0.allSatisfy { $0 % 4 == 0 } })
  }

  @Test func recipes() throws {
    func recipe(_ extra: String) throws -> Recipe {
      try Recipe(text: RecipeTests.text + "\n" + extra)
    }
    let plain = try recipe("conditioning-channels = 48\nsmall = x")
    #expect(plain.architecture.scale == 1 && plain.architecture.conditioningChannels == 0)
    #expect(plain.small.isEmpty && plain.subsample == 1)
    let large = try recipe("scale = 4\nsmall = x")
    #expect(large.architecture.scale == 4 && large.architecture.conditioningChannels == 24)
    #expect(large.small == "x")
    #expect(try recipe("subsample = 2").subsample == 2)
    for wrong in [
      "scale = 3", "scale = 8", "subsample = 3", "scale = 2\nsubsample = 2",
      "scale = 4\ncrop = 18", "scale = 2\nconditioning-channels = 12",
    ] {
      #expect(throws: TrainingError.self, "\(wrong)") { try recipe(wrong) }
    }
  }
}
