import Bytes
import Prediction

/// A network's architecture and integers, as in a `.prnw` file (FORMAT.md, section 4).
///
///     let file = try WeightFile(name: "photo-1", architecture: architecture, layers: layers)
///     let bytes = file.serialized
///     let same = try WeightFile(parsing: bytes)
///
/// A value of this type is valid: names, shapes and the overflow bounds have been checked.
public struct WeightFile: Sendable, Hashable {
  /// 1 to 32 of a-z, 0-9, "-" and ".".
  public let name: String
  /// The shape of the network.
  public let architecture: Architecture
  /// In the order of `Architecture.layers`.
  public let layers: [MaskedConvolution]
  /// One for each LSTM: an LSTM layer, or a direction of one.
  public let initialStates: [InitialState]
  /// The small image's model; nil if `scale` is 1.
  public var small: WeightFile? { smallFiles.first }
  // An array, for a value cannot hold one of its own type.
  private let smallFiles: [WeightFile]

  static let magic: [UInt8] = Array("PRNW".utf8)
  static let version: UInt8 = 3

  /// Checks and keeps.
  ///
  /// - Parameters:
  ///   - name: 1 to 32 of a-z, 0-9, "-" and ".".
  ///   - architecture: any valid one.
  ///   - layers: in the order of `architecture.layers`.
  ///   - initialStates: one for each LSTM.
  ///   - small: the small image's model, if `scale` is above 1: of the same colours, with a `scale`
  ///     of 1.
  /// - Throws: `illegalName`, `illegalField`, `wrongLayer`, `overflowingBound` or
  ///   `wrongSmallModel`.
  public init(
    name: String, architecture: Architecture, layers: [MaskedConvolution],
    initialStates: [InitialState] = [], small: WeightFile? = nil
  ) throws(WeightFileError) {
    guard Self.isLegal(name: Array(name.utf8)) else { throw .illegalName(name) }
    try architecture.validate()
    let shapes = architecture.layers
    guard shapes.count == layers.count else {
      throw .wrongLayer(name: "\(layers.count) of \(shapes.count)")
    }
    for (layer, shape) in zip(layers, shapes) { try layer.validate(as: shape, of: architecture) }
    guard initialStates.count == architecture.initialStateCount else {
      throw .wrongLayer(
        name: "\(initialStates.count) of \(architecture.initialStateCount) initial states")
    }
    for (block, state) in initialStates.enumerated() {
      try state.validate(block: block, units: architecture.bottleneck)
    }
    try architecture.validate(small: small?.architecture)
    smallFiles = small.map { [$0] } ?? []
    self.name = name
    self.architecture = architecture
    self.layers = layers
    self.initialStates = initialStates
  }

  /// Reads a weight file.
  ///
  /// Any bytes may be given. Nothing is allocated that the file's own length does not pay for.
  ///
  /// Complexity: O(bytes).
  /// - Throws: any `WeightFileError`.
  public init(parsing bytes: [UInt8]) throws(WeightFileError) {
    try self.init(parsing: bytes, isSmall: false)
  }

  /// The same of a file that may be in another one, and so must have none in it.
  private init(parsing bytes: [UInt8], isSmall: Bool) throws(WeightFileError) {
    guard bytes.starts(with: Self.magic) else { throw .notAWeightFile }
    guard bytes.count >= 10 else { throw .wrongLength(expected: 10, actual: bytes.count) }
    guard bytes[4] == Self.version else {
      if bytes[4] > Self.version { throw .newerVersion(bytes[4]) }
      throw .illegalField(name: "weightVersion", value: Int(bytes[4]))
    }
    let end = bytes.count - 4
    let stored = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[end + $1]) << (8 * $1) }
    let computed = crc32(bytes[..<end])
    guard stored == computed else {
      throw .wrongChecksum(stored: stored, computed: computed)
    }

    var reader = WeightReader(weightFile: bytes, 5..<end)
    let name = try reader.array(Int(reader.u8()))
    guard Self.isLegal(name: name) else {
      throw .illegalName(String(decoding: name, as: Unicode.UTF8.self))
    }
    let architecture = try Self.architecture(from: &reader)
    if isSmall && architecture.scale != 1 { throw .wrongSmallModel("has a small model itself") }
    let shapes = architecture.layers
    var length =
      shapes.reduce(reader.position + 4) {
        $0 + 1 + 4 * $1.outputs + 2 * $1.weightCount
      } + 4 * architecture.initialStateCount * architecture.bottleneck
    if architecture.scale > 1 {
      // What is in it, and its length, are as long as what is left.
      length = max(length + 4, bytes.count)
    }
    guard length == bytes.count else {
      throw .wrongLength(expected: length, actual: bytes.count)
    }
    var layers: [MaskedConvolution] = []
    var initialStates: [InitialState] = []
    for shape in shapes {
      let shift = Int(try reader.u8())
      var slices: [MaskedConvolution.Slice] = []
      for slice in 0..<shape.sliceCount {
        let outputs = shape.outputsPerSlice
        let bias = try reader.integers(outputs, as: Int32.self)
        let weights = try reader.integers(
          outputs * shape.inputCount(slice: slice), as: Int16.self)
        slices.append(MaskedConvolution.Slice(bias: bias, weights: weights))
      }
      layers.append(MaskedConvolution(shift: shift, slices: slices))
      if shape.kind.isGates {
        let units = architecture.bottleneck
        initialStates.append(
          InitialState(
            states: try reader.integers(units, as: Int16.self),
            cells: try reader.integers(units, as: Int16.self)))
      }
    }
    var small: WeightFile?
    if architecture.scale > 1 {
      let count = Int(try reader.u32())
      guard reader.position + count == end else {
        throw .wrongLength(expected: reader.position + count + 4, actual: bytes.count)
      }
      small = try WeightFile(parsing: reader.array(count), isSmall: true)
    }
    try self.init(
      name: String(decoding: name, as: Unicode.UTF8.self), architecture: architecture,
      layers: layers, initialStates: initialStates, small: small)
  }

  /// The file's bytes. Complexity: O(weights).
  public var serialized: [UInt8] {
    var bytes = Self.magic + [Self.version, UInt8(truncatingIfNeeded: name.utf8.count)]
    func append(u16 values: Int...) {
      bytes.append(littleEndian: values.map { UInt16(truncatingIfNeeded: $0) })
    }
    bytes += Array(name.utf8)
    bytes.append(UInt8(truncatingIfNeeded: architecture.colours))
    bytes += [architecture.body.rawValue, architecture.head.rawValue]
    bytes += [architecture.symbolCentre.rawValue, architecture.inputKinds.rawValue]
    bytes.append(UInt8(truncatingIfNeeded: architecture.kernelSize))
    append(u16: architecture.features, architecture.bottleneck)
    bytes += [architecture.blocks, architecture.dilationCycle].map { UInt8(truncatingIfNeeded: $0) }
    bytes.append(architecture.connections.rawValue)
    append(u16: architecture.headFeatures, architecture.activationMaximum)
    bytes.append(UInt8(truncatingIfNeeded: architecture.scale))
    append(u16: architecture.conditioningChannels)
    var states = initialStates[...]
    for (layer, shape) in zip(layers, architecture.layers) {
      bytes.append(UInt8(truncatingIfNeeded: layer.shift))
      for slice in layer.slices {
        bytes.append(littleEndian: slice.bias)
        bytes.append(littleEndian: slice.weights)
      }
      if shape.kind.isGates, let initial = states.popFirst() {
        bytes.append(littleEndian: initial.states)
        bytes.append(littleEndian: initial.cells)
      }
    }
    if let small = small?.serialized {
      bytes.append(littleEndian: UInt32(truncatingIfNeeded: small.count))
      bytes += small
    }
    bytes.append(littleEndian: crc32(bytes[...]))
    return bytes
  }

  private static func isLegal(name: [UInt8]) -> Bool {
    (1...32).contains(name.count)
      && name.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      }
  }

  private static func architecture(
    from reader: inout WeightReader
  ) throws(WeightFileError) -> Architecture {
    let colours = Int(try reader.u8())
    let (bodyValue, headValue) = (try reader.u8(), try reader.u8())
    guard let body = Body(rawValue: bodyValue) else {
      throw .illegalField(name: "body", value: Int(bodyValue))
    }
    guard let head = Head(rawValue: headValue) else {
      throw .illegalField(name: "head", value: Int(headValue))
    }
    let centre = try reader.u8()
    guard let symbolCentre = SymbolCentre(rawValue: centre) else {
      throw .illegalField(name: "symbolCentre", value: Int(centre))
    }
    let architecture = Architecture(
      colours: colours, body: body, head: head, symbolCentre: symbolCentre,
      inputKinds: InputKinds(rawValue: try reader.u8()),
      kernelSize: Int(try reader.u8()), features: try reader.u16(),
      bottleneck: try reader.u16(), blocks: Int(try reader.u8()),
      dilationCycle: Int(try reader.u8()), connections: Connections(rawValue: try reader.u8()),
      headFeatures: try reader.u16(),
      activationMaximum: try reader.u16(), scale: Int(try reader.u8()),
      conditioningChannels: try reader.u16())
    try architecture.validate()
    return architecture
  }
}
