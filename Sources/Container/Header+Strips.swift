// Images in strips (FORMAT.md, section 1.11).

extension Header {
  /// How many strips there are; 0 of an image that is not in strips.
  public var stripCount: Int { stripHeight > 0 ? (height - 1) / stripHeight + 1 : 0 }

  /// Rows of the strip with this number, from 0.
  public func height(ofStrip index: Int) -> Int {
    min(stripHeight, height - index * stripHeight)
  }

  /// Checks the fields of an image in strips.
  ///
  /// - Throws: `ContainerError.corrupt`.
  func validateStrips() throws(ContainerError) {
    guard groups.isEmpty, lattice == nil, !isInterlaced else {
      throw .corrupt(reason: "strips with groups, a lattice, or interlacing")
    }
    guard (1...height).contains(stripHeight),
      stripHeight == height || stripHeight * width >= Self.fewestStripPixels
    else {
      throw .corrupt(reason: "strips of \(stripHeight) rows")
    }
  }

  /// Checks that the header of a strip is one of this image.
  ///
  /// - Parameters:
  ///   - strip: its own header.
  ///   - index: of the strip, from 0.
  /// - Throws: `ContainerError.corrupt`.
  func check(_ strip: Header, index: Int) throws(ContainerError) {
    guard strip.contentKind == .modelled, !strip.isPNM, strip.width == width,
      strip.height == height(ofStrip: index), strip.colourType == colourType,
      strip.sampleDepth == sampleDepth, !strip.isInterlaced, strip.filmCount == nil
    else { throw .corrupt(reason: "strip \(index) is not one of the image") }
  }
}
