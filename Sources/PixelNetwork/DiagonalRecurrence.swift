import CNetwork

/// States and cells of a Diagonal BiLSTM's layers on the last rows of a tile (FORMAT.md, section 5.5).
///
/// The code order goes row by row, and a diagonal has one pixel or none: planes have one cell for each. The direction from the
/// left is evaluated with each pixel, that from the right for a whole row when the next one begins.
struct DiagonalRecurrence {
  /// One layer's planes, `bottleneck` channels a cell.
  struct Layer {
    let leftStates, leftCells: SkewedPlane
    let rightStates, rightCells: SkewedPlane
    /// The sum of the directions' states, at the pixel.
    let outputs: SkewedPlane
    let left, right: InitialState

    var planes: [SkewedPlane] { [leftStates, leftCells, rightStates, rightCells, outputs] }
  }

  let layers: [Layer]
  private let columns: Int
  private let shear: Int
  private let colours: Int
  /// Units of each colour group.
  private let units: Int
  /// Of some pixels of a row, without what lies on their right: [group][pixel][4 units].
  private let sums: UnsafeMutablePointer<Int32>
  private let scratch = Scratch()
  /// Pixels of a row whose sums are made at once.
  private static let mostPixels = 24

  /// Diagonals that the planes hold: as many as are looked back at. In that of the states from the right, a row's cells must be
  /// consecutive.
  private static func depths(shear: Int) -> (left: Int, right: Int, cells: Int) {
    (left: shear + 1, right: 2 * shear, cells: 2)
  }

  /// - Parameters:
  ///   - model: a Diagonal BiLSTM.
  ///   - columns: of the tile.
  ///   - shear: of the code order.
  init(_ model: PixelCNN, columns: Int, shear: Int) {
    let architecture = model.architecture
    let bottleneck = architecture.bottleneck
    self.columns = columns
    self.shear = shear
    colours = architecture.colours
    units = bottleneck / architecture.colours
    sums = .allocate(capacity: Self.mostPixels * 4 * bottleneck)
    sums.initialize(repeating: 0, count: Self.mostPixels * 4 * bottleneck)
    let depths = Self.depths(shear: shear)
    func plane(_ depth: Int) -> SkewedPlane { SkewedPlane(depth: depth, channels: bottleneck) }
    layers = stride(from: 0, to: model.initialStates.count, by: 2).map { i in
      Layer(
        leftStates: plane(depths.left), leftCells: plane(depths.cells),
        rightStates: plane(depths.right), rightCells: plane(depths.cells),
        outputs: plane(1), left: model.initialStates[i], right: model.initialStates[i + 1])
    }
    // Above the tile.
    for layer in layers {
      for t in 0..<depths.left { layer.leftStates.set(layer.left.states, diagonal: t, row: 0) }
      for t in 0..<depths.right {
        layer.rightStates.set(layer.right.states, diagonal: t, row: 0)
      }
    }
  }

  /// Bytes that it takes.
  static func memory(architecture: Architecture, shear: Int) -> Int {
    let depths = depths(shear: shear)
    let cells = depths.left + depths.right + 2 * depths.cells + 1
    let bottleneck = architecture.bottleneck
    return architecture.blocks * SkewedPlane.memory(depth: cells, channels: bottleneck)
      + 4 * mostPixels * 4 * bottleneck
  }

  func deallocate() {
    for layer in layers { for plane in layer.planes { plane.deallocate() } }
    sums.deallocate()
  }

  /// Starts a diagonal: what lies beside the rows of the tile are the initial states and cells.
  func begin(diagonal t: Int) {
    for layer in layers where t % shear == 0 {
      layer.leftStates.set(layer.left.states, diagonal: t &- 1, row: 0)
      layer.leftCells.set(layer.left.cells, diagonal: t &- 1, row: 0)
    }
    for layer in layers where t % shear == columns {
      layer.rightStates.set(layer.right.states, diagonal: t, row: 0)
      layer.rightCells.set(layer.right.cells, diagonal: t, row: 0)
    }
  }

  /// The row that is complete when diagonal `t` begins, and that a pixel of `t` looks at.
  func completeRow(diagonal t: Int) -> Int? { t > 0 && t % shear == 0 ? t / shear - 1 : nil }

  /// The state of a pixel from the left, and the output of a layer there.
  ///
  /// - Parameters:
  ///   - layer: from 0.
  ///   - group: the colour.
  ///   - t: the pixel's diagonal.
  ///   - accumulators: of the gates, [4 units].
  ///   - shift: of the layer.
  func stepFromLeft(
    layer: Int, group: Int, diagonal t: Int, accumulators: UnsafePointer<Int32>, shift: Int32
  ) {
    let planes = layers[layer]
    let channel = group &* units
    let cells = planes.leftCells
    let states = planes.leftStates.cell(diagonal: t, row: 0) + channel
    prn_gates(
      accumulators, 1, Int32(truncatingIfNeeded: units), shift,
      cells.cell(diagonal: t &- 1, row: 0) + channel, cells.cell(diagonal: t, row: 0) + channel,
      states, cells.cellStride)
    let outputs = planes.outputs.cell(diagonal: t, row: 0) + channel
    if t < shear {
      outputs.update(from: states, count: units)
    } else {
      let right = planes.rightStates.cell(diagonal: t &- shear, row: 0) + channel
      for k in 0..<units { outputs[k] = states[k] &+ right[k] }
    }
  }

  /// The states of a row from the right, of one layer; the stream in front of the layer is known in all of it.
  ///
  /// What does not depend on the pixel on the right goes through the kernels for many pixels at once.
  ///
  /// - Parameters:
  ///   - row: from 0.
  ///   - layer: from 0.
  ///   - plan: of the gates, without the states on the right.
  ///   - steps: for each group, the weights of these.
  ///   - kernels: any version.
  func evaluateFromRight(
    row: Int, layer: Int, plan: LayerPlan, steps: [PackedGroup], kernels: prn_kernels
  ) {
    let states = layers[layer].rightStates
    let cells = layers[layer].rightCells
    let outputs = 4 &* units
    var end = columns
    while end > 0 {
      let first = max(0, end &- Self.mostPixels)
      for group in 0..<colours {
        plan.run(
          kernels, group: group, diagonal: row &* shear &+ first, row: 0, pixels: end &- first,
          scratch: scratch, accumulators: sums + group &* Self.mostPixels &* outputs)
      }
      for column in (first..<end).reversed() {
        let t = row &* shear &+ column
        var onTheRight = prn_segment(
          source: states.cell(diagonal: t &+ 1, row: 0), pixel_stride: states.cellStride,
          channels: Int32(truncatingIfNeeded: units &* colours))
        for group in 0..<colours {
          let channel = group &* units
          kernels.masked_convolution(
            &onTheRight, 1, steps[group].weights,
            sums + (group &* Self.mostPixels &+ column &- first) &* outputs,
            Int32(truncatingIfNeeded: outputs), 1, scratch.accumulators)
          prn_gates(
            scratch.accumulators, 1, Int32(truncatingIfNeeded: units), plan.shift,
            cells.cell(diagonal: t &+ 1, row: 0) + channel,
            cells.cell(diagonal: t, row: 0) + channel, states.cell(diagonal: t, row: 0) + channel,
            cells.cellStride)
        }
      }
      end = first
    }
  }
}
