import CTraining
import PixelNetwork

/// The residual blocks of a PixelCNN.
final class ConvolutionBody: BodyPass {
  private struct Block {
    let reduce, convolve, expand: DenseLayer
    let skip: DenseLayer?
    let dilation: Int
    /// The stream in front, rectified: [cells][features].
    let rectified: UnsafeMutablePointer<Float>
    /// What `reduce` makes, with a margin in front, and what `convolve` makes: [cells][bottleneck].
    let reduced, convolved: UnsafeMutablePointer<Float>
  }

  private let blocks: [Block]
  private let geometry: MapGeometry
  private let features, h: Int
  private let rectifiedGradient, reducedGradient, convolvedGradient: UnsafeMutablePointer<Float>

  static func startGain(_ kind: Layer.Kind) -> Float {
    [.expand, .skip].contains(kind) ? 0.5 : 1
  }

  init(_ layout: ParameterLayout, _ geometry: MapGeometry, memory: FloatMemory, keeps: Bool) {
    self.geometry = geometry
    let (features, h) = (layout.architecture.features, layout.architecture.bottleneck)
    (self.features, self.h) = (features, h)
    func reducedMap() -> UnsafeMutablePointer<Float> {
      memory.zeros(geometry.cells * h, margin: geometry.marginCells * h)
    }
    blocks = (0..<layout.architecture.blocks).compactMap { block in
      guard let reduce = layout.layer(.reduce, block: block),
        let convolve = layout.layer(.convolve, block: block),
        let expand = layout.layer(.expand, block: block)
      else { return nil }
      return Block(
        reduce: reduce, convolve: convolve, expand: expand,
        skip: layout.layer(.skip, block: block),
        dilation: layout.architecture.dilation(block: block),
        rectified: memory.zeros(geometry.cells * features), reduced: reducedMap(),
        convolved: memory.zeros(geometry.cells * h))
    }
    rectifiedGradient = memory.zeros(geometry.cells * features)
    reducedGradient = reducedMap()
    convolvedGradient = memory.zeros(geometry.cells * h)
  }

  func forward(block: Int, in pass: NetworkPass) {
    let block = blocks[block]
    let (a, b, u) = (block.reduced, block.convolved, block.rectified)
    pass.forEachChunk { start, n in
      pass.rectify(
        pass.space.stream + start * features, u + start * features, n * features)
      pass.apply(
        block.reduce, u + start * features, xStride: features, a + start * h, n: n,
        accumulate: false)
      pass.rectify(a + start * h, a + start * h, n * h)
    }
    geometry.clearPadding(a, channels: h)
    pass.forEachChunk { start, n in
      gather(block, start: start, n: n, in: pass.space)
      pass.apply(
        block.convolve, pass.space.gathered, xStride: 5 * h, b + start * h, n: n, inputs: 5 * h,
        accumulate: false)
      pass.addConditioning(block.convolve, to: b + start * h, start: start, n: n)
      pass.rectify(b + start * h, b + start * h, n * h)
      pass.raise(block.expand, block.skip, b, start: start, n: n)
    }
  }

  func backward(block: Int, in pass: NetworkPass) {
    let block = blocks[block]
    let (a, b, u) = (block.reduced, block.convolved, block.rectified)
    let margin = geometry.marginCells * h
    (reducedGradient - margin).update(repeating: 0, count: margin + geometry.cells * h)
    pass.forEachChunk { start, n in
      let db = convolvedGradient + start * h
      pass.unraise(block.expand, block.skip, b, dx: convolvedGradient, start: start, n: n)
      prn_relu_backward(b + start * h, db, n * h, pass.maximum)
      gather(block, start: start, n: n, in: pass.space)
      pass.unapply(
        block.convolve, pass.space.gathered, xStride: 5 * h, dy: db, dx: pass.space.gathered, n: n,
        inputs: 5 * h)
      pass.addConditioningGradient(block.convolve, dy: db, start: start, n: n)
      forEachTap(block.dilation, start: start) { tap, cell, taps in
        prn_add_columns(
          pass.space.gathered + tap * h, 5 * h, reducedGradient + cell * h, h, taps * h, n)
      }
    }
    prn_relu_backward(a, reducedGradient, geometry.cells * h, pass.maximum)
    geometry.clearPadding(reducedGradient, channels: h)
    pass.forEachChunk { start, n in
      let du = rectifiedGradient + start * features
      let ds = pass.space.streamGradient + start * features
      pass.unapply(
        block.reduce, u + start * features, xStride: features, dy: reducedGradient + start * h,
        dx: du, n: n)
      prn_relu_backward(u + start * features, du, n * features, pass.maximum)
      if pass.architecture.connections.contains(.residual) {
        prn_add(ds, du, n * features)
      } else {
        ds.update(from: du, count: n * features)
      }
    }
  }

  /// The five taps of a 3x3 mask B into `gathered`: three above, W and the cell.
  private func gather(_ block: Block, start: Int, n: Int, in space: Workspace) {
    forEachTap(block.dilation, start: start) { tap, cell, taps in
      prn_copy_columns(
        block.reduced + cell * h, h, space.gathered + tap * h, 5 * h, taps * h, n)
    }
  }

  /// `body(tap, cell of the first pixel's tap, taps that are one behind the other)`. Of a single
  /// crop, if not dilated, those of a row are neighbours in memory.
  private func forEachTap(
    _ dilation: Int, start: Int, _ body: (_ tap: Int, _ cell: Int, _ taps: Int) -> Void
  ) {
    let step = dilation * geometry.crops
    let above = start - dilation * geometry.rowCells - step
    guard step > 1 else {
      body(0, above, 3)
      body(3, start - 1, 2)
      return
    }
    for tap in 0..<3 { body(tap, above + tap * step, 1) }
    for tap in 3..<5 { body(tap, start + (tap - 4) * step, 1) }
  }
}
