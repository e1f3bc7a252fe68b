import CNetwork

extension PixelCNNEvaluation {
  /// Evaluates some layers of one colour group on some pixels of a diagonal (FORMAT.md, section 5.3).
  ///
  /// Phase 0 is the first convolution; phase p ends with block p - 1. Each computes, too, what the next
  /// phase sees of other pixels. The first group's phase 0 computes the context map, if there is one.
  ///
  /// Complexity: O(weights of these layers) for each pixel.
  public func evaluate(
    phase: Int, diagonal t: Int, group: Int, rows: Range<Int>, scratch: Scratch
  ) {
    let place = Place(diagonal: t, group: group, rows: rows, scratch: scratch)
    let isRecurrent = model.architecture.body.isRecurrent
    if phase == 0 {
      if group == 0 {
        contextMap?.evaluate(diagonal: t, rows: rows, kernels: kernels, scratch: scratch)
      }
      let isLast = model.architecture.blocks == 0
      saturate(
        plans[0], at: place, addend: nil, to: streams[0],
        rectified: !isRecurrent || isLast ? rectified[0] : nil)
    } else if isRecurrent {
      evaluate(layer: phase - 1, at: place)
    } else {
      evaluate(block: phase - 1, at: place)
    }
    let connections = model.architecture.connections
    if phase == model.architecture.blocks {
      let hasSkips = connections.contains(.skip) && phase > 0
      rectify(plans[plans.count - 2], at: place, addend: hasSkips ? skipSum : nil, to: hidden)
    } else if !isRecurrent {
      rectify(
        plans[1 + phase * (connections.contains(.skip) ? 4 : 3)], at: place, to: contexts[phase])
    }
  }

  /// A PixelCNN's block, but for its first layer.
  private func evaluate(block: Int, at place: Place) {
    let connections = model.architecture.connections
    let first = 1 + block * (connections.contains(.skip) ? 4 : 3)
    rectify(plans[first + 1], at: place, to: expanded[block])
    saturate(
      plans[first + 2], at: place,
      addend: connections.contains(.residual) ? streams[block] : nil, to: streams[block + 1],
      rectified: rectified[block + 1])
    if connections.contains(.skip) {
      saturate(plans[first + 3], at: place, addend: block > 0 ? skipSum : nil, to: skipSum)
    }
  }

  /// The first of the plans of a PixelRNN's layer.
  private func firstPlan(layer: Int) -> Int {
    let gates = diagonalRecurrence == nil ? 1 : 2
    return 1 + layer * (gates + (model.architecture.connections.contains(.skip) ? 2 : 1))
  }

  /// A PixelRNN's layer.
  private func evaluate(layer: Int, at place: Place) {
    let connections = model.architecture.connections
    let first = firstPlan(layer: layer)
    let gates = plans[first]
    run(gates, at: place) { row, pixels in
      recurrence?.step(
        layer: layer, group: place.group, diagonal: place.diagonal, row: row, pixels: pixels,
        accumulators: place.scratch.accumulators, shift: gates.shift)
      diagonalRecurrence?.stepFromLeft(
        layer: layer, group: place.group, diagonal: place.diagonal,
        accumulators: place.scratch.accumulators, shift: gates.shift)
    }
    let next = first + (diagonalRecurrence == nil ? 1 : 2)
    saturate(
      plans[next], at: place,
      addend: connections.contains(.residual) ? streams[layer] : nil, to: streams[layer + 1],
      rectified: layer + 1 == model.architecture.blocks ? rectified[0] : nil)
    if connections.contains(.skip) {
      saturate(plans[next + 1], at: place, addend: layer > 0 ? skipSum : nil, to: skipSum)
    }
  }

  /// All layers of a Diagonal BiLSTM, from the right, in a row that is complete.
  func evaluateFromRight(_ recurrence: DiagonalRecurrence, _ row: Int) {
    for layer in recurrence.layers.indices {
      let index = firstPlan(layer: layer) + 1
      recurrence.evaluateFromRight(
        row: row, layer: layer, plan: plans[index], steps: model.layers[index].stepGroups,
        kernels: kernels)
    }
  }

  /// Calls `body` with the row and the accumulators of each pixel's logits; y >> shift is the logit.
  @inline(__always)
  func headOutput(
    diagonal t: Int, group: Int, rows: Range<Int>, scratch: Scratch,
    body: (_ row: Int, _ accumulators: UnsafePointer<Int32>, _ shift: Int32) -> Void
  ) {
    let plan = plans[plans.count - 1]
    let place = Place(diagonal: t, group: group, rows: rows, scratch: scratch)
    run(plan, at: place) { row, pixels in
      for pixel in 0..<pixels {
        body(row &+ pixel, scratch.accumulators + pixel &* plan.outputs, plan.shift)
      }
    }
  }

  private struct Place {
    let diagonal: Int
    let group: Int
    let rows: Range<Int>
    let scratch: Scratch
  }

  /// Runs a layer on as many pixels at a time as there is room for sums.
  @inline(__always)
  private func run(
    _ plan: LayerPlan, at place: Place, body: (_ row: Int, _ pixels: Int) -> Void
  ) {
    // A multiple of the register tiles' 6 (AVX2) or 12 pixels where there is room.
    let room = Scratch.accumulatorCount / plan.outputs
    let most = room >= 12 ? room / 12 * 12 : Scratch.fewestPixels
    var row = place.rows.lowerBound
    while row < place.rows.upperBound {
      let pixels = min(most, place.rows.upperBound &- row)
      plan.run(
        kernels, group: place.group, diagonal: place.diagonal, row: row, pixels: pixels,
        scratch: place.scratch)
      body(row, pixels)
      row &+= pixels
    }
  }

  private func saturate(
    _ plan: LayerPlan, at place: Place, addend: SkewedPlane?, to target: SkewedPlane,
    rectified: SkewedPlane? = nil
  ) {
    let channel = place.group &* plan.outputs
    run(plan, at: place) { row, pixels in
      let t = place.diagonal
      kernels.saturate(
        place.scratch.accumulators, Int32(truncatingIfNeeded: pixels),
        Int32(truncatingIfNeeded: plan.outputs), plan.shift,
        addend.map { UnsafePointer($0.cell(diagonal: t, row: row) + channel) },
        target.cell(diagonal: t, row: row) + channel,
        rectified.map { $0.cell(diagonal: t, row: row) + channel }, target.cellStride,
        activationMaximum)
    }
  }

  private func rectify(
    _ plan: LayerPlan, at place: Place, addend: SkewedPlane? = nil, to target: SkewedPlane
  ) {
    let channel = place.group &* plan.outputs
    run(plan, at: place) { row, pixels in
      let t = place.diagonal
      kernels.rectify(
        place.scratch.accumulators, Int32(truncatingIfNeeded: pixels),
        Int32(truncatingIfNeeded: plan.outputs), plan.shift,
        addend.map { UnsafePointer($0.cell(diagonal: t, row: row) + channel) },
        addend?.cellStride ?? 0, target.cell(diagonal: t, row: row) + channel,
        target.cellStride, activationMaximum)
    }
  }
}
