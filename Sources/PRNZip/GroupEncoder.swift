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
    guard let work = work(plan) else { return }
    _ = try options.limits.check(
      work.sections, with: work.codec, planes: plan.planes.planes.count, file: heldBytes)
  }

  /// Bytes that a tile of a group takes in work, besides the image and the streams.
  func tileMemory(_ plan: GroupPlan) -> Int {
    guard let work = work(plan) else { return 0 }
    let tile = work.sections.largestTile
    return work.codec.memory(rows: tile.height, columns: tile.width)
  }

  /// What codes a group, and its sections; nil where nothing is coded.
  private func work(_ plan: GroupPlan) -> (sections: TileSections, codec: any TileCodec)? {
    switch plan.coding {
    case .constant: return nil
    case .network(let network):
      let sections = network.sections(
        width: plan.planes.width, height: plan.planes.height, tileLimit: options.tileLimit,
        sectionPixels: options.sectionPixels)
      return (sections, NetworkTileCodec(network.model.network, mixings: network.mixings))
    case .adaptive(let codec):
      return (TileSections(plan.adaptiveGrid, tilesPerSection: 1), codec)
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
