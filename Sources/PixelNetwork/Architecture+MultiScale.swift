/// The multi-scale PixelRNN (van den Oord et al. 2016, section 3.6; FORMAT.md, section 5.6): a
/// network that is given a small image, of which transposed convolutions make a conditioning map.
extension Architecture {
  /// The layers `upsample`, each of which doubles height and width: log2 of `scale`.
  public var upsamplingCount: Int { scale == 4 ? 2 : scale == 2 ? 1 : 0 }

  /// Products of a weight and an activation for each pixel, with all its colours; without those of
  /// the small image's model.
  public var multiplicationsPerPixel: Int {
    layers.reduce(0) { sum, layer in
      // `upsample` computes four cells of a map at once, which may be coarser than the image.
      let level = layer.kind == .upsample ? layer.block : nil
      return sum + layer.weightCount >> (level.map { 2 * (upsamplingCount - $0) } ?? 0)
    }
  }

  /// Rows, or columns, of the small image of an image with so many.
  public func smallExtent(_ extent: Int) -> Int { (extent + scale - 1) / scale }

  /// Checks that the small image's model goes with this one.
  ///
  /// - Throws: `WeightFileError.wrongSmallModel`.
  func validate(small: Architecture?) throws(WeightFileError) {
    guard let small else {
      if scale > 1 { throw .wrongSmallModel("is missing") }
      return
    }
    if scale == 1 { throw .wrongSmallModel("is not called for") }
    if small.scale > 1 { throw .wrongSmallModel("has a small model itself") }
    if small.colours != colours {
      throw .wrongSmallModel("is for \(small.colours) colours, not \(colours)")
    }
    if small.head != head { throw .wrongSmallModel("has another head") }
  }
}
