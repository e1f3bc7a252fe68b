import ImagePlanes

/// What a network is given of a tile, by diagonals: values and residuals of the pixels before, and
/// what it sees of the predictions (FORMAT.md, section 5.2).
///
/// Whoever predicts and records writes here; the network reads.
package final class NetworkInputs: @unchecked Sendable {
  /// Diagonals in work at the same time.
  package let front: Int
  private let order: CodeOrder
  let arena: Arena
  /// Values and residuals: `channelsPerColour` for each colour.
  let inputs: SkewedPlane
  /// Predictions: `predictionChannels` for each colour.
  let predictions: SkewedPlane
  /// The symbol centres: [diagonal mod front][colour][row].
  private let centres: UnsafeMutablePointer<UInt8>
  private let colours: Int
  private let channelsPerColour: Int
  /// Channels of a colour's prediction; 0 where predictions are not seen.
  package let predictionChannels: Int

  /// Room for the diagonals of a tile; nil where memory is short.
  ///
  /// - Parameters:
  ///   - network: what is to be given them.
  ///   - order: of the tile.
  ///   - front: diagonals in work at the same time.
  package init?(_ network: CompiledNetwork, order: CodeOrder, front: Int) {
    let architecture = network.architecture
    guard let arena = Arena(bytes: Self.memory(network, order: order, front: front)) else {
      return nil
    }
    self.arena = arena
    self.order = order
    self.front = front
    colours = architecture.colours
    channelsPerColour = architecture.inputKinds.channelsPerColour
    predictionChannels = architecture.predictionMagnitudes.count
    let shapes = Self.shapes(network, order, front)
    inputs = SkewedPlane(at: arena.take(shapes.inputs.count, of: Int16.self), shapes.inputs)
    predictions = SkewedPlane(
      at: arena.take(shapes.predictions.count, of: Int16.self), shapes.predictions)
    centres = arena.take(front * colours * order.rows, of: UInt8.self)
  }

  private static func shapes(
    _ network: CompiledNetwork, _ order: CodeOrder, _ front: Int
  ) -> (inputs: SkewedPlane.Shape, predictions: SkewedPlane.Shape) {
    (
      network.shape(of: network.planes[0], order: order, front: front),
      network.shape(of: network.planes[1], order: order, front: front)
    )
  }

  /// Bytes that they take.
  package static func memory(_ network: CompiledNetwork, order: CodeOrder, front: Int) -> Int {
    let shapes = shapes(network, order, front)
    return Arena.bytes(shapes.inputs.count, of: Int16.self)
      + Arena.bytes(shapes.predictions.count, of: Int16.self)
      + Arena.bytes(front * network.architecture.colours * order.rows, of: UInt8.self)
  }

  /// Starts a diagonal: what lies beside it reads as zero.
  package func begin(diagonal t: Int) {
    inputs.clearBorders(diagonal: t, rows: order.rowRange(t))
  }

  /// The symbol centres of a diagonal's colour: [row].
  package func centres(diagonal t: Int, colour: Int) -> UnsafeMutablePointer<UInt8> {
    centres + (t % front &* colours &+ colour) &* order.rows
  }

  /// The channels of a colour's value and residual, from `row` on, and how far it is from row to
  /// row.
  package func channels(
    diagonal t: Int, colour: Int, row: Int
  ) -> (base: UnsafeMutablePointer<Int16>, stride: Int) {
    (inputs.cell(diagonal: t, row: row) + colour &* channelsPerColour, inputs.cellStride)
  }

  /// The channels of a colour's prediction, likewise.
  package func predictionChannels(
    diagonal t: Int, colour: Int, row: Int
  ) -> (base: UnsafeMutablePointer<Int16>, stride: Int) {
    (predictions.cell(diagonal: t, row: row) + colour &* predictionChannels, predictions.cellStride)
  }
}

extension CompiledNetwork {
  /// The geometry of a plane in the evaluation of a tile.
  func shape(of plane: PlaneShape, order: CodeOrder, front: Int) -> SkewedPlane.Shape {
    let depth = max(plane.depth.diagonals(front: front, shear: order.shear), 1)
    if architecture.body == .diagonalBiLSTM {
      return SkewedPlane.Shape(depth: depth, channels: plane.channels)
    }
    return SkewedPlane.Shape(
      depth: depth, rows: order.rows, channels: plane.channels, reach: plane.reach,
      shear: order.shear)
  }
}
