/// What an architecture comes to when it runs: its layers, where each puts its outputs, in which
/// stage it runs, and the planes that they read and write.
///
/// Codec, memory bound, trainer, quantizer and growth all follow this one description.
package struct CompiledNetwork: Sendable {
  /// Diagonals that a plane keeps: `fronts` times those in work, and behind them `rows` times the
  /// shear and `columns`.
  struct Depth: Sendable {
    var fronts = 1, rows = 0, columns = 0

    func diagonals(front: Int, shear: Int) -> Int { fronts * front + rows * shear + columns }
  }

  /// A plane's cells.
  struct PlaneShape: Sendable {
    let plane: Layer.Plane
    let channels: Int
    var depth = Depth()
    /// Rows above, and columns on either side, that are looked at.
    var reach = 0
    /// Whether cells beside the tile are read; they are zero.
    var hasBorders = false
  }

  /// What happens to a layer's sums (FORMAT.md, section 5.3).
  enum Epilogue: Sendable {
    /// target = sat16(addend + y), and `rectified` follows it.
    case saturate(addend: Layer.Plane?, target: Layer.Plane, rectified: Layer.Plane?)
    /// target = clamp(sat16(y) + addend, 0, activationMaximum).
    case rectify(addend: Layer.Plane?, target: Layer.Plane)
    /// A step of an LSTM from the cells of the pixel at an offset; `sum` gets the states of this
    /// and the other direction, the row above's.
    case step(Step)
    /// Nothing: the logits become frequencies.
    case logits
    /// Transposed convolutions have a program of their own: `ConditioningMap`.
    case upsample

    /// Of `step`.
    struct Step: Sendable {
      let states: Layer.Plane, cells: Layer.Plane
      let before: (rowOffset: Int, columnOffset: Int)
      var sum: Layer.Plane?
      var other: Layer.Plane?
    }
  }

  /// A layer in its place.
  struct PlacedLayer: Sendable {
    let layer: Layer
    let epilogue: Epilogue
    /// When it runs: stage 0 is the first convolution, stage p begins with block p - 1; nil of
    /// layers that do not run with the pixel.
    let stage: Int?
  }

  package let architecture: Architecture
  let layers: [PlacedLayer]
  let planes: [PlaneShape]

  /// - Parameter architecture: any valid one.
  package init(_ architecture: Architecture) {
    self.architecture = architecture
    planes = Self.planes(architecture)
    var stage = 0
    var layers: [PlacedLayer] = []
    for layer in architecture.layers {
      switch layer.kind {
      case .convolve, .gates, .gatesLeft: stage += 1
      default: break
      }
      let runs = ![.upsample, .gatesRight, .headOutput].contains(layer.kind)
      layers.append(
        PlacedLayer(
          layer: layer, epilogue: Self.epilogue(of: layer, in: architecture),
          stage: runs ? stage : nil))
    }
    self.layers = layers
  }

  /// Stages of the evaluation: one before the first block and one for each block.
  var stageCount: Int { architecture.blocks + 1 }

  private static func epilogue(of layer: Layer, in architecture: Architecture) -> Epilogue {
    let block = layer.block ?? 0
    let blocks = architecture.blocks
    let isRecurrent = architecture.body.isRecurrent
    func stream(_ number: Int) -> Layer.Plane { .stream(isRecurrent ? number : 0) }
    func rectified(_ number: Int) -> Layer.Plane? {
      isRecurrent ? (number == blocks ? .rectified(0) : nil) : .rectified(number)
    }
    let hasSkips = architecture.connections.contains(.skip) && blocks > 0
    switch layer.kind {
    case .upsample: return .upsample
    case .inputConvolution:
      return .saturate(addend: nil, target: stream(0), rectified: rectified(0))
    case .reduce: return .rectify(addend: nil, target: .reduced(block))
    case .convolve: return .rectify(addend: nil, target: .convolved(block))
    case .gates:
      return .step(.init(states: .states(block), cells: .cells(block), before: (-1, 0)))
    case .gatesLeft:
      return .step(
        .init(
          states: .leftStates(block), cells: .leftCells(block), before: (0, -1),
          sum: .outputs(block), other: .rightStates(block)))
    case .gatesRight:
      return .step(.init(states: .rightStates(block), cells: .rightCells(block), before: (0, 1)))
    case .expand:
      let addend = architecture.connections.contains(.residual) ? stream(block) : nil
      return .saturate(addend: addend, target: stream(block + 1), rectified: rectified(block + 1))
    case .skip:
      return .saturate(addend: block > 0 ? .skipSum : nil, target: .skipSum, rectified: nil)
    case .headHidden: return .rectify(addend: hasSkips ? .skipSum : nil, target: .hidden)
    case .headOutput: return .logits
    }
  }

  private static func planes(_ architecture: Architecture) -> [PlaneShape] {
    let (features, h) = (architecture.features, architecture.bottleneck)
    let headFeatures = architecture.headFeatures
    let blocks = 0..<architecture.blocks
    let predictions = architecture.colours * architecture.predictionMagnitudes.count
    let reach = architecture.reach
    var planes = [
      PlaneShape(
        plane: .inputs, channels: architecture.colours * architecture.inputKinds.channelsPerColour,
        depth: Depth(rows: reach, columns: reach), reach: reach, hasBorders: true),
      PlaneShape(plane: .predictions, channels: max(1, predictions)),
      PlaneShape(plane: .hidden, channels: headFeatures),
    ]
    if architecture.connections.contains(.skip) && !blocks.isEmpty {
      planes.append(PlaneShape(plane: .skipSum, channels: headFeatures))
    }
    for number in 0..<architecture.rectifiedCount {
      planes.append(PlaneShape(plane: .rectified(number), channels: features))
    }
    // A row that is complete is read as a whole, from the right.
    let row = Depth(fronts: 0, rows: 1)
    if architecture.scale > 1 {
      planes.append(
        PlaneShape(
          plane: .conditioningMap, channels: architecture.conditioningChannels,
          depth: architecture.body == .diagonalBiLSTM ? row : Depth()))
    }
    switch architecture.body {
    case .pixelCNN:
      planes.append(PlaneShape(plane: .stream(0), channels: features))
      for block in blocks {
        let d = architecture.dilation(block: block)
        planes += [
          PlaneShape(
            plane: .reduced(block), channels: h, depth: Depth(rows: d, columns: d), reach: d,
            hasBorders: true),
          PlaneShape(plane: .convolved(block), channels: h),
        ]
      }
    case .rowLSTM:
      for number in 0...architecture.blocks {
        planes.append(
          PlaneShape(
            plane: .stream(number), channels: features, depth: Depth(columns: 1),
            hasBorders: true))
      }
      for block in blocks {
        let d = architecture.dilation(block: block)
        for plane in [Layer.Plane.states(block), .cells(block)] {
          planes.append(
            PlaneShape(
              plane: plane, channels: h, depth: Depth(rows: 1, columns: d), reach: d,
              hasBorders: true))
        }
      }
    case .diagonalBiLSTM:
      for number in 0...architecture.blocks {
        planes.append(PlaneShape(plane: .stream(number), channels: features, depth: row))
      }
      for block in blocks {
        planes += [
          PlaneShape(
            plane: .leftStates(block), channels: h, depth: Depth(fronts: 0, rows: 1, columns: 1)),
          // A row's states must be consecutive.
          PlaneShape(plane: .rightStates(block), channels: h, depth: Depth(fronts: 0, rows: 2)),
          PlaneShape(plane: .leftCells(block), channels: h, depth: Depth(fronts: 0, columns: 2)),
          PlaneShape(plane: .rightCells(block), channels: h, depth: Depth(fronts: 0, columns: 2)),
          PlaneShape(plane: .outputs(block), channels: h, depth: Depth(fronts: 0, columns: 1)),
        ]
      }
    }
    return planes
  }
}
