import Container
import ImagePlanes

/// What of an image is left to code where channels that are constant, or equal, are left out.
struct VaryingChannels {
  /// The planes to code, of bytes (deep ones: two each): colours, then alpha.
  let planes: Image
  /// The channels of the image that they stand for.
  let mask: UInt8
  /// That of alpha among them; 0 if it is not.
  let alphaMask: UInt8
  /// Whether the colours are one plane.
  let isEqual: Bool
  /// How samples follow from the planes.
  let mapping: Group.Mapping

  /// Whether the last plane is alpha, beside others.
  var hasAlpha: Bool { alphaMask != 0 && mask != alphaMask }

  /// nil where all channels are constant.
  init?(_ image: Image, _ traits: ImageTraits) {
    let all = traits.constants.indices.filter { traits.constants[$0] == nil }
    guard !all.isEmpty else { return nil }
    let alpha = image.format.channels.hasAlpha ? image.format.channels.count - 1 : nil
    let allColours = all.filter { $0 != alpha }
    let isEqual = traits.coloursAreEqual && allColours.count > 1
    let colours = isEqual ? Array(allColours.prefix(1)) : allColours
    self.isEqual = isEqual
    mapping = traits.isDoubled ? .doubled : .none
    mask = all.reduce(0) { $0 | 1 << UInt8($1) }
    if let alpha, all.contains(alpha) {
      alphaMask = 1 << UInt8(alpha)
      planes = image.coded(colours + [alpha], byte: traits.isDoubled ? 0 : nil)
    } else {
      alphaMask = 0
      planes = image.coded(colours, byte: traits.isDoubled ? 0 : nil)
    }
  }

  /// The planes but alpha.
  var colourPlanes: Image {
    hasAlpha ? planes.coded(Array(0..<planes.format.channels.count - 1)) : planes
  }

  /// A group of all of these channels.
  func group(_ parameters: Group.Parameters) -> Group {
    Group(channels: mask, isEqual: isEqual, mapping: mapping, parameters: parameters)
  }

  /// The same channels with other planes, of which the samples follow otherwise.
  init(_ other: VaryingChannels, planes: Image, mapping: Group.Mapping) {
    self.planes = planes
    self.mapping = mapping
    mask = other.mask
    alphaMask = other.alphaMask
    isEqual = other.isEqual
  }

  /// Bits of a coded value: those of the image's samples, or of bytes that stand for them.
  func depth(of format: PixelFormat) -> Int { mapping == .none ? format.depth : 8 }

  /// How many pixels repeat others.
  var flatness: Flatness { Flatness(planes) }
}

/// How many pixels of an image repeat others, or nearly do.
struct Flatness {
  /// The share of pixels that are equal to the one on the left, or to the one above: 0 to 1.
  let flat: Double
  /// Of the other pixels, the share of those that are near one of the two in all planes: 0 to 1. In
  /// photographs it is large, in pictures with text small.
  let smooth: Double

  /// Values differ by no more than this where pixels are near each other.
  private static let nearest = 3

  /// Complexity: O(samples).
  init(_ image: Image) {
    let width = image.width, count = width * image.height
    // Of each pixel: whether it differs from W, from N; whether it is far from W, from N.
    var differences = [UInt8](repeating: 0, count: count)
    for plane in image.planes {
      plane.samples.withUnsafeBufferPointer { samples in
        differences.withUnsafeMutableBufferPointer { differences in
          Self.compare(samples, distance: 1, bits: 0, differences)
          // What has no neighbour differs from it; so does the end of the row before.
          for at in stride(from: 0, to: count, by: max(width, 1)) { differences[at] |= 5 }
          Self.compare(samples, distance: width, bits: 1, differences)
          for at in 0..<min(width, count) { differences[at] |= 10 }
        }
      }
    }
    // Sums of bits, so that the loop is one of vectors.
    var new = 0, far = 0
    for difference in differences {
      let differs = difference & (difference &>> 1) & 1
      let isFar = (difference &>> 2) & (difference &>> 3) & 1
      new &+= Int(differs)
      far &+= Int(differs & isFar)
    }
    flat = 1 - Double(new) / Double(max(count, 1))
    smooth = 1 - Double(far) / Double(max(new, 1))
  }

  /// Notes what each sample is to the one `distance` before it: a 1 if it differs, a 4 if it is
  /// far, shifted by so many `bits`.
  private static func compare(
    _ samples: UnsafeBufferPointer<UInt8>, distance: Int, bits: UInt8,
    _ differences: UnsafeMutableBufferPointer<UInt8>
  ) {
    guard let here = samples.baseAddress, let noted = differences.baseAddress else { return }
    for at in min(distance, samples.count)..<samples.count {
      let value = here[at], other = here[at &- distance]
      let gap = value > other ? value &- other : other &- value
      noted[at] |= ((gap == 0 ? 0 : 1) | (gap <= nearest ? 0 : 4)) &<< bits
    }
  }
}
