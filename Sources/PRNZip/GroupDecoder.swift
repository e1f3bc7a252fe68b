import AdaptiveCoding
import Bytes
import Container
import EntropyCoding
import ImagePlanes
import Mixing
import ModelStore
import PixelNetwork
import Platform
import TileCoding

/// Decodes groups of channels.
struct GroupDecoder: Sendable {
  let options: Decompressor.Options
  let header: Header
  /// Who is told what cannot be decoded; nil where that is an error.
  var losses: Losses?

  /// The coded planes of a group.
  ///
  /// - Parameters:
  ///   - group: one of the header's that codes something.
  ///   - sections: its sections.
  ///   - prn: the file.
  ///   - known: planes that a network of more colours than the group has is given first.
  ///   - part: what is wanted of the planes; nil for all.
  ///   - costs: where to note what its values take; nil for nowhere.
  ///   - progress: is told the share done.
  /// - Returns: the planes, as an image of a format of as many: of the part's size; with a lattice
  ///   of their own, and black where nothing was decoded.
  /// - Throws: `PRNZipError`.
  func planes(
    of group: Group, _ sections: PRNFile.GroupSections, _ prn: [UInt8], known: [Plane] = [],
    part: TileRectangle? = nil, costs: CostPlanes? = nil,
    _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> Image {
    let (width, height) = header.extent(of: group)
    func run(
      _ codec: some TileCodec, _ tiles: TileSections, planes: Int, isDeep: Bool = false,
      small: Image? = nil
    ) throws(PRNZipError) -> Image {
      try self.run(
        codec, tiles, sections, prn, planes: planes, isDeep: isDeep, small: small, part: part,
        isWhole: header.lattice != nil, costs: costs, progress)
    }
    guard let tiles = group.sections(width: width, height: height) else {
      throw .container(.corrupt(reason: "a group without tiles"))
    }
    let planes = group.codedPlanes(alpha: header.alphaChannel)
    let hasAlpha = group.channels & header.alphaChannel != 0 && planes > 1
    switch group.parameters {
    case .constant: throw .container(.corrupt(reason: "a group without tiles"))
    case .network(let identity, let level, let adaptation):
      let model = try model(identity, planes: known.count + planes, of: group)
      let mixing = try mixing(level, adaptation, with: model)
      try checkTiles(tiles.grid, of: model)
      let small = SmallImage(of: model, tiles, instructions: options.instructions)
      guard small != nil || sections.smallTiles.isEmpty else {
        throw .container(
          .corrupt(reason: "a small image, which model \(model.name) does not know"))
      }
      try options.limits.check(tilesOf: tiles)
      let smallCosts = try small.flatMap { small throws(PRNZipError) in
        try costs?.ofSmallImage(small.sections.grid)
      }
      if small != nil, let losses, let error = losses.ofSmallImage(group) {
        // Without it, no tile means anything.
        losses.addAll(of: header, error)
        return try Image.black(codedChannels: planes, width: width, height: height)
      }
      let smallImage = try small?.decode(
        prn, sections.smallTiles.map(\.payload), threads: options.threads,
        limits: options.limits, cancellation: options.cancellation,
        part: part.map { smallPart($0, tiles, of: model) }, costs: smallCosts)
      if let smallCosts { costs?.add(smallCosts, scale: model.scale) }
      guard model.scale == 1 || known.isEmpty else {
        throw .container(.corrupt(reason: "a multi-scale model that is given luma"))
      }
      let codec = NetworkTileCodec(
        model.network, mixings: [mixing], known: known, instructions: options.instructions)
      return try run(codec, tiles, planes: planes, small: smallImage)
    case .graphics(let colours):
      try checkBytes(of: group)
      let codec = GraphicsTileCodec(
        planes: planes, hasAlpha: hasAlpha, colours: colours,
        instructions: options.instructions)
      return try run(codec, tiles, planes: planes)
    case .patches(let identity, let level, let adaptation, let patches):
      guard !hasAlpha else { throw .container(.corrupt(reason: "patches with alpha")) }
      let model = try model(identity, planes: planes, of: group)
      let codec = NetworkTileCodec(
        model.network, mixings: [try mixing(level, adaptation, with: model)],
        instructions: options.instructions)
      guard model.scale == 1 else {
        throw .container(.corrupt(reason: "patches with a multi-scale model"))
      }
      return try self.patches(
        patches, codec, sections, prn, planes: planes, width: width, height: height, part: part,
        costs: costs,
        progress)
    case .bilevel(let depth):
      try checkBytes(of: group)
      let codec = BilevelTileCodec(depth: depth, instructions: options.instructions)
      return try run(codec, tiles, planes: planes)
    case .sparse:
      try checkBytes(of: group)
      return try run(SparseTileCodec(planes: planes), tiles, planes: planes)
    case .linear:
      try checkBytes(of: group)
      guard !hasAlpha else { throw .container(.corrupt(reason: "linear planes with alpha")) }
      let codec = LinearTileCodec(planes: planes, instructions: options.instructions)
      return try run(codec, tiles, planes: planes)
    case .runs(let colours):
      try checkBytes(of: group)
      let codec = RunsTileCodec(planes: planes, hasAlpha: hasAlpha, colours: colours)
      return try run(codec, tiles, planes: planes)
    case .deep:
      let counts = try DeepMaps.counts(of: group, planes: planes)
      let codec = DeepTileCodec(
        counts: counts, hasAlpha: hasAlpha, instructions: options.instructions)
      return try run(codec, tiles, planes: planes, isDeep: true)
    }
  }

  /// Patches first, and the picture around them.
  private func patches(
    _ patches: [Group.Patch], _ codec: NetworkTileCodec, _ sections: PRNFile.GroupSections,
    _ prn: [UInt8], planes: Int, width: Int, height: Int, part: TileRectangle?,
    costs: CostPlanes?,
    _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> Image {
    if let losses, let error = losses.ofTiles(sections).compactMap(\.self).first {
      losses.addAll(of: header, error)
      return try Image.black(codedChannels: planes, width: width, height: height)
    }
    // What is above the last row that is wanted is decoded, and patches are known there.
    let above = part.map {
      TileRectangle(row: 0, column: 0, height: $0.row + $0.height, width: width)
    }
    let rectangles = patches.map { $0.rectangle(width: width, height: height) }
    var known = sections
    var rest = sections
    known.tiles.removeLast()
    rest.tiles.removeFirst(patches.count)
    let patched = try run(
      codec, TileSections(rectangles, width: width, height: height), known, prn, planes: planes,
      part: above, isWhole: true, costs: costs, progress)
    let graphics = GraphicsTileCodec(
      planes: planes, hasAlpha: false, known: KnownPixels(rectangles, of: patched),
      instructions: options.instructions)
    let whole = TileRectangle(row: 0, column: 0, height: height, width: width)
    return try run(
      graphics, TileSections([whole], width: width, height: height), rest, prn, planes: planes,
      part: part, isWhole: header.lattice != nil, costs: costs, progress)
  }

  /// What a part of an image needs of its small image: all of its tiles, for what a network is
  /// given of a pixel is also what is below.
  private func smallPart(
    _ part: TileRectangle, _ tiles: TileSections, of model: Model
  ) -> TileRectangle {
    let needed = (0..<tiles.count)
      .flatMap { NeededTiles(tiles.tiles(of: $0), wanted: part).tiles }
    let all = needed.dropFirst().reduce(needed.first ?? part) { $0.union($1) }
    let architecture = model.network.architecture
    return TileRectangle(
      row: all.row / model.scale, column: all.column / model.scale,
      height: architecture.smallExtent(all.height), width: architecture.smallExtent(all.width))
  }

  private func run(
    _ codec: some TileCodec, _ tiles: TileSections, _ sections: PRNFile.GroupSections,
    _ prn: [UInt8], planes: Int, isDeep: Bool = false, small: Image? = nil,
    part: TileRectangle?, isWhole: Bool, costs: CostPlanes?,
    _ progress: (@Sendable (Double) -> Void)?
  ) throws(PRNZipError) -> Image {
    guard sections.smallTiles.isEmpty || small != nil else {
      throw .container(.corrupt(reason: "a small image of a codec that has none"))
    }
    var codec = codec
    codec.costs = costs
    let memory = try options.limits.check(
      tiles, with: codec, planes: planes * (isDeep ? 2 : 1), file: prn.count)
    let size = isWhole ? nil : part
    var image = try Image.black(
      codedChannels: planes, isDeep: isDeep, width: size?.width ?? tiles.grid.width,
      height: size?.height ?? tiles.grid.height)
    let runner = SectionRunner(
      threads: options.threads, memory: memory, stop: options.cancellation?.flag,
      progress: progress)
    if let losses {
      losses.add(
        runner.decodeEach(
          prn, losses.streams(sections), tiles, with: codec, small: small, into: &image),
        sections, tiles, of: header
      ) { PRNZipError($0, of: tiles, with: codec) }
      return image
    }
    do {
      try runner.decode(
        prn, sections.tiles.map(\.payload), tiles, with: codec, small: small, part: part,
        into: &image, onTile: options.onTile)
    } catch {
      throw PRNZipError(error, of: tiles, with: codec)
    }
    return image
  }

  /// The model of a group, after a check of what it asks of the rest of the header.
  func model(
    _ identity: [UInt8], planes: Int, of group: Group
  ) throws(PRNZipError) -> Model {
    let found: Model?
    do {
      found = try options.store.model(identity: identity)
    } catch {
      throw .weightFile(error)
    }
    guard let model = found else {
      throw .unknownModel(identityHex: hexadecimal(identity))
    }
    let depth = codedDepth(of: group)
    guard model.format.planeCount == planes, model.format.depth == depth else {
      throw .container(
        .corrupt(
          reason: "\(planes) coded planes of \(depth) bits, but the model \(model.name) is for "
            + model.format.imagesInWords))
    }
    return model
  }

  /// Checks that coded values are bytes.
  private func checkBytes(of group: Group) throws(PRNZipError) {
    let depth = codedDepth(of: group)
    guard depth <= 8 else {
      throw .container(.corrupt(reason: "\(group.codec) of values of \(depth) bits"))
    }
  }

  /// Bits of a coded value of any codec but `deep`.
  private func codedDepth(of group: Group) -> Int {
    switch group.mapping {
    case .none: Int(header.sampleDepth)
    case .doubled, .table, .palette: 8
    }
  }

  func mixing(
    _ level: UInt8, _ adaptation: UInt8, with model: Model
  ) throws(PRNZipError) -> MixingParameters {
    guard level == 0 || model.canBeMixed else {
      throw .container(.corrupt(reason: "mixing with model \(model.name), which does not adapt"))
    }
    guard let level = MixingLevel(rawValue: level) else {
      throw .container(.corrupt(reason: "mixing level \(level)"))
    }
    return MixingParameters(level, adaptation: adaptation)
  }

  func checkTiles(_ grid: TileGrid, of model: Model) throws(PRNZipError) {
    // A tile that is the whole image may have any size.
    let isWhole = grid.count == 1 && grid.tileWidth == grid.width && grid.tileHeight == grid.height
    guard
      isWhole || (grid.tileWidth % model.scale == 0 && grid.tileHeight % model.scale == 0)
    else {
      throw .container(
        .corrupt(
          reason: "tiles of \(grid.tileWidth) x \(grid.tileHeight) pixels, "
            + "not multiples of \(model.scale)"))
    }
  }
}
