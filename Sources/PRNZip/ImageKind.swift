import ImagePlanes
import PNGFile

/// What of an image a model must be made for.
struct ImageKind: Equatable, Sendable {
  /// Planes: 3 (RGB) or 1 (gray).
  let colours: Int
  /// Bits of a value: 8, or 1 of a gray image.
  let sampleDepth: Int

  init(colours: Int, sampleDepth: Int = 8) {
    self.colours = colours
    self.sampleDepth = sampleDepth
  }

  /// The kind of a PNG file that can be modelled (FORMAT.md, section 1.4); nil for any other.
  init?(_ information: PNGInformation) {
    if information.isPlainRGB8 {
      self.init(colours: 3)
    } else if information.isPlainGray8 {
      self.init(colours: 1)
    } else if information.isPlainGray1 {
      self.init(colours: 1, sampleDepth: 1)
    } else {
      return nil
    }
  }

  /// For messages: "1-bit images of one plane".
  var description: String {
    (sampleDepth == 8 ? "" : "\(sampleDepth)-bit ") + "images of "
      + (colours == 1 ? "one plane" : "three planes")
  }
}

extension Image {
  /// The image as a picture of 8 bits: values of 1 bit, 0 and 1, become 0 and 255.
  ///
  /// - Parameter sampleDepth: the bits of its values, 8 or 1.
  /// - Returns: the picture.
  public func picture(sampleDepth: Int) -> Image {
    guard sampleDepth == 1 else { return self }
    var picture = self
    for k in picture.planes.indices {
      picture.planes[k].samples = planes[k].samples.map { $0 == 0 ? 0 : 255 }
    }
    return picture
  }
}
