import AdaptiveCoding
import Container
import ImagePlanes
import ModelStore

/// The ways to cut an image into groups and code them, of which the smallest is kept.
///
/// A way is tried where it may be worth its time: photographs are not coded as graphics, and flat
/// pictures not with a network. An effort tries what the lower ones do.
struct Layouts {
  let image: Image
  let metadata: Metadata
  let options: Compressor.Options
  let encoder: GroupEncoder
  let lattices = Lattices()

  /// - Parameters:
  ///   - image: of the PNG file.
  ///   - metadata: its chunks.
  ///   - options: of the compressor.
  ///   - heldBytes: of the PNG file.
  init(
    _ image: Image, _ metadata: Metadata, _ options: Compressor.Options, heldBytes: Int
  ) {
    self.image = image
    self.metadata = metadata
    self.options = options
    encoder = GroupEncoder(options: options, heldBytes: heldBytes)
  }

  /// Small images take little time however many ways are tried.
  var isSmall: Bool { image.width * image.height <= 1 << 16 }

  /// The smallest of the ways that are tried; nil where there is none for this kind of image.
  ///
  /// - Parameter progress: is told the share done.
  /// - Returns: the image, coded.
  /// - Throws: as `GroupEncoder`; `PRNZipError.unknownModelName`, `weightFile`.
  func smallest(
    _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> CodedImage? {
    let traits = ImageTraits(image)
    guard let varying = VaryingChannels(image, traits) else {
      return CodedImage(groups: constants(traits))
    }
    let found: CodedImage?
    if image.format.channels == .palette {
      found = try smallestOfPalette(varying, progress)
    } else if varying.planes.format.depth == 16 {
      found = try smallestOfDeep(varying, progress)
    } else {
      found = try smallest(varying, progress)
    }
    return found.map { CodedImage(lattice: $0.lattice, groups: constants(traits) + $0.groups) }
  }

  /// Channels of one value each; those of the same value share a group.
  private func constants(_ traits: ImageTraits) -> [CodedGroup] {
    var masks: [Int: UInt8] = [:]
    for (channel, value) in traits.constants.enumerated() {
      if let value { masks[value, default: 0] |= 1 << UInt8(channel) }
    }
    return masks.keys.sorted().map { value in
      CodedGroup(
        group: Group(channels: masks[value] ?? 0, parameters: .constant(value: value)),
        payloads: .init(tiles: []))
    }
  }

  // MARK: - Colours that are samples

  func smallest(
    _ varying: VaryingChannels, _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> CodedImage? {
    guard let ranked = try rankedBytes(varying) else {
      return try smallestAsItIs(varying, progress)
    }
    // What is flat may be graphics, which knows of gaps, and small slopes leave little.
    let isSure = options.isInAHurry || varying.flatness.flat < leastFlatness
    if isSure ? !isSmall : isLarge { return try smallestAsItIs(ranked, progress) }
    var smallest = Smallest()
    if let coded = try smallestAsItIs(varying, hasGaps: true, nil) { smallest.offer(coded) }
    if let coded = try smallestAsItIs(ranked, progress) { smallest.offer(coded) }
    return smallest.image
  }

  private func smallestAsItIs(
    _ varying: VaryingChannels, hasGaps: Bool = false, _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> CodedImage? {
    if options.isInAHurry {
      return try smallestWithoutNetworks(varying, progress)
    }
    let networks = try networks(for: varying)
    if networks.isEmpty { try options.checkModel(for: image.format) }
    var smallest = Smallest()
    var isWorthNetworks = options.asksForNetwork
    var mayBeGraphics = networks.isEmpty
    if !mayBeGraphics, !options.asksForNetwork {
      mayBeGraphics = try self.mayBeGraphics(varying, hasGaps: hasGaps)
    }
    if mayBeGraphics {
      try checkMemory(varying, networks)
      let numbered = try numbered(varying)
      let graphics = try offerGraphics(varying, numbered, networks, to: &smallest)
      // Where photographs are a small part of a large picture, patches are enough; for effort fast,
      // which has a small network, of any picture. But a lattice that was found is tried.
      let hasLattice = (lattices.found ?? nil) != nil
      let arePatchesEnough = options.effort == .fast && graphics.hasPatches || isLarge
      isWorthNetworks =
        self.isWorthNetworks(varying, smallest.size)
        && (graphics.share >= Self.largeShare || !arePatchesEnough || hasLattice
          || options.effort == .best)
      if areWorthRuns(smallest.size) || graphics.hasRepeats {
        try offerRuns(runs(varying, numbered), to: &smallest)
      }
    } else {
      isWorthNetworks = true
    }
    if isSmall, !options.asksForNetwork { try offerLinear(varying, to: &smallest, nil) }
    guard isWorthNetworks, !networks.isEmpty else { return smallest.image }
    let hidden = varying.hiddenColour
    let alpha = try alpha(varying)
    if hidden == nil, let planes = lattice(of: varying),
      var coded = try encoder.encode(planes, progress)
    {
      coded.groups += alpha
      smallest.offer(coded)
      // What the lattice explains needs no other colours.
      if planes.correctedPart <= 0.02 { return smallest.image }
    }
    let worth = try encoder.shortlist(
      networks, for: varying.network(networks[0], hidden: hidden).planes)
    for (index, network) in worth.enumerated() {
      let colours = try encoder.encode(varying.network(network, hidden: hidden)) { share in
        progress?((Double(index) + share) / Double(worth.count))
      }
      smallest.offer([colours] + alpha)
    }
    return smallest.image
  }

  /// Alpha, coded for itself; nothing where it is none of several channels that vary.
  func alpha(_ varying: VaryingChannels) throws(PRNZipError) -> [CodedGroup] {
    guard let plan = varying.alpha(options) else { return [] }
    return [try encoder.encode(plan)]
  }

  /// Of a large picture, a part may be quite unlike the rest.
  var isLarge: Bool { image.width * image.height > 1 << 18 }

  /// Networks for the colours.
  private func networks(for varying: VaryingChannels) throws(PRNZipError) -> [NetworkPlan] {
    let colours = varying.colourPlanes
    let depth = varying.depth(of: image.format)
    guard depth == 1 || depth >= 8 else { return [] }
    let channels = colours.planes.count
    guard channels == 1 || channels == 3, varying.canBeSplit else { return [] }
    let plans = try options.networkPlans(
      PixelFormat(channels == 1 ? .gray : .rgb, depth: depth == 1 ? 1 : 8))
    guard depth == 1, !options.asksForNetwork else { return plans }
    // A model of digits knows nothing of what is no mosaic of them.
    return plans.filter {
      let side = $0.model.description.tileLimit
      return image.width % side == 0 && image.height % side == 0
    }
  }

  /// Whether a network may need fewer than `bytes`: flat pictures are not worth its time.
  func isWorthNetworks(_ varying: VaryingChannels, _ bytes: Int) -> Bool {
    let bits = 8 * Double(bytes) / Double(image.width * image.height)
    // The best effort finds fewer bytes without a network, and tries one all the same where others
    // do.
    var (least, fewest) = options.effort == .best ? (0.15, 64) : (0.4, 96)
    // Digits, which are all that networks of 1 bit are for, have few bits anyway.
    if image.format.depth == 1 { (least, fewest) = (0.02, 256) }
    return bits >= least * Double(varying.colourPlanes.planes.count) && bytes > fewest
  }
}

/// The smallest of what it is offered; of equal ones the first.
struct Smallest {
  private(set) var image: CodedImage?

  var size: Int { image?.size ?? .max }

  mutating func offer(_ other: CodedImage) {
    if other.size < size { image = other }
  }

  mutating func offer(_ groups: [CodedGroup]) { offer(CodedImage(groups: groups)) }
}

extension Compressor.Options {
  /// Whether a network is asked for by name, or alone: then nothing else is tried where one fits.
  var asksForNetwork: Bool { model != nil || isPure }

  /// Whether only the codecs are tried that take little time.
  var isInAHurry: Bool { effort == .instant && !asksForNetwork }
}
