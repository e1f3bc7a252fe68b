import Bytes
import ColourLattices
import ImagePlanes
import Container
import PNGFile

extension PixelFormat {
  /// For messages: "1-bit images of one plane".
  package var imagesInWords: String {
    let numbers = ["no plane", "one plane", "two planes", "three planes", "four planes"]
    let count = channels.count
    return (depth == 8 ? "" : "\(depth)-bit ")
      + (channels == .palette ? "images with a palette" : "images of \(numbers[count])")
  }
}

extension Image {
  /// The image as a picture of 8 bits: values of fewer bits are spread over 0 to 255.
  ///
  /// Other images are given back as they are.
  ///
  /// - Returns: the picture.
  /// - Throws: `OutOfMemory`.
  public func picture() throws(OutOfMemory) -> Image {
    guard format.depth < 8, format.channels != .palette else { return self }
    try Memory.check(width * height, of: planes.count)
    let white = 1 << format.depth - 1
    let values = (0...255).map { UInt8(min($0, white) * 255 / white) }
    return Image(
      PixelFormat(format.channels, depth: 8),
      planes: planes.map { plane in
        var plane = plane
        plane.samples = plane.samples.map { values[Int($0)] }
        return plane
      })
  }
}

extension Header {
  /// A header of a file's image.
  init(
    _ contentKind: ContentKind, _ information: InputInformation, digest: [UInt8],
    fileDigest: [UInt8] = [], lattice: ColourLattice? = nil, groups: [Group] = [],
    stripHeight: Int = 0
  ) {
    self.init(
      contentKind, isPNM: information.isPNM, width: information.width,
      height: information.height, colourType: information.format.channels.pngColourType,
      sampleDepth: UInt8(truncatingIfNeeded: information.format.depth),
      isInterlaced: information.isInterlaced, digest: digest, fileDigest: fileDigest,
      lattice: lattice, groups: groups, stripHeight: stripHeight)
  }

  /// Of what kind the image's pixels are; nil for none that PNG has.
  var format: PixelFormat? { PixelFormat(pngColourType: colourType, depth: Int(sampleDepth)) }
}
