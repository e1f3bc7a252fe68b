import ImagePlanes
import PixelNetwork
import Prediction
import TestSupport
import Testing

@testable import TileCoding

/// Which logits move when one value of the image is changed.
@Suite struct CausalityTests {
  static let rows = 6
  static let columns = 7

  static func values(colours: Int = 3) -> [Place] {
    (0..<rows).flatMap { row in
      (0..<columns).flatMap { column in
        (0..<colours).map { Place(row: row, column: column, colour: $0) }
      }
    }
  }

  /// For each changed value, the values whose frequencies move.
  static func moved(_ architecture: Architecture) throws -> [Place: Set<Place>] {
    let network = try Network(architecture, seed: 7)
    let values = values(colours: architecture.colours)
    let image = testImage(rows: rows, columns: columns, for: architecture)
    let before = try FrequencyWitness.frequencies(network, image)
    var moved: [Place: Set<Place>] = [:]
    for changed in values {
      // Some changes may leave all units that see them at rest, but hardly three different ones.
      for change in (architecture.head == .softmax ? [128, 40, 200] : [1]) as [UInt8] {
        var other = image
        other.planes[changed.colour].samples[changed.row * columns + changed.column] &+= change
        other = other.legal(for: architecture)
        let after = try FrequencyWitness.frequencies(network, other)
        for value in values {
          let pixel = value.row * columns + value.column
          if before[value.colour][pixel] != after[value.colour][pixel] {
            moved[changed, default: []].insert(value)
          }
        }
      }
    }
    return moved
  }

  @Test(arguments: TestArchitectures.all)
  func nothingMovesBeforeItsTime(_ named: NamedArchitecture) throws {
    let architecture = named.architecture
    let moved = try Self.moved(architecture)
    let shear = architecture.order(rows: Self.rows, columns: Self.columns).shear
    // All but the last few values, and with a fixed centre those of B, which little looks at.
    #expect(3 * moved.count > architecture.colours * Self.rows * Self.columns)
    for (changed, values) in moved {
      let scale = architecture.scale
      if scale > 1 && changed.row % scale == 0 && changed.column % scale == 0 {
        // Known before the tile: values on all sides of it move.
        let first = (values.map(\.row).min() ?? 0, values.map(\.column).min() ?? 0)
        #expect(changed.row == 0 || first.0 < changed.row)
        #expect(changed.column == 0 || first.1 < changed.column)
        continue
      }
      for value in values {
        let earlier = changed.column + shear * changed.row
        let later = value.column + shear * value.row
        let isSamePixel = (changed.row, changed.column) == (value.row, value.column)
        // What is learnt of one row serves all others, on later diagonals.
        let mayReach = architecture.symbolCentre.isAdaptive || changed.row <= value.row
        #expect(isSamePixel ? changed.colour < value.colour : mayReach && earlier < later)
      }
    }
  }

  /// The blend and the fits see the earlier colours of the pixel itself.
  @Test func laterColoursOfThePixelMove() throws {
    let moved = try Self.moved(TestArchitectures.adaptiveWide)
    let places = Self.values().filter { $0.row > 0 && $0.column > 0 }
    for value in places where value.colour < 2 {
      let later = (value.colour + 1..<3).map {
        Place(row: value.row, column: value.column, colour: $0)
      }
      #expect(moved[value]?.isSuperset(of: later) == true)
    }
  }

  /// With raw values as the only inputs, the masks say exactly what moves.
  @Test(
    arguments: [
      (3, 0, 1), (5, 0, 1), (7, 0, 1), (3, 1, 1), (3, 2, 1), (5, 1, 1), (3, 2, 2), (3, 3, 2),
      (3, 3, 3),
    ])
  func exactlyTheMaskedMoves(_ kernelSize: Int, _ blocks: Int, _ dilationCycle: Int) throws {
    let architecture = Architecture(
      symbolCentre: .raw, inputKinds: [.value], kernelSize: kernelSize, features: 72,
      bottleneck: 72, blocks: blocks, dilationCycle: dilationCycle,
      connections: [.residual, .skip], headFeatures: 72, activationMaximum: 32767)
    let moved = try Self.moved(architecture)
    var expected: [Place: Set<Place>] = [:]
    let seen = Self.seen(
      kernelSize: kernelSize, dilations: (0..<blocks).map { [1, 2, 4][$0 % dilationCycle] })
    for (value, inputs) in seen { for k in inputs { expected[k, default: []].insert(value) } }
    #expect(moved == expected)
  }

  /// A Row LSTM's states see those above, and by the stream what is on the left.
  @Test(arguments: [(1, 1), (2, 1), (2, 2), (3, 3)])
  func rowLSTMSeesItsCone(_ blocks: Int, _ dilationCycle: Int) throws {
    let architecture = Architecture(
      body: .rowLSTM, symbolCentre: .raw, inputKinds: [.value], kernelSize: 3, features: 72,
      bottleneck: 72, blocks: blocks, dilationCycle: dilationCycle,
      connections: [.residual, .skip], headFeatures: 72, activationMaximum: 32767)
    let moved = try Self.moved(architecture)
    var expected: [Place: Set<Place>] = [:]
    let seen = Self.seenByStates(dilations: (0..<blocks).map { [1, 2, 4][$0 % dilationCycle] })
    for (value, inputs) in seen { for k in inputs { expected[k, default: []].insert(value) } }
    #expect(moved == expected)
  }

  /// The values that each slice's states see in the last layer of a Row LSTM behind a 3x3
  /// convolution (FORMAT.md, sections 5.2 and 5.4). `values` is in an order in which all that is
  /// looked at comes first.
  static func seenByStates(dilations: [Int]) -> [Place: Set<Place>] {
    var stream = seen(kernelSize: 3, dilations: [])
    for dilation in dilations {
      var states: [Place: Set<Place>] = [:]
      for value in values() {
        let (row, column) = (value.row, value.column)
        var inputs: Set<Place> = []
        func see(_ map: [Place: Set<Place>], _ row: Int, _ column: Int, _ colours: ClosedRange<Int>)
        {
          for k in colours {
            inputs.formUnion(map[Place(row: row, column: column, colour: k)] ?? [])
          }
        }
        see(stream, row, column - 1, 0...2)
        see(stream, row, column, 0...value.colour)
        for dc in [-dilation, 0, dilation] { see(states, row - 1, column + dc, 0...2) }
        states[value] = inputs
      }
      // The next layer's stream sees what this one's does, and it the states of the same and the
      // earlier colours.
      stream = states
    }
    return stream
  }

  /// A Diagonal BiLSTM sees all that has been coded before. But the last colour at the end of a row
  /// is seen by no feature of that row, only by the first convolution in the rows below.
  @Test(arguments: [1, 2]) func diagonalBiLSTMSeesTheWholePast(_ blocks: Int) throws {
    let architecture = Architecture(
      body: .diagonalBiLSTM, symbolCentre: .raw, inputKinds: [.value], kernelSize: 3, features: 72,
      bottleneck: 72, blocks: blocks, connections: [.residual, .skip], headFeatures: 72,
      activationMaximum: 32767)
    let moved = try Self.moved(architecture)
    let values = Self.values()
    for (index, changed) in values.enumerated() {
      let isLast = changed.column == Self.columns - 1 && changed.colour == 2
      let later = values[(index + 1)...].filter { value in
        !isLast || value.row > changed.row + 1 || value.column >= Self.columns - 2
      }
      #expect(moved[changed, default: []] == Set(later), "\(changed)")
    }
  }

  /// The values that each slice's features see, by the masks' definition (FORMAT.md, section 5.1).
  static func seen(kernelSize: Int, dilations: [Int]) -> [Place: Set<Place>] {
    func taps(_ size: Int, _ dilation: Int = 1, of value: Place) -> [(Int, Int)] {
      let reach = (size - 1) / 2
      return (-reach...0).flatMap { dr in
        (-reach...reach).compactMap { dc -> (Int, Int)? in
          let (r, c) = (value.row + dilation * dr, value.column + dilation * dc)
          guard dr < 0 || dc < 0, r >= 0, c >= 0, c < columns else { return nil }
          return (r, c)
        }
      }
    }
    var seen: [Place: Set<Place>] = [:]
    for value in values() {
      var inputs: Set<Place> = []
      for (r, c) in taps(kernelSize, of: value) {
        for k in 0..<3 { inputs.insert(Place(row: r, column: c, colour: k)) }
      }
      for k in 0..<value.colour {  // mask A
        inputs.insert(Place(row: value.row, column: value.column, colour: k))
      }
      seen[value] = inputs
    }
    for dilation in dilations {
      var next: [Place: Set<Place>] = [:]
      for value in values() {
        var inputs: Set<Place> = []
        for (r, c) in taps(3, dilation, of: value) {
          for k in 0..<3 { inputs.formUnion(seen[Place(row: r, column: c, colour: k)] ?? []) }
        }
        for k in 0...value.colour {  // mask B
          inputs.formUnion(seen[Place(row: value.row, column: value.column, colour: k)] ?? [])
        }
        next[value] = inputs
      }
      seen = next
    }
    return seen
  }
}
