import Bytes
import ColourLattices
import Container
import Foundation
import ImagePlanes
import Mixing
import ModelStore
import PNGFile
import PixelNetwork
import Platform
import Prediction
import TestSupport
import Testing

@testable import PRNZip

/// Files that every version of the program must decode, and this version of the format must write
/// again, with every instruction set that the machine has.
///
/// `Vectors` holds MODEL.prnw, NAME.png (or a PNM file), and NAME.MODEL.LEVEL.ADAPTATION.prn, or
/// NAME.prn if no network has a part in it. The weights are random numbers, so that every operation
/// of the network counts. `scripts/golden` writes all but the PNG and PNM files anew, which a new
/// version of the format calls for and nothing else.
@Suite struct GoldenFilesTests {
  struct Golden: Sendable, CustomTestStringConvertible {
    let name: String
    /// nil: no network.
    var model: String?
    var mixing = MixingLevel.pure
    var adaptation: UInt8 = 0
    var tileLimit: Int {
      ["tiles-metadata": 20, "digits": 9, "linear": 60, "runs": 70][name] ?? 2048
    }
    var file: String {
      guard let model else { return name + ".prn" }
      return "\(name).\(model).\(mixing.rawValue).\(adaptation).prn"
    }
    var testDescription: String { file }

    init(_ name: String, _ model: String? = nil, _ level: UInt8 = 0, _ adaptation: UInt8 = 0) {
      self.name = name
      self.model = model
      mixing = MixingLevel(rawValue: level) ?? .pure
      self.adaptation = adaptation
    }

    static func read(_ path: String) throws -> [UInt8] {
      Array(try Data(contentsOf: packageFile("Tests/PRNZipTests/Vectors/\(path)")))
    }
    /// The file that was compressed: a PNM file whose name is its extension, or a PNG file.
    func png() throws -> [UInt8] {
      try Self.read(["pbm", "ppm"].contains(name) ? "\(name).\(name)" : name + ".png")
    }
    func image(_ png: [UInt8]) throws -> Image {
      try PNGFile.decode(png)
    }
  }

  static let architectures: [(model: String, Architecture)] = [
    (
      "adaptive",
      Architecture(
        symbolCentre: .adaptive, inputKinds: [.residual, .prediction], kernelSize: 7,
        features: 24, bottleneck: 24, blocks: 1, connections: [.residual, .skip],
        headFeatures: 24, activationMaximum: 16383)
    ),
    (
      "wide",
      Architecture(
        symbolCentre: .adaptiveWide, inputKinds: [.value, .residual, .prediction], kernelSize: 3,
        features: 24, bottleneck: 24, blocks: 1, connections: [.residual],
        headFeatures: 24,
        activationMaximum: 16383)
    ),
    (
      "widest",
      Architecture(
        symbolCentre: .adaptiveWidest, inputKinds: [.value, .residual, .prediction], kernelSize: 3,
        features: 24, bottleneck: 24, blocks: 1, connections: [.skip], headFeatures: 24,
        activationMaximum: 16383)
    ),
    (
      "row-lstm",
      Architecture(
        body: .rowLSTM, symbolCentre: .adaptive, inputKinds: [.value, .residual, .prediction],
        kernelSize: 3, features: 24, bottleneck: 24, blocks: 2, connections: [.residual, .skip],
        headFeatures: 24, activationMaximum: 16383)
    ),
    (
      "bilstm",
      Architecture(
        body: .diagonalBiLSTM, symbolCentre: .colourMED,
        inputKinds: [.value, .residual, .prediction], kernelSize: 5, features: 24, bottleneck: 24,
        blocks: 2, connections: [.residual, .skip], headFeatures: 24, activationMaximum: 16383)
    ),
    (
      "gray",
      Architecture(
        colours: 1, symbolCentre: .adaptiveWide, inputKinds: [.residual, .prediction],
        kernelSize: 5, features: 24, bottleneck: 24, blocks: 1, connections: [.residual, .skip],
        headFeatures: 24, activationMaximum: 16383)
    ),
    (
      "fixed",
      Architecture(
        symbolCentre: .colourMED, inputKinds: [.value, .residual, .prediction], kernelSize: 5,
        features: 24, bottleneck: 24, blocks: 1, connections: [.skip], headFeatures: 24,
        activationMaximum: 16383)
    ),
    (
      "scale-2",
      Architecture(
        colours: 1, body: .rowLSTM, symbolCentre: .raw, inputKinds: [.value], kernelSize: 3,
        features: 24, bottleneck: 24, blocks: 1, connections: [.residual], headFeatures: 24,
        activationMaximum: 16383, scale: 2, conditioningChannels: 8)
    ),
    (
      "scale-4",
      Architecture(
        symbolCentre: .adaptive, inputKinds: [.residual, .prediction], kernelSize: 3, features: 24,
        bottleneck: 24, blocks: 1, connections: [.residual, .skip], headFeatures: 24,
        activationMaximum: 16383, scale: 4, conditioningChannels: 8)
    ),
    (
      "dilated",
      Architecture(
        symbolCentre: .colourMED, inputKinds: [.value, .residual, .prediction], kernelSize: 3,
        features: 24, bottleneck: 24, blocks: 4, dilationCycle: 3, connections: [.residual, .skip],
        headFeatures: 24, activationMaximum: 16383)
    ),
    (
      "dilated-row-lstm",
      Architecture(
        body: .rowLSTM, symbolCentre: .colourMED, inputKinds: [.value, .residual], kernelSize: 5,
        features: 24, bottleneck: 24, blocks: 3, dilationCycle: 3, connections: [.residual, .skip],
        headFeatures: 24, activationMaximum: 16383)
    ),
    (
      "classes",
      Architecture(
        head: .classes, symbolCentre: .adaptive, inputKinds: [.residual, .prediction],
        kernelSize: 5, features: 24, bottleneck: 24, blocks: 1, connections: [.residual, .skip],
        headFeatures: 24, activationMaximum: 16383)
    ),
    ("bits", sigmoid),
    ("bits-row-lstm", bits(.rowLSTM)), ("bits-bilstm", bits(.diagonalBiLSTM)),
  ]

  static func bits(_ body: Body) -> Architecture {
    Architecture(
      colours: 1, body: body, head: .sigmoid, symbolCentre: .raw, inputKinds: .value,
      kernelSize: 3, features: 16, bottleneck: 8, blocks: 2, connections: [.residual, .skip],
      headFeatures: 8, activationMaximum: 16383)
  }

  static let sigmoid = Architecture(
    colours: 1, head: .sigmoid, symbolCentre: .raw, inputKinds: .value, kernelSize: 5, features: 16,
    bottleneck: 8, blocks: 1, connections: [.residual, .skip], headFeatures: 8,
    activationMaximum: 16383)

  static let files =
    (0...3).flatMap { level in
      [
        Golden("pixel", "adaptive", level), Golden("two-by-two", "adaptive", level),
        Golden("tiles-metadata", level < 2 ? "adaptive" : "wide", level),
        Golden("photo", "wide", level), Golden("photo-gray", "gray", level),
      ]
    } + [
      Golden("photo", "adaptive", 3), Golden("photo", "wide", 2, 2),
      Golden("photo", "widest", 3, 1), Golden("photo", "row-lstm"),
      Golden("tiles-metadata", "row-lstm", 2), Golden("pixel", "row-lstm"),
      Golden("photo", "bilstm"), Golden("tiles-metadata", "bilstm"), Golden("pixel", "bilstm"),
      Golden("two-by-two", "bilstm"),
      Golden("photo-gray", "gray", 1, 1), Golden("photo", "fixed"), Golden("two-by-two", "fixed"),
      Golden("photo", "dilated"), Golden("tiles-metadata", "dilated"),
      Golden("photo", "dilated-row-lstm"), Golden("tiles-metadata", "dilated-row-lstm"),
      Golden("photo-gray", "scale-2"), Golden("photo", "scale-4", 2),
      Golden("tiles-metadata", "scale-4"), Golden("two-by-two", "scale-4"),
      Golden("digits", "bits"), Golden("digits", "bits-row-lstm"), Golden("digits", "bits-bilstm"),
      Golden("photo", "classes"), Golden("photo", "classes", 2), Golden("pixel", "classes"),
      Golden("rgb-alpha", "wide", 1), Golden("icon"), Golden("palette"), Golden("gray-4"),
      Golden("doubled"), Golden("equal", "gray", 1), Golden("stored"), Golden("graphics"),
      Golden("flat"), Golden("drawing"), Golden("deep"), Golden("deep-gray"), Golden("ranks"),
      Golden("levels"),
      Golden("patches", "wide", 2), Golden("exact"), Golden("lattice"),
      Golden("linear"), Golden("runs"), Golden("runs-numbers"), Golden("strips"),
      Golden("animated"), Golden("pbm"),
      Golden("ppm"),
    ]

  static let writes = ProcessInfo.processInfo.environment["PRNZIP_WRITE_VECTORS"] != nil

  static func weights(_ model: String, _ architecture: Architecture) throws -> [UInt8] {
    try WeightFile.random(architecture: architecture, seed: 1, name: model).serialized
  }

  private static let storeOfAll = Result {
    try store(architectures.map { try Golden.read($0.model + ".prnw") })
  }

  static func models() throws -> ModelStore { try storeOfAll.get() }

  /// With a network, all channels are its group, however large the file is. But of images with
  /// alpha, and without a network, the compressor finds the groups.
  static func compress(
    _ golden: Golden, instructions: InstructionSet = .portable, threads: Int = 1
  ) throws -> [UInt8] {
    var options = Compressor.Options()
    options.store = try models()
    options.instructions = instructions
    options.threads = threads
    options.tileLimit = golden.tileLimit
    options.isExact = golden.name == "exact"
    let compressor = Compressor(options)
    let png = try golden.png()
    if golden.name == "stored" { return try storedFile(png) }
    if golden.name == "lattice" { return try lattice(golden, png, options) }
    if golden.name == "linear" { return try linear(golden, png, options) }
    if golden.name == "strips" { (options.wholePixels, options.stripPixels) = (0, 1 << 16) }
    if golden.name == "patches" { return try patches(golden, png, options) }
    guard let name = golden.model, !["rgb-alpha", "equal"].contains(golden.name) else {
      options.model = golden.model
      options.effort = golden.name.hasPrefix("runs") ? .instant : .fast
      return try Compressor(options).compress(png)
    }
    let model = try #require(try options.store.model(named: name))
    let metadata = Metadata(try PNGFile.inspect(png))
    return try compressor.encode(
      golden.image(png), metadata: metadata, with: model, mixing: golden.mixing,
      adaptation: golden.adaptation)
  }

  /// Luma, chroma and corrections, whatever they cost.
  private static func lattice(
    _ golden: Golden, _ png: [UInt8], _ options: Compressor.Options
  ) throws -> [UInt8] {
    let image = try golden.image(png)
    let planes = try #require(
      LatticePlanes.find(image.planes[0], image.planes[1], image.planes[2]))
    var options = options
    options.effort = .fast
    let coded = try #require(
      try GroupEncoder(options: options, heldBytes: 0).encode(planes, nil))
    let metadata = Metadata(try PNGFile.inspect(png))
    return try modelledFile(image, metadata, coded.groups, lattice: coded.lattice)
  }

  /// Linear predictors, whatever they cost.
  private static func linear(
    _ golden: Golden, _ png: [UInt8], _ options: Compressor.Options
  ) throws -> [UInt8] {
    let image = try golden.image(png)
    let varying = try #require(VaryingChannels(image, ImageTraits(image)))
    let plan = try #require(varying.linear(options, hidden: nil))
    let coded = try GroupEncoder(options: options, heldBytes: 0).encode(plan)
    return try modelledFile(image, Metadata(try PNGFile.inspect(png)), [coded])
  }

  /// A patch where the photo is, whatever it costs.
  private static func patches(
    _ golden: Golden, _ png: [UInt8], _ options: Compressor.Options
  ) throws -> [UInt8] {
    let image = try golden.image(png)
    let varying = try #require(VaryingChannels(image, ImageTraits(image)))
    var costs = [UInt64](repeating: 0, count: 5 * 4)
    for block in [6, 7, 8, 11, 12, 13] { costs[block] = 1 << 40 }
    let model = try #require(try options.store.model(named: golden.model ?? ""))
    let group = try GroupEncoder(options: options, heldBytes: 0).encode(
      varying.graphics(varying.graphicsCodec(options)), costs,
      patchesWith: NetworkPlan(model: model, mixings: [MixingParameters(golden.mixing)]))
    let metadata = Metadata(try PNGFile.inspect(png))
    return try modelledFile(image, metadata, [#require(group)])
  }

  private static func expectItsImage(
    _ golden: Golden, instructions: InstructionSet, threads: Int
  ) throws {
    var options = Decompressor.Options()
    options.store = try models()
    options.instructions = instructions
    options.threads = threads
    let png = try golden.png()
    let decoded = try Decompressor(options).decompress(Golden.read(golden.file))
    guard !["stored", "exact", "pbm", "ppm"].contains(golden.name) else {
      #expect(decoded == png)
      return
    }
    #expect(try golden.image(decoded) == golden.image(png))
    // The frames of an animation are deflated anew.
    let comparison = try FileComparison(ArraySource(png), ArraySource(decoded))
    #expect(comparison.isLossless)
    guard golden.name != "animated" else { return }
    #expect(try PNGFile.inspect(decoded) == PNGFile.inspect(png))
  }

  @Test(.enabled(if: !writes), arguments: files, InstructionSet.supported)
  func decodesToItsImage(_ golden: Golden, instructions: InstructionSet) throws {
    try Self.expectItsImage(golden, instructions: instructions, threads: 2)
  }

  @Test(.enabled(if: !writes), arguments: files, InstructionSet.supported)
  func encodesToTheSameBytes(_ golden: Golden, instructions: InstructionSet) throws {
    #expect(try Self.compress(golden, instructions: instructions) == Golden.read(golden.file))
  }

  /// Both ways, on one thread, on two, and on more than most files have tiles.
  @Test(.enabled(if: !writes), arguments: files, [1, 2, 7])
  func threadsDoNotMatter(_ golden: Golden, threads: Int) throws {
    try Self.expectItsImage(golden, instructions: .current, threads: threads)
    let file = try Self.compress(golden, instructions: .current, threads: threads)
    #expect(try file == Golden.read(golden.file))
  }

  @Test func weightsAreTheRandomNumbersThatTheyWere() throws {
    for (model, architecture) in Self.architectures {
      #expect(try Self.weights(model, architecture) == Golden.read(model + ".prnw"))
    }
  }

  @Test(.enabled(if: writes)) func write() throws {
    let folder = packageFile("Tests/PRNZipTests/Vectors")
    for (model, architecture) in Self.architectures {
      try Data(Self.weights(model, architecture)).write(to: folder.appending(path: model + ".prnw"))
    }
    for golden in Self.files {
      try Data(Self.compress(golden)).write(to: folder.appending(path: golden.file))
    }
  }

  /// FORMAT.md's appendix dumps one of the files: its bytes and the file's are the same.
  @Test func theFormatDocumentDumpsTheFile() throws {
    let text = try String(contentsOf: packageFile("FORMAT.md"), encoding: .utf8)
    var dumped: [UInt8] = []
    for line in text.split(separator: "\n") where line.hasPrefix("    @") {
      let columns = line.split(separator: "|", omittingEmptySubsequences: false)
      let offset = try #require(Int(columns[0].trimmingCharacters(in: .whitespaces).dropFirst()))
      #expect(offset == dumped.count)
      dumped += columns[1].split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }
    #expect(dumped == (try Golden.read("two-by-two.adaptive.0.0.prn")))
  }
}
