import AdaptiveCoding
import Container
import EntropyCoding
import ImagePlanes
import Mixing
import TileCoding

extension GroupEncoder {
  /// A patch has to be smaller by this with a network: the rest of the picture learns less.
  private static let patchGain = 0.98

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
    let image = plan.planes
    let finder = PatchFinder(costs, of: image)
    let mostUnits = options.tileLimit / Group.patchUnit
    let candidates = finder.patches().filter { max($0.height, $0.width) <= mostUnits }
    guard !candidates.isEmpty, network.model.scale == 1 else { return nil }
    let mixing = network.mixings[0]
    let codec = NetworkTileCodec(
      network.model.network, mixings: [mixing], instructions: options.instructions)
    let streams = try run(image, sections(candidates, image), codec, nil)[0]
    var patches: [Group.Patch] = []
    var tiles: [[UInt8]] = []
    for (patch, stream) in zip(candidates, streams)
    where Double(stream.count + 12) <= Self.patchGain * Double(finder.bytes(of: patch, costs)) {
      patches.append(patch)
      tiles.append(stream)
    }
    if patches.isEmpty { return nil }
    let known = KnownPixels(
      patches.map { $0.rectangle(width: image.width, height: image.height) }, of: image)
    let rest = GraphicsTileCodec(
      planes: image.planes.count, hasAlpha: false, known: known,
      instructions: options.instructions)
    let whole = TileSections([image.whole], width: image.width, height: image.height)
    tiles += try run(image, whole, rest, nil)[0]
    var group = plan.group
    group.parameters = .patches(
      modelIdentity: Array(network.model.identity.prefix(Header.identitySize)),
      mixingLevel: mixing.level.rawValue, adaptation: mixing.adaptation, patches)
    return CodedGroup(group: group, payloads: .init(tiles: tiles))
  }

  private func sections(_ patches: [Group.Patch], _ image: Image) -> TileSections {
    TileSections(
      patches.map { $0.rectangle(width: image.width, height: image.height) }, width: image.width,
      height: image.height)
  }
}

extension Image {
  /// All of it.
  var whole: TileRectangle { TileRectangle(row: 0, column: 0, height: height, width: width) }
}
