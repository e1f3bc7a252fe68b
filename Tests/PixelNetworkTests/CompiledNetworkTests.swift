import ImagePlanes
import TestSupport
import Testing

@testable import PixelNetwork

@Suite struct CompiledNetworkTests {
  typealias Plane = Layer.Plane

  /// The planes that an epilogue reads at the pixel itself, and those that it writes.
  private static func use(_ epilogue: CompiledNetwork.Epilogue) -> (read: [Plane], written: [Plane])
  {
    switch epilogue {
    case .saturate(let addend, let target, let rectified):
      ([addend].compactMap { $0 }, [target] + [rectified].compactMap { $0 })
    case .rectify(let addend, let target): ([addend].compactMap { $0 }, [target])
    case .step(let step):
      ([step.other].compactMap { $0 }, [step.states, step.cells] + [step.sum].compactMap { $0 })
    case .logits, .upsample: ([], [])
    }
  }

  /// In words, for tests by hand.
  private static func text(_ epilogue: CompiledNetwork.Epilogue) -> String {
    func text(_ plane: Plane?) -> String { plane.map { "\($0)" } ?? "-" }
    return switch epilogue {
    case .saturate(let addend, let target, let rectified):
      "\(text(addend)) + y: \(target), \(text(rectified))"
    case .rectify(let addend, let target): "relu \(text(addend)) + y: \(target)"
    case .step(let step):
      "step \(step.before): \(step.states), \(step.cells), \(text(step.sum)), \(text(step.other))"
    case .logits: "logits"
    case .upsample: "upsample"
    }
  }

  /// Of an architecture's layers: name, stage, what follows the sums.
  private static func lines(_ architecture: Architecture) -> [String] {
    CompiledNetwork(architecture).layers.map {
      "\($0.layer.name) \($0.stage.map(String.init) ?? "-") \(text($0.epilogue))"
    }
  }

  // MARK: By hand

  @Test func aPixelCNN() {
    #expect(
      Self.lines(TestArchitectures.median) == [
        "inputConvolution 0 - + y: stream(0), rectified(0)",
        "reduce0 0 relu - + y: reduced(0)",
        "convolve0 1 relu - + y: convolved(0)",
        "expand0 1 stream(0) + y: stream(0), rectified(1)",
        "skip0 1 - + y: skipSum, -",
        "reduce1 1 relu - + y: reduced(1)",
        "convolve1 2 relu - + y: convolved(1)",
        "expand1 2 stream(0) + y: stream(0), rectified(2)",
        "skip1 2 skipSum + y: skipSum, -",
        "headHidden 2 relu skipSum + y: hidden",
        "headOutput - logits",
      ])
    // Without connections the stream is replaced, and the head sees nothing else.
    #expect(
      Self.lines(TestArchitectures.rawBare) == [
        "inputConvolution 0 - + y: stream(0), rectified(0)",
        "reduce0 0 relu - + y: reduced(0)",
        "convolve0 1 relu - + y: convolved(0)",
        "expand0 1 - + y: stream(0), rectified(1)",
        "headHidden 1 relu - + y: hidden",
        "headOutput - logits",
      ])
    // Without blocks there is nothing to skip.
    #expect(
      Self.lines(TestArchitectures.rawBlockless) == [
        "inputConvolution 0 - + y: stream(0), rectified(0)",
        "headHidden 0 relu - + y: hidden",
        "headOutput - logits",
      ])
  }

  @Test func aRowLSTM() {
    #expect(
      Self.lines(TestArchitectures.rowLSTM) == [
        "inputConvolution 0 - + y: stream(0), -",
        "gates0 1 step (rowOffset: -1, columnOffset: 0): states(0), cells(0), -, -",
        "expand0 1 stream(0) + y: stream(1), -",
        "skip0 1 - + y: skipSum, -",
        "gates1 2 step (rowOffset: -1, columnOffset: 0): states(1), cells(1), -, -",
        "expand1 2 stream(1) + y: stream(2), rectified(0)",
        "skip1 2 skipSum + y: skipSum, -",
        "headHidden 2 relu skipSum + y: hidden",
        "headOutput - logits",
      ])
  }

  @Test func aDiagonalBiLSTM() {
    #expect(
      Self.lines(TestArchitectures.diagonalBiLSTMScale2) == [
        "upsample0 - upsample",
        "inputConvolution 0 - + y: stream(0), -",
        "gatesLeft0 1 step (rowOffset: 0, columnOffset: -1): leftStates(0), leftCells(0), "
          + "outputs(0), rightStates(0)",
        "gatesRight0 - step (rowOffset: 0, columnOffset: 1): rightStates(0), rightCells(0), -, -",
        "expand0 1 stream(0) + y: stream(1), -",
        "skip0 1 - + y: skipSum, -",
        "gatesLeft1 2 step (rowOffset: 0, columnOffset: -1): leftStates(1), leftCells(1), "
          + "outputs(1), rightStates(1)",
        "gatesRight1 - step (rowOffset: 0, columnOffset: 1): rightStates(1), rightCells(1), -, -",
        "expand1 2 stream(1) + y: stream(2), rectified(0)",
        "skip1 2 skipSum + y: skipSum, -",
        "headHidden 2 relu skipSum + y: hidden",
        "headOutput - logits",
      ])
  }

  // MARK: Of all

  /// Each plane that is read or written is in the list, once, with the channels that the layers
  /// expect; and none is there for nothing.
  @Test(arguments: TestArchitectures.all) func planes(_ named: NamedArchitecture) throws {
    let network = CompiledNetwork(named.architecture)
    let shapes = Dictionary(grouping: network.planes, by: \.plane)
    #expect(shapes.values.allSatisfy { $0.count == 1 })
    // The network's inputs come first; they are there even where nothing is seen of the
    // predictions.
    #expect(network.planes.prefix(2).map(\.plane) == [.inputs, .predictions])
    var used: Set<Plane> = [.inputs, .predictions]
    for placed in network.layers {
      if case .upsample = placed.epilogue { continue }
      for tap in placed.layer.taps {
        used.insert(tap.plane)
        #expect(shapes[tap.plane]?.first?.channels == tap.channels, "\(tap.plane)")
      }
      let (read, written) = Self.use(placed.epilogue)
      used.formUnion(read + written)
      let outputs = placed.layer.outputs / (placed.layer.kind.isGates ? 4 : 1)
      for plane in read + written {
        #expect(shapes[plane]?.first?.channels == outputs, "\(plane)")
      }
    }
    #expect(used == Set(shapes.keys))
  }

  /// What a layer reads of the pixel itself was written before it, in its stage or an earlier one;
  /// what it reads of others in an earlier stage, so that an encoder may go stage by stage. Only
  /// states and cells of an LSTM are read in the stage that writes them: no diagonals of a PixelRNN
  /// are in work at once.
  @Test(arguments: TestArchitectures.all) func stages(_ named: NamedArchitecture) {
    let network = CompiledNetwork(named.architecture)
    #expect(network.stageCount == named.architecture.blocks + 1)
    #expect(network.layers.compactMap(\.stage) == network.layers.compactMap(\.stage).sorted())
    #expect(
      Set(network.layers.compactMap(\.stage)) == Set(0..<network.stageCount))
    var written: [Plane: Int] = [.inputs: -1, .predictions: -1, .conditioningMap: -1]
    for placed in network.layers where placed.stage != nil || placed.epilogue.isLogits {
      let stage = placed.stage ?? network.stageCount - 1
      let (read, targets) = Self.use(placed.epilogue)
      for tap in placed.layer.taps where !tap.plane.isRecurrent {
        guard let before = written[tap.plane] else {
          Issue.record("\(placed.layer.name) reads \(tap.plane) before it is written")
          continue
        }
        let isHere = (tap.rowOffset, tap.columnOffset) == (0, 0)
        #expect(isHere ? before <= stage : before < stage, "\(placed.layer.name), \(tap)")
      }
      for plane in read where !plane.isRecurrent { #expect(written[plane] != nil) }
      for plane in targets { written[plane] = stage }
    }
  }

  /// The diagonals that a layer reads are still there, and so are the rows above and the columns
  /// beside the tile.
  @Test(arguments: TestArchitectures.all, [1, 16])
  func depths(_ named: NamedArchitecture, _ front: Int) {
    let architecture = named.architecture
    let network = CompiledNetwork(architecture)
    let front = architecture.body.isRecurrent ? 1 : front
    let order = architecture.order(rows: 40, columns: 30)
    let shapes = Dictionary(
      uniqueKeysWithValues: network.planes.map {
        ($0.plane, network.shape(of: $0, order: order, front: front))
      })
    func check(_ plane: Plane, _ rowOffset: Int, _ columnOffset: Int, _ name: String) {
      guard let shape = shapes[plane] else { return }
      let offset = order.shear * rowOffset + columnOffset
      // The direction from the right reads what lies on the right, in a row that is complete.
      if offset > 0 { return }
      #expect(front - offset <= shape.depth, "\(name) reads \(plane) at \(offset)")
      guard shape.rowStride > 0 else { return }
      #expect(shape.padding >= -rowOffset)
      #expect(shape.border * order.shear >= abs(columnOffset))
    }
    for placed in network.layers {
      if case .upsample = placed.epilogue { continue }
      for tap in placed.layer.taps {
        check(tap.plane, tap.rowOffset, tap.columnOffset, placed.layer.name)
      }
      guard case .step(let step) = placed.epilogue else { continue }
      check(step.cells, step.before.rowOffset, step.before.columnOffset, placed.layer.name)
      // A row of the code order before, and the pixel itself.
      if let other = step.other { check(other, -1, 0, placed.layer.name) }
    }
    // What is beside the tile is zeroed in planes of which it is read.
    for shape in network.planes {
      let taps = network.layers.flatMap(\.layer.taps).filter { $0.plane == shape.plane }
      let isBeside = taps.contains { $0.columnOffset != 0 || $0.rowOffset != 0 }
      let steps = network.layers.compactMap { placed -> Plane? in
        if case .step(let step) = placed.epilogue { step.cells } else { nil }
      }
      guard architecture.body != .diagonalBiLSTM, isBeside || steps.contains(shape.plane)
      else { continue }
      #expect(shape.hasBorders, "\(shape.plane)")
    }
  }
}

extension CompiledNetwork.Epilogue {
  fileprivate var isLogits: Bool { if case .logits = self { true } else { false } }
}

extension Layer.Plane {
  /// States and cells of an LSTM, which follow from those of other pixels.
  fileprivate var isRecurrent: Bool {
    switch self {
    case .states, .cells, .leftStates, .leftCells, .rightStates, .rightCells: true
    default: false
    }
  }
}
