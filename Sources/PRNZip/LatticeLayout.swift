import AdaptiveCoding
import ColourLattices
import Container
import ImagePlanes

// Colours as what they came from: luma first, then chroma, and what is left to correct.

extension Layouts {
  /// Bytes of memory that the search for a lattice takes for each pixel, at most.
  private static let latticeBytes = 32

  /// The planes of a lattice that explains an image's colours; nil where none does, or it is not
  /// asked for, or memory is short.
  ///
  /// Complexity: O(1) for most images without one, else O(pixels).
  func lattice(of varying: VaryingChannels) -> LatticePlanes? {
    guard options.transform == .auto, !options.asksForNetwork, !varying.isEqual,
      varying.mapping == .none, varying.planes.format.depth == 8, varying.mask & 7 == 7
    else { return nil }
    let colours = varying.planes.planes
    guard colours.count >= 3,
      encoder.heldBytes + Self.latticeBytes * image.width * image.height
        <= options.limits.maximumBytes
    else { return nil }
    if let lattice = lattices.found { return lattice }
    let lattice = LatticePlanes.find(
      colours[0], colours[1], colours[2], threads: options.threads)
    lattices.found = .some(lattice)
    return lattice
  }

  /// What has been found of the image's lattice, so that it is sought once.
  final class Lattices {
    /// nil until it has been sought; the planes are nil if there is none.
    fileprivate(set) var found: LatticePlanes??
  }
}

extension GroupEncoder {
  /// Codes the planes of a lattice, each part in the smallest of the ways that the effort tries.
  ///
  /// - Returns: the image; nil where no models fit luma and chroma.
  /// - Throws: `PRNZipError.limitExceeded`, `outOfMemory`, `unknownModelName`, `weightFile`.
  func encode(
    _ planes: LatticePlanes, _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> CodedImage? {
    let network = Group.Parameters.network(modelIdentity: [], mixingLevel: 0, adaptation: 0)
    let ofLuma = try options.networkPlans(.gray8), ofChroma = try options.chromaPlans()
    guard !ofLuma.isEmpty, !ofChroma.isEmpty else { return nil }
    var groups: [CodedGroup] = []
    let luma = Group(channels: Header.Channels.luma, parameters: network)
    groups += try smallest(luma, Image(.gray8, planes: [planes.luma]), ofLuma, progress)
    let chroma = Group(channels: Header.Channels.chroma, parameters: network)
    let known = [planes.lattice.lumaOfChroma(planes.luma)]
    let image = Image(PixelFormat(codedChannels: 2), planes: planes.chroma)
    groups += try smallest(chroma, image, known: known, ofChroma, nil)
    groups += try corrections(planes)
    return CodedImage(lattice: planes.lattice, groups: groups)
  }

  /// A group, coded in the smallest of some ways; nothing without any.
  private func smallest(
    _ group: Group, _ image: Image, known: [Plane] = [], _ networks: [NetworkPlan],
    _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> [CodedGroup] {
    var best: CodedGroup?
    let networks = try shortlist(networks, for: image, known: known)
    for (index, network) in networks.enumerated() {
      let plan = GroupPlan(
        group: group, planes: image, coding: .network(network), known: known)
      let coded = try encode(plan) { share in
        progress?((Double(index) + share) / Double(networks.count))
      }
      if coded.size < best?.size ?? .max { best = coded }
    }
    return best.map { [$0] } ?? []
  }

  /// What is added to the colours of a lattice: nothing for most images, else sparse values, or
  /// graphics.
  private func corrections(_ planes: LatticePlanes) throws(PRNZipError) -> [CodedGroup] {
    let first = UInt8(Header.firstCorrection)
    var none: UInt8 = 0, some: UInt8 = 0
    for (index, plane) in planes.corrections.enumerated() {
      let bit: UInt8 = 1 << (first + UInt8(index))
      if plane.samples.allSatisfy({ $0 == 0 }) { none |= bit } else { some |= bit }
    }
    var groups: [CodedGroup] = []
    if none != 0 {
      groups.append(
        CodedGroup(
          group: Group(channels: none, parameters: .constant(value: 0)),
          payloads: .init(tiles: [])))
    }
    guard some != 0 else { return groups }
    let varying = planes.corrections.enumerated()
      .filter { some >> (first + UInt8($0.offset)) & 1 == 1 }.map(\.element)
    let image = Image(PixelFormat(codedChannels: varying.count), planes: varying)
    let sparse = GroupPlan(
      group: Group(channels: some, parameters: .sparse), planes: image,
      coding: .adaptive(SparseTileCodec(planes: varying.count)))
    var coded = try encode(sparse)
    // What is pasted in, say, is as graphics are; few corrections are not worth the time.
    if coded.size > max(1024, image.width * image.height / 128) {
      let codec = GraphicsTileCodec(
        planes: varying.count, hasAlpha: false, instructions: options.instructions)
      let graphics = try encode(
        GroupPlan(
          group: Group(channels: some, parameters: .graphics(colours: 0)), planes: image,
          coding: .adaptive(codec)))
      if Double(graphics.size) < 0.9 * Double(coded.size) { coded = graphics }
    }
    return groups + [coded]
  }
}
