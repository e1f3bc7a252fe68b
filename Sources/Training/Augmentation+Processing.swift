import Bytes
import ImagePlanes

/// What a recipe asks of processing: the share of regions, 0...1, that each kind is applied to.
///
/// Photos reach a compressor through cameras, editors and web sites; what those did shows in the
/// low bits.
public struct Processing: Equatable, Sendable {
  /// Resampling, to 0.5...1 (twice as often) or 1...2 of the size.
  public var scale: Double
  /// A Gaussian, sigma 0.3...1.2 pixels.
  public var blur: Double
  /// An unsharp mask, amount 0.2...1, sigma 0.5...1.2 pixels.
  public var sharpen: Double
  /// Gaussian noise, sigma 0.5...3 steps, each colour's own or shared by all.
  public var noise: Double
  /// Gamma 0.6...1.6, contrast and levels, the same for all colours.
  public var tone: Double
  /// Each colour's own gain, 0.8...1.2, and offset, up to 6 steps.
  public var cast: Double
  /// YCbCr and back, mostly with chroma at half of the width or of both sides.
  public var subsampling: Double
  /// Colours exchanged.
  public var permutation: Double

  /// No processing but what is named.
  public init(
    scale: Double = 0, blur: Double = 0, sharpen: Double = 0, noise: Double = 0, tone: Double = 0,
    cast: Double = 0, subsampling: Double = 0, permutation: Double = 0
  ) {
    self.scale = scale
    self.blur = blur
    self.sharpen = sharpen
    self.noise = noise
    self.tone = tone
    self.cast = cast
    self.subsampling = subsampling
    self.permutation = permutation
  }

  /// Some of everything.
  public static let varied = Processing(
    scale: 0.5, blur: 0.15, sharpen: 0.2, noise: 0.25, tone: 0.3, cast: 0.25, subsampling: 0.35,
    permutation: 0.1)
}

extension Image {
  /// The image after a random choice of processing, of random strength: the same for the same
  /// `generator`.
  ///
  /// Only scaling changes the size: what is scaled is cut at a random place to at most
  /// `maximumSide` pixels on a side, and what would fall below 96 pixels on a side is not scaled.
  /// Works on any number of planes; subsampling and permutation need three. Complexity: O(pixels).
  func processed(
    _ processing: Processing, maximumSide: Int, _ generator: inout SplitMix64
  ) -> Image {
    guard width > 0, height > 0 else { return self }
    var floats = FloatPlanes(self)
    if generator.chance(processing.permutation) { floats.permute(&generator) }

    // An editor gets the chroma from a JPEG or video, or the JPEG or video is made after the
    // editor.
    enum Stage: CaseIterable { case before, between, after, never }
    let subsampling: Stage =
      generator.chance(processing.subsampling) ? Stage.allCases[generator.index(below: 3)] : .never
    if subsampling == .before { floats.subsampleChroma(&generator) }

    if generator.chance(processing.scale) { floats.scale(maximumSide: maximumSide, &generator) }
    let grain = generator.chance(processing.noise)
    let grainComesFirst = generator.chance(0.5)
    if grain && grainComesFirst { floats.addNoise(&generator) }
    if generator.chance(processing.blur) { floats.blur(sigma: generator.uniform(0.3...1.2)) }
    if generator.chance(processing.sharpen) {
      floats.sharpen(amount: generator.uniform(0.2...1), sigma: generator.uniform(0.5...1.2))
    }
    if generator.chance(processing.cast) { floats.cast(&generator) }
    if grain && !grainComesFirst { floats.addNoise(&generator) }

    let curve = generator.chance(processing.tone) ? ToneCurve(&generator) : nil
    // Editors either look 8-bit values up, which leaves gaps in the histogram, or compute finely
    // and dither.
    let dithers = generator.chance(0.5)
    if let curve, dithers {
      floats.apply(curve)
      floats.dither(&generator)
    }
    if subsampling == .between { floats.subsampleChroma(&generator) }
    if let curve, !dithers { floats.lookUp(curve) }
    if subsampling == .after { floats.subsampleChroma(&generator) }
    return floats.image
  }
}

extension SplitMix64 {
  /// True with `probability` 0...1.
  mutating func chance(_ probability: Double) -> Bool { Double(unit()) < probability }

  /// A uniform number in `range`.
  mutating func uniform(_ range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * unit()
  }

  /// Roughly a normal number, from one draw: the sum of four uniform ones, within 3.5 standard
  /// deviations.
  @inline(__always) mutating func quickNormal() -> Float {
    let bits = next()
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
    // A uniform number of 0..<65536 has the variance 65536^2 / 12.
    return (Float(Int32(truncatingIfNeeded: sum)) - 131070) * (1.7320508 / 65536)
  }
}
