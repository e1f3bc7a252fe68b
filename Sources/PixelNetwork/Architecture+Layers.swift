// The layers of each kind of network: which taps they have, and what the masks let each slice see.

extension Architecture {
  /// The layers in the order of the weight file.
  ///
  /// The architecture must be valid. Complexity: O(layers).
  public var layers: [Layer] {
    let last = rectifiedCount - 1
    return upsamplingLayers + [inputConvolution] + (0..<blocks).flatMap(blockLayers) + [
      pointwise(.headHidden, nil, from: .rectified(last), features, headFeatures),
      pointwise(.headOutput, nil, from: .hidden, headFeatures, colours * head.logitCount),
    ]
  }

  /// How many maps `rectified` there are: a PixelRNN has that in front of the head alone.
  var rectifiedCount: Int { body.isRecurrent ? 1 : blocks + 1 }

  /// How many LSTMs there are, each with an initial state.
  package var initialStateCount: Int {
    switch body {
    case .pixelCNN: 0
    case .rowLSTM: blocks
    case .diagonalBiLSTM: 2 * blocks
    }
  }

  /// The layers of a block.
  private func blockLayers(_ block: Int) -> [Layer] {
    // The block's last features, from which the stream and the head follow.
    let last: Layer.Plane
    var layers: [Layer]
    switch body {
    case .pixelCNN:
      last = .convolved(block)
      layers = [
        pointwise(.reduce, block, from: .rectified(block), features, bottleneck),
        convolve(block),
      ]
    case .rowLSTM:
      last = .states(block)
      let d = dilation(block: block)
      layers = [
        gates(.gates, block, stream: [(0, -1)], .states(block), [(-1, -d), (-1, 0), (-1, d)])
      ]
    case .diagonalBiLSTM:
      last = .outputs(block)
      layers = [
        gates(.gatesLeft, block, stream: [], .leftStates(block), [(-1, 0), (0, -1)]),
        gates(.gatesRight, block, stream: [], .rightStates(block), [(-1, 0), (0, 1)]),
      ]
    }
    layers.append(pointwise(.expand, block, from: last, bottleneck, features))
    if connections.contains(.skip) {
      layers.append(pointwise(.skip, block, from: last, bottleneck, headFeatures))
    }
    return layers
  }

  // MARK: Taps

  private func all(
    _ plane: Layer.Plane, _ offset: (Int, Int), _ channels: Int
  ) -> (Layer.Tap, (Int) -> Int) {
    let tap = Layer.Tap(
      plane: plane, rowOffset: offset.0, columnOffset: offset.1, channels: channels)
    return (tap, { _ in channels })
  }

  /// The pixel itself, with the channels of earlier colours and, under mask B, the own one.
  private func here(
    _ plane: Layer.Plane, _ channels: Int, isMaskA: Bool = false
  ) -> (Layer.Tap, (Int) -> Int) {
    let perColour = channels / colours
    let tap = Layer.Tap(plane: plane, rowOffset: 0, columnOffset: 0, channels: channels)
    return (tap, { colour in (isMaskA ? colour : colour + 1) * perColour })
  }

  /// What a body layer sees of the conditioning map: all of it, at the pixel itself.
  private var conditioningTaps: [(Layer.Tap, (Int) -> Int)] {
    scale == 1 ? [] : [all(.conditioningMap, (0, 0), conditioningChannels)]
  }

  /// The taps (row offset, column offset) before (0, 0), in raster order.
  static func causalTaps(kernelSize: Int) -> [(Int, Int)] {
    let reach = (kernelSize - 1) / 2
    return (-reach...0).flatMap { row in (-reach...reach).map { (row, $0) } }
      .filter { $0 < (0, 0) }
  }

  // MARK: Kinds of layers

  private func pointwise(
    _ kind: Layer.Kind, _ block: Int?, from plane: Layer.Plane, _ inputs: Int, _ outputs: Int
  ) -> Layer {
    Layer(kind, block: block, slices: colours, outputs: outputs, taps: [here(plane, inputs)])
  }

  private var inputConvolution: Layer {
    let channels = colours * inputKinds.channelsPerColour
    var taps = Self.causalTaps(kernelSize: kernelSize).map { all(.inputs, $0, channels) }
    taps.append(here(.inputs, channels, isMaskA: true))
    if inputKinds.contains(.prediction) {
      taps.append(here(.predictions, colours * predictionMagnitudes.count))
    }
    return Layer(.inputConvolution, slices: colours, outputs: features, taps: taps)
  }

  private func convolve(_ block: Int) -> Layer {
    let d = dilation(block: block)
    let neighbours = Self.causalTaps(kernelSize: 3).map {
      all(.reduced(block), (d * $0.0, d * $0.1), bottleneck)
    }
    return Layer(
      .convolve, block: block, slices: colours, outputs: bottleneck,
      taps: neighbours + [here(.reduced(block), bottleneck)] + conditioningTaps)
  }

  /// Input-to-state and state-to-state convolutions. The stream is seen with mask B: all of it at
  /// `stream`, and the channels up to the own colour's at the pixel itself. A Row LSTM's 3x1 sees
  /// it on the left, too (its tap on the right is masked), and the three states above; a Diagonal
  /// BiLSTM's state-to-state convolution is a column-wise 2x1 in the skewed map (van den Oord et
  /// al. 2016, sections 3.1 and 3.2).
  private func gates(
    _ kind: Layer.Kind, _ block: Int, stream: [(Int, Int)], _ states: Layer.Plane,
    _ before: [(Int, Int)]
  ) -> Layer {
    Layer(
      kind, block: block, slices: colours, outputs: 4 * bottleneck,
      taps: stream.map { all(.stream(block), $0, features) } + [here(.stream(block), features)]
        + before.map { all(states, $0, bottleneck) } + conditioningTaps)
  }

  /// Stride 2 and a 4x4 kernel: each of the four phases (row mod 2, column mod 2) of the outputs
  /// sees 2x2 of the 3x3 cells of the coarser map. No masks.
  private var upsamplingLayers: [Layer] {
    (0..<upsamplingCount).map { level in
      let plane: Layer.Plane = level == 0 ? .smallValues : .upsampled(level - 1)
      let channels = level == 0 ? colours : conditioningChannels
      let taps = (-1...1).flatMap { row in (-1...1).map { (row, $0) } }
      return Layer(
        .upsample, block: level, slices: 4, outputs: 4 * conditioningChannels,
        taps: taps.map { row, column in
          let tap = Layer.Tap(
            plane: plane, rowOffset: row, columnOffset: column, channels: channels)
          return (
            tap,
            { phase in
              let isSeen =
                (0...1).contains(row + 1 - phase / 2) && (0...1).contains(column + 1 - phase % 2)
              return isSeen ? channels : 0
            }
          )
        })
    }
  }

  // MARK: Magnitudes

  /// The largest magnitude of each channel of a plane, of `channels` of them from the first on.
  public func magnitudes(_ plane: Layer.Plane, channels: Int) -> [Int] {
    let perColour = inputKinds.channelsPerColour
    return (0..<channels).map { channel in
      switch plane {
      case .inputs: inputKinds.contains(.value) && channel % perColour == 0 ? 2048 : 4080
      case .predictions: predictionMagnitudes[channel % predictionMagnitudes.count]
      case .smallValues: 2048
      case .states, .leftStates, .rightStates: InitialState.largestState
      case .outputs: 2 * InitialState.largestState
      // The stream and the skips are only saturated; so are cells.
      case .stream, .skipSum, .cells, .leftCells, .rightCells: 32768
      case .rectified, .reduced, .convolved, .upsampled, .conditioningMap, .hidden, .logits:
        activationMaximum
      }
    }
  }

  /// The largest magnitude A_k of each input that `slice` of a layer sees, in the weights' order.
  public func inputMagnitudes(_ layer: Layer, slice: Int) -> [Int] {
    layer.segments(slice: slice).flatMap { magnitudes($0.tap.plane, channels: $0.channels) }
  }
}
