import Bytes
import ImagePlanes
import TestSupport
import Testing

@testable import Training

@Suite struct FloatPlanesTests {
  static func flat(_ value: UInt8, width: Int = 11, height: Int = 8) -> Image {
    var image = Image(width: width, height: height)
    for colour in 0..<3 {
      image.planes[colour].samples = Array(repeating: value, count: width * height)
    }
    return image
  }

  @Test func roundsAndClips() {
    for (value, byte) in [(-3, 0), (0.4, 0), (0.6, 1), (254.6, 255), (300, 255)] as [(Float, UInt8)]
    {
      #expect(FloatPlanes.byte(value) == byte && FloatPlanes.whole(value) == Float(byte))
    }
    let image = Small.image(width: 13, height: 6)
    #expect(FloatPlanes(image).image == image)
  }

  /// Neither changes what is flat; a blur brings neighbours closer, a sharpening drives them apart.
  @Test func blurAndSharpenKeepConstants() {
    func roughness(_ image: Image) -> Int {
      let samples = image.planes[1].samples
      return zip(samples, samples.dropFirst()).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    }
    let image = Small.image(width: 32, height: 31, slope: 0)
    for sigma in [0.3, 0.5, 1.2] as [Float] {
      var planes = FloatPlanes(FloatPlanesTests.flat(77))
      planes.blur(sigma: sigma)
      planes.sharpen(amount: 1, sigma: sigma)
      #expect(planes.image == FloatPlanesTests.flat(77))
      var blurred = FloatPlanes(image)
      blurred.blur(sigma: sigma)
      #expect(roughness(blurred.image) < roughness(image))
      var sharp = FloatPlanes(image)
      sharp.sharpen(amount: 1, sigma: sigma)
      #expect(roughness(sharp.image) > roughness(image))
    }
  }

  /// The blur of a single bright pixel is symmetric and falls away from it.
  @Test func blurIsSymmetric() {
    var image = Image(width: 9, height: 9)
    image.planes[0].samples[40] = 255
    var planes = FloatPlanes(image)
    planes.blur(sigma: 0.8)
    let values = planes.planes[0]
    #expect(values[39] == values[41] && abs(values[31] - values[39]) < 1e-4)
    #expect(values[40] > values[39] && values[39] > values[38])
    #expect(abs(values.reduce(0, +) - 255) < 0.01)
  }

  @Test(arguments: ResamplingKernel.allCases)
  func resamplingKeepsConstantsAndSlopes(_ kernel: ResamplingKernel) {
    for scale in [0.5, 0.61, 0.99, 1, 1.37, 2] as [Float] {
      let newWidth = Int(40 * scale)
      var planes = FloatPlanes(FloatPlanesTests.flat(201, width: 40, height: 30))
      planes.resample(
        rows: 0..<Int(30 * scale), columns: 0..<newWidth, scale: scale, kernel: kernel)
      #expect(planes.width == newWidth && planes.height == Int(30 * scale))
      #expect(planes.image.planes.allSatisfy { $0.samples.allSatisfy { $0 == 201 } })

      var ramp = FloatPlanes(Image(width: 40, height: 30))
      for i in 0..<1200 { ramp.planes[2][i] = Float(i % 40) * 5 }
      ramp.resample(rows: 5..<7, columns: 10..<15, scale: scale, kernel: kernel)
      for c in 0..<5 {
        let expected = ((Float(c) + 10.5) / scale - 0.5) * 5
        #expect(abs(ramp.planes[2][c] - expected) < 2)
      }
    }
  }

  /// A part is the same as that part of the whole.
  @Test func resamplingAPartIsAPart() throws {
    let image = Small.image(width: 40, height: 32)
    for kernel in ResamplingKernel.allCases {
      var whole = FloatPlanes(image)
      whole.resample(rows: 0..<24, columns: 0..<30, scale: 0.75, kernel: kernel)
      var part = FloatPlanes(image)
      part.resample(rows: 7..<20, columns: 3..<12, scale: 0.75, kernel: kernel)
      let cut = try whole.image.crop(TileRectangle(row: 7, column: 3, height: 13, width: 9))
      #expect(part.image == cut)
    }
    var same = FloatPlanes(image)
    same.resample(rows: 0..<32, columns: 0..<40, scale: 1, kernel: .cubic)
    #expect(same.image == image)
  }

  /// Gray pixels stay as they are, colours within what the rounding of chroma can do.
  @Test func chromaRoundTrip() {
    var gray = FloatPlanes(Image(width: 16, height: 16))
    for i in 0..<256 { for colour in 0..<3 { gray.planes[colour][i] = Float(i) } }
    let original = gray.image
    var changed = gray
    changed.toYCbCr()
    #expect(changed.planes[1].allSatisfy { $0 == 128 })
    changed.toRGB()
    #expect(changed.image == original)
    for seed in 0..<20 as Range<UInt64> {
      var generator = SplitMix64(seed: seed)
      var subsampled = gray
      subsampled.subsampleChroma(&generator)
      #expect(subsampled.image == original)
    }
    let image = Small.image(width: 20, height: 20)
    var colours = FloatPlanes(image)
    colours.toYCbCr()
    colours.toRGB()
    let result = colours.image
    for colour in 0..<3 {
      for (a, b) in zip(image.planes[colour].samples, result.planes[colour].samples) {
        #expect(abs(Int(a) - Int(b)) <= 2)
      }
    }
  }

  /// One colour everywhere: averages and interpolations change nothing but rounding.
  @Test(arguments: [(1, 1), (1, 6), (7, 1), (8, 8), (9, 7)])
  func subsamplingKeepsOneColour(_ width: Int, _ height: Int) {
    var image = FloatPlanesTests.flat(90, width: width, height: height)
    image.planes[0].samples = Array(repeating: 200, count: width * height)
    for seed in 0..<20 as Range<UInt64> {
      var generator = SplitMix64(seed: seed)
      var planes = FloatPlanes(image)
      planes.subsampleChroma(&generator)
      #expect(planes.planes[0].allSatisfy { abs($0 - 200) <= 2 })
      #expect(planes.planes[1].allSatisfy { abs($0 - 90) <= 2 })
    }
  }

  @Test func toneCurvesRise() {
    for seed in 0..<200 as Range<UInt64> {
      var generator = SplitMix64(seed: seed)
      let values = ToneCurve(&generator).values
      #expect(values.count == 257 && values.allSatisfy { (0...255).contains($0) })
      #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
    }
  }
}
