import Bytes
import Crypto
import DigitModels
import Foundation
import ImagePlanes
import ModelStore
import PRNZip
import TestSupport
import Testing

@testable import Sampling

@Suite struct SamplerTests {
  private static func store() throws -> ModelStore {
    var store = ModelStore()
    for file in try TestModels.all() + [TestModels.bilstm()] { try store.add(file) }
    return store
  }

  private func sampler(
    model: String = "noise", threads: Int = 1, sharpness: Int = 1
  ) throws -> Sampler {
    var options = Sampler.Options()
    options.store = try Self.store()
    options.model = model
    options.threads = threads
    options.sharpness = sharpness
    return Sampler(options)
  }

  /// On every number of threads; more images of a seed begin with the same ones.
  @Test(arguments: ["noise", "bilstm"]) func sameSeedSameImages(_ model: String) throws {
    let images = try sampler(model: model).sample(width: 17, height: 13, count: 5, seed: 7)
    for threads in [2, 3, 8] {
      let same = try sampler(model: model, threads: threads).sample(
        width: 17, height: 13, count: 5, seed: 7)
      #expect(same == images)
    }
    #expect(
      try sampler(model: model).sample(width: 17, height: 13, count: 2, seed: 7)
        == Array(images[..<2]))
    #expect(Set(images.map(\.interleaved)).count == 5)
    let others = try sampler(model: model).sample(width: 17, height: 13, count: 5, seed: 8)
    #expect(Set((images + others).map(\.interleaved)).count == 10)
  }

  private static func digest(_ image: Image) -> String {
    hexadecimal(SHA256.hash(data: image.interleaved).prefix(16))
  }

  /// Which bytes come out is part of what the command promises.
  @Test func imagesAreWhatTheyWere() throws {
    let images = try sampler(model: "laplace").sample(width: 9, height: 8, count: 2, seed: 1)
    #expect(Self.digest(images[1]) == "6c4f6fb9c1faae7208897fd089388c29")
    let gray = try sampler(model: "gray", sharpness: 3).sample(
      width: 9, height: 8, count: 1, seed: 1)
    #expect(gray[0].colours == 1)
    #expect(Self.digest(gray[0]) == "6029123f5913f50a4de0ca0362054906")
  }

  /// With the Laplace model, a value at the distance d from the first prediction has the
  /// probability p * 2^(-d/2), and with the sharpness n p * 2^(-n d/2).
  @Test(arguments: Sampler.sharpnesses) func valuesHaveTheirProbabilities(_ sharpness: Int) throws {
    let count = 4000
    let ratio = pow(0.5, 0.5 * Double(sharpness))
    let expected = (1 - ratio) / (1 + ratio)
    let images = try sampler(model: "gray", sharpness: sharpness).sample(
      width: 1, height: 1, count: count, seed: 3)
    let centres = images.filter { $0.planes[0].samples[0] == 128 }.count
    let deviation = (Double(count) * expected * (1 - expected)).squareRoot()
    let difference = Double(centres) - Double(count) * expected
    #expect(abs(difference) < 4 * deviation)
    let above = images.filter { $0.planes[0].samples[0] > 128 }.count
    let asymmetry = Double(2 * above + centres - count)
    #expect(abs(asymmetry) < 4 * Double(count).squareRoot())
  }

  /// A sigmoid's values are 0 and 1: a 1 has the probability 1/9 to the power, and as a picture it
  /// is white.
  @Test(arguments: Sampler.sharpnesses) func bitsHaveTheirProbabilities(_ sharpness: Int) throws {
    let sampler = try sampler(model: "bits", threads: 2, sharpness: sharpness)
    let image = try sampler.sample(width: 80, height: 50, count: 1, seed: 2)[0]
    let ones = image.planes[0].samples.filter { $0 == 1 }.count
    #expect(image.format == .gray1 && image.planes[0].samples.allSatisfy { $0 < 2 })
    let expected = 4000 / (1 + pow(8, Double(sharpness)))
    #expect(abs(Double(ones) - expected) < 4 * expected.squareRoot())
    let picture = try image.picture()
    #expect(picture.format == .gray8)
    #expect(picture.planes[0].samples == image.planes[0].samples.map { $0 * 255 })
    #expect(try picture.picture() == picture)

    let bits = bitImage(width: 20, height: 9)
    let completion = try sampler.complete(bits, .bottomHalf, count: 1, seed: 1)[0]
    #expect(completion.planes[0].samples[..<100] == bits.planes[0].samples[..<100])
    #expect(completion != bits)
  }

  /// What is visible stays, and a value hidden behind it is drawn as if nothing visible came later.
  @Test(arguments: ["noise", "bilstm"]) func completionsKeepWhatIsVisible(_ model: String) throws {
    let image = smoothImage(width: 14, height: 11)
    let visible = try Occlusion.bottomHalf.visible(width: 14, height: 11)
    let completions = try sampler(model: model, threads: 2).complete(
      image, .bottomHalf, count: 3, seed: 1)
    #expect(Set(completions.map(\.interleaved)).count == 3)
    for completion in completions {
      for colour in 0..<3 {
        for (pixel, isVisible) in visible.enumerated() where isVisible {
          #expect(
            completion.planes[colour].samples[pixel] == image.planes[colour].samples[pixel])
        }
      }
    }
    // Other pixels under the mask: the same completions.
    var other = image
    for colour in 0..<3 {
      for (pixel, isVisible) in visible.enumerated() where !isVisible {
        other.planes[colour].samples[pixel] = 77
      }
    }
    #expect(
      try sampler(model: model).complete(other, .bottomHalf, count: 3, seed: 1) == completions)
  }

  @Test func everythingHiddenIsASample() throws {
    let mask = Image(width: 6, height: 5, colours: 1)
    let image = smoothImage(width: 6, height: 5)
    let completions = try sampler().complete(image, .mask(mask), count: 2, seed: 4)
    #expect(try completions == sampler().sample(width: 6, height: 5, count: 2, seed: 4))
  }

  @Test func unsuitableModelsAreRefused() throws {
    let image = smoothImage(width: 6, height: 5)
    #expect(
      throws:
        PRNZipError.unsuitableModel(
          name: "gray", kind: "images of one plane", image: "images of three planes")
    ) {
      try sampler(model: "gray").complete(image, .bottomHalf, count: 1, seed: 0)
    }
    for (model, image) in [
      ("gray", bitImage(width: 6, height: 5)), ("bits", grayImage(width: 6, height: 5)),
    ] {
      let sampler = try sampler(model: model)
      let error = prnzipError { () throws(PRNZipError) in
        try sampler.complete(image, .bottomHalf, count: 1, seed: 0)
      }
      guard case .unsuitableModel(model, _, _) = error else {
        Issue.record("\(model) for \(image.format)")
        continue
      }
    }
    #expect(throws: PRNZipError.unknownModelName("x")) {
      try sampler(model: "x").sample(width: 1, height: 1, count: 1, seed: 0)
    }
  }

  @Test func pixelsAreLimited() throws {
    var options = Sampler.Options()
    options.store = try Self.store()
    options.model = "noise"
    options.limits.maximumPixels = 11
    let sampler = Sampler(options)
    #expect(throws: PRNZipError.limitExceeded(what: "pixels", value: 12, limit: 11)) {
      try sampler.sample(width: 4, height: 3, count: 1, seed: 0)
    }
    #expect(throws: PRNZipError.limitExceeded(what: "pixels", value: 12, limit: 11)) {
      try sampler.complete(
        smoothImage(width: 4, height: 3), .bottomHalf, count: 1, seed: 0)
    }
  }

  /// All images together, and the tile in work, fit the memory; fewer are drawn side by side where
  /// it is short, and they are the same.
  @Test func memoryIsLimited() throws {
    var options = Sampler.Options()
    options.store = try Self.store()
    options.model = "noise"
    options.threads = 4
    let all = try Sampler(options).sample(width: 40, height: 30, count: 6, seed: 1)
    func images(bytes: Int) throws(PRNZipError) -> [Image] {
      var limited = options
      limited.limits.maximumBytes = bytes
      return try Sampler(limited).sample(width: 40, height: 30, count: 6, seed: 1)
    }
    let refusal = prnzipError { () throws(PRNZipError) in try images(bytes: 1) }
    guard case .limitExceeded("bytes of memory", let needed, 1) = refusal else {
      Issue.record("\(String(describing: refusal))")
      return
    }
    #expect(needed > 7 * 40 * 30 * 3)
    #expect(
      prnzipError { () throws(PRNZipError) in try images(bytes: needed - 1) }
        == .limitExceeded(what: "bytes of memory", value: needed, limit: needed - 1))
    #expect(try images(bytes: needed) == all)
  }

  /// It is given luma, which nobody draws.
  @Test func modelsOfChromaAreRefused() {
    var options = Sampler.Options()
    options.model = "chroma"
    let error = prnzipError { () throws(PRNZipError) in
      try Sampler(options).sample(width: 4, height: 4, count: 1, seed: 1)
    }
    guard case .unsuitableModel("chroma", _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  /// Of the program's own models: the same image from the same seed, and another one from another.
  @Test(arguments: ModelStore.withDigits.descriptions.filter { !$0.isForChroma }.map(\.name))
  func samplesFollowTheSeed(_ name: String) throws {
    var options = Sampler.Options()
    options.store = .withDigits
    options.model = name
    options.threads = 1
    // The first rows of a digit are black.
    let isOfDigits = try ModelStore.withDigits.model(named: name)?.format == .gray1
    func drawn(_ seed: UInt64) throws -> [Image] {
      try Sampler(options).sample(
        width: 17, height: isOfDigits ? 20 : 6, count: 2, seed: seed)
    }
    let one = try drawn(4)
    options.threads = 3
    #expect(try drawn(4) == one)
    #expect(try drawn(5) != one)
  }

  /// Counts of 16 equal parts of the range, of places and of images.
  @Test func numbersAreSpreadEvenly() {
    var counts = [[Int]](repeating: [Int](repeating: 0, count: 16), count: 2)
    for i in 0..<16_000 {
      let ofPlace = DrawnNumbers(seed: 1, image: 0).number(at: i, below: 1 << 30)
      let ofImage = DrawnNumbers(seed: 1, image: i).number(at: 0, below: 1 << 30)
      counts[0][Int(ofPlace >> 26)] += 1
      counts[1][Int(ofImage >> 26)] += 1
    }
    // The statistic has 15 degrees of freedom: above 50 with a probability of 1e-5.
    for counts in counts {
      let statistic = counts.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
      #expect(statistic < 50)
    }
    #expect(DrawnNumbers(seed: 1, image: 0).number(at: 0, below: 1) == 0)
  }
}

/// What `body` throws, if it throws a `PRNZipError`.
private func prnzipError<Result>(_ body: () throws(PRNZipError) -> Result) -> PRNZipError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error
  }
}
