import ImagePlanes

extension Architecture {
  /// Of what format the images are that the network is for.
  public var pixelFormat: PixelFormat {
    PixelFormat(colours == 1 ? .gray : .rgb, depth: head.sampleDepth)
  }
}
