import AdaptiveCoding
import Container
import EntropyCoding
import ImagePlanes
import Mixing
import TileCoding

extension GroupEncoder {
  /// A patch has to be smaller by this with a network: the rest of the picture learns less.
  private static let patchGain = 0.98

  /// A patch has to be smaller by this with a network than as runs, which take 3 to 13 % more than
  /// graphics of photographs.
  private static let sureGain = 0.9

  /// Effort fast codes a picture with patches again only for more that save so much of it.
  private static let leastSaving = 0.005

  /// A picture's graphics with the cost of each block.
  ///
  /// - Returns: nil for a picture that is no one tile.
  /// - Throws: `PRNZipError.limitExceeded`, `outOfMemory`.
  func costs(
    _ plan: GroupPlan, _ codec: GraphicsTileCodec
  ) throws(PRNZipError) -> (group: CodedGroup, costs: [UInt64])? {
    var codec = codec
    codec.stop = options.cancellation?.flag
    let image = plan.planes
    let limit = GroupPlan.adaptiveTileLimit
    guard image.width <= limit, image.height <= limit else { return nil }
    let sections = TileSections([image.whole], width: image.width, height: image.height)
    _ = try options.limits.check(
      sections, with: codec, planes: image.planes.count, file: heldBytes)
    do throws(EntropyCodingError) {
      let (costs, bytes) = try codec.costs(image)
      return (CodedGroup(group: plan.group, payloads: .init(tiles: [bytes])), costs)
    } catch {
      throw PRNZipError(SectionError(section: 0, error: error), of: sections, with: codec)
    }
  }

  /// Codes a picture as graphics with patches of a network.
  ///
  /// - Parameters:
  ///   - plan: the graphics.
  ///   - costs: what its blocks took.
  ///   - network: what codes the patches, with the first of its mixings.
  /// - Returns: nil where no patch is worth it.
  /// - Throws: `PRNZipError.limitExceeded`, `outOfMemory`.
  func encode(
    _ plan: GroupPlan, _ costs: [UInt64], patchesWith network: NetworkPlan
  ) throws(PRNZipError) -> CodedGroup? {
    let patches = try patches(costs, of: plan.planes, with: network)
    if patches.isEmpty { return nil }
    return try encode(plan, patches, network).group
  }

  /// Codes a picture as graphics with patches of a network, some of which are told. Graphics, which
  /// is slow, is not tried for these, but runs are.
  ///
  /// - Parameters:
  ///   - plan: the graphics.
  ///   - photographs: the patches, of no more than `patchSide` blocks a side.
  ///   - network: what codes the patches, with the first of its mixings.
  /// - Returns: the group; nil if none of these patches is surely smaller with the network.
  /// - Throws: `PRNZipError.limitExceeded`, `outOfMemory`.
  func encode(
    _ plan: GroupPlan, photographs: [Group.Patch], with network: NetworkPlan
  ) throws(PRNZipError) -> CodedGroup? {
    let image = plan.planes
    let runs = try run(
      image, sections(photographs, image),
      RunsTileCodec(planes: image.planes.count, hasAlpha: false), nil)[0]
    let sure = try zip(code(photographs, of: image, with: network), runs).filter {
      Double($0.stream.count) <= Self.sureGain * Double($1.count)
    }.map(\.0)
    if sure.isEmpty { return nil }
    let (group, costs) = try encode(plan, sure, network)
    let more = try patches(costs, of: image, besides: sure.map(\.patch), with: network)
    let saving = more.reduce(0) { $0 + $1.saving }
    let least = options.effort == .fast ? Self.leastSaving * Double(group.size) : 0
    if more.isEmpty || Double(saving) < least { return group }
    let all = try encode(plan, sure + more, network).group
    return all.size < group.size ? all : group
  }

  /// Blocks of a patch's side, at most: patches are tiles.
  var patchSide: Int { options.tileLimit / Group.patchUnit }

  /// The patches where a network takes fewer bytes than graphics took.
  private func patches(
    _ costs: [UInt64], of image: Image, besides others: [Group.Patch] = [],
    with network: NetworkPlan
  ) throws(PRNZipError) -> [CodedPatch] {
    let finder = PatchFinder(costs, of: image)
    let candidates = finder.patches(side: patchSide, besides: others)
    guard !candidates.isEmpty, network.model.scale == 1 else { return [] }
    return try code(candidates, of: image, with: network).compactMap { patch in
      let (bytes, graphics) = (patch.stream.count + 12, finder.bytes(of: patch.patch, costs))
      guard Double(bytes) <= Self.patchGain * Double(graphics) else { return nil }
      return CodedPatch(patch: patch.patch, stream: patch.stream, saving: graphics - bytes)
    }
  }

  private func code(
    _ patches: [Group.Patch], of image: Image, with network: NetworkPlan
  ) throws(PRNZipError) -> [CodedPatch] {
    let codec = NetworkTileCodec(
      network.model.network, mixings: [network.mixings[0]], instructions: options.instructions)
    let streams = try run(image, sections(patches, image), codec, nil)[0]
    return zip(patches, streams).map { CodedPatch(patch: $0, stream: $1) }
  }

  /// Codes what is around patches; tells what each block of that took.
  private func encode(
    _ plan: GroupPlan, _ patches: [CodedPatch], _ network: NetworkPlan
  ) throws(PRNZipError) -> (group: CodedGroup, costs: [UInt64]) {
    let image = plan.planes
    let known = KnownPixels(
      patches.map { $0.patch.rectangle(width: image.width, height: image.height) }, of: image)
    let rest = GraphicsTileCodec(
      planes: image.planes.count, hasAlpha: false, known: known,
      instructions: options.instructions)
    guard let coded = try costs(plan, rest) else {
      throw .limitExceeded(
        what: "the side of an image with patches", value: max(image.width, image.height),
        limit: GroupPlan.adaptiveTileLimit)
    }
    let mixing = network.mixings[0]
    var group = plan.group
    group.parameters = .patches(
      modelIdentity: Array(network.model.identity.prefix(Header.identitySize)),
      mixingLevel: mixing.level.rawValue, adaptation: mixing.adaptation, patches.map(\.patch))
    let tiles = patches.map(\.stream) + coded.group.payloads.tiles
    return (CodedGroup(group: group, payloads: .init(tiles: tiles)), coded.costs)
  }

  private func sections(_ patches: [Group.Patch], _ image: Image) -> TileSections {
    TileSections(
      patches.map { $0.rectangle(width: image.width, height: image.height) }, width: image.width,
      height: image.height)
  }
}

/// A patch, and what a network makes of it.
private struct CodedPatch {
  let patch: Group.Patch
  let stream: [UInt8]
  /// Bytes that graphics took more, where that is known.
  var saving = 0
}

extension Image {
  /// All of it.
  var whole: TileRectangle { TileRectangle(row: 0, column: 0, height: height, width: width) }
}
