import ImagePlanes

// Images of 3 colours or 1, from the samples of a test: small ones, so that no memory is checked.

extension Image {
  /// Planes.
  package var colours: Int { planes.count }

  /// A black image, gray or RGB.
  package init(width: Int, height: Int, colours: Int = 3, depth: Int = 8) {
    self.init(
      PixelFormat(colours == 1 ? .gray : .rgb, depth: depth),
      planes: (0..<colours).map { _ in Plane(width: width, height: height) })
  }

  /// An image of samples R G B R G B ..., or those of gray, row by row.
  ///
  /// Pixels that are not whole at the end are 0, surplus samples are ignored.
  package init(
    width: Int, height: Int, interleaved: [UInt8], colours: Int = 3, depth: Int = 8
  ) {
    self.init(width: width, height: height, colours: colours, depth: depth)
    let pixels = min(interleaved.count / colours, self.width * self.height)
    for k in 0..<colours {
      for i in 0..<pixels { planes[k].samples[i] = interleaved[colours * i + k] }
    }
  }

  /// The bytes of all planes, [row][column][plane].
  package var interleaved: [UInt8] {
    var bytes: [UInt8] = []
    forEachInterleavedRows(atOnce: 7) { bytes += $0 }
    return bytes
  }
}
