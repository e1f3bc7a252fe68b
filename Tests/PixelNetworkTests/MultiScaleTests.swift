import ImagePlanes
import Prediction
import TestSupport
import Testing

@testable import PixelNetwork

@Suite struct MultiScaleTests {
  static func architecture(
    scale: Int, conditioningChannels: Int = 8, colours: Int = 3
  ) -> Architecture {
    var architecture = WeightFileTests.small
    (architecture.scale, architecture.conditioningChannels) = (scale, conditioningChannels)
    architecture.colours = colours
    return architecture
  }

  static func file(scale: Int = 2, small: WeightFile? = nil) throws -> WeightFile {
    try WeightFile.random(
      architecture: architecture(scale: scale), seed: 1, name: "x", small: small)
  }

  /// Four phases with 2x2 cells each: rows i - 1 + py and i + py, columns alike.
  @Test func phasesSeeTwoByTwoCells() {
    for (scale, count) in [(1, 0), (2, 1), (4, 2)] {
      let architecture = Self.architecture(scale: scale, conditioningChannels: scale == 1 ? 0 : 16)
      let layers = architecture.layers
      #expect(layers.filter { $0.kind == .upsample }.count == count)
      #expect(layers[count].kind == .inputConvolution)
      for (level, layer) in layers.prefix(count).enumerated() {
        #expect(layer.name == "upsample\(level)")
        #expect(layer.sliceCount == 4 && layer.outputsPerSlice == 16)
        for phase in 0..<4 {
          let (py, px) = (phase / 2, phase % 2)
          let taps = [(py - 1, px - 1), (py - 1, px), (py, px - 1), (py, px)]
          let segments = layer.segments(slice: phase)
          #expect(segments.map(\.tap.rowOffset) == taps.map(\.0))
          #expect(segments.map(\.tap.columnOffset) == taps.map(\.1))
          #expect(segments.allSatisfy { $0.channels == (level == 0 ? 3 : 16) })
          let magnitudes = Set(architecture.inputMagnitudes(layer, slice: phase))
          #expect(magnitudes == [level == 0 ? 2048 : 32767])
        }
      }
      let convolve = layers.first { $0.kind == .convolve }
      let plain = Self.architecture(scale: 1, conditioningChannels: 0).layers.first {
        $0.kind == .convolve
      }
      for slice in 0..<3 {
        let more =
          (convolve?.inputCount(slice: slice) ?? 0) - (plain?.inputCount(slice: slice) ?? 0)
        #expect(more == (scale == 1 ? 0 : 16))
      }
    }
  }

  @Test(arguments: [2, 4]) func weightFilesHoldBothModels(_ scale: Int) throws {
    let file = try Self.file(scale: scale)
    let bytes = file.serialized
    let again = try WeightFile(parsing: bytes)
    #expect(again == file && again.serialized == bytes)
    let small = try #require(file.small)
    let inner = small.serialized
    // In front of the checksum, with its length in front of it.
    #expect(Array(bytes.dropLast(4).suffix(inner.count)) == inner)
    let length = bytes.dropLast(4 + inner.count).suffix(4).reversed().reduce(0) {
      $0 << 8 | Int($1)
    }
    #expect(length == inner.count)
    let model = try Network(weightFile: bytes)
    #expect(try model.small?.identity == Network(weightFile: inner).identity)
    #expect(model.small?.small == nil)
    let own = try Network(weightFile: inner)
    #expect(model.parameterCount > own.parameterCount)
    // The small model's share, the conditional one's additions and the up-sampling.
    let conditioning =
      3 * 8 * 8 + (scale == 2 ? 4 * 4 * 3 * 8 / 4 : 4 * 4 * (3 * 8 / 16 + 8 * 8 / 4))
    let whole = own.multiplicationsPerPixel
    let expected = whole + whole / (scale * scale) + conditioning
    #expect(abs(model.multiplicationsPerPixel - expected) <= 64)
  }

  /// Each rule about the two models that a file may break.
  @Test func wrongSmallModelsAreRefused() throws {
    let file = try Self.file()
    let plain = try #require(file.small)
    func with(_ small: WeightFile?, scale: Int = 2) throws {
      _ = try WeightFile(
        name: "x", architecture: scale == 1 ? WeightFileTests.small : file.architecture,
        layers: scale == 1 ? plain.layers : file.layers, small: small)
    }
    #expect(throws: Never.self) { try with(plain) }
    #expect(throws: WeightFileError.wrongSmallModel("is missing")) { try with(nil) }
    #expect(throws: WeightFileError.wrongSmallModel("is not called for")) {
      try with(plain, scale: 1)
    }
    #expect(throws: WeightFileError.wrongSmallModel("has a small model itself")) {
      try with(file)
    }
    let gray = try WeightFile.random(
      architecture: Architecture(
        colours: 1, symbolCentre: .raw, inputKinds: [.value], kernelSize: 3, features: 24,
        bottleneck: 24, blocks: 0, connections: [], headFeatures: 24, activationMaximum: 255),
      seed: 1)
    #expect(throws: WeightFileError.wrongSmallModel("is for 1 colours, not 3")) { try with(gray) }
    // Any kind of body and centre, but one kind of head.
    for named in TestArchitectures.alone where named.architecture.colours == 3 {
      let small = try WeightFile.random(architecture: named.architecture, seed: 1)
      guard named.architecture.head == .softmax else {
        #expect(throws: WeightFileError.wrongSmallModel("has another head")) { try with(small) }
        continue
      }
      let both = try Self.file(small: small)
      #expect(try WeightFile(parsing: both.serialized).small == small)
    }
  }

  @Test func illegalFieldsAreRefused() throws {
    for (scale, channels, field) in [
      (3, 8, "scale"), (8, 8, "scale"), (0, 0, "scale"), (2, 0, "conditioningChannels"),
      (4, 0, "conditioningChannels"), (1, 8, "conditioningChannels"),
      (2, 12, "conditioningChannels"),
      (2, 264, "conditioningChannels"), (2, 4, "conditioningChannels"),
    ] {
      let value = field == "scale" ? scale : channels
      #expect(throws: WeightFileError.illegalField(name: field, value: value)) {
        try Self.architecture(scale: scale, conditioningChannels: channels).validate()
      }
    }
    for channels in [8, 16, 256] {
      #expect(throws: Never.self) {
        try Self.architecture(scale: 4, conditioningChannels: channels).validate()
      }
    }
  }

  /// Embedded files that are cut, longer, damaged, nested, or of another length than is said; all
  /// with right checksums.
  @Test func hostileEmbeddedFilesAreRefused() throws {
    let bytes = try Self.file().serialized
    let inner = try #require(Self.file().small).serialized
    let start = bytes.count - 4 - inner.count
    func with(_ embedded: [UInt8], count: Int? = nil) -> [UInt8] {
      let length = UInt32(truncatingIfNeeded: count ?? embedded.count)
      let field = (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
      return WeightFileTests.resealed(
        Array(bytes[..<(start - 4)]) + field + embedded + [0, 0, 0, 0])
    }
    func error(_ bytes: [UInt8]) -> WeightFileError? {
      do throws(WeightFileError) {
        _ = try WeightFile(parsing: bytes)
        return nil
      } catch {
        return error
      }
    }
    #expect(with(inner) == bytes && error(with(inner)) == nil)
    for count in stride(from: 0, to: inner.count, by: 61) {
      #expect(error(with(Array(inner[..<count]))) != nil)
      let sealed = WeightFileTests.resealed(Array(inner[..<count]) + [0, 0, 0, 0])
      #expect(error(with(sealed)) != nil)
    }
    #expect(error(with([])) == .notAWeightFile)
    #expect(error(with(inner + [0])) != nil)
    for count in [0, inner.count - 1, inner.count + 1, 0xFFFF_FFFF] {
      guard case .wrongLength = error(with(inner, count: count)) else {
        Issue.record("a length of \(count)")
        continue
      }
    }
    var damaged = inner
    damaged[100] ^= 1
    guard case .wrongChecksum = error(with(damaged)) else {
      Issue.record("a damaged embedded file")
      return
    }
    // Nested, once and many times: found before anything of it is read.
    let nested = WeightFileError.wrongSmallModel("has a small model itself")
    #expect(error(with(bytes)) == nested)
    #expect(error(with(with(bytes))) == nested)
    // Nothing behind the layers at all.
    let without = WeightFileTests.resealed(Array(bytes[..<(start - 4)]) + [0, 0, 0, 0])
    #expect(
      error(without) == .wrongLength(expected: without.count + 4, actual: without.count))
  }

  /// Each new kind of input counts.
  @Test func theBoundIsExact() throws {
    let file = try Self.file(scale: 4)
    let shapes = file.architecture.layers
    for (index, shape) in shapes.enumerated() where [.upsample, .convolve].contains(shape.kind) {
      for slice in 0..<shape.sliceCount {
        var layers = file.layers
        let inputs = shape.inputCount(slice: slice)
        for k in 0..<inputs {
          layers[index].slices[slice].weights[k] = k % 2 == 0 ? -2 : 2
        }
        let magnitudes = file.architecture.inputMagnitudes(shape, slice: slice)
        #expect(
          shape.kind != .convolve || magnitudes.suffix(8) == Array(repeating: 32767, count: 8))
        let rest = 2 * magnitudes.reduce(0, +) + 1 << (layers[index].shift - 1)
        let room = Int32(Int(Int32.max) - rest)
        layers[index].slices[slice].bias[0] = room
        _ = try WeightFile(
          name: "x", architecture: file.architecture, layers: layers, small: file.small)
        layers[index].slices[slice].bias[0] = room + 1
        #expect(
          throws: WeightFileError.overflowingBound(
            layer: shape.name, channel: slice * shape.outputsPerSlice, bound: 1 << 31)
        ) {
          try WeightFile(
            name: "x", architecture: file.architecture, layers: layers, small: file.small)
        }
      }
    }
  }
}
