import Container
import ImagePlanes
import Mixing
import Platform
import TileCoding

/// Codes groups of channels.
struct GroupEncoder: Sendable {
  let options: Compressor.Options
  /// Bytes of what is held meanwhile: the PNG file and the image.
  let heldBytes: Int

  /// Codes a group.
  ///
  /// - Throws: `PRNZipError.limitExceeded`, `outOfMemory`.
  func encode(
    _ plan: GroupPlan, progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) -> CodedGroup {
    switch plan.coding {
    case .constant: return CodedGroup(group: plan.group, payloads: .init(tiles: []))
    case .network(let network): return try encode(plan, network, progress: progress)
    case .adaptive(let codec): return try encode(plan, codec, progress)
    }
  }

  /// Checks what a group takes, before it is coded.
  ///
  /// - Throws: `PRNZipError.limitExceeded`.
  func check(_ plan: GroupPlan) throws(PRNZipError) {
    let (width, height) = (plan.planes.width, plan.planes.height)
    let planes = plan.planes.planes.count
    switch plan.coding {
    case .constant: return
    case .network(let network):
      let sections = network.sections(
        width: width, height: height, tileLimit: options.tileLimit,
        sectionPixels: options.sectionPixels)
      let codec = NetworkTileCodec(network.model.network, mixings: network.mixings)
      _ = try options.limits.check(sections, with: codec, planes: planes, file: heldBytes)
    case .adaptive(let codec):
      _ = try options.limits.check(
        TileSections(plan.adaptiveGrid, tilesPerSection: 1), with: codec, planes: planes,
        file: heldBytes)
    }
  }

  /// Bytes that a tile of a group takes in work, besides the image and the streams.
  func tileMemory(_ plan: GroupPlan) -> Int {
    let (width, height) = (plan.planes.width, plan.planes.height)
    switch plan.coding {
    case .constant: return 0
    case .network(let network):
      let tile = network.sections(
        width: width, height: height, tileLimit: options.tileLimit,
        sectionPixels: options.sectionPixels
      ).largestTile
      return NetworkTileCodec(network.model.network, mixings: network.mixings)
        .memory(rows: tile.height, columns: tile.width)
    case .adaptive(let codec):
      let tile = TileSections(plan.adaptiveGrid, tilesPerSection: 1).largestTile
      return codec.memory(rows: tile.height, columns: tile.width)
    }
  }

  private func encode(
    _ plan: GroupPlan, _ codec: any TileCodec, _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> CodedGroup {
    let sections = TileSections(plan.adaptiveGrid, tilesPerSection: 1)
    let streams = try run(plan.planes, sections, codec, progress)[0]
    var group = plan.group
    group.setTiling(sections)
    return CodedGroup(group: group, payloads: .init(tiles: streams))
  }

  /// Codes planes with a network, with the one of the plan's mixings that is to be kept.
  ///
  /// - Parameters:
  ///   - plan: the group's fields and planes.
  ///   - network: what codes them.
  ///   - usesNetwork: if not, the streams tell what the network is worth, but not the planes.
  ///   - progress: is told the share done.
  /// - Returns: the group.
  /// - Throws: `PRNZipError.limitExceeded`, `outOfMemory`.
  func encode(
    _ plan: GroupPlan, _ network: NetworkPlan, usesNetwork: Bool = true,
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws(PRNZipError) -> CodedGroup {
    let image = plan.planes
    let sections = network.sections(
      width: image.width, height: image.height, tileLimit: options.tileLimit,
      sectionPixels: options.sectionPixels)
    let codec = NetworkTileCodec(
      network.model.network, mixings: network.mixings, usesNetwork: usesNetwork,
      known: plan.known, instructions: options.instructions)
    let smallTiles = try SmallImage(
      of: network.model, sections, instructions: options.instructions
    )?.encode(
      image.small(scale: network.model.scale), threads: options.threads, limits: options.limits,
      cancellation: options.cancellation)
    let streams = try run(image, sections, codec, progress)
    let payloads = streams.map {
      PRNFile.GroupPayloads(smallTiles: smallTiles ?? [], tiles: $0)
    }
    let choice = network.choice(of: payloads.map(\.size))
    let mixing = network.mixings[choice]
    var group = plan.group
    group.setTiling(sections)
    group.parameters = .network(
      modelIdentity: Array(network.model.identity.prefix(Header.identitySize)),
      mixingLevel: mixing.level.rawValue, adaptation: mixing.adaptation)
    return CodedGroup(group: group, payloads: payloads[choice])
  }

  /// Codes sections of planes: [variant][section].
  ///
  /// - Throws: `PRNZipError.limitExceeded`, `outOfMemory`.
  func run(
    _ image: Image, _ sections: TileSections, _ codec: some TileCodec,
    _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> [[[UInt8]]] {
    let memory = try options.limits.check(
      sections, with: codec, planes: image.planes.count, file: heldBytes)
    do {
      let runner = SectionRunner(
        threads: options.threads, memory: memory, stop: options.cancellation?.flag,
        progress: progress)
      return try runner.encode(image, sections, with: codec)
    } catch {
      throw PRNZipError(error, of: sections, with: codec)
    }
  }
}
