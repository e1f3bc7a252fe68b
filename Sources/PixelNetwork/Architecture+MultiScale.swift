/// The multi-scale PixelRNN (van den Oord et al. 2016, section 3.6; FORMAT.md, section 5.6): a network that is given a
/// small image, of which transposed convolutions make a context map.
extension Architecture {
  /// The layers `upsample`, each of which doubles height and width: log2 of `scale`.
  public var upsamplingCount: Int { scale == 4 ? 2 : scale == 2 ? 1 : 0 }

  /// Stride 2 and a 4x4 kernel: each of the four phases (row mod 2, column mod 2) of the outputs sees 2x2 cells of
  /// the coarser map. No masks.
  var upsamplingLayers: [LayerShape] {
    (0..<upsamplingCount).map { level in
      LayerShape(
        .upsample, block: level, of: self, groups: 4, outputs: 4 * contextChannels
      ) { phase in
        let (row, column) = (phase / 2 - 1, phase % 2 - 1)
        return [(0, 0), (0, 1), (1, 0), (1, 1)].map { tap in
          LayerShape.Segment(
            plane: level == 0 ? .smallValues : .activations, rowOffset: row + tap.0,
            columnOffset: column + tap.1, channels: level == 0 ? colours : contextChannels)
        }
      }
    }
  }

  /// What a body layer's input-to-state map sees of the context map, at the pixel itself and without a mask.
  var contextSegments: [LayerShape.Segment] {
    scale == 1
      ? []
      : [
        LayerShape.Segment(
          plane: .contextMap, rowOffset: 0, columnOffset: 0, channels: contextChannels)
      ]
  }

  /// Products of a weight and an activation for each pixel, with all its colours; without those of the small image's model.
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
