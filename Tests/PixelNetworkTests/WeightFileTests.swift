import Bytes
import Prediction
import TestSupport
import Testing

@testable import PixelNetwork

@Suite struct WeightFileTests {
  static let small = Architecture(
    symbolCentre: .colourMED, inputKinds: [.residual], kernelSize: 3, features: 24,
    bottleneck: 24, blocks: 1, connections: [.residual, .skip], headFeatures: 24,
    activationMaximum: 32767)

  static let diagonal = Architecture(
    colours: 1, body: .diagonalBiLSTM, symbolCentre: .colourMED, inputKinds: [.residual],
    kernelSize: 3, features: 16, bottleneck: 8, blocks: 2, connections: [.residual, .skip],
    headFeatures: 8, activationMaximum: 32767)

  /// The file with the checksum that its bytes now have.
  static func resealed(_ bytes: [UInt8]) -> [UInt8] {
    let body = bytes.dropLast(4)
    var resealed = Array(body)
    resealed.append(littleEndian: crc32(body))
    return resealed
  }

  @Test(arguments: TestArchitectures.all)
  func parsesWhatItSerializes(_ named: NamedArchitecture) throws {
    let file = try WeightFile.random(architecture: named.architecture, seed: 5, name: "a-1.b")
    let bytes = file.serialized
    #expect(try WeightFile(parsing: bytes) == file)
    let model = try Network(weightFile: bytes)
    #expect(model.name == "a-1.b")
    #expect(model.architecture == named.architecture)
    #expect(model.identity.count == 16 && model.identityHex.count == 32)
    let layers = file.layers + (file.small?.layers ?? [])
    let parameters = layers.flatMap(\.slices).reduce(0) {
      $0 + $1.bias.count + $1.weights.count
    }
    #expect(model.parameterCount == parameters)
  }

  /// States and cells beyond their ranges, too many and too few.
  @Test(arguments: [Body.rowLSTM, .diagonalBiLSTM])
  func initialStatesAreChecked(_ body: Body) throws {
    let architecture = TestArchitectures.plain(body)
    let file = try WeightFile.random(architecture: architecture, seed: 2)
    func with(_ change: (inout [InitialState]) -> Void) throws {
      var states = file.initialStates
      change(&states)
      _ = try WeightFile(
        name: file.name, architecture: architecture, layers: file.layers, initialStates: states)
    }
    try with { $0[1].states[3] = -4096 }
    try with { $0[1].cells[3] = -32767 }
    #expect(
      throws: WeightFileError.illegalField(name: "initial state of layer 1", value: 4097)
    ) { try with { $0[1].states[3] = 4097 } }
    #expect(
      throws: WeightFileError.illegalField(name: "initial cell of layer 0", value: -32768)
    ) { try with { $0[0].cells[3] = -32768 } }
    #expect(throws: WeightFileError.wrongLayer(name: "initial state 1")) {
      try with { $0[1].cells.removeLast() }
    }
    let count = body == .rowLSTM ? 2 : 4
    #expect(throws: WeightFileError.wrongLayer(name: "\(count - 1) of \(count) initial states")) {
      try with { $0.removeLast() }
    }
  }

  /// The header's bytes, one by one.
  @Test func headerIsAsInTheFormat() throws {
    let bytes = try WeightFile.random(architecture: Self.small, seed: 1, name: "x").serialized
    let header: [UInt8] = [
      0x50, 0x52, 0x4E, 0x57, 3, 1, 0x78, 3, 0, 0, 1, 2, 3, 24, 0, 24, 0, 1, 1, 3, 24, 0,
      0xFF, 0x7F, 1, 0, 0,
    ]
    #expect(Array(bytes[..<27]) == header)
    // inputConvolution: 4 taps of 3 channels, and 0, 1, 2 of the pixel itself; 8 outputs a slice.
    let first = 1 + 3 * 8 * 4 + 2 * 8 * (12 + 13 + 14)
    let file = try WeightFile(parsing: bytes)
    #expect(Int(bytes[27 + first]) == file.layers[1].shift)
  }

  @Test(arguments: [Self.small, Self.diagonal])
  func everyFlippedByteIsRefused(_ architecture: Architecture) throws {
    var bytes = try WeightFile.random(architecture: architecture, seed: 1).serialized
    for index in bytes.indices {
      bytes[index] ^= 1 << (index % 8)
      #expect(throws: WeightFileError.self) { try WeightFile(parsing: bytes) }
      bytes[index] ^= 1 << (index % 8)
    }
  }

  @Test(arguments: [Self.small, Self.diagonal])
  func everyTruncationIsRefused(_ architecture: Architecture) throws {
    let bytes = try WeightFile.random(architecture: architecture, seed: 1).serialized
    for count in 0..<bytes.count {
      #expect(throws: WeightFileError.self) { try WeightFile(parsing: Array(bytes[..<count])) }
      if count < 64 || count % 97 == 0 {
        let sealed = Self.resealed(Array(bytes[..<count]) + [0, 0, 0, 0])
        #expect(throws: WeightFileError.self) { try WeightFile(parsing: sealed) }
      }
    }
    let longer = Self.resealed(bytes + [0])
    #expect(throws: WeightFileError.wrongLength(expected: bytes.count, actual: longer.count)) {
      try WeightFile(parsing: longer)
    }
  }

  /// Symbol centres that are learnt do not go with a code order row by row.
  @Test(arguments: SymbolCentre.allCases)
  func diagonalBiLSTMsHaveFixedCentres(_ centre: SymbolCentre) throws {
    var bytes = try WeightFile.random(architecture: Self.diagonal, seed: 1, name: "x").serialized
    bytes[10] = centre.rawValue
    bytes = Self.resealed(bytes)
    if centre.isAdaptive {
      #expect(
        throws: WeightFileError.illegalField(name: "symbolCentre", value: Int(centre.rawValue))
      ) { try Network(weightFile: bytes) }
    } else {
      #expect(try Network(weightFile: bytes).architecture.symbolCentre == centre)
    }
  }

  /// The last cycle that each body may have, of 4 blocks: a Diagonal BiLSTM sees whole rows, and
  /// with an adaptive centre a row lags behind the one above by 4 columns, which a Row LSTM must
  /// not reach.
  @Test(
    arguments: [
      (Body.pixelCNN, SymbolCentre.colourMED, 5), (.pixelCNN, .adaptive, 5),
      (.rowLSTM, .colourMED, 5), (.rowLSTM, .adaptive, 2), (.diagonalBiLSTM, .colourMED, 1),
    ])
  func dilationCycles(_ body: Body, _ centre: SymbolCentre, _ last: Int) throws {
    var architecture = Self.diagonal
    architecture.body = body
    architecture.symbolCentre = centre
    architecture.blocks = 4
    for cycle in 1...last {
      architecture.dilationCycle = cycle
      try architecture.validate()
    }
    architecture.dilationCycle = last + 1
    #expect(throws: WeightFileError.illegalField(name: "dilationCycle", value: last + 1)) {
      try architecture.validate()
    }
  }

  /// Any header byte may have any value, with a right checksum: refused, or valid again.
  @Test func anyHeaderByteIsSafe() throws {
    let bytes = try WeightFile.random(architecture: Self.small, seed: 1, name: "x").serialized
    var accepted = 0
    for index in 0..<27 {
      for value in UInt8.min...UInt8.max {
        var other = bytes
        other[index] = value
        other = Self.resealed(other)
        do {
          let file = try WeightFile(parsing: other)
          #expect(file.serialized == other)
          accepted += 1
        } catch {
          #expect(!error.description.isEmpty)
        }
      }
    }
    // The 27 unchanged, 37 other names, and some other kinds, connections and activation maxima.
    #expect(accepted > 58 && accepted < 600)
  }

  @Test func namesThePlaceOfAnError() throws {
    let bytes = try WeightFile.random(architecture: Self.small, seed: 1, name: "x").serialized
    func parse(_ index: Int, _ value: UInt8) throws {
      var other = bytes
      other[index] = value
      _ = try WeightFile(parsing: Self.resealed(other))
    }
    #expect(throws: WeightFileError.notAWeightFile) { try parse(3, 0) }
    #expect(throws: WeightFileError.newerVersion(4)) { try parse(4, 4) }
    #expect(throws: WeightFileError.illegalField(name: "weightVersion", value: 2)) {
      try parse(4, 2)
    }
    #expect(throws: WeightFileError.illegalName("A")) { try parse(6, 0x41) }
    for (index, name, value) in [
      (7, "colours", 2), (8, "body", 3), (9, "head", 1), (9, "head", 3),
      (10, "symbolCentre", 5), (11, "inputKinds", 4), (12, "kernelSize", 4), (13, "features", 25),
      (17, "blocks", 65), (18, "dilationCycle", 0), (18, "dilationCycle", 6), (24, "scale", 0),
      (24, "scale", 3), (25, "conditioningChannels", 8), (27, "shift of inputConvolution", 25),
    ] as [(Int, String, UInt8)] {
      #expect(throws: WeightFileError.illegalField(name: name, value: Int(value))) {
        try parse(index, value)
      }
    }
    var damaged = bytes
    damaged[100] ^= 1
    #expect {
      try WeightFile(parsing: damaged)
    } throws: { error in
      guard case .wrongChecksum = error as? WeightFileError else { return false }
      return true
    }
  }

  /// Widths are multiples of 8 for each colour; a sigmoid is for gray images and their raw
  /// values, and classes for all others.
  @Test func shapesFollowFromColoursAndHead() {
    func isLegal(
      colours: Int = 1, head: Head = .softmax, centre: SymbolCentre = .raw,
      kinds: InputKinds = .value, widths: (Int, Int, Int) = (24, 24, 24)
    ) -> Bool {
      let architecture = Architecture(
        colours: colours, head: head, symbolCentre: centre, inputKinds: kinds, kernelSize: 3,
        features: widths.0, bottleneck: widths.1, blocks: 1, connections: [],
        headFeatures: widths.2, activationMaximum: 255)
      return (try? architecture.validate()) != nil
    }
    for width in [-8, 0, 4, 8, 12, 16, 24, 32, 48, 1528, 1536, 1544, 1560] {
      for colours in [1, 3] {
        let legal = width > 0 && width <= 1536 && width % (8 * colours) == 0
        for widths in [(width, 24, 24), (24, width, 24), (24, 24, width)] {
          #expect(isLegal(colours: colours, widths: widths) == legal, "\(widths), \(colours)")
        }
      }
    }
    #expect(isLegal(head: .sigmoid) && !isLegal(head: .classes))
    #expect(!isLegal(colours: 3, head: .sigmoid))
    for centre in SymbolCentre.allCases where centre != .raw {
      #expect(!isLegal(head: .sigmoid, centre: centre))
      #expect(isLegal(head: .classes, centre: centre))
    }
    for kinds in [.residual, [.value, .residual], [.value, .prediction]] as [InputKinds] {
      #expect(!isLegal(head: .sigmoid, kinds: kinds))
    }
  }

  @Test(arguments: [Self.small, Self.diagonal])
  func theBoundIsExact(_ architecture: Architecture) throws {
    let file = try WeightFile.random(architecture: architecture, seed: 1)
    func make(_ layers: [MaskedConvolution]) throws {
      _ = try WeightFile(
        name: "x", architecture: architecture, layers: layers, initialStates: file.initialStates)
    }
    for (index, shape) in architecture.layers.enumerated() {
      for slice in 0..<architecture.colours {
        var layers = file.layers
        let inputs = shape.inputCount(slice: slice)
        let output = shape.outputsPerSlice - 1
        for k in 0..<inputs {
          layers[index].slices[slice].weights[output * inputs + k] = k % 2 == 0 ? -3 : 3
        }
        let rest =
          3 * architecture.inputMagnitudes(shape, slice: slice).reduce(0, +) + 1
          << (layers[index].shift - 1)
        let room = Int32(Int(Int32.max) - rest)
        layers[index].slices[slice].bias[output] = -room
        try make(layers)
        layers[index].slices[slice].bias[output] = -room - 1
        #expect(
          throws: WeightFileError.overflowingBound(
            layer: shape.name, channel: slice * shape.outputsPerSlice + output, bound: 1 << 31)
        ) { try make(layers) }
      }
    }
  }

  @Test func wrongShapesAreRefused() throws {
    let file = try WeightFile.random(architecture: Self.small, seed: 1)
    var layers = file.layers
    layers[2].slices[1].weights.removeLast()
    #expect(throws: WeightFileError.wrongLayer(name: "convolve0")) {
      try WeightFile(name: "x", architecture: Self.small, layers: layers)
    }
    #expect(throws: WeightFileError.self) {
      try WeightFile(name: "x", architecture: Self.small, layers: file.layers.dropLast())
    }
    #expect(throws: WeightFileError.illegalName("Ä")) {
      try WeightFile(name: "Ä", architecture: Self.small, layers: file.layers)
    }
  }
}
