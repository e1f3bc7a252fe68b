import ImagePlanes

/// What the samples of an image have in common, which a file need not say again and again.
struct ImageTraits {
  /// The value of each channel whose samples are all the same; nil where they are not.
  let constants: [Int?]
  /// Whether the channels but alpha have equal samples, and there are several of them.
  let coloursAreEqual: Bool
  /// Whether both bytes of all samples are the same, of an image of 16 bits.
  let isDoubled: Bool

  /// Complexity: O(samples).
  init(_ image: Image) {
    let format = image.format
    let bytes = format.depth > 8 ? 2 : 1
    constants = (0..<format.channels.count).map { channel in
      let planes = image.planes[(channel * bytes)..<(channel * bytes + bytes)]
      var value = 0
      for plane in planes {
        guard let first = plane.samples.first, plane.samples.allSatisfy({ $0 == first }) else {
          return nil
        }
        value = value << 8 | Int(first)
      }
      return value
    }
    isDoubled =
      bytes == 2
      && stride(from: 0, to: image.planes.count, by: 2).allSatisfy {
        image.planes[$0].samples == image.planes[$0 + 1].samples
      }
    let colours = format.channels.colourCount
    coloursAreEqual =
      colours > 1
      && (1..<colours).allSatisfy { channel in
        (0..<bytes).allSatisfy {
          image.planes[channel * bytes + $0].samples == image.planes[$0].samples
        }
      }
  }
}

extension Channels {
  /// Channels but alpha.
  var colourCount: Int { hasAlpha ? count - 1 : count }

  /// Whether the last channel is alpha.
  var hasAlpha: Bool { self == .grayAlpha || self == .rgba }
}
